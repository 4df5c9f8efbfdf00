internal import Domain
internal import Testing
@testable internal import ConsulEngine

@Suite struct InstanceSweepTests {
    private let source = Source.ID("consul:test")

    private func instance(_ service: String, on node: String) -> ServiceInstance {
        ServiceInstance(id: ServiceInstance.id(source, node: node, serviceID: service), service: service, serviceID: service, node: node)
    }

    @Test func theFewerListsAreAsked() {
        var byNode = InstanceSweep()
        byNode.setUnits(nodes: ["a", "b"], services: ["x", "y", "z"])
        #expect(Set(byNode.take(9)) == [.node("a"), .node("b")])
        var byService = InstanceSweep()
        byService.setUnits(nodes: ["a", "b", "c"], services: ["x"])
        #expect(byService.take(9) == [.service("x")])
    }

    @Test func oneMoreOfEitherKindChangesNothing() {
        var sweep = InstanceSweep()
        sweep.setUnits(nodes: ["a", "b"], services: ["x", "y"])
        _ = sweep.take(9)
        sweep.setUnits(nodes: ["a", "b", "c"], services: ["x", "y"])
        #expect(sweep.take(9) == [.node("c")])
        sweep.setUnits(nodes: ["a", "b", "c", "d", "e"], services: ["x", "y"])
        #expect(Set(sweep.take(9)) == [.service("x"), .service("y")], "the other kind is less than half as many")
    }

    @Test func changedOnesComeFirstAndSweepsSeldom() {
        var sweep = InstanceSweep()
        let start = ContinuousClock.now
        let nodes = (0..<10).map { "n\($0)" }
        sweep.setUnits(nodes: nodes, services: (0..<20).map { "s\($0)" })
        sweep.beginSweepIfDue(every: .seconds(5), at: start)
        #expect(sweep.take(20).count == 10)
        for node in nodes { sweep.put([], of: .node(node)) }
        #expect(sweep.isComplete && !sweep.hasWork)

        sweep.wantSweep()
        sweep.beginSweepIfDue(every: .seconds(5), at: start + .seconds(4))
        #expect(!sweep.hasWork, "too soon after the last one")
        sweep.mark(CheckBook.Affected(nodes: ["n7", "elsewhere"], services: ["s1"]))
        sweep.beginSweepIfDue(every: .seconds(5), at: start + .seconds(5))
        #expect(sweep.take(3) == [.node("n7"), .node("n0"), .node("n1")])
        #expect(sweep.hasWork)
    }

    @Test func whatHasGoneIsForgotten() {
        var sweep = InstanceSweep()
        sweep.setUnits(nodes: ["a", "b"], services: ["web", "db", "job"])
        _ = sweep.take(9)
        sweep.put([instance("web", on: "a")], of: .node("a"))
        #expect(!sweep.isComplete)
        sweep.put([instance("web", on: "b"), instance("db", on: "b")], of: .node("b"))
        #expect(sweep.isComplete && sweep.instances.map(\.id.raw) == ["b/db", "a/web", "b/web"])
        sweep.setUnits(nodes: ["b"], services: ["web", "db", "job"])
        sweep.put([instance("web", on: "a")], of: .node("a"))
        #expect(sweep.instances.map(\.id.raw) == ["b/db", "b/web"])
    }
}
