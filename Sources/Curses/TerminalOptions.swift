internal import Glibc

public enum ColorMode: Sendable, Hashable, CaseIterable {
    /// As many colours as terminfo grants; none if `NO_COLOR` is set.
    case automatic
    case never
    case ansi16
    case indexed256
    /// Red, green and blue as they are; 256 colours where terminfo does not offer that.
    case direct
}

public struct TerminalOptions: Sendable, Hashable {
    public var color: ColorMode = .automatic
    /// nil: as the locale says.
    public var unicode: Bool?
    public var mouse = true
    /// Frames are bracketed so that the terminal shows them at once (`CSI ? 2026`). Terminals without it ignore that.
    public var synchronized = true

    public init() {}
}

/// What surrounds a terminal, so that tests can open one on a pty of their own.
struct TerminalSurroundings {
    var input: Int32 = 0
    var output: Int32 = 1
    var term: String?
    var refusesColor = false
    /// Signals, crashes and standard error are the terminal's to look after.
    var ownsProcess = true

    static func ofProcess() -> TerminalSurroundings {
        var result = TerminalSurroundings()
        result.term = environment("TERM")
        result.refusesColor = environment("NO_COLOR") != nil
        return result
    }

    /// nil for unset and for empty.
    private static func environment(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
