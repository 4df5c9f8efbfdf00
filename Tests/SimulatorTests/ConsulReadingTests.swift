internal import Domain
internal import JSON
internal import Synchronization
internal import Testing
@testable internal import Simulator

/// A small world with a hand on its clock, and the agent of its first machine.
struct ConsulStage: Sendable {
    private final class Clock: Sendable {
        let time = Mutex(Timestamp(seconds: 1_800_000_000))
    }

    private let clock: Clock
    let cluster: PracticeCluster
    let handler: ConsulHandler

    init() {
        let clock = Clock()
        self.clock = clock
        cluster = PracticeCluster(world: World(seed: 7, start: clock.time.withLock { $0 }), now: { clock.time.withLock { $0 } })
        handler = ConsulHandler(cluster: cluster, agent: "h1", dnsPort: 8600, memory: ConsulMemory(), patience: .milliseconds(20))
        pass(60)
    }

    func pass(_ seconds: Int64) { clock.time.withLock { $0 = $0.adding(.seconds(seconds)) } }

    struct Said: Sendable {
        var status: Int
        var headers: [String: String]
        var text: String
        var json: JSONTree? { try? JSONTree(Array(text.utf8)) }
    }

    func ask(_ target: String, method: String = "GET", body: String = "") async -> Said {
        guard case .whole(let status, let headers, let bytes) = await handler.answer(ServerRequest(method: method, target: target, body: Array(body.utf8))) else {
            return Said(status: 0, headers: [:], text: "")
        }
        return Said(status: status, headers: Dictionary(headers) { $1 }, text: String(decoding: bytes, as: UTF8.self))
    }

    func put(_ target: String, _ body: String = "") async -> Said { await ask(target, method: "PUT", body: body) }

    /// One of the node `h1` that passes as long as it is told so.
    func register(_ id: String, _ service: String, status: String = "passing", address: String = "", port: Int = 80) async {
        let address = address.isEmpty ? "" : #""Address":"\#(address)","#
        let body = #"{"Name":"\#(service)","ID":"\#(id)",\#(address)"Port":\#(port),"Tags":["a"],"Check":{"CheckID":"\#(id)-ttl","TTL":"30m","Status":"\#(status)"}}"#
        #expect(await put("/v1/agent/service/register", body).status == 200)
    }

    func loseLeader() throws {
        _ = try cluster.with { world throws(OrderRefusal) in try world.order(.mishap(.loseRegistryLeader)) }
        pass(20)
        #expect(cluster.with { $0.registry.leader } == "")
    }
}

@Suite struct ConsulReadingTests {
    @Test func listsComeWithTheHeadersOfTheRealServer() async {
        let stage = ConsulStage()
        let said = await stage.ask("/v1/health/state/any?stale")
        #expect(said.status == 200 && said.headers["Content-Type"] == "application/json")
        #expect(said.headers["X-Consul-Effective-Consistency"] == "stale" && said.headers["X-Consul-Knownleader"] == "true")
        #expect(said.headers["X-Consul-Index"] == String(stage.cluster.with { $0.registry.checksIndex }))
        let keys = said.json?.elements.first?.members.map(\.key)
        #expect(
            keys == [
                "Node", "CheckID", "Name", "Status", "Notes", "Output", "ServiceID", "ServiceName", "ServiceTags", "Type", "Definition", "CreateIndex",
                "ModifyIndex",
            ])
    }

    @Test(arguments: [
        ("/v1/catalog/node/nosuch", "null"), ("/v1/catalog/service/nosuch", "[]"), ("/v1/health/state/nosuch", "[]"), ("/v1/health/node/nosuch", "[]"),
        ("/v1/catalog/datacenters", #"["dc1"]"#), ("/v1/status/leader", #""10.20.0.11:8300""#),
        ("/v1/agent/health/service/name/nosuch", "[]"),
    ]) func whatIsNotThere(_ target: String, _ body: String) async { #expect(await ConsulStage().ask(target).text == body) }

    @Test(arguments: [
        ("GET", "/v1/health/state/", 400, "Missing check state"), ("GET", "/v1/catalog/service/", 400, "Missing service name"),
        ("GET", "/v1/health/node/", 400, "Missing node name"), ("GET", "/v1/agent/service/nosuch", 404, "unknown service ID: nosuch"),
        ("GET", "/v1/health/state/any?index=x", 400, "Invalid index"), ("GET", "/v1/health/state/any?index=-1", 400, "Invalid index"),
        ("GET", "/v1/health/state/any?wait=x", 400, "Invalid wait time"), ("GET", "/v1/health/state/any?dc=x", 500, "No path to datacenter"),
        ("GET", "/v1/health/state/any?stale&consistent", 400, "Cannot specify ?stale with ?consistent, conflicting semantics."),
        ("GET", "/v1/health/service/web?passing=maybe", 400, "Invalid value for ?passing"), ("GET", "/v1/nosuch", 404, ""), ("GET", "/v1", 404, ""),
        ("DELETE", "/v1/health/state/any", 405, "method DELETE not allowed"), ("GET", "/v1/agent/service/register", 405, "method GET not allowed"),
        ("POST", "/v1/agent/service/register", 405, "method POST not allowed"), ("OPTIONS", "/v1/catalog/nodes", 200, ""),
    ]) func refusals(_ method: String, _ target: String, _ status: Int, _ text: String) async {
        let said = await ConsulStage().ask(target, method: method)
        #expect(said.status == status && said.text == text)
    }

    @Test func filtersLeaveOutWhatTheyDoNotMean() async {
        let stage = ConsulStage()
        await stage.register("it's", "mine")
        let one = await stage.ask("/v1/health/node/h1?stale&filter=CheckID%20%3D%3D%20%22it%27s-ttl%22").json?.elements
        #expect(one?.count == 1 && one?.first?["ServiceName"]?.text == "mine")
        let entry = await stage.ask("/v1/catalog/node/h1?filter=ID%20%3D%3D%20%60it%27s%60").json
        #expect(entry?["Services"]?.members.map(\.key) == ["it's"])
        let broken = await stage.ask("/v1/health/state/any?filter=Status%3D%3D")
        #expect(broken.status == 500 && broken.text.hasPrefix("Failed to create boolean expression evaluator: "))
    }

    @Test(arguments: [
        (#"Status == passing"#, true), (#"Status != "passing""#, false), (#""a" in Tags and not (Port == 81)"#, true), (#""b" in Tags or Port == 80"#, true),
        (#""b" not in Tags"#, true), (#"Meta.zone matches "^ea""#, true), (#"Meta is not empty"#, true), (#"Nothing is empty"#, true), (#"Tags contains a"#, true),
    ]) func filterLanguage(_ text: String, _ accepts: Bool) throws {
        let item = try JSONTree(Array(#"{"Status":"passing","Tags":["a"],"Port":80,"Meta":{"zone":"east"}}"#.utf8))
        #expect(try FilterExpression(text).accepts(item) == accepts)
    }

    @Test(arguments: ["", "a", "a ==", "(a == b", "a == b)", "a = b", "\"a", "a b c", String(repeating: "(", count: 5000), String(repeating: "not ", count: 5000), String(repeating: "a == b or ", count: 5000) + "a == b"])
    func filtersThatAreNone(_ text: String) { #expect(throws: FilterExpression.Malformed.self) { try FilterExpression(text) } }

    @Test func anOldIndexIsAnsweredAtOnceAndTheSameOneWaits() async {
        let stage = ConsulStage()
        let index = stage.cluster.with { $0.registry.checksIndex }
        #expect(await stage.ask("/v1/health/state/any?stale&index=\(index - 1)&wait=10m").status == 200)
        async let waiting = stage.ask("/v1/health/state/any?stale&index=\(index)&wait=10m")
        #expect(await stage.put("/v1/agent/maintenance?enable=true&reason=x").status == 200)
        let woken = await waiting
        #expect(woken.headers["X-Consul-Index"].flatMap(UInt64.init) == index + 1)
        #expect(woken.text.contains("_node_maintenance"))
    }

    @Test func aWaitThatRunsOutBringsTheIndexThatIs() async {
        let stage = ConsulStage()
        let said = await stage.ask("/v1/catalog/services?index=999999999&wait=10ms")
        #expect(said.headers["X-Consul-Index"] == String(stage.cluster.with { $0.registry.servicesIndex }))
    }

    @Test func aListThatIsKeptAtHandIsTheListThatIs() async {
        let stage = ConsulStage()
        await stage.register("x1", "x")
        for step in ["/v1/agent/check/fail/x1-ttl?note=%3Cbroken%3E", "/v1/agent/check/pass/x1-ttl", "/v1/agent/service/maintenance/x1?enable=true", "/v1/agent/service/deregister/x1"] {
            #expect(await stage.put(step).status == 200)
            let fresh = stage.cluster.with { $0.registry.checks.values.map { ConsulText.check($0) } }
            let text = "[" + fresh.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ",") + "]"
            #expect(await stage.ask("/v1/health/state/any?stale").text == text)
        }
    }

    @Test func withoutALeaderOnlyStaleReadsGoOn() async throws {
        let stage = ConsulStage()
        try stage.loseLeader()
        #expect(await stage.ask("/v1/status/leader").text == #""""#)
        let refused = await stage.ask("/v1/catalog/nodes")
        #expect(refused.status == 500 && refused.text == "No cluster leader" && refused.headers["X-Consul-Knownleader"] == "false")
        #expect(await stage.ask("/v1/catalog/nodes?stale").headers["X-Consul-Knownleader"] == "false")
        stage.pass(3)
        #expect(await stage.ask("/v1/catalog/nodes?stale").headers["X-Consul-Lastcontact"] == "3000")
        #expect(await stage.ask("/v1/agent/members").status == 200)
        #expect(await stage.put("/v1/catalog/register", #"{"Node":"x","Address":"10.9.9.9"}"#).text == "No cluster leader")
    }
}
