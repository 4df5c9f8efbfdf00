internal import Domain
internal import Testing
@testable internal import DockerEngine

/// Which tasks stand for a service, and what is told of each.
@Suite struct SwarmTaskMappingTests {
    private typealias Fixture = SwarmFixture

    private func mapped(_ service: String?, _ nodes: [NodeResource] = [], _ tasks: String...) throws -> [WorkloadTask] {
        let service = try service.flatMap { try Fixture.services($0).first }
        let wires = try TaskResource.list(Array("[\(tasks.joined(separator: ","))]".utf8))
        let mapping = Fixture.mapping(nodes)
        return service == nil ? mapping.tasks(wires, ofGone: nil) : mapping.tasks(wires, of: service)
    }

    private func current(_ tasks: [WorkloadTask]) -> [String] { tasks.filter(\.isCurrent).map(\.id.raw).sorted() }

    @Test func readsARunningTask() throws {
        let more = #","NetworksAttachments":[{"Network":{"ID":"x"},"Addresses":["10.0.1.8/24"]},{"Addresses":["10.0.0.5/24"]}]"#
        let status = #","Message":"started","ContainerStatus":{"ContainerID":"3c6d18ff","PID":23050,"ExitCode":0},"PortStatus":{}"#
        let task = try #require(
            try mapped(Fixture.service("s1", "todo"), [], Fixture.task("t1", of: "s1", slot: 2, node: "n1", status: status, more: more)).first)
        #expect(task.name == "todo.2" && task.slot == 2 && task.node?.raw == "n1" && task.containers == ["3c6d18ff"])
        #expect(task.state == .running && task.stateWord == "running" && task.wanted == "running" && task.isCurrent && !task.isOutdated)
        #expect(task.reason.isEmpty && task.exitCode == nil && task.restarts == 0 && task.image == "busybox:local")
        #expect(task.addresses == ["10.0.1.8", "10.0.0.5"] && task.reserved == Resources(nanoCPUs: 250_000_000, memory: 67_108_864))
        #expect(task.since == Timestamp(rfc3339: "2026-11-23T08:19:44.193754659Z") && task.workload == Workload.ID(Fixture.source, "s1"))
    }

    @Test(arguments: [
        ("new", WorkloadTask.State.pending), ("allocated", .pending), ("pending", .pending), ("assigned", .starting), ("accepted", .starting),
        ("preparing", .starting), ("ready", .starting), ("starting", .starting), ("running", .running), ("complete", .finished),
        ("shutdown", .finished), ("failed", .failed), ("rejected", .rejected), ("remove", .stopping), ("orphaned", .lost), ("dreaming", .unknown("dreaming")),
    ])
    func readsStates(_ word: String, _ state: WorkloadTask.State) throws {
        #expect(try mapped(Fixture.service("s1", "todo"), [], Fixture.task("t1", of: "s1", slot: 1, word))[0].state == state)
    }

    @Test func whatShallEndIsStopping() throws {
        let tasks = try mapped(
            Fixture.service("s1", "todo"), [], Fixture.task("a", of: "s1", slot: 1, desired: "shutdown"),
            Fixture.task("b", of: "s1", slot: 2, "preparing", desired: "remove"))
        #expect(tasks.map(\.state) == [.stopping, .stopping] && current(tasks) == ["a"])
    }

    @Test func theReasonIsTheErrorAndNeverTheRoutine() throws {
        let refusal = "no suitable node (insufficient resources on 2 nodes; 1 node not available for new tasks)"
        let tasks = try mapped(
            Fixture.service("s1", "todo"), [],
            Fixture.task("a", of: "s1", slot: 1, "pending", status: #","Message":"pending task scheduling","Err":"\#(refusal)""#),
            Fixture.task("b", of: "s1", slot: 2, "pending", status: #","Message":"pending task scheduling""#),
            Fixture.task("c", of: "s1", slot: 3, "preparing", status: #","Message":"downloading a gigabyte""#),
            Fixture.task("d", of: "s1", slot: 4, "assigned", status: #","Message":"scheduler assigned task to node""#))
        #expect(tasks.map(\.reason) == [refusal, "", "downloading a gigabyte", ""])
        #expect(tasks[0].isUnplaced && tasks[0].problem == "not placed: \(refusal)")
    }

    @Test func exitCodesAreThoseOfWhatRan() throws {
        func task(_ id: String, _ slot: Int, _ state: String, _ container: String, _ code: Int) -> String {
            Fixture.task(id, of: "s1", slot: slot, state, status: #","ContainerStatus":{"ContainerID":"\#(container)","ExitCode":\#(code)}"#)
        }
        let tasks = try mapped(
            Fixture.service("s1", "todo"), [], task("a", 1, "failed", "c1", 3), task("b", 2, "rejected", "", 0), task("c", 3, "running", "c3", 0),
            task("d", 4, "complete", "c4", 0))
        #expect(tasks.map(\.exitCode) == [3, nil, nil, 0])
    }

    @Test func theNewestOfASlotIsCurrent() throws {
        let tasks = try mapped(
            Fixture.service("s1", "todo", mode: #"{"Replicated":{"Replicas":1}}"#), [],
            Fixture.task("old", of: "s1", slot: 1, "failed", desired: "shutdown", created: "2026-11-23T08:00:00Z"),
            Fixture.task("new", of: "s1", slot: 1, "starting", created: "2026-11-23T08:00:10.5Z"),
            Fixture.task("older", of: "s1", slot: 1, "failed", desired: "shutdown", created: "2026-11-23T07:59:59.123456789Z"))
        #expect(tasks.map(\.id.raw) == ["new", "old", "older"] && tasks.map(\.restarts) == [2, 1, 0] && current(tasks) == ["new"])
    }

    @Test func aStartFirstUpdateHasTwoInAPlace() throws {
        let tasks = try mapped(
            Fixture.service("s1", "todo", image: "busybox:new"), [], Fixture.task("old", of: "s1", slot: 1, created: "2026-11-23T08:00:00Z"),
            Fixture.task("new", of: "s1", slot: 1, "preparing", created: "2026-11-23T08:00:10Z", image: "busybox:new"))
        #expect(current(tasks) == ["new", "old"] && tasks.map(\.isOutdated) == [false, true])
    }

    /// Measured: after `scale 3 → 1` of a service that fails, slots 2 and 3 keep their ended tasks.
    @Test func slotsThatWereScaledAwayAreHistory() throws {
        let tasks = try mapped(
            Fixture.service("s1", "hist", mode: #"{"Replicated":{"Replicas":1}}"#), [], Fixture.task("live", of: "s1", slot: 1),
            Fixture.task("a", of: "s1", slot: 2, "failed", desired: "shutdown"), Fixture.task("b", of: "s1", slot: 3, "failed", desired: "shutdown"))
        #expect(current(tasks) == ["live"])
    }

    /// A task that is not restarted any more: its attempts are used up, or its policy is `none`.
    @Test func aSlotThatIsMissingShowsHowItEnded() throws {
        let tasks = try mapped(
            Fixture.service("s1", "bad", mode: #"{"Replicated":{"Replicas":2}}"#), [], Fixture.task("live", of: "s1", slot: 1),
            Fixture.task("a", of: "s1", slot: 2, "rejected", desired: "shutdown", created: "2026-11-23T08:00:02Z", status: #","Err":"No such image: x""#),
            Fixture.task("b", of: "s1", slot: 2, "rejected", desired: "shutdown", created: "2026-11-23T08:00:01Z"),
            Fixture.task("away", of: "s1", slot: 3, "failed", desired: "shutdown", created: "2026-11-23T07:00:00Z"))
        #expect(current(tasks) == ["a", "live"])
        #expect(tasks.first { $0.id.raw == "a" }?.problem == "rejected: No such image: x")
    }

    @Test func globalTasksAreNamedAfterTheirNode() throws {
        let nodes = try Fixture.nodes(
            Fixture.node("n1", "lab-n1"), Fixture.node("n2", "lab-n2", availability: "drain"), Fixture.node("n3", "lab-n3", state: "down"))
        let tasks = try mapped(
            Fixture.service("s1", "g", mode: #"{"Global":{}}"#, running: 2, desired: 1), nodes, Fixture.task("a", of: "s1", node: "n1"),
            Fixture.task("b", of: "s1", node: "n2", "shutdown", desired: "shutdown"), Fixture.task("c", of: "s1", node: "n3", desired: "shutdown"),
            Fixture.task("d", of: "s1", node: "n9abcdefghijkl"))
        #expect(tasks.map(\.name) == ["g.lab-n1", "g.lab-n2", "g.lab-n3", "g.n9abcdefghij"] && current(tasks) == ["a", "d"])
        let lost = try #require(tasks.first { $0.id.raw == "c" })
        #expect(lost.state == .lost && lost.reason == "its node lab-n3 is down" && lost.problem == nil)
    }

    @Test func aGlobalTaskThatGaveUpIsShownWhereItsNodeIsWell() throws {
        let nodes = try Fixture.nodes(Fixture.node("n1", "lab-n1"), Fixture.node("n2", "lab-n2", availability: "pause"))
        let tasks = try mapped(
            Fixture.service("s1", "g", mode: #"{"Global":{}}"#, running: 0, desired: 0), nodes,
            Fixture.task("a", of: "s1", node: "n1", "failed", desired: "shutdown"), Fixture.task("b", of: "s1", node: "n2", "failed", desired: "shutdown"))
        #expect(current(tasks) == ["a"])
    }

    @Test func aJobsOldRunsAreHistory() throws {
        let service = Fixture.service(
            "s1", "job", mode: #"{"ReplicatedJob":{"MaxConcurrent":2,"TotalCompletions":2}}"#, running: 0, completed: 1, more: #","JobStatus":{"JobIteration":{"Index":1}}"#)
        // Place 0 has no slot in its JSON, the first run no index.
        let tasks = try mapped(
            service, [], Fixture.task("a", of: "s1", node: "n1", "complete", desired: "complete", created: "2026-11-23T09:00:00Z", more: #","JobIteration":{"Index":1}"#),
            Fixture.task("b", of: "s1", slot: 1, node: "n1", "failed", desired: "shutdown", created: "2026-11-23T09:00:00Z", more: #","JobIteration":{"Index":1}"#),
            Fixture.task("c", of: "s1", node: "n2", "complete", desired: "complete", more: #","JobIteration":{}"#))
        #expect(tasks.map(\.name) == ["job.0", "job.0", "job.1"] && current(tasks) == ["a", "b"] && tasks.map(\.state) == [.finished, .finished, .failed])
    }

    @Test func ofAServiceThatHasGoneOnlyWhatStillEndsIsLeft() throws {
        let tasks = try mapped(
            nil, [], Fixture.task("a", of: "s1abcdefghijklmnop", slot: 1, desired: "remove"),
            Fixture.task("b", of: "s1abcdefghijklmnop", slot: 2, "complete", desired: "complete", more: #","JobIteration":{}"#))
        #expect(tasks.map(\.name) == ["s1abcdefghij.1"] && tasks[0].state == .stopping && current(tasks).isEmpty)
    }

    @Test func hostileTasksAreTasks() throws {
        let tasks = try mapped(
            Fixture.service("s1", "todo"), [], "{}", "[]", "null", "7", #"{"ID":""}"#,
            #"{"ID":"t","ServiceID":"s1","Slot":9223372036854775807,"NodeID":7,"Status":"x","DesiredState":null,"CreatedAt":"never","JobIteration":7,"NetworksAttachments":[null,{"Addresses":[7,"1.2.3.4"]}]}"#)
        #expect(tasks.count == 1 && tasks[0].slot == .max && tasks[0].node == nil && tasks[0].state == .unknown("") && tasks[0].created == nil)
        #expect(tasks[0].addresses == ["1.2.3.4"])
    }

    @Test func changedEnvironmentIsOutdatedToo() throws {
        let service = Fixture.service("s1", "todo").replacing(#""Image":"busybox:local","#, with: #""Image":"busybox:local","Env":["A=b"],"#)
        #expect(try mapped(service, [], Fixture.task("t", of: "s1", slot: 1))[0].isOutdated)
    }
}
