import Domain
import Drawing
import Glibc
import Testing

@testable import Dashboard

/// Screens as text, read by people in review. `make screens` records them anew; a first recording fails the test.
@Suite struct GoldenScreens {
    enum Case: String, CaseIterable, Sendable {
        case running, noEngine, empty, planRemove, networks, health
        case placementHealthy, placementConverging, placementPending, placementNodeDown, placementStuck, placementNoSwarm
        case healthChecks, healthServices, healthNodes, healthDifferences, healthNothing

        var dashboard: (Size) -> Dashboard {
            { size in
                let web = DashboardTests.container("web1", health: .healthy)
                let sick = DashboardTests.container("web2", health: .unhealthy, labels: ["com.docker.compose.project": "shop"])
                let done = DashboardTests.container("import", state: .exited(code: 137, at: DashboardTests.now))
                switch self {
                case .running: return DashboardTests.dashboard([web, sick, done, DashboardTests.container("数据库😀")], size: size)
                case .noEngine:
                    let trouble = Trouble(.unreachable, attempt: "reach the engine", answer: "there is no socket", remedy: "start Docker, or name another engine with --host")
                    return DashboardTests.dashboard([], size: size, freshness: .failed(since: DashboardTests.now, trouble))
                case .empty: return DashboardTests.dashboard([], size: size)
                case .planRemove:
                    var dashboard = DashboardTests.dashboard([web], size: size)
                    _ = DashboardTests.screen(&dashboard)
                    if case .plan(let token, let operations)? = DashboardTests.press(["X"], &dashboard).first {
                        let plan = Plan(
                            operation: operations[0], changes: [.init(subject: "web1", before: "running", after: "gone")], warnings: ["it is running: it is killed first"],
                            calls: ["DELETE /v1.41/containers/web1?force=1"], commandLine: "docker rm -f web1")
                        _ = dashboard.update(.planned(token, .success([plan])))
                    }
                    return dashboard
                case .networks:
                    var dashboard = DashboardTests.dashboard([web, done], size: size)
                    _ = DashboardTests.press(["1"], &dashboard)
                    return dashboard
                case .health:
                    var dashboard = DashboardTests.dashboard([web, sick], size: size)
                    var snapshot = dashboard.snapshot
                    snapshot.checks = [
                        Check(id: Check.ID(DashboardTests.source, sick.id.raw), name: "web2", status: .critical, output: "wget: can't connect", node: "h1", container: sick.id, since: Timestamp(seconds: 1_795_420_000), flips: 2)
                    ]
                    snapshot.revisions.checks += 1
                    _ = dashboard.update(.snapshot(snapshot))
                    _ = DashboardTests.press(["4"], &dashboard)
                    return dashboard
                case .placementHealthy: return Self.placement(PlacementFixture.healthy, size)
                case .placementConverging: return Self.placement(PlacementFixture.converging, size, alone: true, keys: [.down, .down, .right])
                case .placementPending: return Self.placement(PlacementFixture.pending, size, alone: true, keys: [.down, .down, .down])
                case .placementNodeDown: return Self.placement(PlacementFixture.nodeDown, size, alone: true, keys: ["v", "G"])
                case .placementStuck: return Self.placement(PlacementFixture.stuck, size, alone: true, keys: ["v", "v", .down, .down])
                case .placementNoSwarm: return Self.placement(PlacementFixture.noSwarm, size)
                case .healthChecks: return Self.pane("4", HealthFixture.troubled, size, alone: true, keys: [.down])
                case .healthServices: return Self.pane("4", HealthFixture.troubled, size, alone: true, keys: ["v", .right, .down, .right])
                case .healthNodes: return Self.pane("4", HealthFixture.troubled, size, alone: true, keys: ["v", "v", "g", .right])
                case .healthDifferences: return Self.pane("4", HealthFixture.differing, size, alone: true, keys: ["v", "v", "v"])
                case .healthNothing: return Self.pane("4", HealthFixture.base, size)
                }
            }
        }

        private static func placement(_ snapshot: Snapshot, _ size: Size, alone: Bool = false, keys: [Key] = []) -> Dashboard {
            pane("3", snapshot, size, alone: alone, keys: keys)
        }

        /// A pane on the Bridge, or alone on a screen that has room for the Bridge.
        private static func pane(_ key: Key, _ snapshot: Snapshot, _ size: Size, alone: Bool = false, keys: [Key] = []) -> Dashboard {
            var dashboard = Dashboard(options: Dashboard.Options(), snapshot: snapshot, size: size)
            _ = DashboardTests.press([key], &dashboard)
            _ = DashboardTests.screen(&dashboard)
            if alone, size.width >= 150 { _ = DashboardTests.press(["z"], &dashboard) }
            _ = DashboardTests.press(keys, &dashboard)
            return dashboard
        }
    }

    @Test(arguments: Case.allCases, [Size(width: 160, height: 48), Size(width: 80, height: 24)])
    func screen(_ screen: Case, _ size: Size) {
        var dashboard = screen.dashboard(size)
        Self.compare(DashboardTests.screen(&dashboard), named: "\(screen.rawValue)-\(size.width)x\(size.height)")
    }

    /// A screen with its golden file, which is written where there is none yet.
    static func compare(_ screen: String, named name: String) {
        let drawn = screen + "\n"
        let folder = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Screens"
        let path = "\(folder)/\(name).screen"
        guard let golden = read(path) else {
            write(drawn, path)
            Issue.record("recorded \(path) for the first time; read it, then run again")
            return
        }
        if getenv("RECORD_SCREENS") != nil { write(drawn, path) } else { #expect(drawn == golden, "\(path) differs; make screens records it anew") }
    }

    private static func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 18)
        return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
    }

    private static func write(_ text: String, _ path: String) {
        guard let file = fopen(path, "w") else { return }
        defer { fclose(file) }
        _ = fputs(text, file)
    }
}
