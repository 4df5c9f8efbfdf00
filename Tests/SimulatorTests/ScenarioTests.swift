import Foundation
import Simulator
import Testing

@Suite struct ScenarioTests {
    @Test func theTableHasWhatTheFilesHave() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/Simulator/Scenarios")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path()).filter { $0.hasSuffix(".scenario") }
        #expect(Set(files) == Set(Scenario.all.map { $0.name + ".scenario" }))
        for name in files {
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            let scenario = try Scenario(name: String(name.dropLast(9)), text: text)
            #expect(Scenario.named(scenario.name) == scenario)
        }
        #expect(Scenario.all.first?.name == "calm")
    }

    static let broken: [(String, Int, String, String)] = [
        ("title: t\nfind: f\nat 5s explode h1", 3, "explode", "no such thing can happen"),
        ("title: t\nfind: f\n\nat soon lose h1", 4, "soon", "a time such as 10s or 1m30s is expected here"),
        ("title: t\nfind: f\nat 5s leak memory in x by much per second", 3, "much", "an amount such as 4MB is expected here"),
        ("title: t\nfind: f\nat 5s lose node h1 now", 3, "now", "nothing more is expected here"),
        ("title: t\nfind: f\nat 5s drain node", 3, "", "the node is missing"),
        ("title: t\nfind: f\nat 5s say \"hello in x", 3, "hello in x", "the quotation mark has no second"),
        ("title: t\nfind: f\nlater 5s lose h1", 3, "later", "a line begins with title:, find: or at"),
        ("find: f", 1, "", "there is no title: line"),
    ]

    @Test(arguments: broken) func errorsNameLineAndWord(_ text: String, _ line: Int, _ word: String, _ problem: String) {
        let error = #expect(throws: ScenarioError.self) { try Scenario(name: "x", text: text) }
        #expect(error?.line == line)
        #expect(error?.word == word)
        #expect(error?.problem == problem)
    }

    private func played(_ name: String, _ seconds: Int64) throws -> Cluster {
        var cluster = Cluster()
        let scenario = try #require(Scenario.named(name))
        cluster.world.play(scenario)
        cluster.wait(seconds)
        return cluster
    }

    @Test func calm() throws {
        var cluster = Cluster()
        cluster.wait(30)
        cluster.world.play(Scenario.named("calm"))
        #expect(cluster.wait(600).isEmpty)
    }

    @Test func rollingDeploy() throws {
        let cluster = try played("rolling-deploy", 120)
        #expect(try cluster.service("shop_web").updateStatus?.state == .completed)
        #expect(try cluster.running("shop_web").allSatisfy { $0.template.container.image == "shop/web:2.1" })
    }

    @Test func badDeploy() throws {
        let cluster = try played("bad-deploy", 180)
        #expect(try cluster.service("shop_web").updateStatus?.state == .paused)
        #expect(try cluster.service("shop_pay").updateStatus?.state == .rollbackCompleted)
        let dead = try #require(cluster.world.containers.values.first { $0.name.hasPrefix("shop_web.") && $0.exitCode == 1 })
        #expect(cluster.world.logs(of: dead).contains { $0.isError && $0.text.contains("Cannot find module") })
    }

    @Test func nodeLoss() throws {
        var cluster = try played("node-loss", 90)
        #expect(try cluster.world.node("h2").state == .down)
        #expect(try cluster.waiting("data_db").count == 1)
        #expect(try cluster.running("shop_web").filter { cluster.host(of: $0) != "h2" }.count == 4)
        cluster.wait(180)
        #expect(try cluster.running("data_db").count == 1)
    }

    @Test func memoryLeak() throws {
        let cluster = try played("memory-leak", 120)
        #expect(cluster.world.containers.values.count { $0.name.hasPrefix("shop_worker.1.") && $0.isOOMKilled && $0.exitCode == 137 } >= 1)
    }

    @Test func noCapacity() throws {
        let cluster = try played("no-capacity", 60)
        #expect(try cluster.waiting("shop_search").map(\.error) == Array(repeating: "no suitable node (insufficient resources on 3 nodes)", count: 2))
    }

    @Test func networkCut() throws {
        var cluster = try played("network-cut", 90)
        let node = try cluster.world.node("h3")
        #expect(node.state == .down)
        #expect(cluster.world.registry.members["h3"]?.status == .failed)
        #expect(cluster.world.containers(on: "h3").contains { $0.name.hasPrefix("shop_web.") && $0.isRunning })
        #expect(try cluster.running("shop_web").count { cluster.host(of: $0) != "h3" } == 4)
        cluster.wait(180)
        #expect(try cluster.world.node("h3").state == .ready)
        #expect(cluster.world.containers.values.count { $0.name.hasPrefix("shop_web.") && $0.isRunning } == 4)
    }

    @Test func registryWithoutLeader() throws {
        var cluster = try played("registry-without-leader", 60)
        #expect(cluster.world.registry.leader.isEmpty)
        let stale = cluster.world.registry.instances(of: "cart").filter { $0.container.flatMap { cluster.world.containers[$0] }?.isRunning != true }
        #expect(stale.count == 1)
        cluster.wait(120)
        #expect(!cluster.world.registry.leader.isEmpty)
        #expect(cluster.world.registry.instances(of: "cart").allSatisfy { $0.container.flatMap { cluster.world.containers[$0] }?.isRunning == true })
    }

    @Test func aNewScenarioEndsTheOldOne() {
        var cluster = Cluster()
        cluster.world.play(Scenario.named("node-loss"))
        cluster.wait(5)
        cluster.world.play(nil)
        cluster.wait(60)
        #expect(cluster.world.host("h2")?.isUp == true)
    }
}
