import Domain
import JSON
import Testing

@testable import Simulator

@Suite struct DockerEngineViewTests {
    let docker = DockerFixture()

    @Test func pingTellsWhoItIs() async {
        let answer = await docker.ask("GET", "/_ping", version: "")
        #expect(answer.text == "OK")
        #expect(answer.header("Api-Version") == "1.41")
        #expect(answer.header("Server")?.hasPrefix("Docker/20.10.24") == true)
        #expect(answer.header("Date")?.hasSuffix(" GMT") == true)
        #expect(await docker.ask("HEAD", "/_ping", version: "").body.isEmpty)
    }

    @Test func versionsAreNegotiated() async {
        let new = await docker.ask("GET", "/info", version: "/v1.99")
        #expect(new.status == 400)
        #expect(new.message == "client version 1.99 is too new. Maximum supported API version is 1.41")
        let old = await docker.ask("GET", "/info", version: "/v1.1")
        #expect(old.text == "client version 1.1 is too old. Minimum supported API version is 1.12, please upgrade your client to a newer version\n")
        #expect(await docker.ask("GET", "/containers/json", version: "").status == 200)
        #expect(await docker.get("/nope").message == "page not found")
    }

    @Test func listIsNewestFirstAndWhole() async throws {
        let all = await docker.get("/containers/json?all=1").json.elements
        let running = await docker.get("/containers/json").json.elements
        #expect(all.count > running.count && !running.isEmpty)
        let made = all.compactMap { $0["Created"]?.integer }
        #expect(made == made.sorted(by: >) && made.count == all.count)
        let toolbox = try #require(all.first { $0["Names"]?.texts == ["/toolbox"] })
        #expect(toolbox["State"]?.text == "running")
        #expect(toolbox["Status"]?.text?.hasPrefix("Up ") == true)
        #expect(toolbox["Ports"]?.elements.compactMap { $0["IP"]?.text } == ["0.0.0.0", "::"])
        #expect(toolbox["NetworkSettings", "Networks", "bridge", "IPAddress"]?.text?.isEmpty == false)
    }

    @Test func listFollowsChangesThoughItIsKept() async throws {
        _ = await docker.get("/containers/json?all=1")
        let id = try #require(await docker.get("/containers/toolbox/json").json["Id"]?.text)
        #expect(await docker.post("/containers/toolbox/rename?name=chest").status == 204)
        #expect(await docker.post("/containers/chest/stop?t=1").status == 204)
        let list = await docker.get("/containers/json?all=1&" + DockerFixture.filters("{\"id\":[\"\(id)\"]}")).json.elements
        #expect(list.count == 1)
        #expect(list.first?["Names"]?.texts == ["/chest"])
        #expect(list.first?["State"]?.text == "exited")
        #expect(list.first?["Ports"]?.elements.isEmpty == true)
        #expect(await docker.post("/containers/chest/stop").status == 304)
        #expect(await docker.post("/containers/chest/start").status == 204)
        #expect(await docker.post("/containers/chest/start").status == 304)
    }

    @Test(arguments: [
        ("POST", "/containers/nope/start", "", 404, "No such container: nope"),
        ("POST", "/containers/toolbox/kill?signal=FOO", "", 400, "Invalid signal: FOO"),
        ("GET", "/containers/toolbox/logs", "", 400, "Bad parameters: you must choose at least one stream"),
        ("GET", "/events?since=zz", "", 500, "strconv.ParseInt: parsing \"zz\": invalid syntax"),
        ("GET", "/containers/json?limit=z", "", 500, "strconv.Atoi: parsing \"z\": invalid syntax"),
        ("GET", "/containers/json?filters=zz", "", 500, "invalid character 'z' looking for beginning of value"),
        ("GET", "/containers/json?filters=%7B%22x%22%3A%5B%22y%22%5D%7D", "", 400, "Invalid filter 'x'"),
        ("GET", "/containers/json?filters=%7B%22status%22%3A%5B%22y%22%5D%7D", "", 400, "Invalid filter 'status=y'"),
        ("POST", "/containers/toolbox/exec", "{\"Cmd\":[]}", 400, "No exec command specified"),
        ("POST", "/containers/toolbox/exec", "", 400, "got EOF while reading request body"),
        ("GET", "/exec/abc/json", "", 404, "No such exec instance: abc"),
        ("GET", "/networks/nope", "", 404, "network nope not found"),
        ("DELETE", "/networks/bridge", "", 403, "bridge is a pre-defined network and cannot be removed"),
        ("POST", "/containers/create?name=qq", "{\"Image\":\"nope\"}", 404, "No such image: nope:latest"),
        ("GET", "/images/nope/json", "", 404, "no such image: nope: No such image: nope:latest"),
        ("GET", "/networks/none?scope=swarm", "", 404, "network none not found"),
    ]) func refusesInTheEnginesWords(_ method: String, _ path: String, _ body: String, _ status: Int, _ words: String) async {
        let answer = await docker.ask(method, path, body)
        #expect(answer.status == status)
        #expect(answer.message == words)
    }

    @Test func eventsOfThePastAreToldAgain() async throws {
        let before = docker.cluster.time
        #expect(await docker.post("/containers/toolbox/restart?t=0").status == 204)
        let until = docker.cluster.time.adding(.seconds(1))
        let answer = await docker.get("/events?since=\(before.seconds).000000000&until=\(until.seconds)&" + DockerFixture.filters("{\"type\":[\"container\"],\"container\":[\"toolbox\"]}"))
        let lines = answer.body.split(separator: 0x0A).map { try? JSONTree(Array($0)) }
        let actions = lines.compactMap { $0?["Action"]?.text }
        #expect(actions == ["kill", "die", "stop", "start", "restart"])
        let die = try #require(lines[1])
        #expect(die["Actor", "Attributes", "exitCode"]?.text == "137")
        #expect(die["status"]?.text == "die" && die["from"]?.text == "busybox:1.32" && die["scope"]?.text == "local")
        #expect(die["timeNano"]?.integer ?? 0 >= before.nanoseconds)
    }

    @Test func logsHaveFrames() async throws {
        let list = await docker.get("/containers/json").json.elements
        let web = try #require(list.first { $0["Image"]?.text == "shop/web:2.0" }?["Id"]?.text)
        let body = await docker.get("/containers/\(web)/logs?stdout=1&stderr=1&timestamps=1&tail=5").body
        var rest = body[...]
        var lines: [String] = []
        while rest.count >= 8 {
            let head = Array(rest.prefix(8))
            #expect((1...2).contains(head[0]) && head[1...3].allSatisfy { $0 == 0 })
            let length = head[4...].reduce(0) { $0 << 8 | Int($1) }
            lines.append(String(decoding: rest.dropFirst(8).prefix(length), as: UTF8.self))
            rest = rest.dropFirst(8 + length)
        }
        #expect(rest.isEmpty && lines.count == 5)
        for line in lines {
            #expect(line.hasSuffix("\n"))
            #expect(Timestamp(rfc3339: line.prefix { $0 != " " }) != nil)
        }
    }

    @Test func execTellsItsCode() async throws {
        let id = try #require(await docker.post("/containers/toolbox/exec", "{\"Cmd\":[\"sh\",\"-c\",\"exit 3\"]}").json["Id"]?.text)
        #expect(await docker.get("/exec/\(id)/json").json["ExitCode"] == .null)
        #expect(await docker.post("/exec/\(id)/start", "{\"Detach\":true}").status == 200)
        let after = await docker.get("/exec/\(id)/json").json
        #expect(after["ExitCode"]?.integer == 3 && after["Running"]?.isTrue == false)
        #expect(await docker.post("/exec/\(id)/resize?h=1&w=1").message == "no such exec")
    }

    @Test func countersRise() async throws {
        let first = await docker.get("/containers/toolbox/stats?stream=false&one-shot=true").json
        let second = await docker.get("/containers/toolbox/stats?stream=false").json
        let before = try #require(first["cpu_stats", "system_cpu_usage"]?.natural)
        #expect(first["precpu_stats", "system_cpu_usage"] == nil)
        #expect(try #require(second["cpu_stats", "system_cpu_usage"]?.natural) > before)
        #expect(try #require(second["precpu_stats", "cpu_usage", "total_usage"]?.natural) <= (try #require(second["cpu_stats", "cpu_usage", "total_usage"]?.natural)))
        #expect(second["memory_stats", "stats", "total_inactive_file"]?.natural != nil)
    }

    @Test func containersAreMadeAsAsked() async throws {
        let body = """
            {"Image":"docker.io/library/busybox:1.32","Cmd":["sleep","1000"],"Env":["A=1"],"Labels":{"a":"b"},"HostConfig":{"PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"18080"}]},"RestartPolicy":{"Name":"on-failure","MaximumRetryCount":3},"Memory":67108864},"NetworkingConfig":{"EndpointsConfig":{"default":{}}}}
            """
        #expect(await docker.post("/containers/create?name=mine", body).status == 201)
        #expect(await docker.post("/containers/mine/start").status == 204)
        let mine = await docker.get("/containers/mine/json").json
        #expect(mine["Config", "Image"]?.text == "busybox:1.32")
        #expect(mine["HostConfig", "RestartPolicy", "MaximumRetryCount"]?.integer == 3)
        #expect(mine["NetworkSettings", "Ports", "80/tcp"]?.elements.first?["HostPort"]?.text == "18080")
        #expect(mine["NetworkSettings", "Networks", "bridge", "IPAddress"]?.text?.isEmpty == false)
        let bridge = await docker.get("/networks/bridge").json
        #expect(bridge["Containers"]?.members.contains { $0.value["Name"]?.text == "mine" } == true)
        #expect(await docker.ask("DELETE", "/containers/mine").status == 409)
        #expect(await docker.ask("DELETE", "/containers/mine?force=1").status == 204)
        #expect(await docker.get("/containers/mine/json").status == 404)
    }
}
