internal import Domain
import JSON
internal import Testing
@testable internal import DockerEngine

/// Specifications are sent back whole: what is not meant to change must come out as it went in.
@Suite struct SpecificationTests {
    static let wire = #"""
        {"Name":"todo","Labels":{"com.docker.stack.namespace":"shop"},"TaskTemplate":{"ContainerSpec":{"Image":"todo:1@sha256:abc","Env":["A=1","DB_PASSWORD=hunter2"],"FutureField":{"x":[1,2,{"y":null}]},"Mounts":[{"Type":"bind","Source":"/a","Target":"/b","BindOptions":{"Propagation":"rslave"}}],"Isolation":"default"},"Resources":{"Limits":{"MemoryBytes":18446744073709551615}},"Placement":{"Constraints":["node.labels.ssd == true"]},"Networks":[{"Target":"n1","Aliases":["web"],"DriverOpts":{"k":"v"}}],"ForceUpdate":3,"Runtime":"container"},"Mode":{"Replicated":{"Replicas":3}},"EndpointSpec":{"Mode":"vip","Ports":[{"Protocol":"tcp","TargetPort":80,"PublishedPort":8080,"PublishMode":"ingress"}]}}
        """#

    static func tree() throws -> JSONTree { try JSONTree(Array(wire.utf8)) }
    static let form = ServiceForm(directory: .init(networkNames: ["n1": "front"]))

    @Test func whatIsReadIsWrittenBackLetterForLetter() throws {
        #expect(try Self.tree().json == Self.wire)
        let odd = #"{"a":1.50,"b":-0,"c":12345678901234567890123,"d":"é\u0001\"\\","e":[],"f":{},"g":[true,false,null]}"#
        #expect(try JSONTree(Array(odd.utf8)).json == odd)
    }

    @Test(arguments: ["", "{", #"{"a":}"#, #"{"a":1,}"#, "[1 2]", #""open"#, #"{"a":1} x"#])
    func whatIsNoJSONIsRefused(text: String) { #expect(throws: JSONReader.Malformed.self) { try JSONTree(Array(text.utf8)) } }

    @Test func hostileNestingDoesNotCostTheStack() {
        #expect(throws: JSONReader.Malformed.self) { try JSONTree(Array(String(repeating: "[", count: 1_000_000).utf8)) }
    }

    @Test func anUntouchedFormChangesNothing() throws {
        let before = try Self.tree()
        var after = before
        let specification = Self.form.specification(before)
        Self.form.write(specification, over: specification, into: &after)
        #expect(after == before)
    }

    @Test func oneFieldChangesOnePlace() throws {
        let before = try Self.tree()
        let old = Self.form.specification(before)
        var new = old
        new.replicas = 5
        var after = before
        Self.form.write(new, over: old, into: &after)
        #expect(JSONTree.differences(before, after) == [["Mode", "Replicated", "Replicas"]])
        new.networks.append(.init(network: "back"))
        new.mounts.append(.init(origin: "data", destination: "/data"))
        after = before
        Self.form.write(new, over: old, into: &after)
        // What the form cannot say of the first attachment and the first mount is still there.
        #expect(after["TaskTemplate", "Networks"]?.elements.first == before["TaskTemplate", "Networks"]?.elements.first)
        #expect(after["TaskTemplate", "ContainerSpec", "Mounts"]?.elements.first?["BindOptions", "Propagation"] == .string("rslave"))
        #expect(after["TaskTemplate", "Networks"]?.elements.last?["Target"] == .string("back"))
    }

    @Test func aFormSaysWhatTheSpecificationHas() throws {
        let s = Self.form.specification(try Self.tree())
        #expect(s.networks == [.init(network: "front", aliases: ["web"])])
        #expect(s.ports == [Workload.Port(published: 8080, target: 80)])
        #expect(s.mounts == [.init(kind: "bind", origin: "/a", destination: "/b", propagation: "rslave")])
        #expect(s.constraints == ["node.labels.ssd == true"] && s.replicas == 3 && s.limits.memory == .max)
    }

    private static let restartCount = [SwarmEdit.restartCount]

    @Test func aChangeIsMadeToWhatTheServiceIsNowIfItStillMeansTheSame() throws {
        let base = try Self.tree()
        let edited = try #require(SwarmEdit.edited(base, by: .scale(to: 5)))
        let update = SpecificationUpdate(path: ["services", "x"], name: "todo", base: base, edited: edited, rising: Self.restartCount)
        var theirs = base
        theirs.set(.string("todo:2"), at: ["TaskTemplate", "ContainerSpec", "Image"])
        let merged = try update.merge(into: theirs, attempt: "scale todo")
        #expect(merged["Mode", "Replicated", "Replicas"] == .number(5))
        #expect(merged["TaskTemplate", "ContainerSpec", "Image"] == .string("todo:2"))
    }

    @Test func aClashIsExplainedAndNothingIsSent() throws {
        let base = try Self.tree()
        let edited = try #require(SwarmEdit.edited(base, by: .scale(to: 5)))
        let update = SpecificationUpdate(path: ["services", "x"], name: "todo", base: base, edited: edited, rising: Self.restartCount)
        var theirs = base
        theirs.set(.number(7), at: ["Mode", "Replicated", "Replicas"])
        do throws(Trouble) {
            _ = try update.merge(into: theirs, attempt: "scale todo")
            Issue.record("a clash went through")
        } catch {
            #expect(error.reason == .conflict && error.answer.contains("tasks 3 → 7"))
        }
        // The same wish twice is no clash.
        theirs.set(.number(5), at: ["Mode", "Replicated", "Replicas"])
        #expect(try update.merge(into: theirs, attempt: "scale todo") == theirs)
    }

    @Test func restartsCountUpWhoeverElseRestarted() throws {
        let base = try Self.tree()
        let edited = try #require(SwarmEdit.edited(base, by: .restart))
        let update = SpecificationUpdate(path: ["services", "x"], name: "todo", base: base, edited: edited, rising: Self.restartCount)
        var theirs = base
        theirs.set(.number(9), at: SwarmEdit.restartCount)
        #expect(try update.merge(into: theirs, attempt: "restart todo")[SwarmEdit.restartCount[...]] == .number(10))
    }

    @Test func rollingBackWantsTheVerySpecificationOfThePlan() throws {
        let base = try Self.tree()
        let update = SpecificationUpdate(path: ["services", "x"], name: "todo", base: base, edited: base, isWhole: true)
        var theirs = base
        theirs.set(.string("other:1"), at: ["TaskTemplate", "ContainerSpec", "Image"])
        #expect(throws: Trouble.self) { try update.merge(into: theirs, attempt: "roll back todo") }
    }

    @Test func secretsAreMaskedWhereverTheyStand() throws {
        let masked = SecretMask.masked(Self.wire)
        #expect(!masked.contains("hunter2") && masked.contains("DB_PASSWORD=•••") && masked.contains("\"A=1\""))
        let command = SecretMask.masked("docker run -e API_TOKEN='a b c' -e X=1 img")
        #expect(!command.contains("b c") && command.hasSuffix(" -e X=1 img"))
        #expect(!SecretMask.masked(#"{"Env":["MY_SECRET=a b\"c d"]}"#).contains("c d"))
    }

    private static func parsed(_ json: String) throws -> JSONTree { try JSONTree(Array(json.utf8)) }

    @Test func differencesComeInOrderOnceEach() throws {
        let (a, b) = (try Self.parsed(#"{"z":1,"a":{"x":1,"y":2},"m":[1],"m":[2]}"#), try Self.parsed(#"{"n":0,"a":{"y":3},"m":[3],"z":1}"#))
        #expect(JSONTree.differences(a, b) == [["a", "x"], ["a", "y"], ["m"], ["n"]])
        let many = JSONTree.dictionary(Dictionary(uniqueKeysWithValues: (0..<20_000).map { ("key\($0)", "v") }))
        var other = many
        other.set(.string("w"), at: ["key7"])
        let start = ContinuousClock.now
        #expect(JSONTree.differences(many, other) == [["key7"]])
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test func whatTheFormCannotSaySurvivesAChangeBesideIt() throws {
        let base = try Self.parsed(#"""
            {"TaskTemplate":{"ContainerSpec":{"Image":"x","Healthcheck":{"Test":["CMD","true"],"StartInterval":7,"Interval":1000000000},"Secrets":[{"File":{"Name":"a","UID":"0","GID":"0","Mode":292},"SecretID":"s1","SecretName":"a","New":1}],"Configs":[{"ConfigID":"c1","ConfigName":"cred","Runtime":{}},{"File":{"Name":"m","UID":"0","GID":"0","Mode":292},"ConfigID":"c2","ConfigName":"m"}]},"Resources":{"Reservations":{"GenericResources":[{"NamedResourceSpec":{"Kind":"gpu","Value":"u1"}},{"DiscreteResourceSpec":{"Kind":"ssd","Value":9223372036854775807}}]}}},"Mode":{"ReplicatedJob":{"MaxConcurrent":2,"TotalCompletions":9}}}
            """#)
        let form = ServiceForm(directory: .init(secretIDs: ["a": "s1", "b": "s2"], configIDs: ["m": "c2", "n": "c3"]))
        let old = form.specification(base)
        var new = old
        #expect(old.configs.map(\.name) == ["m"] && old.mode == .job(completions: 9))
        new.mode = .job(completions: 4)
        new.replicas = 4
        new.healthCheck?.interval = .seconds(3)
        new.secrets.append(.init(name: "b", target: "b"))
        new.configs.append(.init(name: "n", target: "n"))
        new.reservations.others["fpga"] = 1
        var after = base
        form.write(new, over: old, into: &after)
        #expect(after["Mode"]?.json == #"{"ReplicatedJob":{"MaxConcurrent":2,"TotalCompletions":4}}"#)
        let container = try #require(after["TaskTemplate", "ContainerSpec"])
        #expect(container["Healthcheck"]?.json == #"{"Test":["CMD","true"],"StartInterval":7,"Interval":3000000000}"#)
        #expect(container["Secrets"]?.elements.first == base["TaskTemplate", "ContainerSpec", "Secrets"]?.elements.first)
        #expect(container["Secrets"]?.elements.last?["SecretID"] == .string("s2"))
        #expect(container["Configs"]?.elements.map { $0["ConfigID"]?.text } == ["c1", "c2", "c3"])
        let generic = after["TaskTemplate", "Resources", "Reservations", "GenericResources"]?.elements ?? []
        #expect(generic.count == 3 && generic.first?["NamedResourceSpec", "Value"] == .string("u1"))
    }

    @Test func ofAnEnvironmentOnlyTheDifferencesAreTold() throws {
        func service(_ lines: [String]) -> JSONTree { .object(["Env": lines.isEmpty ? nil : .strings(lines)]) }
        func change(_ old: [String], _ new: [String]) -> Plan.Change? {
            SpecificationWords.changes(from: .object(["TaskTemplate": .object(["ContainerSpec": service(old)])]), to: .object(["TaskTemplate": .object(["ContainerSpec": service(new)])])).first
        }
        let many = ["SAME=1", "SIZE=1", "OLD=x", "DB_PASSWORD=hunter2"]
        #expect(change(many, ["COLOUR=blue", "SAME=1", "SIZE=2", "DB_PASSWORD=hunter3"]) == .init(subject: "environment", before: "4 variables", after: "+COLOUR=blue SIZE: 1 → 2 DB_PASSWORD (changed) −OLD"))
        #expect(change([], ["COLOUR=blue", "DB_PASSWORD=hunter2"]) == .init(subject: "environment", before: "none", after: "+COLOUR=blue +DB_PASSWORD=•••"))
        #expect(change(["A=1", "DB_PASSWORD=hunter2"], []) == .init(subject: "environment", before: "A=1 DB_PASSWORD=•••", after: "none"))
        #expect(change(["A=1", "B=2"], ["B=2", "A=1"])?.after == "in another order")
    }

    @Test func aChangeOfOptionsIsSeen() throws {
        let old = try Self.parsed(#"{"Labels":{"api_token":"a"},"TaskTemplate":{"ContainerSpec":{"Mounts":[{"Type":"volume","Source":"d","Target":"/d","VolumeOptions":{"DriverConfig":{"Name":"nfs","Options":{"o":"addr=192.0.2.1,password=hunter2"}}}}]},"Networks":[{"Target":"n1"}]}}"#)
        let new = try Self.parsed(#"{"Labels":{"api_token":"b"},"TaskTemplate":{"ContainerSpec":{"Mounts":[{"Type":"volume","Source":"d","Target":"/d","ReadOnly":true}]},"Networks":[{"Target":"n1"},{"Target":"n2"}]}}"#)
        let changes = SpecificationWords.changes(from: old, to: new, names: ["n1": "front", "n2": "back"])
        #expect(changes.map(\.subject) == ["label api_token", "mounts", "networks"])
        #expect(changes.map(\.before) == ["•••", "d:/d (nfs, o=addr=192.0.2.1,password=•••)", "front"])
        #expect(changes.map(\.after) == ["••• (changed)", "d:/d:ro", "front back"])
    }
}
