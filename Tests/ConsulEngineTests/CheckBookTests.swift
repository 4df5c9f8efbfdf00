internal import Domain
internal import Testing
@testable internal import ConsulEngine

@Suite struct CheckBookTests {
    private let source = Source.ID("consul:test")

    private func check(_ id: String, _ status: Check.Status, node: String = "n", output: String = "", service: String = "web", tags: [String] = []) -> Check {
        Check(id: HealthCheck.id(source, node: node, check: id), name: id, status: status, output: output, service: service, serviceID: service + "-1", node: node, tags: tags)
    }

    @Test func firstTheListThenWhatDiffers() throws {
        var book = CheckBook()
        let nothing = book.news(source: source)
        #expect(nothing == nil)
        book.take([check("a", .passing), check("b", .passing), check("c", .critical)])
        guard case (.checks(_, let list), let affected)? = book.news(source: source) else { throw Missing() }
        #expect(list.map(\.name) == ["a", "b", "c"] && affected.nodes == ["n"] && affected.services == ["web"])

        book.take([check("c", .critical), check("b", .critical), check("d", .passing, node: "m", service: "db")])
        guard case (.checkChanges(let changed, let gone), let moved)? = book.news(source: source) else { throw Missing() }
        #expect(Set(changed.map(\.name)) == ["b", "d"] && gone.map(\.raw) == ["n/a"])
        #expect(moved.nodes == ["n", "m"] && moved.services == ["web", "db"])
        #expect(book.checks.map(\.name) == ["c", "b", "d"])
    }

    @Test func anUnchangedListTellsNothing() {
        var book = CheckBook()
        book.take([check("a", .passing), check("b", .passing)])
        _ = book.news(source: source)
        book.take([check("b", .passing), check("a", .passing)])
        let news = book.news(source: source)
        #expect(news == nil, "the order of Consul's lists is not stable")
    }

    @Test func aStatusAloneMovesNoInstance() {
        var book = CheckBook()
        book.take([check("a", .passing)])
        _ = book.news(source: source)
        book.take([check("a", .critical)])
        let status = book.news(source: source)?.affected
        #expect(status == CheckBook.Affected())
        book.take([check("a", .critical, tags: ["v2"])])
        let moved = book.news(source: source)?.affected
        #expect(moved == CheckBook.Affected(nodes: ["n"], services: ["web"]))
    }

    @Test func theAgentKnowsOutputsBeforeTheCatalog() throws {
        var book = CheckBook()
        book.take([check("a", .critical), check("p", .passing, output: "old")])
        book.take(own: [check("a", .critical, output: "connection refused"), check("p", .passing, output: "run 7")])
        guard case (.checks(_, let list), _)? = book.news(source: source) else { throw Missing() }
        #expect(list[0].output == "connection refused" && list[1].output == "old", "what passes is not told with each run")
        book.take(own: [check("a", .passing, output: "fine now")])
        guard case (.checkChanges(let changed, _), _)? = book.news(source: source) else { throw Missing() }
        #expect(changed.map(\.output) == [""], "an output of another status belongs to that status")
    }

    @Test func fiveThousandOfWhichFortyFlapTellForty() throws {
        var book = CheckBook()
        book.take((0..<5000).map { check("c\($0)", .passing) })
        _ = book.news(source: source)
        book.take((0..<5000).map { check("c\($0)", $0 % 125 == 0 ? .critical : .passing) })
        guard case (.checkChanges(let changed, let gone), _)? = book.news(source: source) else { throw Missing() }
        #expect(changed.count == 40 && gone.isEmpty)
    }

    @Test func twoOfOneIDAreOne() throws {
        var book = CheckBook()
        book.take([check("a", .passing), check("a", .critical)])
        guard case (.checks(_, let list), _)? = book.news(source: source) else { throw Missing() }
        #expect(list.map(\.status) == [.critical])
    }

    private struct Missing: Error {}
}
