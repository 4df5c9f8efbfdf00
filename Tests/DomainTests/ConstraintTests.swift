import Testing

@testable import Domain

@Suite struct ConstraintTests {
    static let node = Board.node("h2") {
        $0.roles = ["manager", "leader"]
        $0.labels = ["ssd": "true", "Zone": "A 1", "empty": "", "a==b": "c"]
        $0.engineLabels = ["storage": "nvme"]
    }

    static let met = [
        "node.labels.ssd == true", "node.labels.ssd==true", "  node.labels.ssd\t==   TRUE ", "Node.Labels.ssd == True", "node.labels.Zone == a 1",
        "node.labels.zone != a 1", "node.labels.missing != x", "node.labels.ssd != tru", "engine.labels.storage == NVME",
        "ENGINE.LABELS.storage != hdd",
        "node.id == ID-H2", "node.hostname == h2", "node.hostname != h1", "node.role == manager", "node.role != Worker", "node.platform.os == Linux",
        "node.platform.arch == x86_64", "node.platform.arch != amd64", "node.ip == 10.0.0.2", "node.ip == ::ffff:10.0.0.2", "node.ip == 10.0.0.0/30",
        "node.ip != 10.0.0.1", "node.ip != 192.168.0.0/16", "node.ip != ::/0", "node.ip == 0.0.0.0/0",
    ]

    @Test(arguments: met) func holds(_ expression: String) throws {
        #expect(try #require(Constraint(expression)).holds(on: Self.node))
    }

    static let unmet = [
        "node.labels.ssd == false", "node.labels.SSD == true", "node.labels.missing == x", "node.labels.missing ==", "node.labels.ssd === true",
        "node.labels. == true", "node.labels. != true", "node.labels != true", "engine.labels.ssd == true", "node.id == h2", "node.role == worker",
        "node.role != manager",
        "node.platform.arch == amd64", "node.ip == 10.0.0.1", "node.ip != 10.0.0.2", "node.ip == 10.0.0.0/31", "node.ip != 10.0.0.0/8",
        "node.ip == ::/0",
        "node.ip == 10.0.0.02", "node.ip != nonsense", "node.ip != 10.0.0.0/33", "node.ip != 10.0.0.2/+8", "foo == bar", "foo != bar", "== bar",
        // The first == counts, so the key is "node.labels.a".
        "node.labels.a==b == c", "node.labels.ssd != x == true",
    ]

    @Test(arguments: unmet) func doesNotHold(_ expression: String) throws {
        #expect(try !#require(Constraint(expression)).holds(on: Self.node))
    }

    @Test(arguments: ["", "node.labels.ssd", "node.labels.ssd = true", "node.labels.ssd =! true", "hostname UNIQUE", "node.labels.ssd ! = true"])
    func hasNoOperator(_ expression: String) { #expect(Constraint(expression) == nil) }

    @Test func aNodeWithoutAddressIsInNoNetwork() throws {
        let node = Board.node("h1") { $0.address = "" }
        #expect(try #require(Constraint("node.ip != 10.0.0.0/8")).holds(on: node))
        #expect(try !#require(Constraint("node.ip == 10.0.0.1")).holds(on: node))
    }

    @Test(
        arguments: [
            ("node.role == manager", "worker", "role is not manager here (node.role == manager; here it is worker)"),
            ("node.labels.empty == x", "", "empty is not x here (node.labels.empty == x; here it is empty)"),
            ("engine.labels.a==b", nil, "a is not b here (engine.labels.a==b; its engine has no such label)"),
            ("node.hostname != h1", "h1", "hostname is h1 here (node.hostname != h1)"),
            ("node.ip == 10.0.0.0/40", "10.0.0.2", "10.0.0.0/40 is neither an address nor a network (node.ip == 10.0.0.0/40)"),
            ("node.zone == a", nil, "there is no \"node.zone\" to compare (node.zone == a)"),
        ] as [(String, String?, String)]) func saysWhy(_ expression: String, value: String?, words: String)
    {
        #expect(Refusal.constraint(expression, value: value).words == words)
    }

    @Test(arguments: [
        ("2001:db8::1", "2001:0DB8:0:0:0:0:0:1"), ("::", "0:0:0:0:0:0:0:0"), ("::1", "0::1"), ("1::", "1:0::0"), ("::ffff:1.2.3.4", "1.2.3.4"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
    ]) func twoNotationsAreOneAddress(_ a: String, _ b: String) throws {
        #expect(try #require(IPAddress(a)) == #require(IPAddress(b)))
    }

    @Test(arguments: [
        "", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "1:2:3:4:5:6:7::8", "12345::", "g::", "::1%eth0", "1.2.3", "1.2.3.4.5",
        "256.1.1.1", "01.2.3.4",
        "1.2.3.-4", "1.2.3.+4", "1..3.4", "1.2.3.4:80", "::1.2.3.4:1", "h1",
    ]) func isNoAddress(_ text: String) { #expect(IPAddress(text) == nil) }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.0", false), ("10.1.2.3/32", "10.1.2.3", true), ("10.1.2.3/32", "10.1.2.2", false),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false), ("::/0", "::1", true), ("::/0", "1.2.3.4", false),
        ("::1/128", "::1", true),
    ])
    func networkContains(_ network: String, address: String, contains: Bool) throws {
        #expect(try #require(IPNetwork(network)).contains(#require(IPAddress(address))) == contains)
    }

    @Test(arguments: ["10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/8/8", "/8", "h1/8", "10.0.0.0/ 8"])
    func isNoNetwork(_ text: String) { #expect(IPNetwork(text) == nil) }
}
