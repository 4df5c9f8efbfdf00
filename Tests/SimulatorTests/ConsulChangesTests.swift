internal import JSON
internal import Testing
@testable internal import Simulator

@Suite struct ConsulChangesTests {
    @Test func aServiceComesIsMaintainedAndGoes() async {
        let stage = ConsulStage()
        await stage.register("mine-1", "mine", port: 8080)
        let held = await stage.ask("/v1/agent/service/mine-1")
        #expect(held.json?["Service"]?.text == "mine" && held.json?["Port"]?.integer == 8080)
        #expect(held.headers["X-Consul-Contenthash"] == held.json?["ContentHash"]?.text)
        #expect(await stage.ask("/v1/health/service/mine?passing").json?.elements.count == 1)

        #expect(await stage.put("/v1/agent/service/maintenance/mine-1?enable=true&reason=a%20disk").status == 200)
        let check = await stage.ask("/v1/health/checks/mine").json?.elements.first { $0["CheckID"]?.text == "_service_maintenance:mine-1" }
        #expect(check?["Status"]?.text == "critical" && check?["Notes"]?.text == "a disk" && check?["Type"]?.text == "maintenance")
        #expect(await stage.ask("/v1/health/service/mine?passing").text == "[]")
        #expect(await stage.ask("/v1/agent/health/service/id/mine-1?format=text").text == "maintenance")
        #expect(await stage.put("/v1/agent/service/maintenance/mine-1?enable=false").status == 200)

        #expect(await stage.put("/v1/agent/service/deregister/mine-1").status == 200)
        #expect(await stage.ask("/v1/catalog/service/mine").text == "[]")
        #expect(await stage.put("/v1/agent/service/deregister/mine-1").status == 200, "1.8 says yes also to what it does not know")
    }

    @Test func aTTLIsToldAndRunsOut() async {
        let stage = ConsulStage()
        #expect(await stage.put("/v1/agent/check/register", #"{"ID":"disk","Name":"disk","TTL":"10s"}"#).status == 200)
        func standing() async -> [String?] {
            let check = await stage.ask("/v1/agent/checks").json?["disk"]
            return [check?["Status"]?.text, check?["Output"]?.text]
        }
        #expect(await standing().first == "critical")
        for (word, status) in [("pass", "passing"), ("warn", "warning"), ("fail", "critical"), ("pass", "passing")] {
            #expect(await stage.put("/v1/agent/check/\(word)/disk?note=84%25").status == 200)
            #expect(await standing() == [status, "84%"])
        }
        #expect(await stage.put("/v1/agent/check/update/disk", #"{"Status":"warning","Output":"full"}"#).status == 200)
        #expect(await standing() == ["warning", "full"])
        stage.pass(11)
        #expect(await standing().first == "critical")
        #expect(await stage.put("/v1/agent/check/deregister/disk").status == 200)
        #expect(await standing() == [nil, nil])
    }

    @Test func theCatalogTakesMachinesWithoutAnAgent() async {
        let stage = ConsulStage()
        let body = #"{"Node":"ext","Address":"10.9.9.9","NodeMeta":{"external-node":"true"},"Service":{"Service":"mail","Port":25},"Check":{"Name":"up","Status":"passing","ServiceID":"mail"}}"#
        #expect(await stage.put("/v1/catalog/register", body).text == "true")
        let entry = await stage.ask("/v1/catalog/node/ext").json
        #expect(entry?["Node", "TaggedAddresses"] == .null && entry?["Node", "ID"]?.text == "" && entry?["Services", "mail", "Port"]?.integer == 25)
        #expect(await stage.ask("/v1/agent/members").text.contains("\"ext\"") == false)
        // A second service, without a word about the node.
        #expect(await stage.put("/v1/catalog/register", #"{"Node":"ext","SkipNodeUpdate":true,"Service":{"ID":"w","Service":"web2","Port":80}}"#).text == "true")
        #expect(await stage.put("/v1/catalog/deregister", #"{"Node":"ext","ServiceID":"w"}"#).text == "true")
        #expect(await stage.ask("/v1/catalog/node/ext").json?["Services"]?.members.map(\.key) == ["mail"])
        #expect(await stage.put("/v1/catalog/deregister", #"{"Node":"ext"}"#).text == "true")
        #expect(await stage.ask("/v1/catalog/node/ext").text == "null")
    }

    /// All read off a real agent.
    @Test(arguments: [
        ("agent/service/register", "", 400, "Request decode failed: EOF"), ("agent/service/register", "{", 400, "Request decode failed: unexpected EOF"),
        ("agent/service/register", "xx", 400, "Request decode failed: invalid character 'x' looking for beginning of value"),
        ("agent/service/register", #"{"Name":}"#, 400, "Request decode failed: invalid character '}' looking for beginning of value"),
        ("agent/service/register", #"{"Name":5}"#, 400, "Request decode failed: json: cannot unmarshal number into Go struct field .Name of type string"),
        ("agent/service/register", #"{"Name":"b","Tags":"x"}"#, 400, "Request decode failed: json: cannot unmarshal string into Go struct field .Tags of type []string"),
        ("agent/service/register", #"{"Name":"b","Port":1.5}"#, 400, "Request decode failed: json: cannot unmarshal number 1.5 into Go struct field .Port of type int"),
        ("agent/service/register", #"{"Name":"b","Foo":1}"#, 400, #"Request decode failed: json: unknown field "Foo""#),
        ("agent/service/register", "null", 400, "Missing service name"),
        ("agent/service/register", #"{"Name":"x","Check":{"HTTP":"http://x"}}"#, 400, "Invalid check: Interval must be > 0 for Script, HTTP, or TCP checks"),
        ("agent/service/register", #"{"Name":"x","Check":{"TTL":"abc"}}"#, 400, #"Request decode failed: time: invalid duration "abc""#),
        ("agent/service/register", #"{"Name":"x","Check":{"Interval":"10s"}}"#, 400, "Invalid check: TTL must be > 0 for TTL checks"),
        ("agent/service/register", #"{"Name":"x","Check":{"TTL":"10s","Interval":"3s"}}"#, 400, "Invalid check: Interval and TTL cannot both be specified"),
        ("agent/service/register", #"{"Name":"x","Check":{"TTL":"10s","Status":"bad"}}"#, 400, "Status for checks must 'passing', 'warning', 'critical'"),
        ("agent/check/register", #"{"Name":""}"#, 400, "Missing check name"), ("agent/check/register", #"{"Name":"y","TTL":"10s","Status":"foo"}"#, 400, "Bad check status"),
        ("agent/check/register", #"{"Name":"y","TTL":"10s","ServiceID":"nosuch"}"#, 500, #"ServiceID "nosuch" does not exist"#),
        ("agent/check/pass/nosuch", "", 500, #"CheckID "nosuch" does not have associated TTL"#),
        ("agent/check/update/nosuch", #"{"Status":"foo"}"#, 400, "Invalid check status: 'foo'"),
        ("agent/service/deregister/", "", 500, "ServiceID missing"), ("agent/service/maintenance/", "", 400, "Missing service ID"),
        ("agent/service/maintenance/nosuch", "", 400, "Missing value for enable"),
        ("agent/service/maintenance/nosuch?enable=true", "", 404, #"No service registered with ID "nosuch""#),
        ("agent/maintenance?enable=x", "", 400, #"Invalid value for enable: "x""#), ("agent/force-leave/nosuch", "", 500, "agent: No node found with name 'nosuch'"),
        ("catalog/register", "{}", 500, "Must provide node"), ("catalog/register", #"{"Node":"foo"}"#, 500, "Must provide address if SkipNodeUpdate is not set"),
        ("catalog/deregister", "{}", 500, "Must provide node"), ("catalog/deregister", #"{"Node":"nosuch"}"#, 200, "true"),
    ]) func refusals(_ path: String, _ body: String, _ status: Int, _ text: String) async {
        let said = await ConsulStage().put("/v1/\(path)", body)
        #expect(said.status == status && said.text == text)
    }

    @Test(arguments: [
        ("10s", 10_000), ("1m30s", 90_000), ("500ms", 500), ("1.5h", 5_400_000), ("0", 0), ("-2s", -2000), (".5s", 500), ("", nil), ("5", nil), ("s", nil), ("10 s", nil),
        ("1d", nil), ("99999999999h", nil), (".s", nil),
    ] as [(String, Int64?)]) func durations(_ text: String, _ milliseconds: Int64?) { #expect(GoText.duration(text) == milliseconds.map { .milliseconds($0) }) }
}
