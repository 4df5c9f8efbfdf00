import Commands
import Domain
import Drawing
import Panes
import Testing

/// Finding things in the health pane, and what it says where there is nothing to find.
@Suite struct HealthSearchTests {
    // MARK: Filter and problems

    @Test(arguments: [
        ("refused", 1), ("!web", 5), ("critical", 2), ("canary", 1), ("n3", 1), ("serf", 3), ("-l tier=front", 2), ("-l tier=back", 1), ("!-l tier", 4), ("nowhere", 0),
    ])
    func checksAreFiltered(typed: String, count: Int) {
        let snapshot = HealthFixture.troubled
        var pane = HealthPaneTests.pane(snapshot)
        pane.filter = Filter(typed)
        pane.arrange(snapshot)
        #expect(pane.rowCount == count)
    }

    @Test func aDockerCheckIsFoundByTheNameOfItsHost() {
        var snapshot = HealthFixture.base
        snapshot.checks = [Check(id: Check.ID(HealthFixture.engine, "c0ffee"), name: "web2", status: .critical, node: "h1")]
        snapshot.revisions.checks = 1
        var pane = HealthPaneTests.pane(snapshot)
        pane.filter = Filter("lab1")
        pane.arrange(snapshot)
        #expect(pane.rowCount == 1)
    }

    /// The filter looks again at what has changed, and only at that.
    @Test func aFilterFollowsWhatIsPrinted() {
        var snapshot = HealthFixture.crowd(50)
        var pane = HealthPaneTests.pane(snapshot)
        pane.filter = Filter("refused")
        pane.arrange(snapshot)
        #expect(pane.rowCount == 0)
        snapshot.checks[7].output = "connection refused"
        snapshot.revisions.checks += 1
        pane.arrange(snapshot)
        #expect(pane.rowCount == 1)
        #expect(HealthPaneTests.name(pane.subject(in: snapshot)) == "n7/check7")
        snapshot.checks[7].output = "all is well"
        snapshot.checks.removeFirst()
        snapshot.revisions.checks += 1
        pane.arrange(snapshot)
        #expect(pane.rowCount == 0)
        snapshot.instances = [HealthFixture.instance("n9", "s9", "service9", "10.0.0.9", 80, meta: ["tier": "front"])]
        snapshot.revisions.registry += 1
        pane.filter = Filter("-l tier=front")
        pane.arrange(snapshot)
        #expect(pane.rowCount == 1)
    }

    @Test(arguments: [("web", 1), ("tier", 0), ("-l tier=back", 1), ("canary", 1), ("maintenance", 1), ("10.0.0.1:5432", 1)])
    func servicesAreFilteredByTheirInstances(typed: String, count: Int) {
        let snapshot = HealthFixture.troubled
        var pane = HealthPaneTests.pane(snapshot, [.view])
        pane.filter = Filter(typed)
        pane.arrange(snapshot)
        #expect(pane.rowCount == count, "\(typed)")
    }

    @Test(arguments: [("leader", 1), ("failed", 1), ("-l rack=b", 1), ("dc1", 3)])
    func nodesAreFiltered(typed: String, count: Int) {
        let snapshot = HealthFixture.troubled
        var pane = HealthPaneTests.pane(snapshot, [.view, .view])
        pane.filter = Filter(typed)
        pane.arrange(snapshot)
        #expect(pane.rowCount == count, "\(typed)")
    }

    @Test func problemsAreWarningsCriticalsAndFailedNodes() {
        var snapshot = HealthFixture.troubled
        for (views, count) in [(0, 3), (1, 1), (2, 3)] {
            var pane = HealthPaneTests.pane(snapshot, Array(repeating: .view, count: views))
            pane.showsProblemsOnly = true
            pane.arrange(snapshot)
            #expect(pane.rowCount == count, "view \(views)")
        }
        snapshot.checks.removeAll { $0.status >= .warning }
        snapshot.revisions.checks += 1
        var pane = HealthPaneTests.pane(snapshot, [.view, .view])
        pane.showsProblemsOnly = true
        pane.arrange(snapshot)
        #expect(pane.rowCount == 1)
        #expect(HealthPaneTests.name(pane.subject(in: snapshot)) == "n3")
    }

    // MARK: Going to a row

    @Test func everyKindOfThingIsFoundInItsView() throws {
        let snapshot = HealthFixture.differing
        let difference = try #require(Disagreement.all(in: snapshot).first)
        let service = try #require(snapshot.serviceHealth(HealthFixture.consul, name: "db"))
        let targets: [(Subject, String)] = [
            (.check(snapshot.checks[5]), "n2/disk"), (.service(service), "db"), (.instance(snapshot.instances[1]), "web2"), (.member(snapshot.members[1]), "n2"),
            (.disagreement(difference), difference.kind.rawValue),
        ]
        for views in 0..<4 {
            for (subject, name) in targets {
                var pane = HealthPaneTests.pane(snapshot, Array(repeating: .view, count: views))
                let isFound = pane.select(subject)
                #expect(isFound)
                pane.arrange(snapshot)
                #expect(HealthPaneTests.name(pane.subject(in: snapshot)) == name, "from view \(views)")
            }
        }
    }

    @Test func aContainerIsFoundByItsHealthCheck() {
        var snapshot = HealthFixture.differing
        let container = snapshot.containers[0]
        var pane = HealthPaneTests.pane(snapshot)
        let isFoundWithout = pane.select(.container(container))
        #expect(!isFoundWithout)
        snapshot.checks.append(Check(id: Check.ID(HealthFixture.engine, container.id.raw), name: "cache1", status: .passing, container: container.id))
        snapshot.revisions.checks += 1
        pane.arrange(snapshot)
        let isFound = pane.select(.container(container))
        #expect(isFound)
        #expect(HealthPaneTests.name(pane.subject(in: snapshot)) == container.id.raw)
    }

    @Test func whatIsHiddenOrGoneIsNotFound() {
        let snapshot = HealthFixture.troubled
        var pane = HealthPaneTests.pane(snapshot)
        pane.filter = Filter("disk")
        pane.arrange(snapshot)
        let isHiddenFound = pane.select(.check(snapshot.checks[3]))
        #expect(!isHiddenFound)
        pane.filter = .none
        pane.arrange(snapshot)
        let stranger = HealthFixture.instance("n9", "other", "other", "10.0.0.9", 80)
        let isStrangerFound = pane.select(.instance(stranger))
        #expect(!isStrangerFound)
        let isGoneFound = pane.select(.check(HealthFixture.check("n9", "gone", "gone", .passing, "")))
        #expect(!isGoneFound)
        #expect(pane.note(snapshot).hasPrefix("by check"))
    }

    @Test func aClickFindsTheRowBelowRemarks() {
        var snapshot = HealthFixture.troubled
        snapshot.sources[1] = HealthFixture.consulSource(remarks: ["no token is given: lists may lack what one would show"])
        var pane = HealthPaneTests.pane(snapshot)
        let lines = HealthPaneTests.lines(HealthPaneTests.screen(&pane, snapshot))
        #expect(lines[0].contains("▲ no token is given"))
        guard let row = lines.firstIndex(where: { $0.contains("disk space") }) else {
            Issue.record("the check is on no line")
            return
        }
        pane.click(row: row)
        #expect(HealthPaneTests.name(pane.subject(in: snapshot)) == "n2/disk")
        pane.click(row: 0)
        pane.click(row: 23)
        #expect(HealthPaneTests.name(pane.subject(in: snapshot)) == "n2/disk")
    }

    // MARK: What is to be known of the sources

    @Test func aLostLeaderAndOldFactsAreSaid() {
        var snapshot = HealthFixture.troubled
        snapshot.registries[0].leader = ""
        var pane = HealthPaneTests.pane(snapshot, [.view, .view])
        #expect(HealthPaneTests.screen(&pane, snapshot).contains("✖ it has no leader just now"))
        #expect(pane.note(snapshot).hasPrefix("by node · no leader"))
        let trouble = Trouble(.unreachable, attempt: "list checks", answer: "connection refused", remedy: "start its agent")
        snapshot.sources[1] = HealthFixture.consulSource(.stale(since: HealthFixture.ago(40), trouble))
        #expect(HealthPaneTests.screen(&pane, snapshot).contains("▲ stale 40s: connection refused; start its agent"))
    }

    @Test func nothingAtAllSaysWhatWouldGiveSome() {
        let snapshot = HealthFixture.base
        for (views, part) in [(0, "No check is known"), (1, "No service is registered"), (2, "No registry that knows nodes"), (3, "There is no registry to compare")] {
            var pane = HealthPaneTests.pane(snapshot, Array(repeating: .view, count: views))
            let screen = HealthPaneTests.words(HealthPaneTests.screen(&pane, snapshot))
            #expect(screen.contains(part))
            #expect(screen.contains("CONSUL_HTTP_ADDR"))
        }
    }

    @Test func agreementSaysWhatWasCompared() {
        var snapshot = HealthFixture.base
        snapshot.sources.append(HealthFixture.consulSource())
        snapshot.instances = [HealthFixture.instance("n1", "db1", "db", "10.9.9.9", 5432)]
        snapshot.revisions.registry = 1
        guard Disagreement.all(in: snapshot).isEmpty else {
            Issue.record("an instance on another machine is no difference")
            return
        }
        var pane = HealthPaneTests.pane(snapshot, [.view, .view, .view])
        let screen = HealthPaneTests.words(HealthPaneTests.screen(&pane, snapshot))
        #expect(screen.contains("The registry and what runs agree"))
        #expect(screen.contains("1 registered instance of consul compared with 0 containers"))
    }

    // MARK: Hostile text, small terminals

    @Test func textFromOutsideNeverReachesACellRaw() {
        var snapshot = HealthFixture.troubled
        let evil = "e\u{1B}[31mvil\u{9B}2J\u{202E}\u{7}\nnext"
        for index in snapshot.checks.indices {
            snapshot.checks[index].name = evil
            snapshot.checks[index].output = evil
            snapshot.checks[index].definition = evil
            snapshot.checks[index].notes = evil
        }
        for index in snapshot.instances.indices { snapshot.instances[index].tags = [evil] }
        for views in 0..<4 {
            var pane = HealthPaneTests.pane(snapshot, Array(repeating: .view, count: views) + [.right, .down, .right, .down])
            let screen = HealthPaneTests.screen(&pane, snapshot, width: 160, height: 40)
            #expect(!screen.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || (0x7F..<0xA0).contains($0.value) || $0.value == 0x202E })
        }
    }

    @Test(arguments: [(0, 0), (1, 1), (3, 2), (20, 5), (40, 14), (80, 24), (200, 60)])
    func everyViewFitsEverySize(width: Int, height: Int) {
        let snapshot = HealthFixture.differing
        for views in 0..<4 {
            var pane = HealthPaneTests.pane(snapshot, Array(repeating: .view, count: views) + [.top, .right])
            for step in 0..<2 * max(1, pane.rowCount) {
                var canvas = Canvas(size: Size(width: width, height: height))
                pane.draw(into: &canvas, rect: canvas.bounds, scene: Scene(snapshot: snapshot, now: snapshot.takenAt))
                #expect(width < 3 || height < 3 || pane.rowCount == 0 || canvas.cells.contains { $0.overlay.contains(.selected) }, "view \(views), step \(step)")
                _ = pane.perform(step < pane.rowCount ? .down : .up, snapshot)
            }
        }
    }
}
