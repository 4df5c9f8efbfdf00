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

    deinit { _ = shell("tmux -S \(socket) kill-server; rm -f \(socket)") }

    /// Types the text as it stands: nothing of it is expanded on the way.
    func type(_ text: String) { _ = shell("tmux -S \(socket) send-keys -t t -l '" + text + "'") }
    func press(_ keys: String...) { for key in keys { _ = shell("tmux -S \(socket) send-keys -t t \(key)") } }
    func resize(_ width: Int, _ height: Int) { _ = shell("tmux -S \(socket) resize-window -t t -x \(width) -y \(height)") }
    var screen: String { shell("tmux -S \(socket) capture-pane -p -t t").output }
    var isAlternate: Bool { shell("tmux -S \(socket) display -p -t t \"#{alternate_on}\"").output.hasPrefix("1") }

    /// Looks until the screen is as wanted, ten seconds at most; the last screen is the answer either way.
    @discardableResult
    func wait(_ condition: (String) -> Bool) -> String {
        var last = ""
        for _ in 0..<200 {
            last = screen
            if condition(last) { return last }
            poll(nil, 0, 50)
        }
        return last
    }

    func expect(_ words: String, _ location: SourceLocation = #_sourceLocation) {
        let last = wait { $0.contains(words) }
        #expect(last.contains(words), "no “\(words)” on:\n\(last)", sourceLocation: location)
    }
}
