internal import Domain
import JSON
internal import Testing
@testable internal import ConsulEngine

/// What changes promise, on each agent that the environment names.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: !LabConsul.all.isEmpty, "BINNACLE_TEST_CONSUL names no Consul"))
struct ChangeContractTests {
    private struct Hand {
        let lab: LabConsul
        let engine: ConsulEngine
        let node: String
        var source: Source.ID { engine.source.id }

        func instance(_ id: String) -> Operation.Target { .instance(ServiceInstance.id(source, node: node, serviceID: id), name: id) }

        @discardableResult
        func perform(_ operation: Operation) async throws -> Plan {
            let plan = try await engine.plan(operation)
            #expect(plan.obstacle == nil && plan.idle == nil, "\(plan.obstacle ?? plan.idle ?? "")")
            _ = try await engine.perform(plan)
            return plan
        }

        func undo(_ plan: Plan) async throws { try await perform(try #require(plan.undo)) }

        func checks(of service: String) async throws -> [JSONTree] {
            try await lab.tree("/v1/agent/checks").members.map(\.value).filter { $0["ServiceID"]?.text == service }
        }
    }

    private func hand(_ lab: LabConsul) async throws -> Hand {
        Hand(lab: lab, engine: ConsulEngine(lab.configuration(), now: WatchedConsul.clock), node: try await lab.node())
    }

    @Test(arguments: LabConsul.all) func maintenanceOfAServiceAndBack(_ lab: LabConsul) async throws {
        let hand = try await hand(lab)
        try await hand.lab.withService("maint") { name in
            let plan = try await hand.perform(Operation(.registry(.maintenance(true, reason: "kernel upgrade")), on: hand.instance(name)))
            #expect(plan.warnings.contains { $0.contains("no other instance of \(name)") })
            #expect(try await hand.checks(of: name).map { $0["Notes"]?.text } == ["kernel upgrade"])
            let again = try await hand.engine.plan(plan.operation)
            #expect(again.idle?.contains("kernel upgrade") == true)
            try await hand.undo(plan)
            #expect(try await hand.checks(of: name).isEmpty)
        }
    }

    @Test(arguments: LabConsul.all) func maintenanceOfTheNodeAndBack(_ lab: LabConsul) async throws {
        let hand = try await hand(lab)
        let plan = try await hand.perform(Operation(.registry(.maintenance(true, reason: "")), on: .member(Member.ID(hand.source, hand.node), name: hand.node)))
        #expect(try await hand.lab.tree("/v1/agent/checks")[HealthCheck.nodeMaintenance] != nil)
        try await hand.undo(plan)
        #expect(try await hand.lab.tree("/v1/agent/checks")[HealthCheck.nodeMaintenance] == nil)
    }

    @Test(arguments: LabConsul.all) func registrationWithChecksDeregistrationAndBack(_ lab: LabConsul) async throws {
        let hand = try await hand(lab)
        let name = LabConsul.name("reg")
        let registration = ServiceRegistration(
            id: name + "-1", name: name, address: "127.0.0.1", port: 9, tags: ["v1"], meta: ["version": "1"],
            checks: [
                CheckDefinition(id: name + "-tcp", name: "tcp", probe: .tcp("127.0.0.1:9"), interval: 2, timeout: 1),
                CheckDefinition(id: name + "-http", name: "http", probe: .http(url: "http://127.0.0.1:9/", method: "HEAD", verifiesTLS: true), interval: 2, initialStatus: "warning"),
                CheckDefinition(id: name + "-script", name: "script", probe: .script(["/bin/sh", "-c", "exit 1"]), interval: 60),
                CheckDefinition(id: name + "-ttl", name: "ttl", probe: .ttl(60), initialStatus: "passing", deregistersAfter: 3600),
            ])
        let made = try await hand.perform(Operation(.registry(.register(registration)), on: .source(hand.source, name: "lab")))
        #expect(try await hand.checks(of: name + "-1").count == 4)
        let gone = try await hand.perform(Operation(.registry(.deregister), on: hand.instance(name + "-1")))
        #expect(gone.warnings.contains { $0.contains("without its 4 checks") } && gone.calls == ["PUT /v1/agent/service/deregister/\(name)-1"])
        try await hand.undo(gone)
        let back = try await hand.lab.tree("/v1/agent/service/\(name)-1")
        #expect(back["Service"]?.text == name && back["Port"]?.integer == 9 && back["Tags"]?.texts == ["v1"] && back["Meta"]?.dictionary == ["version": "1"])
        try await hand.undo(made)
        #expect(try await hand.lab.call("GET", "/v1/agent/service/\(name)-1", allowing: [404]).contains("unknown service"))
    }

    @Test(arguments: LabConsul.all) func registeringAgainTakesBack(_ lab: LabConsul) async throws {
        let hand = try await hand(lab)
        try await hand.lab.withService("again", #","Port":7000"#) { name in
            let plan = try await hand.perform(Operation(.registry(.register(ServiceRegistration(id: name, name: name, port: 7001))), on: .source(hand.source, name: "lab")))
            #expect(plan.changes.contains { $0.before == "7000" && $0.after == "7001" })
            try await hand.undo(plan)
            #expect(try await hand.lab.tree("/v1/agent/service/\(name)")["Port"]?.integer == 7000)
        }
    }

    @Test(arguments: LabConsul.all) func checksAreAddedAndTakenOut(_ lab: LabConsul) async throws {
        let hand = try await hand(lab)
        try await hand.lab.withService("check") { name in
            let definition = CheckDefinition(id: name + "/odd id", name: "missing tool", probe: .script(["/no/such/tool"]), interval: 2)
            let plan = try await hand.perform(Operation(.registry(.registerCheck(definition)), on: hand.instance(name)))
            #expect(try await hand.checks(of: name).map { $0["CheckID"]?.text } == [name + "/odd id"])
            try await hand.undo(plan)
            #expect(try await hand.checks(of: name).isEmpty)
        }
        let own = CheckDefinition(name: LabConsul.name("node"), probe: .ttl(60))
        let plan = try await hand.perform(Operation(.registry(.registerCheck(own)), on: .source(hand.source, name: "lab")))
        #expect(try await hand.lab.tree("/v1/agent/checks")[own.name]?["ServiceID"]?.text == "")
        try await hand.undo(plan)
        #expect(try await hand.lab.tree("/v1/agent/checks")[own.name] == nil)
    }

    @Test(arguments: LabConsul.all) func aServiceOfANodeWithoutAgentGoesByTheCatalogAndBack(_ lab: LabConsul) async throws {
        let hand = try await hand(lab)
        let node = LabConsul.name("ext")
        try await hand.lab.call("PUT", "/v1/catalog/register", #"{"Node":"\#(node)","Address":"10.1.1.1","Service":{"ID":"mail1","Service":"mail","Port":25}}"#)
        let target = Operation.Target.instance(ServiceInstance.id(hand.source, node: node, serviceID: "mail1"), name: "mail")
        let plan = try await hand.perform(Operation(.registry(.deregister), on: target))
        #expect(plan.calls == [#"PUT /v1/catalog/deregister {"Node":"\#(node)","ServiceID":"mail1"}"#] && plan.notes.contains { $0.contains("has no agent") })
        #expect(try await hand.lab.tree("/v1/catalog/node/\(node)")["Services"]?.members.isEmpty == true)
        try await hand.undo(plan)
        #expect(try await hand.lab.tree("/v1/catalog/node/\(node)")["Services", "mail1", "Port"]?.integer == 25)
        try await hand.perform(Operation(.registry(.deregister), on: .member(Member.ID(hand.source, node), name: node)))
        #expect(try await hand.lab.tree("/v1/catalog/node/\(node)").isNull)
    }

    @Test(arguments: LabConsul.all) func anOrphanGoesByTheCatalog(_ lab: LabConsul) async throws {
        let hand = try await hand(lab)
        let name = LabConsul.name("orphan")
        // Until its agent notices, within a minute, the catalog holds what the agent does not.
        let address = try await hand.lab.tree("/v1/catalog/node/\(hand.node)")["Node", "Address"]?.text ?? ""
        try await hand.lab.call("PUT", "/v1/catalog/register", #"{"Node":"\#(hand.node)","Address":"\#(address)","SkipNodeUpdate":true,"Service":{"ID":"\#(name)","Service":"\#(name)"}}"#)
        let plan = try await hand.perform(Operation(.registry(.deregister), on: hand.instance(name)))
        #expect(plan.calls.first?.hasPrefix("PUT /v1/catalog/deregister") == true && plan.notes.contains { $0.contains("orphan") })
        #expect(try await hand.lab.tree("/v1/catalog/node/\(hand.node)")["Services", name] == nil)
    }

    @Test(arguments: LabConsul.all) func theLivingStay(_ lab: LabConsul) async throws {
        let hand = try await hand(lab)
        let node = try await hand.engine.plan(Operation(.registry(.deregister), on: .member(Member.ID(hand.source, hand.node), name: hand.node)))
        #expect(node.obstacle?.contains("is alive") == true)
        let serf = try await hand.engine.plan(Operation(.registry(.deregister), on: .check(Check.ID(hand.source, "\(hand.node)/serfHealth"), name: "serf")))
        #expect(serf.obstacle != nil)
        let gone = try await hand.engine.plan(Operation(.registry(.deregister), on: hand.instance("bt-nonesuch")))
        #expect(gone.idle != nil)
    }
}
