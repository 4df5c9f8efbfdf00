internal import Domain
import JSON
internal import Testing
internal import Transport
@testable internal import ConsulEngine

/// Nodes, services, instances, members and agents as Consul 1.8 writes them.
@Suite struct CatalogReadingTests {
    private let source = Source.ID("consul:test")

    @Test func instancesOfANode() throws {
        let body = #"""
            {"Node":{"ID":"83e8","Node":"n1","Address":"10.0.0.1","Datacenter":"dc1"},"Services":{
            "cache1":{"ID":"cache1","Service":"cache","Tags":[],"Address":"","Meta":null,"Port":6379,"Weights":{"Passing":1,"Warning":1}},
            "web1":{"ID":"web1","Service":"web","Tags":["v1","prod"],"Address":"10.9.8.7","TaggedAddresses":{"lan_ipv4":{"Address":"10.9.8.7","Port":80}},"Meta":{"version":"1"},"Port":80}}}
            """#
        let all = try CatalogInstances.ofNode(Array(body.utf8), source: source)
        #expect(all.map(\.id.raw) == ["n1/cache1", "n1/web1"])
        #expect(all.map(\.endpoint) == ["10.0.0.1:6379", "10.9.8.7:80"], "without an address of its own it is its node's")
        #expect(all[1].tags == ["v1", "prod"] && all[1].meta == ["version": "1"] && all[1].service == "web")
        #expect(try CatalogInstances.ofNode(Array("null".utf8), source: source).isEmpty, "a node that is not there")
    }

    @Test func instancesOfAService() throws {
        let body = #"""
            [{"ID":"","Node":"ext1","Address":"10.1.1.1","Datacenter":"dc1","TaggedAddresses":null,"NodeMeta":{"external-node":"true"},"ServiceID":"mail1","ServiceName":"mail","ServiceTags":[],"ServiceAddress":"","ServiceMeta":{},"ServicePort":25},
            {"Node":"n2","Address":"10.0.0.2","ServiceID":"mail1","ServiceName":"mail","ServiceTags":null,"ServiceAddress":"::1","ServicePort":99999}]
            """#
        let all = try CatalogInstances.ofService(Array(body.utf8), source: source)
        #expect(all.map(\.id.raw) == ["ext1/mail1", "n2/mail1"], "one id on two nodes is two instances")
        #expect(all.map(\.endpoint) == ["10.1.1.1:25", "[::1]"], "no port beyond 65535")
    }

    @Test func nodesAndNames() throws {
        let nodes = try CatalogNode.list(Array(#"[{"ID":"","Node":"ext1","Address":"10.1.1.1","Datacenter":"dc1","TaggedAddresses":null,"Meta":{"external-node":"true"}},{"Node":"n1","Address":"10.0.0.1","Meta":{"consul-network-segment":""}},{}]"#.utf8))
        #expect(nodes.map(\.name) == ["ext1", "n1"] && nodes[0].meta == ["external-node": "true"] && nodes[1].meta.isEmpty)
        #expect(try CatalogNode.serviceNames(Array(#"{"web":["v1"],"cache":[]}"#.utf8)) == ["cache", "web"])
        #expect(throws: JSONReader.Malformed.self) { try CatalogNode.serviceNames(Array("[]".utf8)) }
    }

    @Test func membersWithTheirStates() throws {
        let body = #"""
            [{"Name":"srv1","Addr":"10.0.0.1","Port":8301,"Tags":{"build":"1.8.7:abc","dc":"dc1","port":"8300","role":"consul"},"Status":1},
            {"Name":"cli2","Addr":"fd00::2","Tags":{"build":"1.8.7:","dc":"dc1","role":"node"},"Status":4},{"Name":"cli3","Addr":"10.0.0.3","Tags":null,"Status":3},{"Name":"cli4","Status":9}]
            """#
        let all = try AgentMember.list(Array(body.utf8))
        #expect(all.map(\.status) == [.alive, .failed, .left, .unknown])
        #expect(all[0].isServer && all[0].serverAddress == "10.0.0.1:8300" && all[0].version == "1.8.7" && all[1].serverAddress == nil)
    }

    private func agent(_ dns: String) throws -> AgentSelf {
        try AgentSelf(Array(#"{"Config":{"NodeName":"n1","Datacenter":"dc1","Version":"1.8.7","Server":false},"DebugConfig":{\#(dns)}}"#.utf8))
    }

    private func tcp(_ host: String) -> Address { .tcp(host: host, port: 8500, prefix: "", tls: nil) }

    @Test func whereItAnswersForNames() throws {
        let listed = try agent(#""DNSAddrs":["tcp://127.0.0.1:18600"],"DNSPort":18600,"DNSDomain":"consul.""#)
        #expect(listed.nameServer(askedAt: tcp("localhost")) == NameServer(host: "127.0.0.1", port: 18600, domain: "consul"))
        #expect(listed.nameServer(askedAt: .unix(path: "/s")) == NameServer(host: "127.0.0.1", port: 18600, domain: "consul"))
        #expect(listed.nameServer(askedAt: tcp("10.0.0.9")) == nil, "it answers names to its own machine only")
        let everywhere = try agent(#""DNSAddrs":["tcp://[::]:8600","udp://[::]:8600"],"DNSPort":8600,"DNSDomain":"corp.example.""#)
        #expect(everywhere.nameServer(askedAt: tcp("10.0.0.9")) == NameServer(host: "10.0.0.9", port: 8600, domain: "corp.example"))
        #expect(everywhere.nameServer(askedAt: tcp("consul.corp")) == nil, "a name server is named by its address")
        #expect(try agent(#""DNSAddrs":[],"DNSPort":-1,"DNSDomain":"consul.""#).nameServer(askedAt: tcp("127.0.0.1")) == nil)
        #expect(try agent("").nameServer(askedAt: tcp("127.0.0.1")) == nil)
        #expect(try agent(#""DNSPort":8600"#).nameServer(askedAt: tcp("127.0.0.1"))?.port == 8600)
    }

    @Test(arguments: ["{}", "[]", "{\"Config\":{\"NodeName\":\"\"}}", "hello"]) func whatIsNoAgentIsSaid(_ text: String) {
        #expect(throws: JSONReader.Malformed.self) { try AgentSelf(Array(text.utf8)) }
    }
}
