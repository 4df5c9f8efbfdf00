internal import Dashboard
internal import Domain
internal import Engine
internal import Glibc
internal import Store
internal import Synchronization

/// One look at every source: waits until each has answered or failed, and until readings have been taken twice.
struct Survey {
    /// Longer than this no source is waited for.
    static let limit = Duration.seconds(10)
    /// Rates need two readings about a second apart; what has none by then is reported without.
    static let readingLimit = Duration.milliseconds(2500)

    let engines: [any Engine]

    func take() -> Snapshot {
        let news = Gate()
        let store = SnapshotStore(now: Loop.wallClock, onChange: { news.open() })
        for engine in engines { store.receive(.source(engine.source)) }
        let fleet = Fleet(engines)
        let attention = Attention(Attention.Focus(wantsAll: true, wantsPlacement: true))
        let watching = _Concurrency.Task { await fleet.watch(into: { store.receive($0) }, attention: attention) }
        defer { watching.cancel() }
        let clock = ContinuousClock()
        let start = clock.now
        var settled: ContinuousClock.Instant?
        while clock.now < start + Self.limit {
            let snapshot = store.snapshot()
            attention.set(Attention.Focus(visible: Set(snapshot.containers.map(\.id.raw)), wantsAll: true, wantsPlacement: true))
            if Self.isSettled(snapshot) {
                let since = settled ?? clock.now
                settled = since
                if Self.isMeasured(snapshot) || clock.now >= since + Self.readingLimit { return snapshot }
            }
            news.wait(milliseconds: 50)
        }
        return store.snapshot()
    }

    private static func isSettled(_ snapshot: Snapshot) -> Bool {
        snapshot.sources.allSatisfy { source in
            switch source.freshness {
            case .waiting, .connecting: false
            case .live:
                source.kind == .swarm
                    ? snapshot.nodes.contains { $0.id.source == source.id }
                    : source.kind != .docker || (snapshot.hosts.contains { $0.id.source == source.id } && snapshot.networks.contains { $0.id.source == source.id })
            case .stale, .failed, .absent: true
            }
        }
    }

    private static func isMeasured(_ snapshot: Snapshot) -> Bool {
        snapshot.containers.allSatisfy { container in
            guard container.isUp else { return container.detail != nil }
            return snapshot.usage[container.id.raw]?.latest.cpuPercent != nil && (container.health == .none || container.detail != nil)
        }
    }
}

/// Lets a thread wait until something is announced, or a while at most.
final class Gate: Sendable {
    private let ends: (read: Int32, write: Int32)

    init() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { preconditionFailure("no descriptors left for a pipe") }
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        self.ends = (ends[0], ends[1])
    }

    deinit {
        close(ends.read)
        close(ends.write)
    }

    func open() {
        var byte: UInt8 = 1
        // Full means that it is announced already.
        _ = write(ends.write, &byte, 1)
    }

    func wait(milliseconds: Int32) {
        var descriptor = pollfd(fd: ends.read, events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, milliseconds) > 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 512)
        while read(ends.read, &buffer, buffer.count) == buffer.count {}
    }
}
