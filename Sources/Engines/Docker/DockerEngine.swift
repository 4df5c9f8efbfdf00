public import Domain
public import Engine
internal import Synchronization
public import Transport

/// One Docker engine, or one that speaks its API: watched, looked into, changed.
public final class DockerEngine: ContainerEngine, OperatingEngine {
    public struct Configuration: Sendable {
        /// What tells this engine apart from others: `local`, a context's name, a host.
        public var name: String
        public var address: Address
        /// `1.41` speaks exactly that version; nil negotiates.
        public var apiVersion: String?
        /// Sent with every request (docker's `HttpHeaders`).
        public var headers: [String: String]
        public var isProduction: Bool
        public var isReadOnly: Bool
        public var remarks: [String]

        public init(
            name: String = "local", address: Address, apiVersion: String? = nil, headers: [String: String] = [:],
            isProduction: Bool = false, isReadOnly: Bool = false, remarks: [String] = []
        ) {
            self.name = name
            self.address = address
            self.apiVersion = apiVersion
            self.headers = headers
            self.isProduction = isProduction
            self.isReadOnly = isReadOnly
            self.remarks = remarks
        }
    }

    let configuration: Configuration
    let connection: DockerConnection
    let mapping: DockerMapping
    let now: @Sendable () -> Timestamp
    private let pace: DockerWatch.Pace
    private let known: Mutex<Source>
    private let watcher = Mutex<DockerWatch?>(nil)

    public convenience init(_ configuration: Configuration, now: @escaping @Sendable () -> Timestamp) {
        self.init(configuration, pace: DockerWatch.Pace(), observe: nil, now: now)
    }

    /// - Parameter observe: told of every request before it is sent.
    init(
        _ configuration: Configuration, pace: DockerWatch.Pace, observe: (@Sendable (HTTPRequest) -> Void)?,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.configuration = configuration
        self.pace = pace
        self.now = now
        connection = DockerConnection(
            address: configuration.address, apiVersion: configuration.apiVersion, headers: configuration.headers, observe: observe)
        let id = Source.ID("docker:\(configuration.name)")
        mapping = DockerMapping(source: id, name: configuration.name)
        known = Mutex(
            Source(
                id: id, kind: .docker, title: "docker", name: configuration.name, address: configuration.address.description,
                isReadOnly: configuration.isReadOnly, isProduction: configuration.isProduction, remarks: configuration.remarks))
    }

    public var source: Source { known.withLock { $0 } }

    public func watch(into sink: @escaping Sink, attention: Attention) async {
        let watch = DockerWatch(
            connection: connection, mapping: mapping, source: source, pace: pace, attention: attention, sink: sink, now: now,
            // Weak: the engine knows its watch, and the two would keep each other, and the engine's connections, for ever.
            record: { [weak self] source in self?.known.withLock { $0 = source } })
        watcher.withLock { $0 = watch }
        await watch.run()
    }

    public func refresh() async {
        await watcher.withLock { $0 }?.refresh()
    }
}
