public import Domain

/// What every system looks like to the dashboard: something that is watched, and that may be asked and changed.
///
/// `watch` runs until its task is cancelled. It never throws: a source that cannot be reached is a fact too, told as
/// the freshness of its `Source`, and tried again with back-off. Everything else answers once and throws a `Trouble`
/// that says what was tried, what came back and what to do.
public protocol Engine: Sendable {
    var source: Source { get }

    /// Follows the system: list once, then its events, patching by identity.
    func watch(into sink: @escaping Sink, attention: Attention) async

    /// Fetches the lists again, for F5.
    func refresh() async
}

/// Where an engine's updates go. Called from any thread, cheap, never blocks for long.
public typealias Sink = @Sendable (Update) -> Void

/// An engine that shows the raw form of what it holds.
public protocol RawEngine: Engine {
    /// The engine's own JSON, indented, keys in its order.
    func rawJSON(of target: Operation.Target) async throws(Trouble) -> String
}

/// An engine that also hands out the lines that what it runs prints.
public protocol ReadableEngine: RawEngine {
    /// Lines until what prints them stops or the task is cancelled; batches as they arrive.
    func logs(of origin: LogOrigin, _ request: LogRequest, into receive: @escaping @Sendable ([LogLine]) -> Void) async throws(Trouble)
}

/// An engine that places workloads on nodes.
public protocol PlacementEngine: ReadableEngine, OperatingEngine {
    /// What a workload is now, in the terms of a form.
    func specification(of workload: Workload.ID) async throws(Trouble) -> ServiceSpecification
}

/// An engine whose containers can be looked into.
public protocol ContainerEngine: ReadableEngine {
    func detail(of container: Container.ID) async throws(Trouble) -> Container.Detail
    func processes(of container: Container.ID) async throws(Trouble) -> ProcessTable
    /// Starts a command with a terminal in the container.
    func shell(in container: Container.ID, command: [String], size: TerminalSize) async throws(Trouble) -> any ShellSession
    /// Runs a command without a terminal and waits for its end, at most `limit`.
    func run(_ command: [String], in container: Container.ID, limit: Duration) async throws(Trouble) -> CommandResult
}

/// An engine that changes things: first a plan, then, once confirmed, the deed.
public protocol OperatingEngine: Engine {
    func plan(_ operation: Operation) async throws(Trouble) -> Plan
    /// Performs the plan; the answer says in words what was done.
    func perform(_ plan: Plan) async throws(Trouble) -> String
}

/// Bytes both ways between the lent terminal and a command in a container.
public protocol ShellSession: Sendable {
    /// nil at the end.
    func read() async throws(Trouble) -> [UInt8]?
    func write(_ bytes: [UInt8]) async throws(Trouble)
    func resize(_ size: TerminalSize) async
    /// Exit code once it ended; nil where the engine cannot say.
    func exitCode() async -> Int?
    func close() async
}

public struct TerminalSize: Sendable, Hashable {
    public var columns: Int
    public var rows: Int
    public init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
}
