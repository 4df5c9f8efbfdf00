/// Why the loop woke up.
public struct Wake: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `readInput` has something to say. It may still be nothing, for half an escape sequence.
    public static let input = Wake(rawValue: 1)
    /// The `Wakeup` was signalled; it is cleared already, so drain what it announces afterwards.
    public static let messages = Wake(rawValue: 2)
    public static let timeout = Wake(rawValue: 4)
    /// Call `resized()`. Also said after the program was stopped and continued.
    public static let resized = Wake(rawValue: 8)
    /// The terminal is gone: end, there is nobody left to draw for.
    public static let hangup = Wake(rawValue: 16)
    /// Somebody sent SIGTSTP: call `suspend()`.
    public static let suspend = Wake(rawValue: 32)
    /// SIGTERM, SIGHUP or SIGINT: close and end. `Signals.quit` says which one.
    public static let quit = Wake(rawValue: 64)
}
