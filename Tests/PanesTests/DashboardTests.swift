import Commands
import Domain
import Drawing
import Panes
import Testing

@testable import Dashboard

/// Keys in, screens out: no terminal, no engine.
@Suite struct DashboardTests {
    static let now = Timestamp(seconds: 1_795_420_984)
    static let source = Source.ID("docker:local")

    static func container(_ name: String, state: Container.State = .running(since: Timestamp(seconds: 1_795_420_864)), health: Container.Health = .none, labels: [String: String] = [:]) -> Container {
        Container(
            id: Container.ID(source, name + "0123456789ab"), host: Host.ID(source, "h1"), name: name, image: "busybox:local", created: Timestamp(seconds: 1_795_420_000),
            state: state, health: health, ports: [.init(hostAddress: "0.0.0.0", hostPort: 8081, containerPort: 80), .init(hostAddress: "::", hostPort: 8081, containerPort: 80)],
            labels: labels, endpoints: [Endpoint(network: "bridge", networkID: "n1", address: "172.17.0.2")])
    }

    static func dashboard(_ containers: [Container], size: Size = Size(width: 80, height: 24), freshness: Freshness = .live(since: now), readOnly: Bool = false) -> Dashboard {
        var snapshot = Snapshot(takenAt: now)
        snapshot.sources = [Source(id: source, kind: .docker, title: "docker 20.10", name: "local", address: "unix:///var/run/docker.sock", freshness: freshness)]
        snapshot.hosts = [Host(id: Host.ID(source, "h1"), name: "lab1", cpus: 2, memory: 8 << 30, isLocal: true)]
        snapshot.containers = containers
        snapshot.networks = [Network(id: Network.ID(source, "n1"), host: Host.ID(source, "h1"), name: "bridge", driver: "bridge", subnets: [.init(range: "172.17.0.0/16", gateway: "172.17.0.1")])]
        snapshot.revisions.containers = 1
        snapshot.revisions.networks = 1
        return Dashboard(options: Dashboard.Options(isReadOnly: readOnly), snapshot: snapshot, size: size)
    }

    static func screen(_ dashboard: inout Dashboard) -> String {
        var canvas = Canvas(size: dashboard.size)
        dashboard.draw(into: &canvas)
        return canvas.text
    }

    static func press(_ keys: [Key], _ dashboard: inout Dashboard) -> [Effect] {
        keys.flatMap { dashboard.update(.input(.key($0))) }
    }

    @Test func showsWhatRunsWithItsPortsOnce() {
        var dashboard = Self.dashboard([Self.container("web1"), Self.container("db", state: .exited(code: 1, at: Self.now))], size: Size(width: 160, height: 30))
        let screen = Self.screen(&dashboard)
        #expect(screen.contains("web1"))
        #expect(screen.contains(":8081→80"))
        #expect(!screen.contains(":8081→80 :8081→80"))
        #expect(screen.contains("exited 1"))
        #expect(screen.contains("1 running · 1 stopped · 1 with a problem"))
    }

    @Test(arguments: [Size(width: 160, height: 48), Size(width: 80, height: 24), Size(width: 20, height: 5), Size(width: 1, height: 1), Size(width: 0, height: 0)])
    func everyPaneFitsEverySize(size: Size) {
        var dashboard = Self.dashboard([Self.container("web1", health: .unhealthy), Self.container("名前😀 e\u{301}")], size: size)
        for key in ["1", "2", "3", "4", "5", "0", "?", "Esc", ":", "Esc", "i", "Esc", "X", "Esc", "F2", "Esc", "S"] {
            _ = Self.press([Key(stringLiteral: key)], &dashboard)
            var canvas = Canvas(size: size)
            dashboard.draw(into: &canvas)
            #expect(canvas.size == size)
        }
    }

    @Test func nothingIsChangedWithoutAPlan() {
        var dashboard = Self.dashboard([Self.container("web1")])
        _ = Self.screen(&dashboard)
        let effects = Self.press(["X"], &dashboard)
        guard case .plan(let token, let operations)? = effects.first else {
            Issue.record("X asked for no plan")
            return
        }
        #expect(operations.map(\.target.name) == ["web1"])
        _ = dashboard.update(.planned(token, .success([Plan(operation: operations[0], changes: [.init(subject: "web1", before: "running", after: "gone")])])))
        #expect(Self.screen(&dashboard).contains("[ Cancel ]"))
        // Enter presses the focused button, which is Cancel.
        let cancelled = Self.press([.enter], &dashboard)
        #expect(!cancelled.contains { if case .perform = $0 { true } else { false } })
        #expect(!Self.screen(&dashboard).contains("[ Cancel ]"))
    }

    @Test func applyTakesADeliberateStep() {
        var dashboard = Self.dashboard([Self.container("web1")])
        _ = Self.screen(&dashboard)
        guard case .plan(let token, let operations)? = Self.press(["T"], &dashboard).first else {
            Issue.record("T asked for no plan")
            return
        }
        _ = dashboard.update(.planned(token, .success([Plan(operation: operations[0])])))
        let effects = Self.press([.tab, .enter], &dashboard)
        #expect(effects.contains { if case .perform = $0 { true } else { false } })
    }

    @Test func readOnlyOffersNoChange() {
        var dashboard = Self.dashboard([Self.container("web1")], readOnly: true)
        _ = Self.screen(&dashboard)
        for key in ["T", "r", "K", "R", "X", "P", "e", "W", "p"] {
            #expect(Self.press([Key(stringLiteral: key)], &dashboard).isEmpty)
            #expect(Self.screen(&dashboard).contains("read-only"))
        }
    }

    @Test func filtersByTextNegationAndLabel() {
        let all = [Self.container("web1", labels: ["tier": "front"]), Self.container("web2"), Self.container("db")]
        for (typed, present, absent) in [("web", "web2", "db"), ("!web", "db", "web1"), ("-l tier=front", "web1", "web2")] {
            var dashboard = Self.dashboard(all)
            _ = Self.press([Key("/")] + typed.map { Key($0) } + [.enter], &dashboard)
            let screen = Self.screen(&dashboard)
            #expect(screen.contains(present))
            #expect(!screen.contains(absent))
        }
    }

    @Test func theCursorStaysOnTheSameContainer() {
        var dashboard = Self.dashboard([Self.container("a"), Self.container("b"), Self.container("c")])
        _ = Self.screen(&dashboard)
        _ = Self.press([.down], &dashboard)
        var snapshot = dashboard.snapshot
        snapshot.containers.insert(Self.container("0new"), at: 0)
        snapshot.revisions.containers += 1
        _ = dashboard.update(.snapshot(snapshot))
        _ = Self.screen(&dashboard)
        guard case .container(let container) = dashboard.subject else {
            Issue.record("the cursor is on no container")
            return
        }
        #expect(container.name == "b")
    }

    @Test func aDeadEngineSaysWhatToDo() {
        let trouble = Trouble(.forbidden, attempt: "list containers", answer: "permission denied on the socket", remedy: "join the group docker")
        var dashboard = Self.dashboard([], freshness: .failed(since: Self.now, trouble))
        let screen = Self.screen(&dashboard)
        #expect(screen.contains("permission denied on the socket"))
        #expect(screen.contains("join the group docker"))
    }

    @Test func controlCharactersNeverReachACell() {
        var dashboard = Self.dashboard([Self.container("evil\u{1B}[31m\u{9B}2J\u{202E}name")], size: Size(width: 160, height: 30))
        let screen = Self.screen(&dashboard)
        #expect(!screen.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || (0x7F..<0xA0).contains($0.value) || $0.value == 0x202E })
        #expect(LogText.clean("a\u{1B}[31mred\u{1B}]0;title\u{7}b\rlast") == "last")
    }

    @Test func theBridgeNeedsRoomAndSaysSo() {
        var dashboard = Self.dashboard([Self.container("web1")], size: Size(width: 160, height: 48))
        #expect(Self.screen(&dashboard).contains("3 Placement"))
        var small = Self.dashboard([Self.container("web1")])
        _ = Self.press(["0"], &small)
        #expect(Self.screen(&small).contains("The Bridge needs 150×40"))
    }

    @Test func escNeverQuitsAndQAsks() {
        var dashboard = Self.dashboard([Self.container("web1")])
        #expect(Self.press([.escape, .escape, "q", .enter], &dashboard).allSatisfy { if case .quit = $0 { false } else { true } })
        #expect(Self.press(["q", .down, .enter], &dashboard).contains { if case .quit = $0 { true } else { false } })
    }

    @Test func everyCommandIsInHelpAndNoKeyClashes() {
        #expect(Keymap().problems.isEmpty)
        #expect(Set(Catalogue.commands.map(\.id)) == Set(Command.ID.allCases))
        let clash = Keymap(overrides: ["logs": ["j"]])
        #expect(clash.problems.count == 1)
        #expect(clash.command(for: "j", in: .panes) == .logs)
    }

    @Test func logsAreMergedByTimeAndBoundedVisibly() {
        var buffer = LogBuffer(lineLimit: 10, byteLimit: 1000)
        let a = Container.ID(Self.source, "a")
        let b = Container.ID(Self.source, "b")
        let lines = [3, 1, 2].map { LogLine(origin: .container($0 == 2 ? b : a), at: Timestamp(seconds: $0), stream: .output, text: "\($0)") }
        _ = buffer.append(lines, origins: [.container(a): 0, .container(b): 1])
        #expect(buffer.lines.map(\.text) == ["1", "2", "3"])
        for n in 4..<30 { _ = buffer.append([LogLine(origin: .container(a), at: Timestamp(seconds: Int64(n)), stream: .output, text: "\(n)")], origins: [.container(a): 0]) }
        #expect(buffer.lines.count <= 10)
        #expect(buffer.dropped + buffer.lines.count == 29)
        #expect(buffer.lines.last?.text == "29")
    }
}
