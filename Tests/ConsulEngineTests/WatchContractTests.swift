internal import Domain
internal import Testing
internal import Transport
@testable internal import ConsulEngine

/// What a watch promises, on each agent that the environment names.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: !LabConsul.all.isEmpty, "BINNACLE_TEST_CONSUL names no Consul"))
struct WatchContractTests {
    private func watching<Answer: Sendable>(_ lab: LabConsul, _ body: (Recorder) async throws -> Answer) async throws -> Answer {
        var pace = ConsulWatch.Pace()
        pace.sweep = .seconds(1)
        return try await WatchedConsul(lab.configuration(), pace: pace).watching { watched in
            _ = try await watched.recorder.live()
            return try await body(watched.recorder)
        }
    }

    @Test(arguments: LabConsul.all) func tellsTheLabAsItIs(_ lab: LabConsul) async throws {
        try await lab.withItsServices {
            try await watching(lab) { recorder in
                let node = try await lab.node()
                let source = try await recorder.live()
                #expect(source.title.hasPrefix("consul 1.") && source.remarks.isEmpty)
                let registry = try await recorder.registry("the registry") { _ in true }
                #expect(registry.node == node && registry.datacenter == "dc1" && registry.datacenters == ["dc1"] && registry.leader?.isEmpty == false && registry.runsScripts)
                #expect(registry.dns?.domain == "consul" && (registry.dns?.port ?? 0) > 0)
                let members = try await recorder.members("members") { _ in true }
                #expect(members.contains { $0.name == node && $0.isAsked && $0.isLeader && $0.isServer && $0.status == .alive })
                let instances = try await recorder.instances("instances") { $0.contains { $0.serviceID == "web-1" } }
                let web = try #require(instances.first { $0.serviceID == "web-1" })
                #expect(web.id.raw == "\(node)/web-1" && web.service == "web" && web.port == 18080 && web.tags == ["v1", "primary"] && web.meta["version"] == "1")
                let serf = try await recorder.check("serf") { $0.kind == "serf" }
                #expect(serf.status == .passing && serf.node == node)
                // The catalog has no output of a check that was never anything but critical; its agent has.
                let db = try await recorder.check("why db is critical") { $0.serviceID == "db-1" && $0.status == .critical && $0.output.contains("refused") }
                #expect(db.id.raw == "\(node)/db-1-tcp" && db.kind == "tcp" && db.service == "db")
                _ = try await recorder.check("web-2") { $0.serviceID == "web-2" && $0.status == .critical && $0.kind == "http" }
                _ = try await recorder.check("web-1") { $0.serviceID == "web-1" && $0.status == .passing }
            }
        }
    }

    @Test(arguments: LabConsul.all) func everyStateArrivesWithinSeconds(_ lab: LabConsul) async throws {
        try await watching(lab) { recorder in
            try await lab.withService("states", #","Check":{"CheckID":"bt-ttl","Name":"told","TTL":"6s"}"#) { name in
                // Consul takes the id that is given, or makes one of the service's.
                let id = try await recorder.check("the new check") { $0.serviceID == name }.id
                let raw = String(id.raw.drop { $0 != "/" }.dropFirst())
                for (verb, status) in [("pass", Check.Status.passing), ("warn", .warning), ("fail", .critical), ("pass", .passing)] {
                    let mark = recorder.count
                    let start = ContinuousClock.now
                    try await lab.call("PUT", "/v1/agent/check/\(verb)/\(raw)?note=said%20\(verb)")
                    let check = try await recorder.check("\(status)", from: mark, within: .seconds(10)) { $0.id == id && $0.status == status && $0.output == "said \(verb)" }
                    #expect(check.kind == "ttl" && check.name == "told")
                    #expect(ContinuousClock.now - start < .seconds(5))
                }
                let mark = recorder.count
                let expired = try await recorder.check("that nobody reports any more", from: mark) { $0.id == id && $0.status == .critical }
                #expect(expired.output.lowercased().contains("ttl expired"))
            }
        }
    }

    @Test(arguments: LabConsul.all) func aServiceComesAndGoes(_ lab: LabConsul) async throws {
        try await watching(lab) { recorder in
            let mark = recorder.count
            let name = try await lab.withService("life", #","Port":7777,"Tags":["a"]"#) { name in
                let list = try await recorder.instances("the new instance", from: mark) { $0.contains { $0.serviceID == name } }
                #expect(list.first { $0.serviceID == name }?.port == 7777)
                let before = recorder.count
                try await lab.call("PUT", "/v1/agent/service/register", #"{"ID":"\#(name)","Name":"\#(name)","Port":7778,"Tags":["a","b"]}"#)
                _ = try await recorder.instances("its other port", from: before) { $0.contains { $0.serviceID == name && $0.port == 7778 && $0.tags == ["a", "b"] } }
                return name
            }
            _ = try await recorder.instances("that it has gone", from: mark) { list in
                recorder.updates.contains { if case .instances(_, let old) = $0 { old.contains { $0.serviceID == name } } else { false } } && !list.contains { $0.serviceID == name }
            }
        }
    }

    @Test(arguments: LabConsul.all) func maintenanceIsSeenAndEnds(_ lab: LabConsul) async throws {
        try await watching(lab) { recorder in
            try await lab.withService("drain") { name in
                try await lab.call("PUT", "/v1/agent/service/maintenance/\(name)?enable=true&reason=kernel%20upgrade")
                let check = try await recorder.check("its maintenance") { $0.serviceID == name && $0.status == .maintenance }
                #expect(check.notes == "kernel upgrade" && check.kind == "maintenance" && check.service == name)
                let mark = recorder.count
                try await lab.call("PUT", "/v1/agent/service/maintenance/\(name)?enable=false")
                try await recorder.gone(check.id.raw, from: mark)
            }
        }
    }

    @Test(arguments: LabConsul.all) func aToolThatIsMissingIsNamed(_ lab: LabConsul) async throws {
        try await watching(lab) { recorder in
            try await lab.withService("tool", #","Check":{"Args":["/no/such/tool"],"Interval":"1s"}"#) { name in
                // It is critical from the beginning, so that the catalog hears of its output minutes later only.
                let check = try await recorder.check("what it printed") { $0.serviceID == name && !$0.output.isEmpty }
                #expect(check.status == .critical && check.kind == "script" && check.output.contains("/no/such/tool: no such file"))
            }
        }
    }

    @Test(arguments: LabConsul.all) func aNodeWithoutAnAgentIsCalledSo(_ lab: LabConsul) async throws {
        let node = LabConsul.name("ext")
        try await watching(lab) { recorder in
            try await lab.call(
                "PUT", "/v1/catalog/register",
                #"{"Node":"\#(node)","Address":"10.1.1.1","NodeMeta":{"external-node":"true"},"Service":{"ID":"mail1","Service":"mail","Port":25},"Check":{"CheckID":"mail","Name":"mail","Status":"unknown","ServiceID":"mail1","Definition":{"TCP":"10.1.1.1:25","Interval":"10s"}}}"#)
            let members = try await recorder.members("the node") { $0.contains { $0.name == node } }
            let member = try #require(members.first { $0.name == node })
            #expect(member.status == .external && member.address == "10.1.1.1" && member.meta == ["external-node": "true"])
            let check = try await recorder.check("its check") { $0.node == node }
            #expect(check.status == .warning && check.definition == "connect to 10.1.1.1:25 every 10s")
            let list = try await recorder.instances("its service") { $0.contains { $0.node == node } }
            #expect(list.first { $0.node == node }?.endpoint == "10.1.1.1:25")
            let mark = recorder.count
            try await lab.call("PUT", "/v1/catalog/deregister", #"{"Node":"\#(node)"}"#)
            _ = try await recorder.members("that it has gone", from: mark) { !$0.contains { $0.name == node } }
        }
    }

    @Test(arguments: LabConsul.all) func theServersOwnWordsCanBeRead(_ lab: LabConsul) async throws {
        try await lab.withItsServices {
            let engine = ConsulEngine(lab.configuration(), now: WatchedConsul.clock)
            let source = engine.source.id, node = try await lab.node()
            let instance = try await engine.rawJSON(of: .instance(ServiceInstance.id(source, node: node, serviceID: "web-1"), name: "web"))
            #expect(instance.contains("\"ID\": \"web-1\"") && !instance.contains("\"ID\": \"web-2\"") && instance.contains("\n  \"Node\": {"))
            let check = try await engine.rawJSON(of: .check(Check.ID(source, "\(node)/serfHealth"), name: "serf"))
            #expect(check.contains("\"CheckID\": \"serfHealth\"") && !check.contains("db-1"))
            #expect(try await engine.rawJSON(of: .member(Member.ID(source, node), name: node)).contains("\"Services\""))
            let trouble = await #expect(throws: Trouble.self) { try await engine.rawJSON(of: .check(Check.ID(source, "\(node)/nonesuch"), name: "x")) }
            #expect(trouble?.reason == .notFound)
        }
    }
}
