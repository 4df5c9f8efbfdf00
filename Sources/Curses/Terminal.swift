internal import CCurses
public import Drawing
internal import Glibc

/// The terminal, in the hands of one loop. There is one at a time; it is given back when this value ends.
///
/// Nothing of it may be touched by another thread; `Wakeup` is how others reach the loop.
public struct Terminal: ~Copyable {
    public internal(set) var size: Size
    /// The locale is a UTF-8 one. For a `Canvas` to say it in ASCII where not.
    public let hasUnicode: Bool
    /// How many colours are in use: 0, 8, 16, 256 or 2²⁴.
    public var colors: Int { styles.depth.count }

    let surroundings: TerminalSurroundings
    let options: TerminalOptions
    var styles: StyleTable
    /// What curses was given last, row after row.
    var shown: [Cell]
    /// `shown` is not to be trusted: every row counts as changed.
    var isStale = true
    var scratch: [curses_cell] = []
    var decoder = KeyDecoder()
    var knowsKeys = false
    /// The erase character of the line discipline, as it was before.
    private let erase: Int32
    /// Another has the terminal: nothing is written to it or read from it.
    var isGivenBack = false
    /// Said by the next `poll` before anything else.
    var pendingWake: Wake = []

    /// Opens the terminal on standard input and output.
    ///
    /// The locale of the process is set, signals and crashes are looked after, and what is written to standard error
    /// (if that is a terminal) is held back until the screen is left.
    public init(options: TerminalOptions = TerminalOptions(), palette: Palette) throws(TerminalError) {
        try self.init(options: options, palette: palette, surroundings: .ofProcess())
    }

    init(options: TerminalOptions, palette: Palette, surroundings: TerminalSurroundings) throws(TerminalError) {
        guard isatty(surroundings.input) == 1 else { throw TerminalError(.notATerminal("standard input")) }
        guard isatty(surroundings.output) == 1 else { throw TerminalError(.notATerminal("standard output")) }
        guard let term = surroundings.term else { throw TerminalError(.unnamed) }
        let isUTF8 = locale_set(options.unicode == true)

        // The termios to go back to is the one before curses.
        if surroundings.ownsProcess { Signals.install() }
        let erase = crash_remember(surroundings.output)
        let status = Int(curses_open(term, surroundings.input, surroundings.output))
        guard status == curses_ok else {
            crash_restore_termios()
            if surroundings.ownsProcess { Signals.uninstall() }
            throw TerminalError(Self.reason(status, term))
        }

        let available = options.color == .never || (options.color == .automatic && surroundings.refusesColor) ? 0 : Int(curses_start_color())
        let depth = ColorDepth(
            mode: options.color, available: available, direct: available > 256 && curses_has_direct_color(), refused: surroundings.refusesColor)
        self.erase = erase
        self.options = options
        self.surroundings = surroundings
        hasUnicode = options.unicode ?? isUTF8
        styles = StyleTable(palette: palette, depth: depth, limit: curses_pair_limit(), define: curses_define_pair)
        size = Size(width: Int(curses_columns()), height: Int(curses_rows()))
        shown = Array(repeating: .blank, count: size.width * size.height)

        let modes = TerminalModes(mouse: options.mouse)
        curses_set_modes(modes.on, modes.off)
        if surroundings.ownsProcess {
            if isatty(2) == 1 { _ = capture_begin(2) }
            crash_arm(modes.off)
        }
    }

    deinit {
        curses_close()
        crash_restore_termios()
        if surroundings.ownsProcess {
            crash_disarm()
            capture_end()
            Signals.uninstall()
        }
    }

    /// Gives the terminal back as it was. Letting go of the value does the same.
    public consuming func close() {}

    private static func reason(_ status: Int, _ term: String) -> TerminalError.Reason {
        switch status {
        case curses_unknown_term: .unknown(term)
        case curses_incapable_term: .incapable(term)
        case curses_busy: .busy
        default: .failed(term)
        }
    }

    static func capability(_ name: String) -> [UInt8] {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            let count = terminfo_string(name, buffer.baseAddress, Int32(buffer.count))
            return count > 0 ? buffer[..<Int(count)].map(UInt8.init(bitPattern:)) : []
        }
    }

    /// Adds the keys as terminfo and the user's erase character have them. At the first input: the first picture comes before.
    mutating func learnKeys() {
        guard !knowsKeys else { return }
        knowsKeys = true
        for (name, key) in KeyNames.capabilities { decoder.learn(Self.capability(name), key) }
        if erase == 8 { decoder.learn([8], .backspace) }
    }
}

/// What is switched on beyond the alternate screen: paste in brackets, focus, the mouse with SGR coordinates.
struct TerminalModes {
    var mouse: Bool
    var on: String { "\u{1B}[?2004h\u{1B}[?1004h" + (mouse ? "\u{1B}[?1000h\u{1B}[?1006h" : "") }
    var off: String { "\u{1B}[?2026l" + (mouse ? "\u{1B}[?1006l\u{1B}[?1000l" : "") + "\u{1B}[?1004l\u{1B}[?2004l" }
}
