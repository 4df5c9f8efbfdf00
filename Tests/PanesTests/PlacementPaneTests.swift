import Commands
import Domain
import Drawing
import Panes
import Testing

/// The placement pane by itself: a snapshot in, cells and a cursor out.
@Suite struct PlacementPaneTests {
    private static func pane(_ snapshot: Snapshot, _ commands: [Command.ID] = []) -> PlacementPane {
        var pane = PlacementPane()
        pane.arrange(snapshot)
        for command in commands { _ = pane.perform(command, snapshot) }
        return pane
    }

    private static func screen(_ pane: inout PlacementPane, _ snapshot: Snapshot, width: Int = 80, height: Int = 24, hasUnicode: Bool = true) -> String {
        var canvas = Canvas(size: Size(width: width, height: height), hasUnicode: hasUnicode)
        pane.arrange(snapshot)
        pane.draw(into: &canvas, rect: canvas.bounds, scene: Scene(snapshot: snapshot, now: snapshot.takenAt))
        return canvas.text
    }

    /// The words on a screen without the breaks between its lines.
    private static func words(_ screen: String) -> String { screen.split(whereSeparator: { $0 == " " || $0 == "\n" }).joined(separator: " ") }

    private static func name(_ subject: Subject) -> String {
        switch subject {
        case .workload(let workload): workload.name
        case .task(let task): task.name
        case .node(let node): node.name
        case .stack(_, let name, _): name
        default: ""
        }
    }

    // MARK: What is shown

    @Test func servicesTellOfTheirTasks() {
        var pane = Self.pane(PlacementFixture.healthy)
        let screen = Self.screen(&pane, PlacementFixture.healthy)
        for part in ["▾ shop  2 services", "5/5", "h1 ■1 ■3  h2 ■2 ■4  h3 ■5", "global", "2/3 done", "h1 ✓2  h2 ✓1 ■3", "8080→80"] { #expect(screen.contains(part)) }
        #expect(pane.note(PlacementFixture.healthy) == "swarm · 3 nodes · 4 services")
        #expect(pane.problemCount(PlacementFixture.healthy) == 0)
    }

    @Test(arguments: [40, 55, 62, 80, 120, 160])
    func aReasonIsNeverCut(width: Int) {
        let snapshot = PlacementFixture.stuck
        var pane = Self.pane(snapshot)
        let screen = Self.words(Self.screen(&pane, snapshot, width: width, height: 60))
        #expect(screen.contains("No such image:"))
        #expect(screen.contains("1 is down"))
        #expect(screen.contains("update paused due to failure or early termination of task"))
    }

    @Test func whatIsStuckComesWithARemedy() {
        let snapshot = PlacementFixture.stuck
        var pane = Self.pane(snapshot, [.view, .view])
        let screen = Self.words(Self.screen(&pane, snapshot, width: 100, height: 60))
        for part in ["heartbeat failure", "allow more than 2 on one node", "goes back to the specification before", "its node cannot pull", "3 before it failed", "X removes it"] {
            #expect(screen.contains(part))
        }
        #expect(!screen.contains("agent"))
    }

    @Test func nothingStuckSaysSo() {
        var pane = Self.pane(PlacementFixture.healthy, [.view, .view])
        #expect(Self.screen(&pane, PlacementFixture.healthy).contains("Nothing is stuck"))
    }

    @Test func nodesTellWhatTheyHold() {
        var pane = Self.pane(PlacementFixture.nodeDown, [.view])
        let screen = Self.screen(&pane, PlacementFixture.nodeDown, width: 100)
        for part in ["★ leader", "ready", "down", "heartbeat failure", "2/4", "3G/8G", "ssd=true  zone=a", "shop_web ■1 ■3"] { #expect(screen.contains(part)) }
    }

    @Test func equalFatesShareARow() {
        var snapshot = PlacementFixture.pending
        guard let first = snapshot.tasks.first(where: \.isUnplaced) else { return }
        for slot in 6...50 {
            snapshot.tasks.append(
                WorkloadTask(id: WorkloadTask.ID(PlacementFixture.swarm, "more\(slot)"), name: "shop_web.\(slot)", workload: first.workload, slot: slot, state: .pending, stateWord: "pending", reason: first.reason))
        }
        var pane = Self.pane(snapshot)
        let screen = Self.screen(&pane, snapshot)
        #expect(screen.contains(".5 .6 .7 .8 .9 and 41 more not placed"))
        #expect(pane.rowCount == 6)
    }

    @Test func sourcesWithoutASwarmSayWhy() {
        var pane = Self.pane(PlacementFixture.noSwarm)
        #expect(Self.words(Self.screen(&pane, PlacementFixture.noSwarm)).contains("docker swarm init makes it one"))
        #expect(pane.note(PlacementFixture.noSwarm) == "no orchestrator")
        #expect(Self.words(Self.screen(&pane, PlacementFixture.base)).contains("No orchestrator is watched"))
    }

    @Test func staleFactsStayAndSayTheirAge() {
        var snapshot = PlacementFixture.healthy
        let trouble = Trouble(.unreachable, attempt: "list services", answer: "the swarm has no leader", remedy: "bring managers back")
        snapshot.sources[1] = PlacementFixture.swarmSource(.stale(since: PlacementFixture.ago(40), trouble), remarks: ["this engine is a worker"])
        var pane = Self.pane(snapshot)
        let screen = Self.screen(&pane, snapshot)
        for part in ["▲ stale 40s: the swarm has no leader; bring managers back", "▲ this engine is a worker", "5/5"] { #expect(screen.contains(part)) }
    }

    @Test func aSwarmWithoutServicesOffersToDeploy() {
        var snapshot = PlacementFixture.healthy
        snapshot.workloads = []
        snapshot.tasks = []
        var pane = Self.pane(snapshot)
        let screen = Self.screen(&pane, snapshot)
        #expect(screen.contains("No services yet"))
        #expect(screen.contains("u deploys one"))
    }

    // MARK: The cursor

    @Test func theCursorStaysOnTheSameTask() {
        var snapshot = PlacementFixture.healthy
        var pane = Self.pane(snapshot, [.down, .down, .right, .down, .down, .down])
        #expect(Self.name(pane.subject(in: snapshot)) == "shop_web.3")
        snapshot.tasks.reverse()
        snapshot.workloads.insert(Workload(id: PlacementFixture.service("shop_api"), name: "shop_api", group: "shop", kind: "service"), at: 0)
        snapshot.revisions.placement += 1
        pane.arrange(snapshot)
        #expect(Self.name(pane.subject(in: snapshot)) == "shop_web.3")
        _ = pane.perform(.view, snapshot)
        #expect(Self.name(pane.subject(in: snapshot)) == "h1")
    }

    @Test func leftGoesUpAndFolds() {
        let snapshot = PlacementFixture.healthy
        var pane = Self.pane(snapshot, [.right, .bottom])
        let open = pane.rowCount
        #expect(open == 5 + 6)
        pane = Self.pane(snapshot, [.right, .down, .down, .left])
        #expect(Self.name(pane.subject(in: snapshot)) == "shop_db")
        _ = pane.perform(.left, snapshot)
        #expect(pane.rowCount == open - 1)
        for _ in 0..<3 { _ = pane.perform(.left, snapshot) }
        #expect(pane.rowCount == 3)
        #expect(Self.name(pane.subject(in: snapshot)) == "shop")
        _ = pane.perform(.right, snapshot)
        #expect(pane.rowCount == 5)
    }

    @Test func aTaskIsFoundWhereverItIsFoldedAway() {
        let snapshot = PlacementFixture.healthy
        guard let task = snapshot.tasks.first(where: { $0.name == "shop_web.4" }) else { return }
        for commands: [Command.ID] in [[], [.left], [.view], [.view, .view]] {
            var pane = Self.pane(snapshot, commands)
            let isFound = pane.select(.task(task))
            #expect(isFound)
            pane.arrange(snapshot)
            #expect(Self.name(pane.subject(in: snapshot)) == "shop_web.4")
        }
    }

    @Test func aClickFindsTheRowOfItsLine() {
        let snapshot = PlacementFixture.stuck
        var pane = Self.pane(snapshot)
        let lines = Self.screen(&pane, snapshot).split(separator: "\n", omittingEmptySubsequences: false)
        for (part, name) in [("No such image", "mail.2"), ("m2x9q0w7e5r3t1y8u6i4o2p0a", "mail"), ("no node □5", "shop_web"), ("1 is down", "shop_web.5")] {
            guard let line = lines.firstIndex(where: { $0.contains(part) }) else {
                Issue.record("no line has “\(part)”")
                continue
            }
            pane.click(row: line)
            #expect(Self.name(pane.subject(in: snapshot)) == name)
        }
    }

    @Test(arguments: [3, 5, 9, 24])
    func theCursorIsAlwaysSeen(height: Int) {
        let snapshot = PlacementFixture.stuck
        for view in 0..<3 {
            var pane = Self.pane(snapshot, Array(repeating: .view, count: view))
            _ = pane.perform(.top, snapshot)
            for step in 0..<2 * pane.rowCount {
                var canvas = Canvas(size: Size(width: 60, height: height))
                pane.draw(into: &canvas, rect: canvas.bounds, scene: Scene(snapshot: snapshot, now: snapshot.takenAt))
                #expect(canvas.cells.contains { $0.overlay.contains(.selected) }, "view \(view), step \(step)")
                _ = pane.perform(step < pane.rowCount ? .down : .up, snapshot)
            }
        }
    }

    // MARK: Filter, problems, order

    @Test func filtersByTextNegationAndLabel() {
        let snapshot = PlacementFixture.healthy
        for (typed, present, absent) in [("postgres", "db", "agent"), ("!shop", "agent", "web"), ("-l team=ops", "agent", "reindex"), ("-l tier=front", "web", "postgres")] {
            var pane = Self.pane(snapshot)
            pane.filter = Filter(typed)
            let screen = Self.screen(&pane, snapshot)
            #expect(screen.contains(present), "\(typed)")
            #expect(!screen.contains(absent), "\(typed)")
        }
        var pane = Self.pane(snapshot, [.view])
        pane.filter = Filter("-l zone=b")
        pane.arrange(snapshot)
        #expect(pane.rowCount == 1)
        pane.filter = Filter("nonsense")
        #expect(Self.screen(&pane, snapshot).contains("No row matches “nonsense”"))
    }

    @Test func problemsOnlyLeavesOutWhatIsWell() {
        var pane = Self.pane(PlacementFixture.pending)
        pane.showsProblemsOnly = true
        let screen = Self.screen(&pane, PlacementFixture.pending)
        #expect(screen.contains("not placed"))
        #expect(!screen.contains("agent"))
    }

    @Test func problemsAreCountedOnce() {
        let pane = PlacementPane()
        #expect(pane.problemCount(PlacementFixture.pending) == 1)
        // The node, the paused update, the service that is short of one, the one that fails over and over.
        #expect(pane.problemCount(PlacementFixture.stuck) == 4)
    }

    @Test func servicesAreSortedByWhatTheyLackAndByAge() {
        let snapshot = PlacementFixture.pending
        var pane = Self.pane(snapshot, [.sortNext, .top])
        #expect(Self.name(pane.subject(in: snapshot)) == "reindex")
        pane = Self.pane(snapshot, [.sortNext, .top, .down, .down])
        #expect(Self.name(pane.subject(in: snapshot)) == "shop_web")
        pane = Self.pane(snapshot, [.sortNext, .sortNext, .top])
        #expect(Self.name(pane.subject(in: snapshot)) == "reindex")
        pane = Self.pane(snapshot, [.sortNext, .sortNext, .invertSort, .top, .down])
        #expect(Self.name(pane.subject(in: snapshot)) == "shop_db")
    }

    // MARK: Any terminal, any text, any size

    @Test(arguments: [Size(width: 200, height: 60), Size(width: 110, height: 20), Size(width: 55, height: 18), Size(width: 20, height: 5), Size(width: 3, height: 3), Size(width: 1, height: 1)])
    func everyViewFitsEverySize(size: Size) {
        for snapshot in [PlacementFixture.healthy, PlacementFixture.stuck, PlacementFixture.noSwarm, PlacementFixture.base] {
            for view in 0..<3 {
                var pane = Self.pane(snapshot, Array(repeating: .view, count: view) + [.right, .bottom])
                _ = Self.screen(&pane, snapshot, width: size.width, height: size.height)
                let plain = Self.screen(&pane, snapshot, width: size.width, height: size.height, hasUnicode: false)
                #expect(plain.utf8.allSatisfy { $0 < 0x7F })
                #expect(!plain.contains("?"))
            }
        }
    }

    @Test func controlCharactersNeverReachACell() {
        var snapshot = PlacementFixture.stuck
        let evil = "evil\u{1B}[31m\u{9B}2J\u{202E}\r\nname"
        for index in snapshot.tasks.indices { snapshot.tasks[index].reason += evil }
        for index in snapshot.nodes.indices {
            snapshot.nodes[index].name += evil
            snapshot.nodes[index].message += evil
        }
        for index in snapshot.workloads.indices {
            snapshot.workloads[index].name += evil
            snapshot.workloads[index].rolloutMessage += evil
        }
        for view in 0..<3 {
            var pane = Self.pane(snapshot, Array(repeating: .view, count: view))
            let screen = Self.screen(&pane, snapshot, width: 140, height: 60)
            #expect(!screen.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || (0x7F..<0xA0).contains($0.value) || $0.value == 0x202E })
        }
    }

    @Test func anUnchangedPictureCostsNothing() {
        var snapshot = PlacementFixture.healthy
        var pane = Self.pane(snapshot)
        let rows = pane.rowCount
        snapshot.workloads = []
        snapshot.tasks = []
        pane.arrange(snapshot)
        #expect(pane.rowCount == rows)
        snapshot.revisions.placement += 1
        pane.arrange(snapshot)
        #expect(pane.rowCount < rows)
    }
}
