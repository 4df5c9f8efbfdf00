import Commands
import Domain
import Drawing
import Panes
import Testing

@testable import Dashboard

/// The plan page of scaling: digits and signs, and where Enter goes.
@Suite struct ScalingTests {
    private static let source = Source.ID("swarm:local")
    private static let web = Workload(id: Workload.ID(source, "w1"), name: "web", kind: "service", desired: 3, running: 3)

    private func page(typed: String? = nil) -> PlanPage {
        var page = PlanPage(operations: [Operation(.workload(.scale(to: 3)), on: .workload(Self.web.id, name: "web"))], typedName: typed, now: Timestamp(seconds: 0))
        answer(&page)
        return page
    }

    /// As the engine does: a plan for the number that was asked about.
    private func answer(_ page: inout PlanPage) { page.planned(.success([Plan(operation: page.operations[0])])) }

    private func press(_ keys: [Key], _ page: inout PlanPage) -> [PlanPage.Answer] {
        keys.map { key in
            let answer = page.handle(key)
            if case .revise = answer { self.answer(&page) }
            return answer
        }
    }

    private func wanted(_ page: PlanPage) -> Int? {
        if case .workload(.scale(let count)) = page.operations[0].action { count } else { nil }
    }

    @Test(arguments: [
        (["7"], 7), (["1", "2"], 12), (["+"], 4), (["-", "-"], 1), (["-", "-", "-", "-"], 0), (["1", "2", "Backspace"], 1), (["5", "+", "2"], 2),
        (["9", "9", "9", "9", "9", "9", "9"], 99_999), (["Tab", "8"], 8), (["Tab", "+"], 4),
    ] as [([String], Int)])
    func digitsReplaceAndSignsStepWhateverHasTheFocus(keys: [String], count: Int) {
        var page = page()
        _ = press(keys.map { Key(stringLiteral: $0) }, &page)
        #expect(wanted(page) == count)
    }

    @Test func anOldAnswerIsNotTakenForTheNewNumber() {
        var page = page()
        guard case .revise(let operations) = page.handle("8") else {
            Issue.record("a digit asked for no new plan")
            return
        }
        page.planned(.success([Plan(operation: Operation(.workload(.scale(to: 3)), on: operations[0].target))]))
        // The plan on the screen is not the number's: nothing can be applied yet.
        _ = page.handle(.tab)
        if case .apply = page.handle(.enter) { Issue.record("applied a plan nobody has seen") }
        answer(&page)
        guard case .apply(let plans) = page.handle(.enter) else {
            Issue.record("cannot be applied")
            return
        }
        #expect(plans.map(\.operation) == page.operations)
    }

    @Test func enterPressesCancelFirst() {
        var page = page()
        if case .close = page.handle(.enter) {} else { Issue.record("Enter did not press Cancel") }
    }

    @Test func aNameWithDigitsCanStillBeTyped() {
        var page = page(typed: "web2")
        _ = press([Key("w"), Key("e"), Key("b"), Key("2")], &page)
        #expect(wanted(page) == 3)
        _ = press([Key("7")], &page)
        #expect(wanted(page) == 7)
        _ = page.handle(.tab)
        if case .apply = page.handle(.enter) {} else { Issue.record("the typed name was not taken") }
    }

    @Test(arguments: ["shop_web", "my-app-2", "a+b=c"])
    func signsInANameBelongToTheName(name: String) {
        var page = PlanPage(operations: [Operation(.workload(.scale(to: 3)), on: .workload(Self.web.id, name: name))], typedName: name, now: Timestamp(seconds: 0))
        answer(&page)
        _ = press(name.map { Key($0) }, &page)
        #expect(wanted(page) == 3)
        // A slip is taken back in the name, not in the number.
        _ = press([Key("x"), "Backspace"], &page)
        #expect(wanted(page) == 3)
        _ = page.handle(.tab)
        if case .apply = page.handle(.enter) {} else { Issue.record("“\(name)” was not taken") }
    }

    @Test func undoTakesBackTheLastChangeAndNoOlderOne() {
        var dashboard = DashboardTests.dashboard([DashboardTests.container("web1"), DashboardTests.container("web2")])
        let ids = ["web1", "web2"].map { Operation.Target.container(Container.ID(DashboardTests.source, $0 + "0123456789ab"), name: $0) }
        func done(_ action: Operation.Action, on target: Operation.Target, _ token: Token) {
            let plan = Plan(operation: Operation(action, on: target))
            _ = dashboard.update(.performed(token, plan, Outcome(operation: plan.operation, result: .success("done"))))
        }
        // Two at once are taken back together, the later one first.
        done(.stop(grace: nil), on: ids[0], Token(number: 1))
        done(.stop(grace: nil), on: ids[1], Token(number: 1))
        #expect(dashboard.undoable.map(\.target.name) == ["web2", "web1"] && dashboard.situation.undoReason == nil)
        // What cannot be taken back does not bring an older change within reach.
        done(.restart(grace: nil), on: ids[0], Token(number: 2))
        #expect(dashboard.undoable.isEmpty && dashboard.situation.undoReason == "the last change, restart web1, cannot be taken back")
    }

    @Test func aShellIsNoWayAroundReadOnly() {
        var situation = Situation(pane: .placement, subject: .task(WorkloadTask(id: .init(Self.source, "t"), name: "web.1", state: .running)))
        situation.taskContainer = DashboardTests.container("web1")
        #expect(Catalogue.command(.shell).obstacle(in: situation) == nil)
        situation.containersReadOnlyReason = "prod is read-only"
        #expect(Catalogue.command(.shell).obstacle(in: situation) == "prod is read-only")
    }

    @Test func aChangedServiceIsFollowedUntilItRuns() {
        var snapshot = Snapshot(takenAt: Timestamp(seconds: 100))
        var web = Self.web
        web.revision = 7
        snapshot.workloads = [web]
        let convergence = Convergence(name: "web", parts: [.init(source: Self.source, name: "web", before: 7)], since: Timestamp(seconds: 90), expectsRemoval: false)
        let now = Timestamp(seconds: 100)
        // The picture has not caught up: it still shows the revision that was changed. Much later it means that nothing was.
        #expect(convergence.verdict(in: snapshot, now: Timestamp(seconds: 92)) == .converging)
        #expect(convergence.verdict(in: snapshot, now: now) == .converged("web: 3 of 3 running after 10 s"))
        snapshot.workloads[0].revision = 8
        snapshot.workloads[0].desired = 5
        #expect(convergence.verdict(in: snapshot, now: now) == .converging)
        snapshot.tasks = [WorkloadTask(id: .init(Self.source, "t"), name: "web.4", workload: web.id, state: .pending, stateWord: "pending", reason: "no suitable node")]
        #expect(convergence.verdict(in: snapshot, now: now) == .stuck("web: 3 of 5 running; web.4 not placed: no suitable node"))
        snapshot.tasks = []
        snapshot.workloads[0].running = 5
        #expect(convergence.verdict(in: snapshot, now: now) == .converged("web: 5 of 5 running after 10 s"))
        snapshot.workloads[0].rollout = .paused
        snapshot.workloads[0].rolloutMessage = "task failed"
        guard case .failed(let words) = convergence.verdict(in: snapshot, now: now) else {
            Issue.record("a paused update is no failure")
            return
        }
        #expect(words.contains("task failed"))
    }
}
