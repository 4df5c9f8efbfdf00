public import Domain

/// How a command in a container ended.
public struct CommandResult: Sendable, Hashable {
    /// nil where the engine cannot say.
    public var exitCode: Int?
    /// Standard output and error as they came, at most `limit` bytes of it.
    public var output: String

    /// Bytes of output kept, as Consul keeps 4 KB of a check's.
    public static let limit = 4096

    public init(exitCode: Int?, output: String) {
        self.exitCode = exitCode
        self.output = output
    }
}

/// Runs a command in a container without a terminal and waits for its end, at most so long.
public typealias CommandRunner = @Sendable (_ command: [String], _ container: Container.ID, _ limit: Duration) async throws(Trouble) -> CommandResult
