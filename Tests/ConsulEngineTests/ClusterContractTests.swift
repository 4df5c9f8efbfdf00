internal import Domain
import JSON
internal import Testing
internal import Transport
@testable internal import ConsulEngine

/// Tokens, TLS and agents of other nodes, on a real cluster: one server, two clients, permissions denied by default.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: LabConsul.cluster != nil, "BINNACLE_TEST_CONSUL_CLUSTER names no cluster"))
struct ClusterContractTests {
    private func watching<Answer: Sendable>(_ lab: LabConsul, _ body: (WatchedConsul) async throws -> Answer) async throws -> Answer {
        try await WatchedConsul(lab.configuration()).watching(body)
    }

    private func cluster() throws -> LabConsul { try #require(LabConsul.cluster) }

    /// A node whose agent is not the one asked, and where it is.
    private func neighbour(_ lab: LabConsul) async throws -> (name: String, address: String) {
        let own = try await lab.node()
        let other = try await lab.tree("/v1/agent/members").elements.first { $0["Name"]?.text != own && $0["Status"]?.integer == 1 }
        return (try #require(other?["Name"]?.text), try #require(other?["Addr"]?.text))
    }

    /// A token that may read everything and write nothing, made for the test.
    private func readToken(_ lab: LabConsul) async throws -> LabConsul {
        let name = LabConsul.name("ro")
        try await lab.call(
            "PUT", "/v1/acl/policy",
            #"{"Name":"\#(name)","Rules":"node_prefix \"\" { policy = \"read\" } service_prefix \"\" { policy = \"read\" } agent_prefix \"\" { policy = \"read\" }"}"#)
        let answer = try await lab.call("PUT", "/v1/acl/token", #"{"Policies":[{"Name":"\#(name)"}]}"#)
        let start = try #require(answer.firstRange(of: "\"SecretID\":\"")?.upperBound)
        return LabConsul(address: lab.address, token: String(answer[start...].prefix { $0 != "\"" }))
    }

    @Test func tellsItsMembers() async throws {
        let lab = try cluster()
        try await watching(lab) { watched in
            _ = try await watched.recorder.live()
            let members = try await watched.recorder.members("three members") { $0.count { $0.status == .alive } >= 3 }
            #expect(members.count { $0.isServer } == 1 && members.count { $0.isLeader } == 1 && members.count { $0.isAsked } == 1)
            #expect(members.allSatisfy { !$0.address.isEmpty && $0.version.hasPrefix("1.") && $0.datacenter == "dc1" })
        }
    }

    @Test(.enabled(if: LabConsul.clusterByTLS != nil, "BINNACLE_TEST_CONSUL_HTTPS and BINNACLE_TEST_CONSUL_CA name no cluster"))
    func byTLSItIsTheSame() async throws {
        let lab = try #require(LabConsul.clusterByTLS)
        try await watching(lab) { watched in
            let source = try await watched.recorder.live()
            #expect(source.address.hasPrefix("https://"))
        }
        try await watching(try #require(LabConsul.clusterWithoutItsCA)) { watched in
            let trouble = try await watched.recorder.trouble()
            #expect(trouble.answer.hasPrefix("TLS failed") && trouble.remedy?.contains("CONSUL_CACERT") == true)
        }
    }

    @Test func anonymousSeesNothingAndIsToldWhy() async throws {
        var lab = try cluster()
        lab.token = nil
        try await watching(lab) { watched in
            let trouble = try await watched.recorder.trouble()
            #expect(trouble.answer == "no services or nodes are visible: a token is probably needed (CONSUL_HTTP_TOKEN)")
        }
    }

    @Test func anUnknownTokenIsCalledUnknown() async throws {
        var lab = try cluster()
        lab.token = "99999999-9999-9999-9999-999999999999"
        try await watching(lab) { watched in
            let trouble = try await watched.recorder.trouble()
            #expect(trouble.reason == .unauthorized && trouble.answer.contains("the token is not known"))
            #expect(!"\(watched.recorder.updates)".contains("99999999-9999"))
        }
    }

    @Test func aTokenThatMayOnlyReadIsRefusedByName() async throws {
        let lab = try cluster()
        let reader = try await readToken(lab)
        try await lab.withService("denied") { name in
            let engine = ConsulEngine(reader.configuration(), now: WatchedConsul.clock)
            let node = try await lab.node()
            let target = Operation.Target.instance(ServiceInstance.id(engine.source.id, node: node, serviceID: name), name: name)
            let plan = try await engine.plan(Operation(.registry(.maintenance(true, reason: "")), on: target))
            #expect(plan.obstacle == nil)
            let trouble = await #expect(throws: Trouble.self) { try await engine.perform(plan) }
            #expect(trouble?.reason == .forbidden && trouble?.remedy == "the token lacks service:write on “\(name)”")
            let whole = try await engine.plan(Operation(.registry(.maintenance(true, reason: "")), on: .member(Member.ID(engine.source.id, node), name: node)))
            let refused = await #expect(throws: Trouble.self) { try await engine.perform(whole) }
            #expect(refused?.remedy == "the token lacks node:write on “\(node)”")
        }
    }

    @Test func changesGoToTheAgentOfTheNode() async throws {
        let lab = try cluster()
        let (node, address) = try await neighbour(lab)
        let engine = ConsulEngine(lab.configuration(), now: WatchedConsul.clock)
        let source = engine.source.id
        let name = LabConsul.name("owner")
        let registration = ServiceRegistration(node: node, id: name, name: name, port: 7, checks: [CheckDefinition(id: name, name: "told", probe: .ttl(60))])
        let made = try await engine.plan(Operation(.registry(.register(registration)), on: .source(source, name: "lab")))
        #expect(made.obstacle == nil && made.calls.first?.hasPrefix("PUT http://\(address):") == true, "\(made)")
        _ = try await engine.perform(made)
        #expect(try await lab.call("GET", "/v1/agent/service/\(name)", at: address).contains(name))

        let target = Operation.Target.instance(ServiceInstance.id(source, node: node, serviceID: name), name: name)
        let drain = try await engine.plan(Operation(.registry(.maintenance(true, reason: "drain")), on: target))
        _ = try await engine.perform(drain)
        #expect(try await lab.call("GET", "/v1/agent/checks", at: address).contains("_service_maintenance:\(name)"))
        _ = try await engine.perform(try await engine.plan(try #require(drain.undo)))
        #expect(try await !lab.call("GET", "/v1/agent/checks", at: address).contains("_service_maintenance:\(name)"))

        _ = try await engine.perform(try await engine.plan(try #require(made.undo)))
        #expect(try await lab.call("GET", "/v1/agent/service/\(name)", at: address, allowing: [404]).contains("unknown service"))
        #expect(!"\(made)\(drain)".contains(lab.token ?? "no token"))
    }
}
