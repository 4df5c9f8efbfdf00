import Glibc
import Testing

/// Runs a command and gives its output back. A minute is the most it may take.
func shell(_ command: String) -> (status: Int32, output: String) {
    guard let pipe = popen("timeout 60 bash -c '" + command.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "' 2>&1", "r") else { return (-1, "popen failed") }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
        let n = fread(&buffer, 1, buffer.count, pipe)
        if n == 0 { break }
        bytes += buffer[..<n]
    }
    let status = pclose(pipe)
    return ((status >> 8) & 0xFF, String(decoding: bytes, as: UTF8.self))
}

func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// A tmux of its own with a shell in it, so that leaving the program is seen as well.
final class Tmux {
    let socket: String
    init(width: Int, height: Int, term: String = "tmux-256color", environment: String = "") {
        socket = "/tmp/binnacle-tmux-\(UInt32.random(in: 0...UInt32.max))"
        let made = shell("tmux -S \(socket) -f /dev/null new-session -d -s t -x \(width) -y \(height) \"env PS1='READY> ' TERM=\(term) \(environment) bash --norc --noprofile\"")
        #expect(made.status == 0, "tmux: \(made.output)")
        _ = wait { $0.contains("READY>") }
    }

    deinit { _ = shell("tmux -S \(socket) kill-server; rm -f \(socket) \(socket).raw") }

    /// Types the text as it stands: nothing of it is expanded on the way.
    func type(_ text: String) { _ = shell("tmux -S \(socket) send-keys -t t -l '" + text + "'") }
    func run(_ command: String) {
        type(command)
        press("Enter")
    }
    func press(_ keys: String...) { for key in keys { _ = shell("tmux -S \(socket) send-keys -t t \(key)") } }
    func resize(_ width: Int, _ height: Int) { _ = shell("tmux -S \(socket) resize-window -t t -x \(width) -y \(height)") }
    /// All these sizes in one go, faster than anybody could draw them.
    func resize(through sizes: [(Int, Int)]) {
        _ = shell(sizes.map { "tmux -S \(socket) resize-window -t t -x \($0.0) -y \($0.1)" }.joined(separator: ";"))
    }

    var screen: String { shell("tmux -S \(socket) capture-pane -p -t t").output }
    var colouredScreen: String { shell("tmux -S \(socket) capture-pane -p -e -t t").output }
    var title: String { ask("pane_title") }
    var isAlternate: Bool { ask("alternate_on") == "1" }
    /// As a shell wants it: the ordinary screen, a cursor that is seen, a mouse that selects text.
    var isOrdinary: Bool { !isAlternate && ask("cursor_flag") == "1" && ask("mouse_any_flag") == "0" }

    private func ask(_ format: String) -> String { String(shell("tmux -S \(socket) display -p -t t \"#{\(format)}\"").output.prefix { $0 != "\n" }) }

    /// From now on `written` has all that is written to the terminal, byte for byte.
    func record() { _ = shell("tmux -S \(socket) pipe-pane -t t \"cat > \(socket).raw\"") }
    var written: String { shell("cat \(socket).raw").output }

    /// Looks until the screen is as wanted, some seconds at most; the last screen is the answer either way.
    @discardableResult
    func wait(_ seconds: Int = 10, _ condition: (String) -> Bool) -> String {
        let deadline = ContinuousClock.now + .seconds(seconds)
        var last = screen
        while !condition(last), ContinuousClock.now < deadline {
            poll(nil, 0, 50)
            last = screen
        }
        return last
    }

    func expect(_ words: String, within seconds: Int = 10, _ location: SourceLocation = #_sourceLocation) {
        let last = wait(seconds) { $0.contains(words) }
        #expect(last.contains(words), "no “\(words)” on:\n\(last)", sourceLocation: location)
    }

    func expect(that fact: String, within seconds: Int = 10, _ location: SourceLocation = #_sourceLocation, _ condition: (String) -> Bool) {
        let last = wait(seconds, condition)
        let isSeen = condition(last)
        #expect(isSeen, "not seen that \(fact):\n\(last)", sourceLocation: location)
    }

    /// Steps through the choices of a form with a single such field until this one is shown.
    func choose(_ choice: String) {
        func shown(_ screen: String) -> Substring? { screen.split(separator: "‹").dropFirst().first?.prefix { $0 != "›" } }
        for _ in 0..<50 {
            let before = shown(screen)
            if before == " \(choice) " { return }
            press("Right")
            wait(2) { shown($0) != before }
        }
    }

    /// The plan page stands there with Cancel focused: goes to Apply and presses it.
    func apply(_ location: SourceLocation = #_sourceLocation) {
        expect("[ Cancel ]", location)
        press("Tab")
        expect("[ Apply ]", location)
        press("Enter")
    }
}
