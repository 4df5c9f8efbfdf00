public import Domain
public import Engine
internal import Synchronization
public import Transport

/// One Consul datacenter, seen by way of one of its agents: watched, looked into, changed.
public final class ConsulEngine: OperatingEngine, RawEngine {
    public struct Configuration: Sendable {
        /// What tells this registry apart from others: `local`, a datacenter's name.
        public var name: String
        /// An agent's HTTP address.
        public var address: Address
        /// Sent as `X-Consul-Token`; never shown or written anywhere.
        public var token: String?
        /// Enterprise only.
        public var namespace: String?
        /// Enterprise only.
        public var partition: String?
        /// `user:password` for a proxy in front of the agent; never shown or written anywhere.
        public var basicAuth: String?
        /// nil for the agent's own.
        public var datacenter: String?
        /// False for the default address that nobody configured: that nothing listens there is nothing wrong.
        public var isExpected: Bool
        public var isProduction: Bool
        public var isReadOnly: Bool
        public var remarks: [String]
        /// Where agents are really reached whose members' addresses mean nothing here, as behind tunnels: by that address.
        public var routes: [String: Address] = [:]

        public init(
            name: String = "local", address: Address = .tcp(host: "127.0.0.1", port: 8500, prefix: "", tls: nil), token: String? = nil,
            namespace: String? = nil, partition: String? = nil, basicAuth: String? = nil, datacenter: String? = nil, isExpected: Bool = true,
            isProduction: Bool = false, isReadOnly: Bool = false, remarks: [String] = []
        ) {
            self.name = name
            self.address = address
            self.token = token
            self.namespace = namespace
            self.partition = partition
            self.basicAuth = basicAuth
            self.datacenter = datacenter
            self.isExpected = isExpected
            self.isProduction = isProduction
            self.isReadOnly = isReadOnly
            self.remarks = remarks
        }
    }

    let configuration: Configuration
    let connection: ConsulConnection
    let now: @Sendable () -> Timestamp
    private let pace: ConsulWatch.Pace
    private let known: Mutex<Source>
    private let watcher = Mutex<ConsulWatch?>(nil)

    public convenience init(_ configuration: Configuration, now: @escaping @Sendable () -> Timestamp) {
        self.init(configuration, pace: ConsulWatch.Pace(), observe: nil, now: now)
    }

    /// - Parameter observe: told of every request before it is sent.
    init(
        _ configuration: Configuration, pace: ConsulWatch.Pace, observe: (@Sendable (HTTPRequest) -> Void)?, now: @escaping @Sendable () -> Timestamp
    ) {
        self.configuration = configuration
        self.pace = pace
        self.now = now
        connection = ConsulConnection(configuration, observe: observe)
        known = Mutex(
            Source(
                id: Source.ID("consul:\(configuration.name)"), kind: .consul, title: "consul", name: configuration.name,
                address: connection.place, isReadOnly: configuration.isReadOnly, isProduction: configuration.isProduction,
                remarks: configuration.remarks))
    }

    public var source: Source { known.withLock { $0 } }

    public func watch(into sink: @escaping Sink, attention: Attention) async {
        let watch = ConsulWatch(
            connection: connection, source: source, isExpected: configuration.isExpected, pace: pace, sink: sink, now: now,
            // Weak: the engine knows its watch, and the two would keep each other, and the engine's connections, for ever.
            record: { [weak self] source in self?.known.withLock { $0 = source } })
        watcher.withLock { $0 = watch }
        await watch.run()
    }

    public func refresh() async {
        await watcher.withLock { $0 }?.refresh()
    }

    /// What was last told; empty while nothing is followed.
    var picture: ConsulPicture {
        get async { await watcher.withLock { $0 }?.picture ?? ConsulPicture(source: source.id) }
    }
}
