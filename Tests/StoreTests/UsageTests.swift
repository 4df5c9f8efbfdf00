import Domain
import Store
import Testing

@Suite struct UsageTests {
    private let source = Source.ID("docker:local")

    private func container(_ raw: String) -> Container {
        Container(id: Container.ID(source, raw), host: Host.ID(source, "h"), name: raw, image: "i", created: Timestamp(seconds: 1), state: .running(since: nil))
    }

    private func usage(_ seconds: Int64) -> Usage { Usage(at: Timestamp(seconds: seconds)) }

    @Test func aReadingThatComesTooLateDoesNotStay() {
        let store = SnapshotStore(now: { Timestamp(seconds: 1000) }, onChange: {})
        store.receive(.containers(source, [container("a"), container("b")]))
        store.receive(.usage(["a": usage(1), "b": usage(1)]))
        store.receive(.containerGone(Container.ID(source, "b")))
        store.receive(.usage(["b": usage(2)]))
        store.receive(.usage(["a": usage(3)]))
        #expect(Set(store.snapshot().usage.keys) == ["a"])
        #expect(store.snapshot().usage["a"]?.latest == usage(3))
    }

    @Test func aReadingMayComeBeforeItsContainer() {
        let store = SnapshotStore(now: { Timestamp(seconds: 1000) }, onChange: {})
        store.receive(.usage(["a": usage(1)]))
        store.receive(.containers(source, [container("a")]))
        #expect(store.snapshot().usage["a"]?.latest == usage(1))
    }
}
