internal import Domain
internal import Engine
internal import Glibc
internal import Transport
@testable internal import DockerEngine

/// An engine under test, watched for as long as a closure runs.
struct WatchedEngine: Sendable {
    let engine: DockerEngine
    let recorder: Recorder
    let requests: RequestCounter
    let attention: Attention

    static var hurried: DockerWatch.Pace {
        DockerWatch.Pace(
            watchdog: .milliseconds(300), ping: .milliseconds(500), poll: .milliseconds(200), statistics: .milliseconds(200),
            background: .milliseconds(50), backOff: BackOff(first: .milliseconds(20), limit: .milliseconds(100)))
    }

    @Sendable static func clock() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    init(_ address: Address, isReadOnly: Bool = false, apiVersion: String? = nil, pace: DockerWatch.Pace = DockerWatch.Pace()) {
        let requests = RequestCounter()
        self.requests = requests
        recorder = Recorder()
        attention = Attention()
        engine = DockerEngine(
            DockerEngine.Configuration(name: "test", address: address, apiVersion: apiVersion, isReadOnly: isReadOnly), pace: pace,
            observe: { requests.count("\($0.method) \($0.path)") }, now: Self.clock)
    }

    func watching<Answer: Sendable>(_ body: (WatchedEngine) async throws -> Answer) async throws -> Answer {
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
