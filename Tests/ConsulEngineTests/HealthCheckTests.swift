internal import Domain
import JSON
internal import Testing
@testable internal import ConsulEngine

/// Consul's checks as ours.
@Suite struct HealthCheckTests {
    private let source = Source.ID("consul:test")

    private func read(_ entry: String) throws -> Check {
        let all = try HealthCheck.list(Array("[\(entry)]".utf8), source: source)
        return try #require(all.first)
    }

    @Test func aServicesCheck() throws {
        let check = try read(
            #"{"Node":"dev-node-1","CheckID":"svc:web2:ttl","Name":"web2 ttl","Status":"warning","Notes":"set by hand","Output":"queue depth 950\n","ServiceID":"web2:web:80","ServiceName":"web","ServiceTags":["v2"],"Type":"TTL","Definition":{},"CreateIndex":31,"ModifyIndex":36}"#)
        #expect(check.id == Check.ID(source, "dev-node-1/svc:web2:ttl"))
        #expect(check.name == "web2 ttl" && check.status == .warning && check.notes == "set by hand" && check.output == "queue depth 950\n")
        #expect(check.service == "web" && check.serviceID == "web2:web:80" && check.node == "dev-node-1" && check.tags == ["v2"] && check.kind == "ttl")
        #expect(check.since == nil && check.flips == 0, "time is not Consul's to tell")
    }

    @Test(arguments: ["_node_maintenance", "_service_maintenance:cache1"]) func maintenanceIsNoFailure(_ id: String) throws {
        let check = try read(#"{"Node":"n","CheckID":"\#(id)","Name":"Maintenance Mode","Status":"critical","Notes":"kernel upgrade","Output":"","ServiceTags":null,"Type":"maintenance"}"#)
        #expect(check.status == .maintenance && check.kind == "maintenance" && check.notes == "kernel upgrade")
    }

    @Test func serfIsTheNodesOwn() throws {
        let check = try read(#"{"Node":"n","CheckID":"serfHealth","Name":"Serf Health Status","Status":"critical","Output":"Agent not live or unreachable","Type":""}"#)
        #expect(check.status == .critical && check.kind == "serf" && check.service.isEmpty)
    }

    @Test(arguments: ["unknown", "", "PASSING"]) func aStatusThatIsNoneIsLookedAt(_ word: String) throws {
        let check = try read(#"{"Node":"n","CheckID":"c","Status":"\#(word)","Notes":"note"}"#)
        #expect(check.status == .warning && check.notes.hasPrefix("note; ") && check.name == "c")
        #expect(word.isEmpty || check.notes.contains("“\(word)”"))
    }

    @Test func definitionsInWords() throws {
        let http = try read(#"{"Node":"n","CheckID":"c","Status":"passing","Definition":{"Interval":"10s","Timeout":"2s","HTTP":"http://10.1.1.1/"}}"#)
        #expect(http.definition == "GET http://10.1.1.1/ every 10s, time-out 2s")
        let tcp = try read(#"{"Node":"n","CheckID":"c","Status":"passing","Definition":{"TCP":"10.1.1.1:25","Interval":"0s"}}"#)
        #expect(tcp.definition == "connect to 10.1.1.1:25")
        let newer = try read(#"{"Node":"n","CheckID":"c","Status":"passing","Type":"http","Interval":"15s","Timeout":"1s","ExposedPort":0,"Definition":{},"PeerName":""}"#)
        #expect(newer.definition == "every 15s, time-out 1s")
    }

    @Test func outputsAreBounded() throws {
        let huge = String(repeating: "ä", count: 5 << 20)
        let check = try read(#"{"Node":"n","CheckID":"c","Status":"critical","Output":"\#(huge)"}"#)
        #expect(check.output.utf8.count < HealthCheck.outputLimit + 100)
        #expect(check.output.hasSuffix("cut here: \(10 << 20) bytes in all"))
        #expect(HealthCheck.bounded("short") == "short")
    }

    @Test(arguments: ["null", "[]", "[null, 7, \"x\", {}]"]) func emptyListsAreEmpty(_ text: String) throws {
        #expect(try HealthCheck.list(Array(text.utf8), source: source).isEmpty)
    }

    @Test(arguments: ["", "{}", "<html></html>", "[{\"Node\":\"n\"", "No cluster leader", "[{\"Node\":\"n\"}] and more"])
    func whatIsNoListIsSaid(_ text: String) {
        #expect(throws: JSONReader.Malformed.self) { try HealthCheck.list(Array(text.utf8), source: source) }
    }

    @Test func wrongTypesCountAsAbsent() throws {
        let check = try read(#"{"Node":"n","CheckID":"c","Status":7,"Output":{"a":[1,{}]},"ServiceTags":"x","Definition":[1]}"#)
        #expect(check.status == .warning && check.output.isEmpty && check.tags.isEmpty && check.definition.isEmpty)
    }
}
