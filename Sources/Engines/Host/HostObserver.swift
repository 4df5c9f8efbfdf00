internal import Domain
internal import Engine
internal import Glibc

/// Everything that is known between two readings, and what is read at each turn.
///
/// An actor because `refresh` may come from any task while a turn is under way; a turn takes about a millisecond.
actor HostObserver {
    static let sourceID = Source.ID("host")
    /// Nanoseconds between turns that do more than look for new rows.
    private static let slack: UInt64 = 60_000_000

    private let root: HostRoot
    private let clock: HostClock
    private let interval: UInt64
    private let hostName: String
    private var usage: UsageWatch
    private var network: NetworkWatch
    private var fullAt: UInt64?
    private var attended = Attention.Focus()
    private var awaitsRates = false
    private var hasLooked = false
    private var told: Source?
    private var liveSince: Timestamp?
    private var failedSince: Timestamp?

    init(
        root: HostRoot, interval: Duration, clock: HostClock, holdingLimit: Int? = nil, hostName: String = HostObserver.hostName,
        addresses: @escaping @Sendable () throws(FileFailure) -> InterfaceAddress.Table = InterfaceAddress.all
    ) {
        let reader = FileReader()
        self.root = root
        self.clock = clock
        self.interval = max(interval.nanoseconds, 100_000_000)
        self.hostName = hostName
        usage = UsageWatch(root, reader, clock, interval: self.interval, holdingLimit: holdingLimit)
        network = NetworkWatch(root, reader, hostName: hostName, addresses: addresses)
    }

    static var hostName: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress, gethostname(start, 256) == 0 else { return "localhost" }
            buffer[255] = 0
            return String(cString: start)
        }
    }

    var heldContainers: Int { usage.heldCount }

    /// Raw ids of the containers whose files are found here.
    var measured: Set<String> { Set(usage.containers.map(\.container.id)) }

    func refresh() {
        usage.refresh()
        network.refresh()
        fullAt = nil
    }

    /// One turn: what there is to tell now. Between the turns of the interval only rows new on the screen, and those
    /// that lack a second reading, are read.
    func sample(_ focus: Attention.Focus) -> [Update] {
        let now = clock.monotonic()
        let isFull = fullAt.map { now &+ Self.slack >= $0 &+ interval } ?? true
        guard isFull || awaitsRates || focus != attended else { return [] }
        attended = focus
        if fullAt == nil, focus.visible.isEmpty, !focus.wantsAll, !hasLooked {
            // The links are on the first screen and cost little; the containers' files cost much and can wait until the
            // list, which is on its way just now, has said whose rows are seen.
            hasLooked = true
            return network.look(usage, wantsLinks: focus.wantsLinks, now: now, ownNamespace: nil).map { [.hostNetwork($0)] } ?? []
        }
        if isFull { fullAt = now }
        // Asked for each time: it costs 3 µs, and the answer changes when a namespace is joined or /proc mounted anew.
        let ownNamespace = ProcessEntry.namespace(of: "self", root)
        usage.discover(focus, now: now, isFull: isFull)
        let usages = usage.sample(focus, now: now, isFull: isFull, ownNamespace: ownNamespace)
        awaitsRates = focus.wantsAll
            ? usage.containers.contains(where: \.needsAnother)
            : focus.visible.contains { usage.probe(of: $0)?.needsAnother ?? false }
        var updates: [Update] = []
        let source = source(at: clock.now())
        if source != told {
            told = source
            updates.append(.source(source))
        }
        if !usages.isEmpty { updates.append(.usage(usages)) }
        if isFull, let picture = network.look(usage, wantsLinks: focus.wantsLinks, now: now, ownNamespace: ownNamespace) {
            updates.append(.hostNetwork(picture))
        }
        return updates
    }

    private func source(at now: Timestamp) -> Source {
        var source = Self.source(named: hostName)
        source.remarks = Remark.allCases.filter(usage.remarks.contains).map(\.text)
        if usage.isPossible {
            failedSince = nil
            let since = liveSince ?? now
            liveSince = since
            source.freshness = .live(since: since)
        } else {
            liveSince = nil
            let since = failedSince ?? now
            failedSince = since
            source.freshness = .failed(
                since: since,
                Trouble(
                    .unsupported, attempt: "read the control groups of this machine", answer: "none are mounted at \(root.cgroups)",
                    remedy: "in a container, start it with -v /sys/fs/cgroup:/sys/fs/cgroup:ro"))
        }
        return source
    }

    static func source(named hostName: String) -> Source {
        Source(id: sourceID, kind: .host, title: "host", name: hostName, address: "this machine")
    }
}
