internal import Domain
internal import Engine
internal import Glibc
import JSON
internal import Testing
internal import Transport
@testable internal import DockerEngine

/// Every change of a service, a stack and a node, planned and performed on a swarm of three engines.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: LabSwarm.isThere, "BINNACLE_TEST_SWARM names no swarm"))
struct SwarmOperationContractTests {
    private func specification(_ name: String, replicas: Int = 2) -> ServiceSpecification {
        var s = ServiceSpecification(name: name, image: "busybox:local", arguments: ["sleep", "100000"], replicas: replicas)
        s.stopGrace = .seconds(1)
        s.endpointMode = "dnsrr"
        return s
    }

    /// A service of a fresh name that is there while `body` runs.
    private func withService(_ swarm: LabSwarm, _ replicas: Int = 2, _ change: (inout ServiceSpecification) -> Void = { _ in }, _ body: (Operation.Target, String) async throws -> Void) async throws {
        let name = LabEngine.name("sw")
        var s = specification(name, replicas: replicas)
        change(&s)
        let plan = try await swarm.plan(.workload(.deploy(s)), on: swarm.whole)
        #expect(plan.obstacle == nil, "\(plan.obstacle ?? "")")
        _ = try await swarm.engine.perform(plan)
        let id = try await swarm.id(of: name)
        do {
            try await body(.workload(Workload.ID(swarm.engine.source.id, id), name: name), name)
        } catch {
            try await swarm.call("DELETE", "/services/\(name)", allowing: [404])
            throw error
        }
        try await swarm.call("DELETE", "/services/\(name)", allowing: [404])
    }

    @Test(arguments: LabSwarm.all) func deploysScalesAndUndoes(_ swarm: LabSwarm) async throws {
        try await withService(swarm) { target, name in
            try await swarm.settled(name, running: 2)
            let plan = try await swarm.plan(.workload(.scale(to: 5)), on: target)
            #expect(plan.obstacle == nil && plan.changes.first == Plan.Change(subject: "tasks of \(name)", before: "2", after: "5"))
            let places = Set(try await swarm.names().map { "on \($0)" })
            #expect(plan.changes.dropFirst().allSatisfy { places.contains($0.subject) })
            #expect(plan.commandLine.hasSuffix("service scale \(name)=5"))
            #expect(try await swarm.engine.perform(plan) == "scaled \(name) from 2 to 5")
            try await swarm.settled(name, running: 5)
            // As evenly as the plan said; which of several equal nodes gets one more is the scheduler's whim.
            let unchanged = 5 - plan.changes.dropFirst().reduce(0) { $0 + (Int($1.after) ?? 0) }
            let predicted = plan.changes.dropFirst().compactMap { Int($0.after) } + (unchanged > 0 ? [unchanged] : [])
            let real = try await swarm.counts(name)
            #expect(real.values.sorted() == predicted.sorted(), "\(plan.changes)")
            let undo = try #require(plan.undo)
            _ = try await swarm.engine.perform(try await swarm.engine.plan(undo))
            try await swarm.settled(name, running: 2)
        }
    }

    @Test(arguments: LabSwarm.all) func unknownFieldsSurviveEveryChange(_ swarm: LabSwarm) async throws {
        try await withService(swarm) { target, name in
            // Something no form of ours knows.
            let before = try await swarm.specification(name)
            var odd = before
            odd.set(.object(["Options": .array([.string("ndots:3")])]), at: ["TaskTemplate", "ContainerSpec", "DNSConfig"])
            odd.set(.number(7), at: ["TaskTemplate", "RestartPolicy", "MaxAttempts"])
            try await swarm.send(odd, to: name)
            // The engine completes what it is given.
            odd = try await swarm.specification(name)
            let plan = try await swarm.plan(.workload(.scale(to: 1)), on: target)
            _ = try await swarm.engine.perform(plan)
            let after = try await swarm.specification(name)
            #expect(JSONTree.differences(odd, after) == [["Mode", "Replicated", "Replicas"]])
        }
    }

    @Test(arguments: LabSwarm.all) func twoOperatorsDoNotOverwriteEachOther(_ swarm: LabSwarm) async throws {
        try await withService(swarm) { target, name in
            let mine = try await swarm.plan(.workload(.scale(to: 4)), on: target)
            // Somebody else sets a label meanwhile: that changes nothing of what is meant here.
            var theirs = try await swarm.specification(name)
            theirs.set(.string("yes"), at: ["Labels", "other"])
            try await swarm.send(theirs, to: name)
            _ = try await swarm.engine.perform(mine)
            let both = try await swarm.specification(name)
            #expect(both["Labels", "other"] == .string("yes") && SwarmEdit.replicas(both) == 4)
            // Somebody else scales meanwhile: that is a clash.
            let again = try await swarm.plan(.workload(.scale(to: 6)), on: target)
            var scaled = try await swarm.specification(name)
            scaled.set(.number(1), at: ["Mode", "Replicated", "Replicas"])
            try await swarm.send(scaled, to: name)
            let trouble = await swarm.trouble(again)
            #expect(trouble?.reason == .conflict && trouble?.answer.contains("tasks 4 → 1") == true)
            #expect(SwarmEdit.replicas(try await swarm.specification(name)) == 1)
        }
    }

    @Test(arguments: LabSwarm.all) func redeploysRestartsAndRollsBack(_ swarm: LabSwarm) async throws {
        try await withService(swarm) { target, name in
            try await swarm.settled(name, running: 2)
            let id = Workload.ID(swarm.engine.source.id, target.raw)
            var form = try await swarm.engine.specification(of: id)
            form.environment = ["COLOUR=blue", "DB_PASSWORD=hunter2"]
            let plan = try await swarm.plan(.workload(.deploy(form)), on: target)
            #expect(plan.changes.contains { $0.subject == "environment" && $0.after.contains("COLOUR=blue") && !$0.after.contains("hunter2") })
            _ = try await swarm.engine.perform(plan)
            try await swarm.settled(name, running: 2)
            #expect(try await swarm.specification(name)["TaskTemplate", "ContainerSpec", "Env"]?.texts == form.environment)
            let back = try await swarm.plan(.workload(.rollBack), on: target)
            #expect(back.changes.contains { $0.subject == "environment" && $0.after == "none" })
            _ = try await swarm.engine.perform(back)
            try await swarm.until("rolled back") { try await swarm.specification(name)["TaskTemplate", "ContainerSpec", "Env"] == nil }
            let restart = try await swarm.plan(.workload(.restart), on: target)
            _ = try await swarm.engine.perform(restart)
            #expect(try await swarm.specification(name)[SwarmEdit.restartCount[...]] == .number(1))
        }
    }

    @Test(arguments: LabSwarm.all) func undeploysAndBringsBack(_ swarm: LabSwarm) async throws {
        try await withService(swarm) { target, name in
            try await swarm.settled(name, running: 2)
            let before = try await swarm.specification(name)
            let plan = try await swarm.plan(.workload(.undeploy), on: target)
            #expect(plan.changes.contains { $0.subject == "service \(name)" && $0.after == "undeployed" })
            #expect(try await swarm.engine.perform(plan) == "undeployed \(name)")
            let undo = try #require(plan.undo)
            let again = try await swarm.engine.plan(undo)
            #expect(again.obstacle == nil)
            _ = try await swarm.engine.perform(again)
            #expect(JSONTree.differences(before, try await swarm.specification(name)) == [])
        }
    }

    @Test(arguments: LabSwarm.all) func saysWhatFitsNowhere(_ swarm: LabSwarm) async throws {
        try await withService(swarm, 1, { $0.constraints = ["node.labels.nosuch==true"] }) { target, name in
            let plan = try await swarm.plan(.workload(.scale(to: 3)), on: target)
            #expect(plan.warnings.contains { $0.contains("fit nowhere") })
            let first = try #require(try await swarm.names().first)
            #expect(plan.warnings.contains { $0.contains(first) && $0.contains("nosuch") })
        }
    }

    @Test(arguments: LabSwarm.all) func drainsAndActivates(_ swarm: LabSwarm) async throws {
        try await withService(swarm, 3) { _, name in
            try await swarm.settled(name, running: 3)
            let last = try #require(try await swarm.names().last)
            let node = try await swarm.node(last)
            let plan = try await swarm.plan(.node(.setAvailability(.draining)), on: node)
            #expect(plan.changes.contains { $0.before == "active" && $0.after == "drain" })
            _ = try await swarm.engine.perform(plan)
            try await swarm.until("nothing left on \(last)") { try await swarm.counts(name)[last] == nil }
            let undo = try #require(plan.undo)
            _ = try await swarm.engine.perform(try await swarm.engine.plan(undo))
            let labels = try await swarm.plan(.node(.setLabels(["zone": "b"])), on: node)
            _ = try await swarm.engine.perform(labels)
            let back = try await swarm.plan(.node(.setLabels([:])), on: node)
            #expect(back.changes.contains { $0.before == "b" })
            _ = try await swarm.engine.perform(back)
            let removal = try await swarm.plan(.node(.remove(force: false)), on: node)
            #expect(removal.obstacle?.contains("alive") == true)
        }
    }

    @Test(arguments: LabSwarm.all) func aStackComesAndGoes(_ swarm: LabSwarm) async throws {
        let name = "bt\(UInt16.random(in: 0 ... .max))"
        var web = specification("\(name)_web")
        web.labels = [StackHoldings.label: name]
        web.networks = [.init(network: "\(name)_default", aliases: ["web"])]
        web.configs = [.init(name: "\(name)_motd", target: "/etc/motd")]
        let stack = StackSpecification(
            name: name, path: "/x/compose.yaml", services: [web], networks: [.init(name: "\(name)_default", labels: [StackHoldings.label: name])],
            configs: [.init(name: "\(name)_motd", data: Array("hello".utf8), labels: [StackHoldings.label: name])])
        let target = Operation.Target.group(swarm.engine.source.id, name: name)
        let plan = try await swarm.plan(.workload(.deployStack(stack)), on: target)
        #expect(plan.obstacle == nil && plan.changes.contains { $0.subject == "service \(name)_web" } && plan.changes.contains { $0.subject == "config \(name)_motd" })
        #expect(plan.commandLine.hasSuffix("stack deploy -c /x/compose.yaml \(name)"))
        _ = try await swarm.engine.perform(plan)
        try await swarm.settled("\(name)_web", running: 2)
        let same = try await swarm.plan(.workload(.deployStack(stack)), on: target)
        #expect(same.obstacle == nil && same.idle == "nothing differs from what runs now", "\(same.changes)")
        try await anAdditionIsTakenBack(swarm, stack, target)
        try await somebodyElsesChangeStopsADeploy(swarm, stack, target)
        let removal = try await swarm.plan(.workload(.undeploy), on: target)
        #expect(removal.previous?.contains("aGVsbG8") == false, "what a config holds is not for the journal")
        _ = try await swarm.engine.perform(removal)
        #expect(try await swarm.call("GET", "/services").contains("\(name)_web") == false)
        let undo = try #require(removal.undo)
        _ = try await swarm.engine.perform(try await swarm.engine.plan(undo))
        try await swarm.settled("\(name)_web", running: 2)
        _ = try await swarm.engine.perform(try await swarm.plan(.workload(.undeploy), on: target))
    }

    /// A service and a config more, and back: they go again, and the one that was there keeps its tasks.
    private func anAdditionIsTakenBack(_ swarm: LabSwarm, _ stack: StackSpecification, _ target: Operation.Target) async throws {
        var more = stack
        var second = specification("\(stack.name)_second", replicas: 1)
        second.labels = [StackHoldings.label: stack.name]
        more.services.append(second)
        more.configs.append(.init(name: "\(stack.name)_more", data: Array("x".utf8), labels: [StackHoldings.label: stack.name]))
        let plan = try await swarm.plan(.workload(.deployStack(more)), on: target)
        #expect(try await swarm.engine.perform(plan) == "deployed stack \(stack.name): 1 new, 0 changed, 1 as they were")
        let undo = try await swarm.engine.plan(try #require(plan.undo))
        #expect(undo.changes.map(\.subject) == ["service \(second.name)", "config \(stack.name)_more"] && undo.changes.allSatisfy { $0.after == "removed" })
        _ = try await swarm.engine.perform(undo)
        let services = try await swarm.call("GET", "/services")
        #expect(!services.contains(second.name) && services.contains("\(stack.name)_web"))
        #expect(try await swarm.call("GET", "/configs").contains("\(stack.name)_more") == false)
    }

    private func somebodyElsesChangeStopsADeploy(_ swarm: LabSwarm, _ stack: StackSpecification, _ target: Operation.Target) async throws {
        let name = "\(stack.name)_web"
        var fewer = stack
        fewer.services[0].replicas = 1
        let plan = try await swarm.plan(.workload(.deployStack(fewer)), on: target)
        let places = try await swarm.names().map { "\(name) on \($0)" }
        #expect(plan.changes.contains { change in places.contains { change.subject.hasPrefix($0) } })
        let before = try await swarm.specification(name)
        var theirs = before
        theirs.set(.number(3), at: ["Mode", "Replicated", "Replicas"])
        try await swarm.send(theirs, to: name)
        let trouble = await swarm.trouble(plan)
        #expect(trouble?.reason == .conflict && trouble?.answer.contains("tasks 2 → 3") == true)
        try await swarm.send(before, to: name)
        try await swarm.settled(name, running: 2)
    }

    @Test(arguments: LabSwarm.all) func aRedeployThatFitsNowhereWarns(_ swarm: LabSwarm) async throws {
        try await withService(swarm) { target, name in
            try await swarm.settled(name, running: 2)
            var form = try await swarm.engine.specification(of: Workload.ID(swarm.engine.source.id, target.raw))
            form.constraints = ["node.labels.nosuch==true"]
            form.environment = ["DB_PASSWORD=it's hunter2"]
            let plan = try await swarm.plan(.workload(.deploy(form)), on: target)
            let first = try #require(try await swarm.names().first)
            #expect(plan.warnings.contains { $0.contains("no node takes a task of \(name)") } && plan.warnings.contains { $0.contains(first) && $0.contains("nosuch") })
            #expect(plan.commandLine.contains("--env-add") && plan.commandLine.contains("--constraint-add") && !plan.commandLine.contains("hunter2"))
            form.constraints = ["node.role!=nosuch"]
            form.environment = []
            let placement = try await swarm.plan(.workload(.deploy(form)), on: target)
            #expect(placement.notes.contains { $0.contains("fit where they are and stay") } && !placement.warnings.contains { $0.contains("for a moment") })
        }
    }

    @Test(arguments: LabSwarm.all) func aReadOnlySwarmIsNotChanged(_ swarm: LabSwarm) async throws {
        let locked = LabSwarm(swarm.lab, isReadOnly: true)
        let plan = try await locked.plan(.workload(.deploy(specification("bt-never"))), on: locked.whole)
        #expect(plan.obstacle == DockerPlans.readOnly)
        #expect(await locked.trouble(plan)?.reason == .refusedByPlan)
    }
}
