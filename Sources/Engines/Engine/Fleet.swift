public import Domain

/// An engine that makes its picture from what other engines tell: the built-in registry reads services from containers.
public protocol ListeningEngine: Engine {
    /// Called with every update of every other engine, from any thread; cheap, never blocks for long.
    func hear(_ update: Update)
}

/// All engines of a run, watched together: those that listen hear what the others tell.
public struct Fleet: Sendable {
    private let engines: [any Engine]
    private let listeners: [any ListeningEngine]

    public init(_ engines: [any Engine]) {
        self.engines = engines
        listeners = engines.compactMap { $0 as? any ListeningEngine }
    }

    /// Runs until its task is cancelled.
    public func watch(into sink: @escaping Sink, attention: Attention) async {
        await withTaskGroup(of: Void.self) { group in
            for engine in engines {
                let told = overheard(engine, sink)
                group.addTask { await engine.watch(into: told, attention: attention) }
            }
        }
    }

    private func overheard(_ engine: any Engine, _ sink: @escaping Sink) -> Sink {
        let others = listeners.filter { $0.source.id != engine.source.id }
        if others.isEmpty { return sink }
        return { update in
            sink(update)
            for listener in others { listener.hear(update) }
        }
    }
}
