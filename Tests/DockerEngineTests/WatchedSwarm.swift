internal import Domain
internal import Engine
internal import Transport
@testable internal import DockerEngine

/// The swarm behind an engine under test, watched for as long as a closure runs. The engine itself is not.
struct WatchedSwarm: Sendable {
    let engine: SwarmEngine
    let recorder: Recorder
    let requests: RequestCounter
    let attention: Attention

    static var hurried: SwarmWatch.Pace {
        SwarmWatch.Pace(
            grace: .milliseconds(1), look: .milliseconds(30), hopelessLook: .milliseconds(60), watched: .milliseconds(20), unwatched: .milliseconds(40),
            nodes: .milliseconds(40), everything: .milliseconds(400), uncounted: .milliseconds(60), settling: .milliseconds(100), patience: .seconds(1),
            hesitation: .milliseconds(400), backOff: BackOff(first: .milliseconds(20), limit: .milliseconds(100)))
    }

    init(_ address: Address, apiVersion: String? = nil, pace: SwarmWatch.Pace = SwarmWatch.Pace()) {
        let requests = RequestCounter()
        self.requests = requests
        recorder = Recorder()
        attention = Attention(Attention.Focus(wantsPlacement: true))
        let docker = DockerEngine(
            DockerEngine.Configuration(name: "test", address: address, apiVersion: apiVersion), pace: DockerWatch.Pace(),
            observe: { requests.count("\($0.method) \($0.path)") }, now: WatchedEngine.clock)
        engine = SwarmEngine(sharing: docker, pace: pace)
    }

    func watching<Answer: Sendable>(_ body: (WatchedSwarm) async throws -> Answer) async throws -> Answer {
        let watch = Task { [engine, recorder, attention] in
            await engine.watch(into: { recorder.receive($0) }, attention: attention)
        }
        do {
            let answer = try await body(self)
            watch.cancel()
            await watch.value
            return answer
        } catch {
            watch.cancel()
            await watch.value
            throw error
        }
    }
}

extension Recorder {
    func nodes(_ what: String, from start: Int = 0, _ match: ([Node]) -> Bool = { _ in true }) async throws -> [Node] {
        try await first(what, from: start) { if case .nodes(_, let nodes) = $0, match(nodes) { nodes } else { nil } }
    }

    func workload(_ name: String, _ what: String, from start: Int = 0, _ match: (Workload) -> Bool = { _ in true }) async throws -> Workload {
        try await first("\(what) of \(name)", from: start) { update in
            if case .workloads(_, let list) = update, let found = list.first(where: { $0.name == name }), match(found) { found } else { nil }
        }
    }

    /// The tasks of one service, whichever way they are told.
    func tasks(_ service: Workload.ID, _ what: String, from start: Int = 0, _ match: ([WorkloadTask]) -> Bool) async throws -> [WorkloadTask] {
        try await first(what, from: start) { update in
            let told: [WorkloadTask]
            switch update {
            case .tasks(_, let all): told = all.filter { $0.workload == service }
            case .tasksOf(let ids, let all): if ids.contains(service) { told = all.filter { $0.workload == service } } else { return nil }
            default: return nil
            }
            return match(told) ? told : nil
        }
    }

    func absence(from start: Int = 0) async throws -> String {
        try await first("an absence", from: start) { update in
            if case .source(let source) = update, case .absent(let words) = source.freshness { words } else { nil }
        }
    }
}
