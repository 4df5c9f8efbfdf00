public import Domain
public import Engine
internal import Synchronization

/// The swarm that a Docker engine manages, where it manages one.
///
/// It shares the engine's connections. An engine without a swarm costs one small request every few seconds.
public final class SwarmEngine: PlacementEngine {
    let docker: DockerEngine
    private let pace: SwarmWatch.Pace
    private let known: Mutex<Source>
    private let watcher = Mutex<SwarmWatch?>(nil)

    init(sharing docker: DockerEngine, pace: SwarmWatch.Pace = SwarmWatch.Pace()) {
        self.docker = docker
        self.pace = pace
        let engine = docker.source
        known = Mutex(
            Source(
                id: Source.ID("swarm:\(engine.name)"), kind: .swarm, title: "swarm", name: engine.name, address: engine.address,
                isReadOnly: engine.isReadOnly, isProduction: engine.isProduction))
    }

    public var source: Source { known.withLock { $0 } }

    var connection: DockerConnection { docker.connection }

    public func watch(into sink: @escaping Sink, attention: Attention) async {
        let watch = SwarmWatch(
            connection: connection, source: source, pace: pace, attention: attention, sink: sink, now: docker.now,
            // Weak: the engine knows its watch, and the two would keep each other for ever.
            record: { [weak self] source in self?.known.withLock { $0 = source } })
        watcher.withLock { $0 = watch }
        await watch.run()
    }

    public func refresh() async {
        await watcher.withLock { $0 }?.refresh()
    }

    /// Nodes, workloads and tasks as last told; empty while no swarm is followed.
    var board: PlacementBoard {
        get async { await watcher.withLock { $0 }?.picture.board ?? PlacementBoard(nodes: [], workloads: [], tasks: []) }
    }

    /// As last told.
    var nodes: [Node] {
        get async { await watcher.withLock { $0 }?.picture.told.nodes ?? [] }
    }

    /// The node whose engine answers; empty while no swarm is followed.
    var answering: String {
        get async { await watcher.withLock { $0 }?.picture.answering ?? "" }
    }
}

extension DockerEngine {
    /// The swarm behind this engine, to be watched beside it.
    public func swarmEngine() -> SwarmEngine { SwarmEngine(sharing: self) }
}
