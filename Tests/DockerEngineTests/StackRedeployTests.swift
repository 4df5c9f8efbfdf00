internal import Domain
import JSON
internal import Synchronization
internal import Testing
internal import Transport
@testable internal import DockerEngine

/// A stack of `docker stack deploy` deployed again from the same file: nothing differs.
@Suite struct StackRedeployTests {
    private static let digest = "sha256:" + String(repeating: "ab", count: 32)

    /// As a 20.10 manager keeps a service that the docker command made from `fromTheFile`.
    private static let wire = #"""
        {"Name":"shop_web","Labels":{"com.docker.stack.image":"nginx","com.docker.stack.namespace":"shop"},"TaskTemplate":{"ContainerSpec":{"Image":"nginx:latest@DIGEST","Labels":{"com.docker.stack.namespace":"shop"},"Args":["nginx","-g","daemon off;"],"Env":["ZONE=a","COLOUR=blue","NOTHING"],"Privileges":{"CredentialSpec":null,"SELinuxContext":null},"Mounts":[{"Type":"volume","Source":"shop_data","Target":"/data","VolumeOptions":{"Labels":{"com.docker.stack.namespace":"shop"}}},{"Type":"bind","Source":"/etc/x","Target":"/etc/x","ReadOnly":true,"BindOptions":{"Propagation":"rprivate"}},{"Type":"tmpfs","Target":"/run","TmpfsOptions":{"SizeBytes":0}}],"StopGracePeriod":10000000000,"Healthcheck":{"Interval":5000000000},"DNSConfig":{},"Secrets":[{"File":{"Name":"key","UID":"0","GID":"0","Mode":292},"SecretID":"s1","SecretName":"shop_key"}],"Isolation":"default"},"Resources":{"Limits":{"Pids":100},"Reservations":{}},"RestartPolicy":{"Condition":"any","Delay":5000000000,"MaxAttempts":0},"Placement":{"Platforms":[{"Architecture":"amd64","OS":"linux"}]},"Networks":[{"Target":"n2","Aliases":["www","web","web"]},{"Target":"h1"}],"ForceUpdate":0,"Runtime":"container"},"Mode":{"Replicated":{"Replicas":2}},"UpdateConfig":{"Parallelism":1,"FailureAction":"pause","Monitor":5000000000,"MaxFailureRatio":0,"Order":"stop-first"},"EndpointSpec":{"Mode":"vip","Ports":[{"Protocol":"udp","TargetPort":53,"PublishedPort":53,"PublishMode":"ingress"},{"TargetPort":80,"PublishedPort":8080}]}}
        """#

    private static func tree(_ text: String = wire) throws -> JSONTree {
        try JSONTree(Array(text.split(separator: "DIGEST", omittingEmptySubsequences: false).joined(separator: digest).utf8))
    }

    private static let form = ServiceForm(directory: .init(networkNames: ["n2": "shop_default", "h1": "host"], secretIDs: ["shop_key": "s1"]))

    /// As `Compose` reads the file.
    private static var fromTheFile: ServiceSpecification {
        var s = ServiceSpecification(name: "shop_web", image: "nginx", arguments: ["nginx", "-g", "daemon off;"], replicas: 2)
        s.environment = ["COLOUR=blue", "NOTHING", "ZONE=a"]
        s.ports = [.init(published: 8080, target: 80), .init(published: 53, target: 53, transport: "udp")]
        s.mounts = [
            .init(origin: "shop_data", destination: "/data", labels: ["com.docker.stack.namespace": "shop"]),
            .init(kind: "bind", origin: "/etc/x", destination: "/etc/x", isReadOnly: true), .init(kind: "tmpfs", origin: "", destination: "/run"),
        ]
        s.networks = [.init(network: "host"), .init(network: "shop_default", aliases: ["www", "web"])]
        s.limits = Resources(slots: 100)
        s.healthCheck = .init(test: [], interval: .seconds(5))
        s.labels = ["com.docker.stack.namespace": "shop", "com.docker.stack.image": "nginx"]
        s.containerLabels = ["com.docker.stack.namespace": "shop"]
        s.secrets = [.init(name: "shop_key", target: "key")]
        return s
    }

    private static func written(_ new: ServiceSpecification, over base: JSONTree) -> JSONTree {
        var (old, tree) = (form.specification(base), base)
        old.image = new.image
        form.write(new, over: old, into: &tree)
        return tree
    }

    @Test func theSameFileAgainIsNoChange() throws {
        let base = try Self.tree()
        #expect(JSONTree.differences(base, Self.written(Self.fromTheFile, over: base)) == [])
    }

    @Test func oneChangeInTheFileIsTheOnlyOne() throws {
        let base = try Self.tree()
        var new = Self.fromTheFile
        new.mounts[1].isReadOnly = false
        var after = Self.written(new, over: base)
        #expect(JSONTree.differences(base, after) == [["TaskTemplate", "ContainerSpec", "Mounts"]])
        let mounts = after["TaskTemplate", "ContainerSpec", "Mounts"]?.elements ?? []
        #expect(mounts.first == base["TaskTemplate", "ContainerSpec", "Mounts"]?.elements.first && mounts.last?["TmpfsOptions"] != nil)
        #expect(mounts[1]["BindOptions", "Propagation"] == .string("rprivate") && mounts[1]["ReadOnly"] == nil)
        new = Self.fromTheFile
        new.update = .init(parallelism: 3)
        new.restart = .init(maximumAttempts: 4)
        new.environment = ["COLOUR=red", "NOTHING", "ZONE=a"]
        after = Self.written(new, over: base)
        #expect(
            Set(JSONTree.differences(base, after)) == [
                ["UpdateConfig", "Parallelism"], ["TaskTemplate", "RestartPolicy", "MaxAttempts"], ["TaskTemplate", "ContainerSpec", "Env"],
            ])
    }

    @Test func onlyAPredefinedNetworkNamesItself() async throws {
        let edited = try await Self.edited(Self.fromTheFile) { path in
            if path.hasPrefix("/networks/host?") { return .json(#"{"Id":"h1","Name":"host"}"#) }
            return path.hasPrefix("/networks?") ? .json(#"[{"Id":"n2","Name":"shop_default"}]"#) : nil
        }
        #expect(JSONTree.differences(try Self.tree(), edited) == [])
    }

    // MARK: Images

    private typealias Reply = ScriptedEngine.Reply

    private static let operation = Operation(.workload(.deployStack(.init(name: "shop", path: "/x", services: [], networks: []))), on: .group(.init("swarm:local"), name: "shop"))

    private static func withEdit<Answer>(_ special: @escaping @Sendable (String) -> Reply?, _ body: (SwarmEdit) async throws -> Answer) async throws -> Answer {
        let server = try ScriptedEngine { _, target in
            let path = target.hasPrefix("/v1.") ? String(target.drop { $0 != "/" }.dropFirst().drop { $0 != "/" }) : target
            if let reply = special(path) { return reply }
            return switch path.prefix(while: { $0 != "?" }) {
            case "/_ping": .text("OK", status: 200)
            case "/networks": .json(#"[{"Id":"n2","Name":"shop_default"},{"Id":"h1","Name":"host"}]"#)
            case "/secrets": .json(#"[{"ID":"s1","Spec":{"Name":"shop_key"}}]"#)
            default: .json(#"{"message":"no such thing"}"#, status: 404)
            }
        }
        defer { server.stop() }
        return try await body(SwarmEdit(connection: DockerConnection(address: .unix(path: server.path))))
    }

    private static func edited(_ new: ServiceSpecification, _ special: @escaping @Sendable (String) -> Reply?) async throws -> JSONTree {
        try await withEdit(special) { try await $0.edited(try tree(), by: new, operation) }
    }

    private static func registry(_ digest: String, _ platforms: String = "") -> @Sendable (String) -> Reply? {
        { $0.hasPrefix("/distribution/") ? .json(#"{"Descriptor":{"digest":"\#(digest)"},"Platforms":[\#(platforms)]}"#) : nil }
    }

    @Test(arguments: ["nginx", "nginx:latest", "docker.io/nginx", "docker.io/library/nginx:latest", "library/nginx"])
    func anImageHasManyNames(name: String) async throws {
        var new = Self.fromTheFile
        new.image = name
        new.labels["com.docker.stack.image"] = name
        #expect(JSONTree.differences(try Self.tree(), try await Self.edited(new) { _ in nil }) == [])
        #expect(JSONTree.differences(try Self.tree(), try await Self.edited(new, Self.registry(Self.digest))) == [])
    }

    @Test func anotherDigestUnderTheSameTagIsAChange() async throws {
        let other = "sha256:" + String(repeating: "0c", count: 32)
        let edited = try await Self.edited(Self.fromTheFile, Self.registry(other, #"{"architecture":"arm","os":"linux"},{"architecture":"arm64","os":"linux"}"#))
        #expect(edited["TaskTemplate", "ContainerSpec", "Image"] == .string("nginx:latest@" + other))
        let platforms = edited["TaskTemplate", "Placement", "Platforms"]
        #expect(platforms?.json == #"[{"OS":"linux"},{"Architecture":"arm64","OS":"linux"}]"#)
    }

    @Test(arguments: ["sha256:abc", "md5:abcdef", "", "sha256:" + String(repeating: "g", count: 64), "sha256:" + String(repeating: "a", count: 65)])
    func whatIsNoDigestPinsNothing(digest: String) async throws {
        #expect(JSONTree.differences(try Self.tree(), try await Self.edited(Self.fromTheFile, Self.registry(digest))) == [])
    }

    @Test func anotherImageLosesThePlatformsOfTheFirst() async throws {
        var new = Self.fromTheFile
        new.image = "docker.io/library/caddy"
        let edited = try await Self.edited(new) { _ in nil }
        #expect(edited["TaskTemplate", "ContainerSpec", "Image"] == .string("caddy:latest") && edited["TaskTemplate", "Placement", "Platforms"] == nil)
        new.image = "nginx@" + Self.digest
        #expect(try await Self.edited(new) { _ in nil }["TaskTemplate", "ContainerSpec", "Image"] == .string(new.image))
    }

    @Test func aRegistryIsAskedOnceForEachImage() async throws {
        let asked = Mutex(0)
        let text = try await Self.withEdit({ path in
            guard path.hasPrefix("/distribution/") else { return nil }
            asked.withLock { $0 += 1 }
            return .json(#"{"Descriptor":{"digest":"\#(Self.digest)"}}"#)
        }) { edit in
            let edit = await edit.knowing(["nginx", "docker.io/nginx:latest", "caddy:2"])
            for _ in 0..<3 { _ = try await edit.edited(try Self.tree(), by: Self.fromTheFile, Self.operation) }
            return try await edit.tree(ServiceSpecification(name: "x", image: "caddy:2"), Self.operation)["TaskTemplate", "ContainerSpec", "Image"]?.text
        }
        #expect(asked.withLock { $0 } == 2 && text == "caddy:2@" + Self.digest)
    }

    @Test func aRegistryThatIsSilentCostsItsPatienceOnce() async throws {
        let start = ContinuousClock.now
        try await Self.withEdit({ $0.hasPrefix("/distribution/") ? .silence : nil }) { edit in
            var edit = edit
            edit.patience = .milliseconds(500)
            _ = await edit.knowing((0..<6).map { "image\($0)" })
        }
        #expect(ContinuousClock.now - start < .seconds(2))
    }

    @Test(arguments: [
        ("nginx", "nginx:latest"), ("docker.io/library/nginx:1", "nginx:1"), ("index.docker.io/me/app", "me/app:latest"), ("localhost:5000/app", "localhost:5000/app:latest"),
        ("registry.example/library/app:2", "registry.example/library/app:2"), ("app@sha256:ab", "app@sha256:ab"), ("app:1@sha256:ab", "app:1@sha256:ab"),
        ("docker.io/library/a/b", "library/a/b:latest"),
    ])
    func namesAreFamiliar(name: String, familiar: String) { #expect(ImageName(name).text == familiar) }

    @Test func aDigestWithoutATagStays() {
        #expect(SwarmEdit.withoutDigest("app:1@sha256:ab") == "app:1" && SwarmEdit.withoutDigest("app@sha256:ab") == "app@sha256:ab" && SwarmEdit.withoutDigest("app") == "app")
    }
}
