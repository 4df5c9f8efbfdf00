internal import Domain
internal import Engine
internal import Testing
@testable internal import RegistryEngine

@Suite struct HTTPProbeTests {
    private static func answer(_ service: ScriptedService, _ path: String = "/health", method: String = "GET", timeout: Duration = .seconds(10)) async -> CheckAnswer {
        await HTTPProbe(url: "http://127.0.0.1:\(service.port)\(path)", method: method, verifiesTLS: true, timeout: timeout).answer()
    }

    private static let statuses: [(Int, Check.Status)] = [
        (200, .passing), (204, .passing), (299, .passing), (301, .critical), (404, .critical), (429, .warning), (500, .critical), (503, .critical),
    ]

    @Test(arguments: statuses)
    func aStatusIsJudged(code: Int, status: Check.Status) async throws {
        let service = try ScriptedService { _ in .status(code, code == 204 ? "" : "words") }
        defer { service.stop() }
        let answer = await Self.answer(service)
        #expect(answer.status == status)
        #expect(answer.output.hasPrefix("HTTP GET http://127.0.0.1:\(service.port)/health: \(code)"))
    }

    @Test func theOutputIsConsuls() async throws {
        let service = try ScriptedService { _ in .status(200, "fine") }
        defer { service.stop() }
        #expect(await Self.answer(service).output == "HTTP GET http://127.0.0.1:\(service.port)/health: 200 OK Output: fine")
        #expect(service.requests == ["GET /health HTTP/1.1"])
    }

    @Test func aRedirectIsNotFollowed() async throws {
        let service = try ScriptedService { _ in .status(302, "") }
        defer { service.stop() }
        #expect(await Self.answer(service).status == .critical)
        #expect(service.requests.count == 1)
    }

    @Test func aBodyThatNeverEndsCountsByItsStatus() async throws {
        let service = try ScriptedService { _ in .open("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegin") }
        defer { service.stop() }
        let answer = await Self.answer(service, timeout: .milliseconds(200))
        #expect(answer.status == .passing)
        #expect(answer.output.contains("200 OK Output: begin"))
    }

    @Test func aHugeBodyIsBounded() async throws {
        let service = try ScriptedService { _ in .status(200, String(repeating: "x", count: 4 << 20)) }
        defer { service.stop() }
        let answer = await Self.answer(service)
        #expect(answer.status == .passing)
        #expect(answer.output.utf8.count <= CheckAnswer.limit)
    }

    @Test func silenceIsCriticalInTime() async throws {
        let service = try ScriptedService { _ in .silence }
        defer { service.stop() }
        let began = ContinuousClock.now
        let answer = await Self.answer(service, timeout: .milliseconds(200))
        #expect(answer.status == .critical)
        #expect(answer.output.contains("no answer"))
        #expect(ContinuousClock.now - began < .seconds(10))
    }

    @Test func whatIsNotHTTPIsCritical() async throws {
        let service = try ScriptedService { _ in .open("SSH-2.0-OpenSSH\r\n") }
        defer { service.stop() }
        #expect(await Self.answer(service, timeout: .seconds(2)).status == .critical)
    }

    @Test func refusedIsCriticalWithItsReason() async throws {
        let service = try ScriptedService()
        service.stop()
        let answer = await Self.answer(service)
        #expect(answer.status == .critical)
        #expect(answer.output.contains("refused"))
    }

    @Test(arguments: ["", "web", "ftp://x/", "http://", "http://h:99999/", "http://me@h/", "http://[::1", "https://\u{0}", "http://h:0/"])
    func whatIsNoURLIsCriticalOrRefused(url: String) async {
        let answer = await HTTPProbe(url: url, method: "GET", verifiesTLS: true, timeout: .milliseconds(300)).answer()
        #expect(answer.status == .critical)
    }

    @Test func aPathCannotSmuggleASecondRequest() async throws {
        let service = try ScriptedService()
        defer { service.stop() }
        #expect(await Self.answer(service, "/a b\r\nX: y\r\n\r\nGET /?q=ü#part").status == .passing)
        #expect(service.requests == ["GET /a%20b%0D%0AX:%20y%0D%0A%0D%0AGET%20/?q=%C3%BC HTTP/1.1"])
    }
}

@Suite struct ProbeRunnerTests {
    private static let container = Container.ID(Bench.docker, "4c01db0b339c5f67")

    private static func answer(
        _ probe: CheckDefinition.Probe, in container: Container.ID? = container, allowsScripts: Bool = true, _ run: @escaping CommandRunner
    ) async -> CheckAnswer {
        let errand = CheckBoard.Errand(
            check: Check.ID(RegistryEngine.sourceID, "box/x"), definition: CheckDefinition(probe: probe), container: container, generation: 0, started: .now)
        return await ProbeRunner(allowsScripts: allowsScripts, run: run).answer(errand)
    }

    private static let codes: [(Int?, Check.Status)] = [(0, .passing), (1, .warning), (2, .critical), (127, .critical), (nil, .critical)]

    @Test(arguments: codes)
    func aScriptsExitCodeIsJudged(code: Int?, status: Check.Status) async {
        let answer = await Self.answer(.script(["/bin/sh", "-c", "x"])) { _, _, _ in CommandResult(exitCode: code, output: "said") }
        #expect(answer.status == status)
        #expect(answer.output.contains("said"))
    }

    @Test func withoutLeaveNothingRuns() async {
        await confirmation(expectedCount: 0) { ran in
            let answer = await Self.answer(.script(["x"]), allowsScripts: false) { _, _, _ in
                ran()
                return CommandResult(exitCode: 0, output: "")
            }
            #expect(answer.status == .warning)
            #expect(answer.output.contains("registry: {scripts: true}"))
        }
    }

    @Test func aScriptRunsInItsOwnContainerOnly() async {
        let run: CommandRunner = { command, container, _ in CommandResult(exitCode: 0, output: "\(command) \(container.raw)") }
        #expect(await Self.answer(.docker(container: "4c01db0b339c", shell: "/bin/sh", arguments: ["-c", "x"]), run).status == .passing)
        #expect(await Self.answer(.docker(container: "another-container", shell: "/bin/sh", arguments: []), run).status == .warning)
        #expect(await Self.answer(.docker(container: "", shell: "/bin/sh", arguments: []), run).status == .warning)
        #expect(await Self.answer(.script(["x"]), in: nil, run).status == .warning)
    }

    @Test func aTroubleIsToldAndARefusalOfOursIsNoFailure() async {
        let late = await Self.answer(.script(["x"])) { _, _, _ throws(Trouble) in throw Trouble(.timedOut, attempt: "run x", answer: "it had not ended") }
        #expect(late.status == .critical)
        #expect(late.output.contains("it had not ended"))
        let refused = await Self.answer(.script(["x"])) { _, _, _ throws(Trouble) in throw Trouble(.refusedByPlan, attempt: "run x", answer: "read-only") }
        #expect(refused.status == .warning)
    }

    @Test func tcpOpensOrNot() async throws {
        let service = try ScriptedService()
        let probe = CheckDefinition.Probe.tcp("127.0.0.1:\(service.port)")
        let run: CommandRunner = { _, _, _ in CommandResult(exitCode: 0, output: "") }
        #expect(await Self.answer(probe, run).status == .passing)
        service.stop()
        #expect(await Self.answer(probe, run).status == .critical)
        #expect(await Self.answer(.tcp("nonsense"), run).status == .critical)
        #expect(await Self.answer(.tcp("h:99999"), run).status == .critical)
    }
}
