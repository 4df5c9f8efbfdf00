import Dispatch
import Drawing
import Glibc
import Synchronization
import Testing

@testable import Curses

/// The two ends of a pseudo-terminal: what a person and an emulator would do happens on `master`.
final class Pty {
    let master: Int32
    let slave: Int32
    private let received = Received()

    init(width: Int, height: Int) throws {
        var ends: (Int32, Int32) = (-1, -1)
        guard openpty(&ends.0, &ends.1, nil, nil, nil) == 0 else { throw PtyError(number: errno) }
        master = ends.0
        slave = ends.1
        let (master, received) = (master, received)
        // Somebody must read all the time: a pty holds a few kilobytes, and then the writer waits.
        DispatchQueue.global().async {
            var buffer = [UInt8](repeating: 0, count: 65536)
            while case let count = read(master, &buffer, buffer.count), count > 0 { received.append(buffer[..<count]) }
            close(master)
        }
        resize(width: width, height: height)
    }

    /// The reader sees the end of it and closes the other one.
    deinit { close(slave) }

    struct PtyError: Error { var number: Int32 }

    func resize(width: Int, height: Int) {
        var size = winsize(ws_row: UInt16(height), ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }

    func surroundings(term: String? = "xterm-256color", refusesColor: Bool = false, ownsProcess: Bool = false) -> TerminalSurroundings {
        TerminalSurroundings(input: slave, output: slave, term: term, refusesColor: refusesColor, ownsProcess: ownsProcess)
    }

    func type(_ text: String) { type(Array(text.utf8)) }

    func type(_ bytes: [UInt8]) { _ = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) } }

    /// Everything sent to the terminal until now. A marker behind it tells where that ends: a pty delivers with a delay.
    func sent() -> String {
        let marker = Array("<end of what was sent>".utf8)
        _ = marker.withUnsafeBytes { write(slave, $0.baseAddress, $0.count) }
        guard let bytes = received.take(upTo: marker) else {
            Issue.record("the terminal stopped talking")
            return ""
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The modes of the line discipline that a shell would notice.
    var modes: [UInt32] {
        var modes = termios()
        tcgetattr(slave, &modes)
        return [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag, UInt32(modes.c_cc.5), UInt32(modes.c_cc.6)]
    }
}

/// What came out of a pty, on its way from the thread that reads it to the test.
private final class Received: Sendable {
    private let bytes = Mutex<[UInt8]>([])
    private let arrival = DispatchSemaphore(value: 0)

    func append(_ more: ArraySlice<UInt8>) {
        bytes.withLock { $0 += more }
        arrival.signal()
    }

    func take(upTo marker: [UInt8]) -> [UInt8]? {
        while true {
            let whole: [UInt8]? = bytes.withLock { bytes in
                guard bytes.suffix(marker.count).elementsEqual(marker) else { return nil }
                defer { bytes = [] }
                return bytes.dropLast(marker.count)
            }
            if let whole { return whole }
            if arrival.wait(timeout: .now() + .seconds(5)) == .timedOut { return nil }
        }
    }
}

/// `#expect` cannot look into calls that change a value with one owner.
extension Terminal {
    mutating func expect(_ wake: Wake, from wakeup: Wakeup = Wakeup(), within limit: Duration? = .seconds(5), at place: SourceLocation = #_sourceLocation) {
        let seen = poll(wakeup: wakeup, timeout: limit)
        #expect(seen == wake, sourceLocation: place)
    }

    /// What can be read now.
    mutating func expectNow(_ inputs: [Input], at place: SourceLocation = #_sourceLocation) {
        let seen = readInput()
        #expect(seen == inputs, sourceLocation: place)
    }

    /// Reads until as many inputs are there; gives up after five seconds.
    mutating func expect(_ expected: [Input], at place: SourceLocation = #_sourceLocation) {
        let wakeup = Wakeup()
        var inputs: [Input] = []
        let end = ContinuousClock.now + .seconds(5)
        while inputs.count < expected.count, ContinuousClock.now < end {
            _ = poll(wakeup: wakeup, timeout: .seconds(1))
            inputs += readInput()
        }
        #expect(inputs == expected, sourceLocation: place)
    }
}

enum Sample {
    static let palette = Palette(
        name: "sample",
        style: { role in
            switch role {
            case .good: Style(foreground: .rgb(0xA3, 0xBE, 0x8C))
            case .bad: Style(foreground: .rgb(0xFF, 0, 0), traits: .bold)
            case .muted: Style(foreground: .ansi(8))
            case .buttonFocused: Style(foreground: .ansi(0), background: .ansi(4))
            default: Style()
            }
        },
        selection: .rgb(0x3B, 0x42, 0x52), selectionElsewhere: .rgb(0x34, 0x3A, 0x46), selectionText: nil)
}
