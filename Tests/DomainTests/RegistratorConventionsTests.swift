internal import Domain
internal import Testing

@Suite struct RegistratorConventionsTests {
    private static let source = Source.ID("docker:local")

    private static func container(
        name: String = "web-1", image: String = "nginx:1.25", ports: [Container.Port] = [], labels: [String: String] = [:],
        variables: [String: String] = [:], mode: String = "bridge", address: String = "172.17.0.2"
    ) -> Container {
        Container(
            id: Container.ID(source, "4c01db0b339c"), host: Host.ID(source, "local"), name: name, image: image, created: Timestamp(seconds: 1),
            state: .running(since: nil), ports: ports, labels: labels, networkMode: mode,
            endpoints: [Endpoint(network: "bridge", networkID: "n", address: address)], detail: Container.Detail(serviceVariables: variables))
    }

    private static func published(_ inside: Int, _ outside: Int, at address: String = "0.0.0.0", _ transport: String = "tcp") -> Container.Port {
        Container.Port(hostAddress: address, hostPort: outside, containerPort: inside, transport: transport)
    }

    private static func registered(_ container: Container, internal isInternal: Bool = false) -> [ServiceRegistration] {
        RegistratorConventions.registrations(of: container, hostname: "box", hostAddress: "10.0.0.1", internal: isInternal)
    }

    private static func probe(_ variables: [String: String]) -> CheckDefinition? {
        registered(container(ports: [published(80, 8080)], variables: variables)).first?.checks.first
    }

    @Test func onePublishedPortIsAServiceByItsImage() throws {
        let found = Self.registered(Self.container(image: "registry.example:5000/library/nginx:1.25", ports: [Self.published(80, 8080)]))
        let service = try #require(found.first)
        #expect(found.count == 1)
        #expect(service == ServiceRegistration(
            node: "box", id: "box:web-1:80", name: "nginx", address: "10.0.0.1", port: 8080, container: "4c01db0b339c"))
    }

    @Test(arguments: [
        ("nginx", "nginx"), ("host:5000/x", "x"), ("repo/app@sha256:abc", "app@sha256"), ("a/b/c:latest", "c"),
    ])
    func defaultNames(image: String, name: String) {
        #expect(Self.registered(Self.container(image: image, ports: [Self.published(80, 8080)])).first?.name == name)
    }

    @Test func severalPortsGetTheirNumberUnlessTheyAreNamedThemselves() {
        let ports = [Self.published(443, 8443), Self.published(80, 8080), Self.published(53, 5353, "udp")]
        let found = Self.registered(Self.container(ports: ports, variables: ["SERVICE_NAME": "web", "SERVICE_443_NAME": "secure"]))
        #expect(found.map(\.name) == ["web-53", "web-80", "secure"])
        #expect(found.map(\.id) == ["box:web-1:53:udp", "box:web-1:80", "box:web-1:443"])
        #expect(found.map(\.tags) == [["udp"], [], []])
    }

    @Test func aLabelWinsOverTheEnvironmentAndAPortOverBoth() {
        let ports = [Self.published(80, 8080)]
        let both = Self.container(ports: ports, labels: ["SERVICE_NAME": "label"], variables: ["SERVICE_NAME": "variable"])
        #expect(Self.registered(both).first?.name == "label")
        let specific = Self.container(ports: ports, labels: ["SERVICE_NAME": "label"], variables: ["SERVICE_80_NAME": "port"])
        #expect(Self.registered(specific).first?.name == "port")
        let other = Self.container(ports: ports, labels: ["SERVICE_81_NAME": "other"], variables: ["SERVICE_NAME": "variable"])
        #expect(Self.registered(other).first?.name == "variable")
    }

    @Test func whatIsNotPublishedIsSkippedAndOnlyTheFirstBindingCounts() {
        let ports = [
            Container.Port(containerPort: 9000), Self.published(80, 8080, at: "127.0.0.1"), Self.published(80, 8081, at: "10.9.9.9"),
            Self.published(443, 8443, at: "::"),
        ]
        let found = Self.registered(Self.container(ports: ports))
        #expect(found.map(\.address) == ["127.0.0.1", "10.0.0.1"])
        #expect(found.map(\.port) == [8080, 8443])
    }

    @Test func internalTakesTheContainersOwnAddressAndPort() {
        let ports = [Container.Port(containerPort: 9000), Self.published(80, 8080)]
        let found = Self.registered(Self.container(ports: ports), internal: true)
        #expect(found.map(\.address) == ["172.17.0.2", "172.17.0.2"])
        #expect(found.map(\.port) == [80, 9000])
    }

    @Test func theHostsNetworkPublishesWhatTheVariablesName() {
        let found = Self.registered(Self.container(variables: ["SERVICE_8080_NAME": "web"], mode: "host", address: ""))
        #expect(found.map(\.name) == ["web"])
        #expect(found.map(\.port) == [8080])
        #expect(found.map(\.address) == ["10.0.0.1"])
    }

    @Test func ignoredByAnyValueOfAllPortsOrOfOne() {
        let ports = [Self.published(80, 8080), Self.published(81, 8081)]
        #expect(Self.registered(Self.container(ports: ports, labels: ["SERVICE_IGNORE": "false"])).isEmpty)
        #expect(RegistratorConventions.isIgnored(Self.container(labels: ["SERVICE_IGNORE": "false"])))
        #expect(!RegistratorConventions.isIgnored(Self.container(labels: ["SERVICE_IGNORE": ""])))
        let one = Self.registered(Self.container(ports: ports, labels: ["SERVICE_80_IGNORE": "yes", "SERVICE_NAME": "web"]))
        #expect(one.map(\.name) == ["web-81"])
    }

    @Test func tagsAreSplitAtCommasThatAreNotEscaped() {
        let tags = { (text: String) in
            Self.registered(Self.container(ports: [Self.published(80, 8080)], labels: ["SERVICE_TAGS": text])).first?.tags
        }
        #expect(tags("a,b") == ["a", "b"])
        #expect(tags(#"a\,b,c"#) == ["a,b", "c"])
        #expect(tags(#"a\b,,a\b"#) == [#"a\b"#])
        #expect(tags(#"\\,x\"#) == [#"\,x\"#])
        #expect(tags("") == [])
    }

    @Test func everythingElseIsMetadata() {
        let variables = ["SERVICE_REGION": "eu", "SERVICE_80_TIER": "one", "SERVICE_CHECK_TCP": "true", "SERVICE_CHECK_CMD": "x", "SERVICE_NAME": "n"]
        let service = Self.registered(Self.container(ports: [Self.published(80, 8080)], variables: variables)).first
        #expect(service?.meta == ["region": "eu", "tier": "one", "check_cmd": "x"])
    }

    @Test func whoAsksForAName() {
        #expect(RegistratorConventions.asksForName(Self.container(labels: ["SERVICE_NAME": "x"])))
        #expect(RegistratorConventions.asksForName(Self.container(variables: ["SERVICE_80_NAME": "x"])))
        #expect(!RegistratorConventions.asksForName(Self.container(labels: ["SERVICE_NAME": "", "SERVICE_X_NAME": "y", "service_name": "z"])))
        #expect(!RegistratorConventions.asksForName(Self.container(labels: ["SERVICE_TAGS": "a"])))
        #expect(!RegistratorConventions.asksForName(Self.container(labels: ["SERVICE_99999_NAME": "a"])))
    }

    @Test func whoAsksAndPublishesNothingIsFoundAtItsOwnAddress() throws {
        let exposed = Self.container(ports: [Container.Port(containerPort: 9000), Container.Port(containerPort: 8000)], labels: ["SERVICE_NAME": "x"])
        #expect(Self.registered(exposed).isEmpty)
        let own = try #require(RegistratorConventions.ownRegistration(of: exposed, hostname: "box"))
        #expect((own.name, own.address, own.port, own.id) == ("x", "172.17.0.2", 8000, "box:web-1:8000"))
        let bare = try #require(RegistratorConventions.ownRegistration(of: Self.container(labels: ["SERVICE_NAME": "x"]), hostname: "box"))
        #expect((bare.name, bare.port) == ("x", 0))
        #expect(RegistratorConventions.ownRegistration(of: Self.container(), hostname: "box") == nil)
        #expect(RegistratorConventions.ownRegistration(of: Self.container(labels: ["SERVICE_NAME": "x", "SERVICE_IGNORE": "1"]), hostname: "box") == nil)
    }

    @Test func checksInTheirOrderOnlyOne() {
        let all = [
            "SERVICE_CHECK_HTTP": "/health", "SERVICE_CHECK_HTTPS": "/s", "SERVICE_CHECK_SCRIPT": "x", "SERVICE_CHECK_TTL": "30s", "SERVICE_CHECK_TCP": "true",
        ]
        #expect(Self.probe(all)?.probe == .http(url: "http://10.0.0.1:8080/health", method: "GET", verifiesTLS: true))
        #expect(Self.probe(all.filter { $0.key != "SERVICE_CHECK_HTTP" })?.probe == .http(url: "https://10.0.0.1:8080/s", method: "GET", verifiesTLS: true))
        #expect(Self.probe(all.filter { !$0.key.contains("HTTP") })?.probe == .script(["/bin/sh", "-c", "x"]))
        #expect(Self.probe(all.filter { $0.key.hasSuffix("TTL") || $0.key.hasSuffix("TCP") })?.probe == .ttl(30))
        #expect(Self.probe(["SERVICE_CHECK_TCP": "true"])?.probe == .tcp("10.0.0.1:8080"))
        #expect(Self.probe(["SERVICE_CHECK_TCP": "false"]) == nil)
        #expect(Self.probe([:]) == nil)
    }

    @Test func whatIsSaidOfChecks() throws {
        let check = try #require(
            Self.probe([
                "SERVICE_CHECK_HTTPS": "status", "SERVICE_CHECK_HTTPS_METHOD": "head", "SERVICE_CHECK_TLS_SKIP_VERIFY": "true",
                "SERVICE_CHECK_INTERVAL": "1m30s", "SERVICE_CHECK_TIMEOUT": "500ms", "SERVICE_CHECK_INITIAL_STATUS": "passing",
                "SERVICE_CHECK_DEREGISTER_AFTER": "10m",
            ]))
        #expect(check.probe == .http(url: "https://10.0.0.1:8080/status", method: "HEAD", verifiesTLS: false))
        #expect((check.interval, check.timeout, check.initialStatus, check.deregistersAfter) == (90, 0.5, "passing", 600))
        #expect(check.id == "service:box:web-1:80")
    }

    @Test func scriptsKnowAddressAndPort() {
        let probe = Self.probe(["SERVICE_CHECK_SCRIPT": "curl $SERVICE_IP:$SERVICE_PORT\necho done"])?.probe
        #expect(probe == .script(["/bin/sh", "-c", "curl 10.0.0.1:8080\necho done"]))
    }

    private static let spans: [(String, Double)] = [
        ("10s", 10), ("1m30s", 90), ("2h", 7200), ("0s", 1), ("1ns", 1), ("999999h", 86_400), ("15", 15), ("1.5s", 1.5), ("1e400s", 10), ("-5s", 10),
        ("", 10), ("soon", 10), ("nan", 10), ("10 s", 10), (String(repeating: "9", count: 400) + "s", 10),
    ]

    @Test(arguments: spans)
    func intervals(text: String, seconds: Double) {
        #expect(Self.probe(["SERVICE_CHECK_TCP": "1", "SERVICE_CHECK_INTERVAL": text])?.interval == seconds)
    }

    @Test func hostileValuesAreBounded() throws {
        let huge = String(repeating: "x", count: 10 << 20)
        let labels = [
            "SERVICE_NAME": "we\u{1B}[31mb\u{0}" + huge, "SERVICE_TAGS": huge, "SERVICE_ID": "a\u{1B}]0;b\u{7}", "SERVICE_ODD": huge,
            "SERVICE_CHECK_SCRIPT": huge, "SERVICE_CHECK_TCP": "true", "SERVICE_": "x", "SERVICE_80_": "y", "SERVICE_99999999999999999999_NAME": "z",
        ]
        let service = try #require(Self.registered(Self.container(ports: [Self.published(80, 8080)], labels: labels)).first)
        #expect(service.name.hasPrefix("we[31mb"))
        #expect(service.name.utf8.count == 255)
        #expect(service.id == "a]0;b")
        #expect(service.tags.allSatisfy { $0.utf8.count <= 512 })
        #expect(service.meta.values.allSatisfy { $0.utf8.count <= 512 })
        // Too long to be a script: the next in order counts.
        #expect(service.checks.first?.probe == .tcp("10.0.0.1:8080"))
    }

    @Test func thousandsOfPortsAndKeysAreBounded() {
        let ports = (1...5000).map { Self.published($0, $0) }
        let labels = Dictionary(uniqueKeysWithValues: (0..<500).map { ("SERVICE_KEY\($0)", "v") })
        let found = Self.registered(Self.container(ports: ports, labels: labels))
        #expect(found.count == 256)
        #expect(found.allSatisfy { $0.meta.count <= 64 })
    }
}

@Suite struct RegistratorIDTests {
    @Test(arguments: [
        ("box:web-1:80", RegistratorID(host: "box", container: "web-1", port: 80)),
        ("box:web_1.x:53:udp", RegistratorID(host: "box", container: "web_1.x", port: 53, isUDP: true)),
        ("fe80::1:web:80", RegistratorID(host: "fe80::1", container: "web", port: 80)),
    ])
    func readAndWrittenAlike(text: String, id: RegistratorID) {
        #expect(RegistratorID(text) == id)
        #expect(id.description == text)
    }

    @Test(arguments: ["", "web", "web:80", ":web:80", "box:web:", "box:web:http", "box:w:80", "box:-web:80", "box:web:80:tcp", "box:web:99999999999999999999", "::"])
    func nothingElseIs(text: String) {
        #expect(RegistratorID(text) == nil)
    }
}
