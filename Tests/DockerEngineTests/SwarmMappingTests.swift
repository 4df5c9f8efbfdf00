internal import Domain
import JSON
internal import Testing
@testable internal import DockerEngine

@Suite struct SwarmMappingTests {
    private typealias Fixture = SwarmFixture

    private func workload(_ json: String, tasks: [TaskResource] = [], _ mapping: SwarmMapping = SwarmFixture.mapping()) throws -> Workload {
        mapping.workload(try #require(try Fixture.services(json).first), tasks: tasks)
    }

    // Nodes.

    @Test func readsManagersAndWorkers() throws {
        let generic = #","GenericResources":[{"DiscreteResourceSpec":{"Kind":"ssd","Value":3}},{"NamedResourceSpec":{"Kind":"gpu","Value":"UUID1"}},{"NamedResourceSpec":{"Kind":"gpu","Value":"UUID2"}}]"#
        let wires = try Fixture.nodes(
            Fixture.node("n1", "lab-n1", manager: #"{"Leader":true,"Reachability":"reachable","Addr":"198.51.100.1:2377"}"#, more: generic),
            Fixture.node("n2", "lab-n2", state: "down", availability: "drain", manager: #"{"Reachability":"unreachable","Addr":"198.51.100.2:2377"}"#),
            Fixture.node("n3", "lab-n3", availability: "pause"))
        var mapping = Fixture.mapping(wires)
        mapping.answering = "n1"
        let nodes = wires.compactMap { mapping.node($0, reserved: Resources(nanoCPUs: 5)) }
        #expect(nodes.map(\.roles) == [["leader", "manager"], ["manager"], ["worker"]])
        #expect(nodes.map(\.availability) == [.active, .draining, .paused] && nodes.map(\.status) == [.ready, .down, .ready])
        #expect(nodes.map(\.reachability) == ["reachable", "unreachable", ""] && nodes.map(\.isAnswering) == [true, false, false])
        #expect(nodes[0].capacity == Resources(nanoCPUs: 2_000_000_000, memory: 25_276_502_016, others: ["ssd": 3, "gpu": 2]))
        #expect(nodes[0].reserved.nanoCPUs == 5 && nodes[0].revision == 18 && nodes[0].version == "20.10.24+dfsg1")
        #expect(nodes[0].platform.description == "linux/amd64" && nodes[0].labels == ["zone": "a"] && nodes[0].engineLabels == ["disk": "fast"])
        #expect(nodes[0].plugins == ["Log/json-file", "Network/overlay", "Volume/local"])
    }

    @Test(arguments: [("127.0.0.1", "198.51.100.1"), ("0.0.0.0", "198.51.100.1"), ("", "198.51.100.1"), ("10.0.0.7", "10.0.0.7")])
    func aManagersOwnAddressStandsInForNone(_ told: String, _ shown: String) throws {
        let json = #"{"ID":"n1","Status":{"State":"ready","Addr":"\#(told)"},"ManagerStatus":{"Leader":true,"Addr":"198.51.100.1:2377"}}"#
        #expect(Fixture.mapping().node(try Fixture.nodes(json)[0])?.address == shown)
    }

    @Test func almostNothingIsANodeToo() throws {
        let wires = try Fixture.nodes(
            "{}", #"{"ID":""}"#, #"{"ID":"n1abcdefghijklmnop"}"#,
            #"{"ID":"n2","Version":{"Index":-4},"Spec":[],"Description":{"Resources":{"NanoCPUs":99999999999999999999,"MemoryBytes":-1},"Engine":{"Plugins":[null,{}]}},"Status":{"State":"asleep","Message":"\u001b[2J"}}"#)
        let nodes = wires.compactMap { Fixture.mapping().node($0) }
        #expect(nodes.map(\.name) == ["n1abcdefghij", "n2"] && nodes[0].roles == ["worker"] && nodes[0].status == .unknown(""))
        #expect(nodes[1].capacity.isEmpty && nodes[1].revision == 0 && nodes[1].plugins.isEmpty && nodes[1].status.word == "asleep")
    }

    // Services.

    @Test func readsAService() throws {
        let task =
            #","Resources":{"Reservations":{"NanoCPUs":250000000,"MemoryBytes":67108864,"GenericResources":[{"DiscreteResourceSpec":{"Kind":"gpu","Value":1}}]}},"Placement":{"Constraints":["node.role==worker"],"Preferences":[{"Spread":{"SpreadDescriptor":"node.labels.zone"}}],"MaxReplicas":1,"Platforms":[{"Architecture":"amd64","OS":"linux"}]},"Networks":[{"Target":"net1"},{"Target":"net2"}],"LogDriver":{"Name":"gelf"}"#
        let spec =
            #","UpdateConfig":{"Parallelism":2,"Delay":3000000000,"FailureAction":"rollback","Monitor":7000000000,"MaxFailureRatio":0.25,"Order":"start-first"},"RollbackConfig":{"Parallelism":0}"#
        let more =
            #","PreviousSpec":{"Name":"todo"},"Endpoint":{"Ports":[{"Protocol":"tcp","TargetPort":80,"PublishedPort":8080,"PublishMode":"host"},{"Protocol":"udp","TargetPort":53,"PublishedPort":30001}]}"#
        var mapping = Fixture.mapping()
        mapping.networks = ["net1": SwarmMapping.NetworkName(name: "front", driver: "overlay", isIngress: false)]
        let service = try workload(
            Fixture.service("s1", "todo", spec: spec, task: task, image: "nginx:1.25@sha256:abc", more: more), mapping)
        #expect(service.name == "todo" && service.kind == "service" && service.image == "nginx:1.25" && service.digest == "sha256:abc")
        #expect(service.desired == 2 && service.running == 2 && service.isConverged && service.hasPrevious && service.revision == 23)
        #expect(service.updated == Timestamp(rfc3339: "2026-11-23T08:03:03.894725991Z") && service.networks == ["front", "net2"])
        #expect(service.ports.map(\.description) == ["8080→80 on its node", "30001→53/udp"])
        let update = try #require(service.updatePolicy)
        #expect(update == Workload.RolloutPolicy(parallelism: 2, delay: .seconds(3), onFailure: "rollback", monitor: .seconds(7), tolerated: 0.25, order: "start-first"))
        #expect(service.rollbackPolicy == Workload.RolloutPolicy(parallelism: 0))
        let demand = service.demand
        #expect(demand.constraints == ["node.role==worker"] && demand.spreadOver == ["node.labels.zone"] && demand.maximumPerNode == 1)
        #expect(demand.resources == Resources(nanoCPUs: 250_000_000, memory: 67_108_864, others: ["gpu": 1]))
        #expect(demand.platforms == [Platform(system: "linux", architecture: "amd64")] && demand.hostPorts.map(\.published) == [8080])
        #expect(demand.plugins == ["Network/overlay", "Log/gelf"])
    }

    @Test func onlyForeignVolumeDriversAreAskedFor() throws {
        let mounts = #"{"Image":"x","Mounts":[{"Type":"volume","VolumeOptions":{"DriverConfig":{"Name":"rexray"}}},{"Type":"volume","VolumeOptions":{"DriverConfig":{"Name":"local"}}},{"Type":"bind","VolumeOptions":{"DriverConfig":{"Name":"odd"}}},{"Type":"volume"}]}"#
        let json = #"{"ID":"s1","Spec":{"Name":"a","TaskTemplate":{"ContainerSpec":\#(mounts),"LogDriver":{"Name":"none"}}}}"#
        #expect(try workload(json).demand.plugins == ["Volume/rexray"])
    }

    @Test func stacksGroupTheirServices() throws {
        let json = #"{"ID":"s1","Spec":{"Name":"shop_web","Labels":{"com.docker.stack.namespace":"shop"}}}"#
        let service = try workload(json)
        #expect(service.group == "shop" && service.name == "shop_web" && service.mode == .replicated && service.desired == 1)
    }

    @Test(arguments: [
        ("updating", Workload.Rollout.progressing), ("paused", .paused), ("rollback_started", .rollingBack), ("rollback_paused", .paused),
        ("rollback_completed", .rolledBack), ("completed", .settled), ("", .settled),
    ])
    func readsRollouts(_ word: String, _ rollout: Workload.Rollout) throws {
        let status = #","UpdateStatus":{"State":"\#(word)","StartedAt":"2026-11-23T08:41:00Z","CompletedAt":"2026-11-23T08:42:00Z","Message":"update paused due to failure or early termination of task x"}"#
        let service = try workload(Fixture.service("s1", "todo", more: status))
        #expect(service.rollout == rollout && service.rolloutMessage.hasSuffix("of task x"))
        #expect(service.rolloutSince == Timestamp(rfc3339: word.hasSuffix("completed") ? "2026-11-23T08:42:00Z" : "2026-11-23T08:41:00Z"))
    }

    @Test func jobsCountWhatIsLeft() throws {
        func job(_ completed: Int) throws -> Workload {
            let mode = #"{"ReplicatedJob":{"MaxConcurrent":2,"TotalCompletions":5}}"#
            return try workload(Fixture.service("s1", "job", mode: mode, running: min(2, 5 - completed), desired: 2, completed: completed))
        }
        #expect(try [0, 4, 5].map { try job($0).desired } == [2, 1, 0])
        #expect(try job(4).mode == .job(completions: 5) && !(try job(4).isConverged) && (try job(5).isConverged) && (try job(4).problem) == nil)
        // A global job counts as desired only what has not ended: three done of three are told as zero (measured).
        let global = try workload(Fixture.service("s1", "job", mode: #"{"GlobalJob":{}}"#, running: 0, desired: 0, completed: 3))
        #expect(global.mode == .jobPerNode && global.desired == 3 && global.completed == 3 && global.isConverged)
    }

    @Test func withoutCountsTasksAreCounted() throws {
        let tasks = try Fixture.tasks(
            Fixture.task("a", of: "s1", slot: 1), Fixture.task("b", of: "s1", slot: 2, "preparing"),
            Fixture.task("c", of: "s1", slot: 2, desired: "shutdown"))
        let service = try workload(Fixture.service("s1", "todo", running: nil), tasks: tasks)
        #expect(service.running == 1 && service.desired == 2)
        let global = Fixture.service("s1", "g", mode: #"{"Global":{}}"#, running: nil)
        let perNode = try Fixture.tasks(Fixture.task("a", of: "s1", node: "n1"), Fixture.task("b", of: "s1", node: "n2", "pending"))
        #expect(try workload(global, tasks: perNode).desired == 2)
    }

    @Test func tasksOnADeadNodeDoNotRun() throws {
        let nodes = try Fixture.nodes(Fixture.node("n1", "lab-n1"), Fixture.node("n3", "lab-n3", state: "down"))
        let tasks = try Fixture.tasks(
            Fixture.task("a", of: "s1", node: "n1"), Fixture.task("b", of: "s1", node: "n3", desired: "shutdown"))
        // As measured: the swarm counts 3 of 2, and `docker service ls` shows it so.
        let json = Fixture.service("s1", "g", mode: #"{"Global":{}}"#, running: 3, desired: 2)
        #expect(try workload(json, tasks: tasks, Fixture.mapping(nodes)).running == 2)
    }

    @Test func hostileServicesAreServices() throws {
        let services = try Fixture.services(
            "null", "7", "[]", "{}", #"{"ID":""}"#, #"{"ID":"s1","Spec":null,"Version":{"Index":18446744073709551615}}"#,
            #"{"ID":"s2","Spec":{"Name":"\u001b[31mx","Labels":{"a":1,"b":null,"c":"d"},"Mode":{"Replicated":{"Replicas":18446744073709551615}},"TaskTemplate":"?"},"Endpoint":{"Ports":[{"TargetPort":-1},{"TargetPort":"80"},7]},"UpdateStatus":[],"ServiceStatus":{"RunningTasks":-1,"DesiredTasks":2}}"#)
        #expect(services.map(\.id) == ["s1", "s2"])
        let workloads = services.map { Fixture.mapping().workload($0, tasks: []) }
        #expect(workloads[0].name == "s1" && workloads[0].revision == .max && workloads[0].desired == 1)
        #expect(workloads[1].desired == .max && workloads[1].labels == ["c": "d"] && workloads[1].ports.isEmpty && workloads[1].running == 0)
    }

    @Test(arguments: ["", "{", "[{]", #"{"message":"no"}"#, "<html>"]) func whatIsNoListThrows(_ text: String) {
        #expect(throws: JSONReader.Malformed.self) { try ServiceResource.list(Array(text.utf8)) }
        #expect(throws: JSONReader.Malformed.self) { try TaskResource.list(Array(text.utf8)) }
        #expect(throws: JSONReader.Malformed.self) { try NodeResource.list(Array(text.utf8)) }
    }

    @Test func nullIsAnEmptyList() throws {
        let null = Array("null".utf8)
        #expect(try ServiceResource.list(null).isEmpty && TaskResource.list(null).isEmpty && NodeResource.list(null).isEmpty)
    }
}
