public import Domain
public import Engine
internal import Synchronization

/// The registry for machines that have no other: its services are what running containers ask for by Registrator's conventions and what
/// somebody registered by hand, and Binnacle runs their checks itself.
///
/// Where it differs from Registrator and Consul:
/// - A container without `SERVICE_NAME` whose ports are published is a service by its image's name, as Registrator has it by default.
/// - A container that asks for a name and publishes nothing is an instance at its own address, for no other registrar would make one.
/// - A TTL check keeps its first status for as long as its TTL and is critical from then on: nobody can report to Binnacle.
/// - `SERVICE_CHECK_DEREGISTER_AFTER` takes out what was registered by hand; what runs stays as long as it runs.
/// - Scripts run inside their container, never on the host, and only where the configuration allows them.
public final class RegistryEngine: ListeningEngine, OperatingEngine, RawEngine {
    public enum Mode: Sendable, Hashable {
        /// On while no Consul answers.
        case auto
        case on, off
    }

    public struct Configuration: Sendable {
        /// The SQLite file. Made with mode 0600; its folder has to be there.
        public var path: String
        public var mode: Mode
        /// Script checks run, inside their containers.
        public var allowsScripts: Bool
        public var isReadOnly: Bool
        /// The node of what belongs to no engine that told its host's name.
        public var hostname: String
        /// Where ports are reached that this machine publishes on all of its addresses.
        public var hostAddress: String

        public init(
            path: String, mode: Mode = .auto, allowsScripts: Bool = false, isReadOnly: Bool = false, hostname: String, hostAddress: String = "127.0.0.1"
        ) {
            self.path = path
            self.mode = mode
            self.allowsScripts = allowsScripts
            self.isReadOnly = isReadOnly
            self.hostname = hostname
            self.hostAddress = hostAddress
        }
    }

    public static let sourceID = Source.ID("registry")

    private let configuration: Configuration
    private let run: CommandRunner
    private let now: @Sendable () -> Timestamp
    private let pace: RegistryWatch.Pace
    private let hearing = Hearing()
    private let known: Mutex<Source>
    private let watcher = Mutex<RegistryWatch?>(nil)

    public convenience init(_ configuration: Configuration, run: @escaping CommandRunner, now: @escaping @Sendable () -> Timestamp) {
        self.init(configuration, pace: RegistryWatch.Pace(), run: run, now: now)
    }

    init(_ configuration: Configuration, pace: RegistryWatch.Pace, run: @escaping CommandRunner, now: @escaping @Sendable () -> Timestamp) {
        self.configuration = configuration
        self.pace = pace
        self.run = run
        self.now = now
        known = Mutex(
            Source(
                id: Self.sourceID, kind: .registry, title: "registry", name: "built-in", address: configuration.path,
                isReadOnly: configuration.isReadOnly))
    }

    public var source: Source { known.withLock { $0 } }

    public func hear(_ update: Update) { hearing.fold(update) }

    public func watch(into sink: @escaping Sink, attention: Attention) async {
        let watch = RegistryWatch(
            configuration, source: source, hearing: hearing, runner: ProbeRunner(allowsScripts: configuration.allowsScripts, run: run), pace: pace,
            attention: attention, sink: sink, now: now, record: { [self] source in known.withLock { $0 = source } })
        watcher.withLock { $0 = watch }
        await watch.run()
    }

    /// Reads the file again and runs every check now.
    public func refresh() async {
        await watcher.withLock { $0 }?.refresh()
    }

    public func plan(_ operation: Operation) async throws(Trouble) -> Plan {
        try await watch(for: "plan to \(operation.action.verb) \(operation.target.name)").plan(operation)
    }

    public func perform(_ plan: Plan) async throws(Trouble) -> String {
        try await watch(for: "\(plan.operation.action.verb) \(plan.operation.target.name)").perform(plan)
    }

    public func rawJSON(of target: Operation.Target) async throws(Trouble) -> String {
        try await watch(for: "show \(target.name)").rawJSON(of: target)
    }

    private func watch(for attempt: String) throws(Trouble) -> RegistryWatch {
        guard let watch = watcher.withLock({ $0 }) else {
            throw Trouble(.unreachable, attempt: CheckAnswer.printable(attempt), answer: "the built-in registry has not been started yet", remedy: "try again in a moment")
        }
        return watch
    }
}
