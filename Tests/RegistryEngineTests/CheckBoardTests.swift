internal import Domain
internal import Testing
@testable internal import RegistryEngine

@Suite struct CheckBoardTests {
    private static let source = RegistryEngine.sourceID
    private static let id = Check.ID(source, "box/web")
    private static let now = Timestamp(seconds: 1_800_000_000)

    private static func wanted(_ definition: CheckDefinition, service: String = "web") -> Holdings.WantedCheck {
        Holdings.WantedCheck(body: .probe(definition), node: "box", service: service, serviceID: "web")
    }

    private static let tcp = CheckDefinition(id: "web", name: "web", probe: .tcp("127.0.0.1:1"), interval: 10)

    private static func board(_ definition: CheckDefinition = tcp, at clock: ContinuousClock.Instant, memory: CheckBoard.Memory? = nil) -> CheckBoard {
        var board = CheckBoard(source: source)
        if let memory { board.memories[id] = memory }
        _ = board.replace(with: [id: wanted(definition)], at: clock, now: now) { _ in .zero }
        return board
    }

    @Test func itStartsAndThenItIsWhatItsRunsSay() throws {
        let clock = ContinuousClock.now
        var board = Self.board(at: clock)
        #expect(board.check(Self.id)?.status == .starting)
        #expect(!board.hasAllRun)
        let errand = try #require(board.take(at: clock, atMost: 16).first)
        let isNews = board.finish(errand, CheckAnswer(.passing, "a"), at: clock, now: Self.now)
        #expect(isNews)
        #expect(board.hasAllRun)
        let first = try #require(board.check(Self.id))
        #expect((first.status, first.output, first.since, first.isSinceAtLeast) == (.passing, "a", Self.now, true))
        let again = try #require(board.take(at: clock + .seconds(10), atMost: 16).first)
        let isNewsAgain = board.finish(again, CheckAnswer(.critical, "b"), at: clock + .seconds(10), now: Self.now.adding(.seconds(10)))
        #expect(isNewsAgain)
        let second = try #require(board.check(Self.id))
        #expect((second.status, second.since, second.isSinceAtLeast) == (.critical, Self.now.adding(.seconds(10)), false))
    }

    @Test func noneRunsTwiceAtOnceAndNoneBeforeItsTime() throws {
        let clock = ContinuousClock.now
        var board = Self.board(at: clock)
        let errand = try #require(board.take(at: clock, atMost: 16).first)
        let meanwhile = board.take(at: clock + .seconds(60), atMost: 16)
        #expect(meanwhile.isEmpty)
        #expect(board.underWay == 1)
        // It took longer than its interval: the next run is at once, and only one.
        _ = board.finish(errand, CheckAnswer(.passing, ""), at: clock + .seconds(25), now: Self.now)
        #expect(board.nextDue == clock + .seconds(25))
        let after = board.take(at: clock + .seconds(25), atMost: 16)
        #expect(after.count == 1)
    }

    @Test func atMostSoManyAtOnceTheLongestOverdueFirst() {
        let clock = ContinuousClock.now
        var board = CheckBoard(source: Self.source)
        var delay = 0
        let all = Dictionary(uniqueKeysWithValues: (0..<100).map { (Check.ID(Self.source, "box/\($0)"), Self.wanted(Self.tcp)) })
        _ = board.replace(with: all, at: clock, now: Self.now) { _ in
            delay += 1
            return .milliseconds(delay)
        }
        let taken = board.take(at: clock + .seconds(1), atMost: 16)
        #expect(taken.count == 16)
        #expect(board.nextDue == clock + .milliseconds(17))
        let none = board.take(at: clock + .seconds(1), atMost: 0)
        #expect(none.isEmpty)
    }

    @Test func whatWasReplacedMeanwhileDoesNotCount() throws {
        let clock = ContinuousClock.now
        var board = Self.board(at: clock)
        let errand = try #require(board.take(at: clock, atMost: 16).first)
        var other = Self.tcp
        other.probe = .tcp("127.0.0.1:2")
        _ = board.replace(with: [Self.id: Self.wanted(other)], at: clock, now: Self.now) { _ in .zero }
        let isNews = board.finish(errand, CheckAnswer(.critical, "old"), at: clock, now: Self.now)
        #expect(!isNews)
        #expect(board.check(Self.id)?.status == .starting)
        #expect(board.underWay == 0)
    }

    @Test func aNameThatChangesDoesNotStartItAnew() throws {
        let clock = ContinuousClock.now
        var board = Self.board(at: clock)
        let errand = try #require(board.take(at: clock, atMost: 16).first)
        _ = board.finish(errand, CheckAnswer(.passing, "a"), at: clock, now: Self.now)
        let (changed, gone) = board.replace(with: [Self.id: Self.wanted(Self.tcp, service: "new")], at: clock, now: Self.now) { _ in .zero }
        #expect((changed, gone) == ([Self.id], []))
        #expect(board.check(Self.id)?.status == .passing)
        #expect(board.check(Self.id)?.service == "new")
    }

    @Test func anInitialStatusCountsUntilItHasRun() {
        var definition = Self.tcp
        definition.initialStatus = "passing"
        #expect(Self.board(definition, at: .now).check(Self.id)?.status == .passing)
    }

    @Test func aTTLExpiresOnceAndForGood() throws {
        let clock = ContinuousClock.now
        var definition = Self.tcp
        definition.probe = .ttl(30)
        var board = Self.board(definition, at: clock)
        #expect(board.hasAllRun)
        let early = board.take(at: clock + .seconds(29), atMost: 1)
        #expect(early.isEmpty)
        let errand = try #require(board.take(at: clock + .seconds(30), atMost: 1).first)
        _ = board.finish(errand, CheckAnswer(.critical, "expired"), at: clock, now: Self.now)
        let later = board.take(at: clock + .seconds(86_400), atMost: 1)
        #expect(later.isEmpty)
    }

    @Test func whatWasKnownIsToldWithItsAge() {
        let memory = CheckBoard.Memory(status: .critical, output: "no route", since: Self.now, ranAt: Self.now.adding(.seconds(-300)), flips: 3)
        let check = Self.board(at: .now, memory: memory).check(Self.id)
        #expect(check?.status == .starting)
        #expect(check?.output.contains("5 min ago it was critical: no route") == true)
    }

    @Test(arguments: [0, -1, 1e300, .infinity, .nan, 1e-9] as [Double])
    func absurdIntervals(interval: Double) throws {
        let clock = ContinuousClock.now
        var definition = Self.tcp
        definition.interval = interval
        definition.timeout = interval
        var board = Self.board(definition, at: clock)
        let errand = try #require(board.take(at: clock, atMost: 1).first)
        _ = board.finish(errand, CheckAnswer(.passing, ""), at: clock, now: Self.now)
        let due = try #require(board.nextDue)
        #expect(due >= clock + .seconds(1) && due <= clock + .seconds(86_400))
        #expect(definition.patience >= .milliseconds(50) && definition.patience <= .seconds(60))
    }

    @Test func theFileIsToldOfChangesAndNowAndThen() throws {
        var clock = ContinuousClock.now
        var board = Self.board(at: clock)
        func run(_ status: Check.Status) throws -> Bool {
            let errand = try #require(board.take(at: clock, atMost: 1).first)
            _ = board.finish(errand, CheckAnswer(status, ""), at: clock, now: Self.now)
            return board.memoryToKeep(Self.id, at: clock) != nil
        }
        #expect(try run(.passing))
        clock += .seconds(10)
        #expect(try !run(.passing))
        clock += .seconds(10)
        #expect(try run(.critical))
        clock += .seconds(60)
        #expect(try run(.critical))
    }
}

@Suite struct DueQueueTests {
    @Test func theNextComesFirst() {
        let clock = ContinuousClock.now
        var queue = DueQueue()
        let order = (0..<500).map { ($0 * 7919) % 500 }
        for number in order {
            queue.push(DueQueue.Item(due: clock + .milliseconds(number), check: Check.ID(RegistryEngine.sourceID, "\(number)"), generation: 0))
        }
        let early = queue.pop(dueBy: clock - .seconds(1))
        #expect(early == nil)
        var popped: [String] = []
        while let item = queue.pop(dueBy: clock + .seconds(1)) { popped.append(item.check.raw) }
        #expect(popped == (0..<500).map(String.init))
    }
}

@Suite struct CheckAnswerTests {
    @Test func outputIsBoundedAndPrintable() {
        let answer = CheckAnswer(.passing, "a\u{1B}[31m\u{7}\n\tb" + String(repeating: "é", count: 10 << 10))
        #expect(answer.output.hasPrefix("a[31m\n\tb"))
        #expect(answer.output.utf8.count <= CheckAnswer.limit)
    }
}
