import Domain
import Store
import Testing

@Suite struct RegistryFoldingTests {
    private static let consul = WatchedRun.consul

    @Test func `what a registry tells again unchanged is no news`() {
        let run = WatchedRun(at: 1000)
        let instance = ServiceInstance(id: ServiceInstance.id(Self.consul, node: "n1", serviceID: "web-1"), service: "web", serviceID: "web-1", node: "n1")
        let member = Member(id: Member.ID(Self.consul, "n1"), name: "n1")
        let updates: [Update] = [
            .instances(Self.consul, [instance]), .members(Self.consul, [member]), .registry(Registry(id: Self.consul, datacenter: "dc1")),
            .checks(Self.consul, [WatchedRun.check("http", .passing)]),
        ]
        for update in updates { run.store.receive(update) }
        let first = run.store.snapshot()
        #expect(first.instances == [instance] && first.members == [member] && first.registry(Self.consul)?.datacenter == "dc1")
        #expect(first.revisions.registry == 3 && first.revisions.checks == 1)
        for update in updates { run.store.receive(update) }
        run.store.receive(.checkChanges(changed: [WatchedRun.check("http", .passing)], gone: [Check.ID(Self.consul, "n1/none")]))
        #expect(run.store.snapshot().revisions == first.revisions)
        let other = Source.ID("registry")
        run.store.receive(.instances(other, []))
        run.store.receive(.registry(Registry(id: other)))
        run.store.receive(.registry(Registry(id: Self.consul, datacenter: "dc2")))
        #expect(run.store.snapshot().instances == [instance])
        #expect(run.store.snapshot().registries.map(\.datacenter).sorted() == ["", "dc2"])
    }

    @Test func `a list of checks leaves those of other sources alone`() {
        let run = WatchedRun(at: 1000)
        run.store.receive(.containers(WatchedRun.docker, [WatchedRun.container("a", .healthy)]))
        run.list(("http", .passing), ("tcp", .critical))
        run.list(("tcp", .critical))
        #expect(Set(run.store.snapshot().checks.map(\.name)) == ["a", "tcp"])
    }

    /// 5,000 checks of which 40 at a time change, come and go: the picture is what a plain dictionary would hold.
    @Test func `thousands of checks, some of which flap`() {
        var generator = Sequence(state: 4711)
        let run = WatchedRun(at: 1000)
        var model: [Check.ID: Check.Status] = [:]
        let names = (0..<5000).map { "check-\($0)" }
        let all = names.map { WatchedRun.check($0, .passing) }
        for check in all { model[check.id] = check.status }
        run.store.receive(.checks(Self.consul, all))
        for round in 1...50 {
            run.clock(1000 + Int64(round))
            var changed: [Check] = []
            var gone: [Check.ID] = []
            for name in Set((0..<40).map { _ in names.randomElement(using: &generator) ?? "" }) {
                let check = WatchedRun.check(name, Check.Status.allCases.randomElement(using: &generator) ?? .passing)
                if Int.random(in: 0..<4, using: &generator) == 0 {
                    gone.append(check.id)
                    model[check.id] = nil
                } else {
                    changed.append(check)
                    model[check.id] = check.status
                }
            }
            run.store.receive(.checkChanges(changed: changed, gone: gone))
        }
        let picture = run.store.snapshot()
        #expect(picture.checks.count == model.count)
        #expect(Dictionary(picture.checks.map { ($0.id, $0.status) }, uniquingKeysWith: { first, _ in first }) == model)
        #expect(picture.revisions.checks > 50)
        // By the index the right one is found, wherever it stands by now.
        for check in picture.checks.prefix(100) {
            run.store.receive(.checkChanges(changed: [], gone: [check.id]))
            #expect(run.store.snapshot().check(check.id) == nil)
        }
        #expect(run.store.snapshot().checks.count == model.count - 100)
    }

    /// The same numbers in each run.
    private struct Sequence: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }
}
