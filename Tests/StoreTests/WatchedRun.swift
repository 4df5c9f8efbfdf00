import Domain
import Glibc
import Store
import Synchronization

/// One run of the program as the store sees it: a clock that is set by hand, and all that it gives to be recorded.
final class WatchedRun: Sendable {
    static let consul = Source.ID("consul:local")
    static let docker = Source.ID("docker:local")

    private struct Recorded {
        var now: Timestamp
        var events: [Event] = []
        var notes: [History.CheckNote] = []
    }

    let store: SnapshotStore
    private let recorded: Box

    init(at seconds: Int64) {
        let recorded = Box(Recorded(now: Timestamp(seconds: seconds)))
        self.recorded = recorded
        store = SnapshotStore(
            now: { recorded.withLock { $0.now } }, onChange: {}, record: { event in recorded.withLock { $0.events.append(event) } },
            recordTransition: { transition in recorded.withLock { $0.notes.append(.changed(transition)) } },
            recordGone: { id, moment in recorded.withLock { $0.notes.append(.gone(id, moment)) } })
    }

    /// What the store's closures hold before the run itself is there.
    private final class Box: Sendable {
        private let value: Mutex<Recorded>
        init(_ value: sending Recorded) { self.value = Mutex(value) }
        func withLock<Result>(_ body: (inout sending Recorded) -> sending Result) -> sending Result { value.withLock(body) }
    }

    var events: [Event] { recorded.withLock { $0.events } }
    var notes: [History.CheckNote] { recorded.withLock { $0.notes } }
    var transitions: [CheckTransition] { notes.compactMap { if case .changed(let transition) = $0 { transition } else { nil } } }

    func clock(_ seconds: Int64) { recorded.withLock { $0.now = Timestamp(seconds: seconds) } }

    /// The checks of Consul by name, told as its whole list.
    func list(_ checks: (String, Check.Status)..., at seconds: Int64? = nil) {
        if let seconds { clock(seconds) }
        store.receive(.checks(Self.consul, checks.map { Self.check($0.0, $0.1) }))
    }

    func change(_ name: String, _ status: Check.Status, output: String = "", at seconds: Int64) {
        clock(seconds)
        store.receive(.checkChanges(changed: [Self.check(name, status, output: output)], gone: []))
    }

    func check(_ name: String) -> Check? { store.snapshot().check(Check.ID(Self.consul, "n1/\(name)")) }

    /// Ends it: what it recorded goes to the file.
    func end(into history: History, at seconds: Int64) throws {
        clock(seconds)
        try history.append(notes, events: events)
        try history.extendWatch(store.watchSpans())
    }

    func restore(from history: History) throws {
        let now = recorded.withLock { $0.now }
        store.restore(try history.pastChecks(at: now))
    }

    static func check(_ name: String, _ status: Check.Status, output: String = "") -> Check {
        Check(id: Check.ID(consul, "n1/\(name)"), name: name, status: status, output: output, service: "web", serviceID: "web-1", node: "n1")
    }

    static func container(_ raw: String, _ health: Container.Health, state: Container.State = .running(since: nil)) -> Container {
        Container(
            id: Container.ID(docker, raw), host: Host.ID(docker, "h"), name: raw, image: "i", created: Timestamp(seconds: 1), state: state, health: health)
    }

    static func source(_ freshness: Freshness) -> Source {
        Source(id: consul, kind: .consul, title: "consul", name: "local", address: "http://127.0.0.1:8500", freshness: freshness)
    }
}

/// A file of its own, gone when the test ends with it.
final class HistoryFile {
    let path = "/tmp/binnacle-history-\(UInt64.random(in: 0...UInt64.max)).sqlite"
    func open() throws -> History { try History(path: path) }
    deinit { for end in ["", "-journal", "-wal", "-shm"] { unlink(path + end) } }
}
