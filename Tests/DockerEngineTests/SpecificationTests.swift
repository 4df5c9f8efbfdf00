internal import Domain
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
}
