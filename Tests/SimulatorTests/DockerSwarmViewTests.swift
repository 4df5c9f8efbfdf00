import Domain
import JSON
import Testing

@testable import Simulator

@Suite struct DockerSwarmViewTests {
    let docker = DockerFixture()

    private func tasks(of service: String) async -> [JSONTree] {
        await docker.get("/tasks?" + DockerFixture.filters("{\"service\":[\"\(service)\"],\"desired-state\":[\"running\"]}")).json.elements
    }

    @Test func workersKnowNothing() async {
        let answer = await docker.get("/services", on: "h2")
        #expect(answer.status == 503)
        #expect(answer.message.hasPrefix("This node is not a swarm manager. Worker nodes can't be used"))
        let info = await docker.get("/info", on: "h2").json
        #expect(info["Swarm", "LocalNodeState"]?.text == "active" && info["Swarm", "ControlAvailable"]?.isTrue == false)
        #expect(info["Swarm", "RemoteManagers"]?.elements.first?["Addr"]?.text?.hasSuffix(":2377") == true)
    }

    @Test(arguments: [
        ("GET", "/services/nope", "", 404, "service nope not found"), ("GET", "/tasks/nope", "", 404, "task nope not found"),
        ("GET", "/nodes/nope", "", 404, "node nope not found"),
        ("GET", "/tasks?filters=%7B%22service%22%3A%5B%22nope%22%5D%7D", "", 404, "service nope not found"),
        ("POST", "/services/shop_web/update", "{}", 400, "invalid service version '': strconv.ParseUint: parsing \"\": invalid syntax"),
        ("POST", "/services/shop_web/update?version=1", "{}", 400, "mismatched Runtime and *Spec fields"),
        (
            "POST", "/services/shop_web/update?version=1", "{\"Name\":\"shop_web\",\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"b\"}}}", 500,
            "rpc error: code = Unknown desc = update out of sequence"
        ),
        (
            "POST", "/services/create", "{\"Name\":\"t\",\"TaskTemplate\":{\"ContainerSpec\":{}}}", 400,
            "rpc error: code = InvalidArgument desc = ContainerSpec: image reference must be provided"
        ),
        (
            "POST", "/services/create", "{\"Name\":\"t\",\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"b\"},\"Networks\":[{\"Target\":\"nope\"}]}}", 500,
            "network nope not found"
        ),
        ("POST", "/nodes/h1/update?version=1", "{}", 400, "invalid Role: \"\""),
    ]) func refusesInTheManagersWords(_ method: String, _ path: String, _ body: String, _ status: Int, _ words: String) async {
        let answer = await docker.ask(method, path, body)
        #expect(answer.status == status)
        #expect(answer.message == words)
    }

    /// What is sent back as it was read must not replace a single task.
    @Test func specificationsSentBackChangeNothing() async throws {
        for service in await docker.get("/services").json.elements {
            let id = try #require(service["ID"]?.text)
            let spec = try #require(service["Spec"])
            let before = await tasks(of: id).compactMap { $0["ID"]?.text }
            let version = try #require(service["Version", "Index"]?.natural)
            #expect(await docker.post("/services/\(id)/update?version=\(version)", spec.json).status == 200)
            docker.cluster.with { _ = $0.advance(by: .seconds(30)) }
            #expect(await docker.get("/services/\(id)").json["Spec"] == spec)
            #expect(await tasks(of: id).compactMap { $0["ID"]?.text } == before)
        }
    }

    private static let whole =
        "{\"Name\":\"whole\",\"Labels\":{\"s\":\"\"},\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"redis:6.2\",\"Labels\":{\"q\":\"r\"},\"Args\":[\"sh\",\"-c\",\"sleep 9\"],\"Env\":[\"A=1\"],\"Init\":false,\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"v\",\"Target\":\"/d\",\"VolumeOptions\":{\"DriverConfig\":{\"Name\":\"x\"}}}],\"Healthcheck\":{\"Test\":[\"CMD-SHELL\",\"true\"]},\"DNSConfig\":{},\"Isolation\":\"default\"},\"Resources\":{\"Limits\":{\"MemoryBytes\":67108864,\"Pids\":5},\"Reservations\":{\"NanoCPUs\":100000000}},\"RestartPolicy\":{\"Condition\":\"none\",\"MaxAttempts\":0},\"Placement\":{\"Constraints\":[\"node.role==manager\"],\"Platforms\":[{\"Architecture\":\"amd64\",\"OS\":\"linux\"}]},\"LogDriver\":{\"Name\":\"json-file\",\"Options\":{\"max-size\":\"\"}},\"ForceUpdate\":0,\"Runtime\":\"container\"},\"Mode\":{\"Replicated\":{\"Replicas\":2}},\"UpdateConfig\":{\"Parallelism\":1,\"Delay\":2000000000,\"FailureAction\":\"pause\",\"Monitor\":5000000000,\"MaxFailureRatio\":0,\"Order\":\"stop-first\"},\"EndpointSpec\":{\"Mode\":\"vip\",\"Ports\":[{\"Protocol\":\"tcp\",\"TargetPort\":80,\"PublishedPort\":18090,\"PublishMode\":\"ingress\"}]}}"

    /// As a real manager told it of itself, letter by letter.
    @Test func whatTheWorldDoesNotKnowIsKept() async throws {
        #expect(await docker.post("/services/create", Self.whole).status == 201)
        #expect(await docker.get("/services/whole").json["Spec"]?.json == Self.whole)
        // A scenario changes what it may, and the rest stays.
        _ = try docker.cluster.with { world throws(OrderRefusal) in try world.order(.mishap(.deploy(service: "whole", image: "redis:6.0"))) }
        let spec = try #require(await docker.get("/services/whole").json["Spec"])
        #expect(spec["TaskTemplate", "ContainerSpec", "Image"]?.text == "redis:6.0")
        #expect(spec["TaskTemplate", "LogDriver", "Name"]?.text == "json-file")
        #expect(spec["TaskTemplate", "Resources", "Limits", "Pids"]?.integer == 5)
    }

    @Test func scalingAndRollingBack() async throws {
        let service = await docker.get("/services/shop_cart").json
        var spec = try #require(service["Spec"])
        spec.set(.number(3), at: ["Mode", "Replicated", "Replicas"])
        let version = try #require(service["Version", "Index"]?.natural)
        let without = await docker.post("/services/shop_cart/update?version=\(version)&rollback=previous", spec.json)
        #expect(without.status == 400 && without.message.hasSuffix("does not have a previous spec"))
        #expect(await docker.post("/services/shop_cart/update?version=\(version)", spec.json).status == 200)
        #expect(await docker.post("/services/shop_cart/update?version=\(version)", spec.json).message == "rpc error: code = Unknown desc = update out of sequence")
        docker.cluster.with { _ = $0.advance(by: .seconds(60)) }
        let list = await docker.get("/services?status=true&" + DockerFixture.filters("{\"name\":[\"shop_cart\"]}")).json.elements
        #expect(list.first?["ServiceStatus", "RunningTasks"]?.integer == 3 && list.first?["ServiceStatus", "DesiredTasks"]?.integer == 3)
        let now = await docker.get("/services/shop_cart").json
        #expect(now["PreviousSpec"]?["Mode", "Replicated", "Replicas"]?.integer == 2)
        let newest = try #require(now["Version", "Index"]?.natural)
        #expect(await docker.post("/services/shop_cart/update?version=\(newest)&rollback=previous", spec.json).status == 200)
        #expect(await docker.get("/services/shop_cart").json["Spec", "Mode", "Replicated", "Replicas"]?.integer == 2)
    }

    /// The list that is kept is the list that is written anew.
    @Test func keptTextsFollowTheSwarm() async throws {
        let before = await docker.get("/tasks")
        let ids = before.json.elements.compactMap { $0["ID"]?.text }
        #expect(ids == ids.sorted() && !ids.isEmpty)
        _ = try docker.cluster.with { world throws(OrderRefusal) in try world.order(.mishap(.scale(service: "shop_web", to: 6))) }
        docker.cluster.with { _ = $0.advance(by: .seconds(60)) }
        let kept = await docker.get("/tasks")
        #expect(kept.json.elements.count > ids.count)
        for task in kept.json.elements {
            let id = try #require(task["ID"]?.text)
            let text = docker.cluster.with { world in
                var texts = SwarmTexts()
                return world.swarm.tasks[id].map { texts.one($0, world) } ?? []
            }
            #expect(try JSONTree(text) == task)
        }
    }

    @Test func nodesAreDrained() async throws {
        let node = await docker.get("/nodes/h2").json
        var spec = try #require(node["Spec"])
        spec.set(.string("drain"), at: ["Availability"])
        let version = try #require(node["Version", "Index"]?.natural)
        #expect(await docker.post("/nodes/h2/update?version=\(version)", spec.json).status == 200)
        docker.cluster.with { _ = $0.advance(by: .seconds(60)) }
        let left = await docker.get("/tasks?" + DockerFixture.filters("{\"node\":[\"h2\"],\"desired-state\":[\"running\"]}")).json.elements
        #expect(left.isEmpty)
        #expect(await docker.get("/nodes/h2").json["Spec", "Availability"]?.text == "drain")
    }

    @Test func logsOfAServiceSayOfWhichTask() async throws {
        let text = await docker.get("/services/shop_web/logs?stdout=1&stderr=1&details=1&timestamps=1&tail=2").text
        #expect(text.contains("Z com.docker.swarm.node.id="))
        #expect(text.contains(",com.docker.swarm.task.id="))
        let host = docker.cluster.with { $0.host("h2")?.id ?? "" }
        _ = try docker.cluster.with { world throws(OrderRefusal) in try world.order(.mishap(.loseHost("h2"))) }
        let incomplete = await docker.get("/services/shop_web/logs?stdout=1&tail=1").text
        #expect(incomplete.contains("incomplete log stream") && incomplete.contains("node \(host) is not available"))
    }

    @Test func secretsAndConfigsAreKept() async throws {
        let id = try #require(await docker.post("/configs/create", "{\"Name\":\"c\",\"Labels\":{\"a\":\"b\"},\"Data\":\"aGk=\"}").json["ID"]?.text)
        #expect(await docker.post("/configs/create", "{\"Name\":\"c\",\"Data\":\"aGk=\"}").message == "rpc error: code = AlreadyExists desc = config c already exists")
        #expect(await docker.get("/configs").json.elements.first?["Spec", "Data"]?.text == "aGk=")
        #expect(await docker.ask("DELETE", "/configs/\(id)").status == 204)
        #expect(await docker.ask("DELETE", "/configs/c").message == "config c not found")
        #expect(await docker.post("/secrets/create", "{\"Name\":\"s\",\"Data\":\"aGk=\"}").status == 201)
        #expect(await docker.get("/secrets").json.elements.first?["Spec", "Data"] == nil)
    }
}
