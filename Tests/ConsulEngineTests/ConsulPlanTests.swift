internal import Domain
import JSON
internal import Testing
internal import Transport
@testable internal import ConsulEngine

/// Plans against a scripted agent: what would be sent, and what a person is told before.
@Suite(.timeLimit(.minutes(2))) struct ConsulPlanTests {
    typealias Reply = ScriptedConsul.Reply

    private let source = Source.ID("consul:test")

    private func planning<Answer: Sendable>(
        isReadOnly: Bool = false, _ special: @escaping @Sendable (_ method: String, _ target: String) -> Reply? = { _, _ in nil },
        _ body: (ConsulEngine, ScriptedConsul) async throws -> Answer
    ) async throws -> Answer {
        let server = try ScriptedConsul { method, target in
            if let reply = special(method, target) { return reply }
            if target.hasPrefix("/v1/agent/service/web-1") {
                return .json(#"{"ID":"web-1","Service":"web","Tags":["v1"],"Meta":{},"Port":8080,"Address":"","Weights":{"Passing":10,"Warning":1},"EnableTagOverride":false}"#)
            }
            if target.hasPrefix("/v1/health/service/web") { return .json(#"[{"Node":{"Node":"n1"},"Service":{"ID":"web-1"},"Checks":[{"Status":"passing"}]}]"#) }
            return Sample.reply(method, target)
        }
        defer { server.stop() }
        let configuration = ConsulEngine.Configuration(name: "test", address: server.address, token: "very-secret", isReadOnly: isReadOnly)
        return try await body(ConsulEngine(configuration, now: WatchedConsul.clock), server)
    }

    private var web: Operation.Target { .instance(ServiceInstance.id(source, node: "n1", serviceID: "web-1"), name: "web") }

    private func call(_ change: RegistryChange, on target: Operation.Target? = nil) -> Operation { Operation(.registry(change), on: target ?? web) }

    @Test func maintenanceOfTheLastInstanceWarns() async throws {
        try await planning { engine, server in
            let plan = try await engine.plan(call(.maintenance(true, reason: "kernel upgrade")))
            #expect(plan.obstacle == nil && plan.idle == nil)
            #expect(plan.calls == ["PUT /v1/agent/service/maintenance/web-1?enable=true&reason=kernel%20upgrade"])
            #expect(plan.warnings.contains { $0.contains("no other instance of web") })
            #expect(plan.commandLine == "consul maint -http-addr=unix://\(server.path) -enable -service=web-1 '-reason=kernel upgrade'")
            #expect(plan.undo == call(.maintenance(false, reason: "")))
            #expect(!"\(plan)".contains("very-secret") && !server.requests.contains { $0.hasPrefix("PUT") })
        }
    }

    @Test func whatIsSoAlreadyIsIdle() async throws {
        try await planning { engine, _ in
            let plan = try await engine.plan(call(.maintenance(false, reason: "")))
            #expect(plan.idle == "it is not in maintenance" && plan.undo == nil)
            await #expect(throws: Trouble.self) { try await engine.perform(plan) }
        }
    }

    @Test func deregistrationSaysWhatGoesAndWhatDoesNotComeBack() async throws {
        try await planning { engine, _ in
            let plan = try await engine.plan(call(.deregister))
            #expect(plan.calls == ["PUT /v1/agent/service/deregister/web-1"])
            #expect(plan.changes.map(\.subject) == ["web (web-1 on n1)", "check web http"])
            #expect(plan.warnings.contains { $0.contains("without its 1 check") } && plan.warnings.contains { $0.contains("weights") })
            let back = ServiceRegistration(node: "n1", id: "web-1", name: "web", port: 8080, tags: ["v1"])
            #expect(plan.undo == Operation(.registry(.register(back)), on: .source(source, name: source.raw)))
            #expect(plan.previous?.contains("\"Service\":\"web\"") == true)
        }
    }

    @Test func anOrphanIsTakenOutOfTheCatalog() async throws {
        try await planning({ _, target in target.hasPrefix("/v1/agent/service/web-1") ? .text("unknown service ID: web-1", 404) : nil }) { engine, _ in
            let plan = try await engine.plan(call(.deregister))
            #expect(plan.calls == [#"PUT /v1/catalog/deregister {"Node":"n1","ServiceID":"web-1"}"#])
            #expect(plan.notes.contains { $0.contains("orphan in the catalog") } && plan.undo == nil && plan.wayBack == nil)
            #expect(plan.commandLine.contains("\"X-Consul-Token: $CONSUL_HTTP_TOKEN\""))
        }
    }

    @Test func aLivingNodeStaysInTheCatalog() async throws {
        try await planning { engine, _ in
            let plan = try await engine.plan(call(.deregister, on: .member(Member.ID(source, "n1"), name: "n1")))
            #expect(plan.obstacle?.contains("is alive") == true)
        }
    }

    @Test(arguments: [("4", "not answering"), ("3", "gone (left)")]) func aDeadAgentsInstanceIsTakenOutOfTheCatalog(_ status: String, _ words: String) async throws {
        let members = #"[{"Name":"n1","Addr":"10.0.0.1","Status":1,"Tags":{}},{"Name":"n2","Addr":"10.0.0.2","Status":\#(status),"Tags":{}}]"#
        try await planning({ _, target in
            switch target.prefix(while: { $0 != "?" }) {
            case "/v1/agent/members": .json(members)
            case "/v1/catalog/node/n2": .json(#"{"Node":{"Node":"n2","Address":"10.0.0.2"},"Services":{"web-1":{"ID":"web-1","Service":"web","Port":80}}}"#)
            case "/v1/health/node/n2": .json("[]")
            default: nil
            }
        }) { engine, _ in
            let plan = try await engine.plan(call(.deregister, on: .instance(ServiceInstance.id(source, node: "n2", serviceID: "web-1"), name: "web")))
            #expect(plan.obstacle == nil && plan.calls == [#"PUT /v1/catalog/deregister {"Node":"n2","ServiceID":"web-1"}"#])
            #expect(plan.notes.contains { $0.contains(words) }, "\(plan.notes)")
        }
    }

    @Test func anAgentThatCannotBeReachedIsAnObstacleWithAdvice() async throws {
        let members = #"[{"Name":"n1","Addr":"10.0.0.1","Status":1,"Tags":{}},{"Name":"n2","Addr":"10.0.0.2","Status":1,"Tags":{}}]"#
        try await planning({ _, target in target.hasPrefix("/v1/agent/members") ? .json(members) : nil }) { engine, _ in
            let plan = try await engine.plan(call(.maintenance(true, reason: ""), on: .member(Member.ID(source, "n2"), name: "n2")))
            #expect(plan.obstacle?.contains("unix socket") == true && plan.obstacle?.contains("CONSUL_HTTP_ADDR") == true)
        }
    }

    @Test func scriptsNeedAnAgentThatRunsThem() async throws {
        let script = CheckDefinition(id: "s", name: "script", probe: .script(["/bin/true"]))
        try await planning { engine, _ in
            let plan = try await engine.plan(call(.registerCheck(script)))
            #expect(plan.obstacle?.contains("enable_script_checks") == true)
            let registration = ServiceRegistration(name: "api", checks: [script])
            #expect(try await engine.plan(call(.register(registration), on: .source(source, name: "test"))).obstacle?.contains("runs no scripts") == true)
        }
    }

    @Test func registeringOverAnotherSaysWhatChanges() async throws {
        try await planning { engine, _ in
            let registration = ServiceRegistration(
                id: "web-1", name: "web", port: 9090, tags: ["v1"], meta: ["api-token": "hidden away"], checks: [CheckDefinition(name: "up", probe: .http(url: "http://127.0.0.1/", method: "GET", verifiesTLS: true), interval: 5)])
            let plan = try await engine.plan(call(.register(registration), on: .source(source, name: "test")))
            #expect(plan.warnings.contains { $0.contains("registered already") })
            #expect(plan.changes.contains { $0.subject.hasPrefix("port of") && $0.before == "8080" && $0.after == "9090" })
            #expect(plan.changes.contains { $0.after == "GET http://127.0.0.1/ every 5 s" })
            #expect(!"\(plan.calls) \(plan.commandLine) \(plan.changes)".contains("hidden away"))
            let before = ServiceRegistration(node: "n1", id: "web-1", name: "web", port: 8080, tags: ["v1"])
            #expect(plan.undo == call(.register(before), on: .source(source, name: "test")))
        }
    }

    @Test func secretsInMetaAreMaskedOnTheCommandLine() async throws {
        try await planning { engine, _ in
            let registration = ServiceRegistration(name: "api", port: 1, meta: ["api-token": "hidden away = here"])
            let plan = try await engine.plan(call(.register(registration), on: .source(source, name: "test")))
            #expect(plan.commandLine.hasPrefix("consul services register ") && plan.commandLine.contains("api-token"))
            #expect(!"\(plan.commandLine) \(plan.calls) \(plan.changes)".contains("away") && !plan.commandLine.contains("here"))
        }
    }

    @Test func badRegistrationsAreObstacles() async throws {
        try await planning { engine, _ in
            for (registration, words) in [
                (ServiceRegistration(name: ""), "no name"), (ServiceRegistration(name: "a", port: 70000), "70000 is no port"),
                (ServiceRegistration(name: "a", checks: [CheckDefinition(name: "c", probe: .tcp("nowhere"))]), "no HOST:PORT"),
                (ServiceRegistration(name: "a", checks: [CheckDefinition(name: "c", probe: .ttl(.nan))]), "more than nothing"),
                (ServiceRegistration(name: "a", checks: [CheckDefinition(name: "c", probe: .ttl(0))]), "more than nothing"),
            ] {
                let plan = try await engine.plan(call(.register(registration), on: .source(source, name: "test")))
                #expect(plan.obstacle?.contains(words) == true, "\(plan.obstacle ?? "none")")
            }
        }
    }

    @Test func readOnlyRefusesEverything() async throws {
        try await planning(isReadOnly: true) { engine, server in
            let plan = try await engine.plan(call(.deregister))
            #expect(plan.obstacle == ConsulChanges.readOnly)
            await #expect(throws: Trouble.self) { try await engine.perform(plan) }
            #expect(!server.requests.contains { $0.hasPrefix("PUT") })
        }
    }

    @Test func whatChangedSinceThePlanIsNotSent() async throws {
        let hasGone = Counter()
        try await planning({ _, target in target.hasPrefix("/v1/agent/service/web-1") && hasGone.count > 0 ? .text("unknown service ID", 404) : nil }) { engine, server in
            let plan = try await engine.plan(call(.deregister))
            hasGone.next()
            let trouble = await #expect(throws: Trouble.self) { try await engine.perform(plan) }
            #expect(trouble?.reason == .conflict)
            #expect(!server.requests.contains { $0.hasPrefix("PUT") })
        }
    }

    @Test func aRefusalNamesThePermission() async throws {
        try await planning({ method, _ in method == "PUT" ? .text("Permission denied", 403) : nil }) { engine, _ in
            let plan = try await engine.plan(call(.maintenance(true, reason: "x")))
            let trouble = await #expect(throws: Trouble.self) { try await engine.perform(plan) }
            #expect(trouble?.reason == .forbidden && trouble?.remedy == "the token lacks service:write on “web”")
        }
    }

    @Test func bodiesAreAsConsulReadsThem() {
        let check = CheckDefinition(
            id: "c", name: "n", notes: "why", probe: .http(url: "https://a/", method: "HEAD", verifiesTLS: false), interval: 1.5, timeout: 2, initialStatus: "passing", deregistersAfter: 120)
        #expect(
            RegistrationBody.check(check).json
                == #"{"CheckID":"c","Name":"n","Notes":"why","HTTP":"https://a/","Method":"HEAD","TLSSkipVerify":true,"Interval":"1500ms","Timeout":"2s","Status":"passing","DeregisterCriticalServiceAfter":"120s"}"#)
        let alone = CheckDefinition(id: "c", name: "n", probe: .docker(container: "4c01", shell: "/bin/sh", arguments: ["-c", "true"]))
        #expect(
            RegistrationBody.check(alone, isAlone: true, service: "web-1").json
                == #"{"ID":"c","Name":"n","ServiceID":"web-1","DockerContainerID":"4c01","Shell":"/bin/sh","Args":["-c","true"],"Interval":"10s"}"#)
        #expect(RegistrationBody.check(CheckDefinition(name: "t", probe: .ttl(15))).json == #"{"Name":"t","TTL":"15s"}"#)
    }

    @Test func filtersKnowNoEscapes() {
        #expect(ConsulCall.filter("ID", equals: "web-1") == "ID == \"web-1\"")
        #expect(ConsulCall.filter("ID", equals: "a\"b") == "ID == `a\"b`")
        #expect(ConsulCall.filter("ID", equals: "a\"`b") == nil)
    }
}
