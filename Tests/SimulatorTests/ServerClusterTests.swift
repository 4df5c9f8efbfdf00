internal import Domain
internal import Synchronization
internal import Testing
internal import Transport
@testable internal import Simulator

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

@Suite struct ServerClusterTests {
    private struct Yes: RequestHandler {
        func answer(_ request: ServerRequest) async -> ServerReply { .whole(status: 200, headers: [], body: []) }
    }

    private func befall(_ stage: ConsulStage, _ trouble: Mishap) throws {
        _ = try stage.cluster.with { world throws(OrderRefusal) in try world.order(.mishap(trouble)) }
    }

    @Test func theClockFollowsTheWallAtItsSpeed() {
        let start = Timestamp(seconds: 1000), wall = Timestamp(seconds: 500_000)
        var clock = ClusterClock(world: start, wall: wall, speed: 10)
        #expect(clock.time(at: wall.adding(.seconds(6))) == start.adding(.seconds(60)))
        #expect(clock.time(at: Timestamp(seconds: 1)) == start, "a wall clock that goes back takes no time away")
        #expect(clock.wait(until: start.adding(.seconds(60)), at: wall.adding(.seconds(1))) == .seconds(5))
        clock.setSpeed(0, at: wall.adding(.seconds(6)))
        #expect(clock.time(at: wall.adding(.seconds(600))) == start.adding(.seconds(60)))
        #expect(clock.wait(until: start.adding(.seconds(61)), at: wall.adding(.seconds(600))) == nil)
        clock.setSpeed(.infinity, at: wall.adding(.seconds(600)))
        #expect(clock.speed == 1)
    }

    @Test func newsWakesWhoWaits() async throws {
        let stage = ConsulStage()
        let last = stage.cluster.with { $0.lastSequence }
        let waiting = Task { await stage.cluster.news(after: last, atMost: .seconds(600)) }
        try befall(stage, .cutNetwork("h3"))
        await waiting.value
        #expect(stage.cluster.with { $0.lastSequence } > last)
        let start = ContinuousClock.now
        await stage.cluster.news(after: .max, atMost: .milliseconds(20))
        #expect(ContinuousClock.now - start >= .milliseconds(20), "without news, the limit")
        let cancelled = Task { await stage.cluster.news(after: .max, atMost: .seconds(600)) }
        cancelled.cancel()
        await cancelled.value
    }

    @Test func aMachineThatIsOffDropsAndOneThatIsCutOffIsSilent() async throws {
        let stage = ConsulStage()
        let id = try #require(stage.cluster.with { $0.host("h3")?.id })
        let door = HostDoor(cluster: stage.cluster, host: id, handler: Yes())
        func status() async -> Int? { if case .whole(let status, _, _) = await door.answer(ServerRequest(method: "GET", target: "/")) { status } else { nil } }
        #expect(await status() == 200)
        try befall(stage, .cutNetwork("h3"))
        let waiting = Task { await status() }
        try befall(stage, .joinNetwork("h3"))
        #expect(await waiting.value == 200, "it waits until the line is mended")
        try befall(stage, .cutNetwork("h3"))
        let givenUp = Task { await status() }
        givenUp.cancel()
        #expect(await givenUp.value == nil)
        try befall(stage, .joinNetwork("h3"))
        try befall(stage, .loseHost("h3"))
        #expect(await status() == nil)
    }

    @Test func aScenarioThatIsNoneIsRefusedWithThoseThatAre() {
        let stage = ConsulStage()
        #expect(throws: Trouble.self) { try stage.cluster.play(scenario: "nosuch") }
        #expect(stage.cluster.scenario == nil)
    }

    @Test func itsDoorsOpenAndClose() async throws {
        var template = Array("/tmp/practice-XXXXXX".utf8CString)
        #expect(mkdtemp(&template) != nil)
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { rmdir(folder) }
        let cluster = PracticeCluster(world: World(seed: 7, start: Timestamp(seconds: 1_800_000_000)), now: { Timestamp(seconds: 1_800_000_000) })
        let doors = try await cluster.start(in: folder)
        #expect(doors.engines.map(\.name).sorted() == ["h1", "h2", "h3"] && doors.agents.count == 3)
        for (name, url) in doors.engines {
            #expect(url == "unix://\(folder)/\(name).sock")
            let response = try await HTTPClient(address: .unix(path: "\(folder)/\(name).sock")).send(HTTPRequest(path: "/_ping"))
            #expect(response.status == 200)
        }
        let port = try #require(doors.consul.split(separator: ":").last.flatMap { Int($0) })
        let leader = try await HTTPClient(address: .tcp(host: "127.0.0.1", port: port, prefix: "", tls: nil)).send(HTTPRequest(path: "/v1/status/leader"))
        #expect(leader.body == Array(#""10.20.0.11:8300""#.utf8))
        let answer = try await DNSClient(server: doors.dns.host, port: doors.dns.port).ask("consul.service.consul", .a, timeout: .seconds(10))
        #expect(answer.code == .noError && answer.records.count == 3)
        await cluster.stop()
        for name in ["h1", "h2", "h3"] { #expect(access("\(folder)/\(name).sock", F_OK) != 0, "its socket has gone") }
    }

    @Test func aFolderThatOthersMayEnterIsRefused() async {
        let cluster = PracticeCluster(world: World(seed: 7, start: Timestamp(seconds: 1_800_000_000)), now: { Timestamp(seconds: 1_800_000_000) })
        await #expect(throws: ServerFailure.self) { try await cluster.start(in: "/tmp") }
        await cluster.stop()
    }
}
