@testable import Compose
import Domain
import Testing

@Suite struct PortTests {
    private static func port(_ published: Int?, _ target: Int, _ transport: String = "tcp", isOnHost: Bool = false) -> Workload.Port {
        Workload.Port(published: published, target: target, transport: transport, isOnHost: isOnHost)
    }

    @Test(arguments: [
        ("80", [port(nil, 80)]),
        ("\"80\"", [port(nil, 80)]),
        ("8080:80", [port(8080, 80)]),
        ("8080:80/udp", [port(8080, 80, "udp")]),
        ("53:53/SCTP", [port(53, 53, "sctp")]),
        ("22:22", [port(22, 22)]), (":80", [port(nil, 80)]), ("0:80", [port(nil, 80)]),
        ("8000-8002:80-82", [port(8000, 80), port(8001, 81), port(8002, 82)]), ("3000-3001", [port(nil, 3000), port(nil, 3001)]),
        ("8000-8001:80", [port(8000, 80), port(8001, 80)]), ("80-80:80-80", [port(80, 80)]),
        ("127.0.0.1:8001:8000", [port(8001, 8000)]),
        ("'[::1]:81:80/udp'", [port(81, 80, "udp")]),
        ("::1:81:80", [port(81, 80)]),
        ("0.0.0.0::80", [port(nil, 80)]),
        ("{target: 80}", [port(nil, 80)]), ("{target: 80, published: 8080, protocol: udp, mode: host}", [port(8080, 80, "udp", isOnHost: true)]),
        ("{target: \"80\", published: \"8080\", mode: ingress, name: http, app_protocol: http}", [port(8080, 80)]),
    ] as [(String, [Workload.Port])])
    func forms(_ text: String, _ ports: [Workload.Port]) throws {
        #expect(try service("ports:\n  - \(text)").ports == ports)
    }

    @Test(arguments: [
        ("80a", "'80a' is not a port in '80a'"),
        ("'80:'", "'' is not a port in '80:'"),
        ("''", "'' is not a port in ''"),
        ("0", "'0' is not a port"),
        ("65536", "'65536' is not a port"),
        ("-1", "'' is not a port in '-1'"),
        ("82-80", "the range '82-80' in '82-80' ends before it begins"),
        ("8000-8001:80-83", "publishes 2 ports for 4; make both ranges as long"),
        ("80/icmp", "has the transport 'icmp'; known: tcp, udp, sctp"),
        ("80/tcp/udp", "has the transport 'tcp/udp'"),
        ("local:80:80", "'local' is not an address in 'local:80:80'"),
        ("1.2.3:80:80", "'1.2.3' is not an address"),
        ("99999999999999999999:80", "'99999999999999999999' is not a port"),
        ("1-2-3", "'2-3' is not a port"),
        ("٣", "is not a port"),
        ("{published: 80}", "services.web.ports[0]: it has no target"), ("{target: 0}", "ports[0].target: '0' is not a whole number from 1 to 65535"),
        ("{target: 80, published: 8080-8081}", "ports[0].published: '8080-8081' is not a whole number"),
        ("{target: 80, mode: hosts}", "'hosts' is not known here; did you mean 'host'?"),
        ("{target: 80, protocol: http}", "'http' is not known here; known: tcp, udp, sctp"),
        ("{traget: 80}", "ports[0].traget: there is no such key; did you mean 'target'?"),
        ("[80]", "expected one value, found a list"), ("~", "expected one value, found nothing"),
    ])
    func refusals(_ text: String, _ words: String) {
        let description = trouble(web("ports:\n  - \(text)"))?.description ?? "nothing"
        #expect(description.hasPrefix("could not read /srv/shop/compose.yaml: line 5, services.web.ports[0]"))
        #expect(description.contains(words), "\(description)")
    }

    @Test func sortedAsDockerSortsThem() throws {
        #expect(try service("ports: ['90:9', '80:8/udp', '80:8', '7']").ports.map(\.description) == ["7", "80→8", "80→8/udp", "90→9"])
    }

    @Test func addressesAreIgnoredWithASentence() throws {
        let stack = try read(web("ports: ['127.0.0.1:80:80', '127.0.0.1:81:81', '0.0.0.0:82:82', '[::]:83:83', {target: 1, host_ip: '::1'}]"))
        let why = "a swarm publishes ports on every address of its nodes"
        #expect(stack.ignored == ["address 127.0.0.1 of web: \(why)", "address ::1 of web: \(why)"])
    }

    @Test(.timeLimit(.minutes(1))) func rangesThatPileUp() {
        let ranges = Array(repeating: "1-65535", count: 20_000).joined(separator: ", ")
        #expect(trouble(web("ports: [\(ranges)]"))?.answer.contains("the stack has too many ports") == true)
        let services = (0..<3000).map { "  s\($0): {image: x, ports: *p}\n" }.joined()
        #expect(trouble("x-p: &p [1-65535]\nservices:\n\(services)")?.answer.contains("the stack has too many ports") == true)
    }
}
