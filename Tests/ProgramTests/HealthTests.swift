import Foundation
import Testing

/// The health pane and `--once --json` on a real Consul agent: every state, and what is changed by keys.
@Suite(.serialized, .enabled(if: LabConsul.isReady, LabConsul.needs))
struct HealthTests {
    private let consul = LabConsul.inner

    private func open(_ filter: String = "", size: (Int, Int) = (120, 40), environment: String = "") -> Tmux {
        let tmux = Tmux(width: size.0, height: size.1, environment: environment)
        tmux.run("\(consul.binary) health -H \(Lab.engine.url) --consul \(consul.url)")
        tmux.expect("consul 1.8 ●", within: 20)
        if !filter.isEmpty {
            tmux.type("/\(filter)")
            tmux.press("Enter")
            tmux.expect("/\(filter)")
        }
        return tmux
    }

    private var arguments: String { "health -H \(Lab.engine.url) --consul \(consul.url)" }

    @Test func everyStateIsOnTheScreenAndInTheJSON() {
        LabConsul.lab("rc 1")
        defer { LabConsul.lab("rc 0") }
        consul.put("agent/service/maintenance/db-1?enable=true&reason=new-disk")
        defer { consul.put("agent/service/maintenance/db-1?enable=false") }
        consul.until("web-1-http", is: "passing")
        consul.until("web-2-http", is: "critical")
        consul.until("job-1-script", is: "warning")
        consul.until("ttl-1-ttl", is: "critical")
        let tmux = open()
        for words in ["HTTP on 18080", "passing", "critical", "warning", "maintenance", "TTL 10s"] { tmux.expect(words, within: 15) }
        tmux.press("Q")
        let look = JSONLook(arguments, inside: consul.inside)
        #expect(look.status == 1)
        #expect(look.text("status", ofCheck: "HTTP on 18080") == "passing")
        #expect(look.text("service", ofCheck: "HTTP on 18080") == "web")
        #expect(look.text("node", ofCheck: "HTTP on 18080") == "lab1")
        #expect(look.text("source", ofCheck: "HTTP on 18080").hasPrefix("consul:"))
        #expect(look.list("checks").contains { ($0["service_id"] as? String) == "web-2" && ($0["status"] as? String) == "critical" })
        #expect(look.text("status", ofCheck: "script (file)") == "warning")
        #expect(look.text("output", ofCheck: "script (file)").contains("job script says 1"))
        #expect(look.list("checks").contains { ($0["service_id"] as? String) == "ttl-1" && ($0["status"] as? String) == "critical" })
        #expect(look.list("checks").contains { ($0["status"] as? String) == "maintenance" && ($0["notes"] as? String) == "new-disk" })
        #expect(look.list("checks").allSatisfy { $0["since"] is String && $0["flips"] is Int && $0["id"] is String })
        #expect(look.list("services").contains { ($0["name"] as? String) == "web" && ($0["status"] as? String) == "critical" })
        #expect(look.list("members").contains { ($0["name"] as? String) == "lab1" && ($0["leader"] as? Bool) == true })
    }

    @Test func aChangeArrivesByItself() {
        consul.until("job-1-script", is: "passing")
        // A memory of its own: changes of the last hour that other tests made are not counted here.
        let state = "/tmp/binnacle-state-\(UInt32.random(in: 0 ... .max))"
        defer { _ = shell("rm -rf \(state)") }
        let tmux = open("script", environment: "XDG_STATE_HOME=\(state)")
        tmux.expect("script (file): passing", within: 15)
        LabConsul.lab("rc 2")
        defer { LabConsul.lab("rc 0") }
        tmux.expect("script (file): critical", within: 15)
        LabConsul.lab("rc 0")
        tmux.expect(that: "it passes again", within: 15) { $0.line(with: "script (file)").contains("passing") }
        // Both changes are told with the check and on the timeline.
        tmux.expect("2 changes in the last hour")
        tmux.press("5")
        tmux.expect("script (file)")
        tmux.press("Q")
    }

    @Test func maintenanceOnAndOffByKeys() {
        consul.register("hm-1", name: "hm-api", port: 18080, check: LabConsul.tcp("127.0.0.1:18080")) {
            consul.until("hm-api-check", is: "passing")
            let tmux = open("hm-api")
            tmux.expect("passing", within: 15)
            tmux.press("m")
            tmux.expect("Reason")
            tmux.type("new certificates")
            tmux.press("Enter")
            tmux.expect("[ Cancel ]")
            tmux.expect("/v1/agent/service/maintenance/hm-1")
            tmux.apply()
            tmux.expect("maintenance", within: 15)
            consul.until("_service_maintenance:hm-1", is: "critical")
            #expect(consul.get("agent/checks").contains("new certificates"))
            tmux.type(":undo")
            tmux.press("Enter")
            tmux.apply()
            tmux.expect(that: "the maintenance has gone", within: 15) { _ in !consul.get("agent/checks").contains("_service_maintenance:hm-1") }
            tmux.press("Q")
        }
    }

    @Test func registersByAFormAndDeregistersAgain() {
        consul.put("agent/service/deregister/hf-web")
        defer { consul.put("agent/service/deregister/hf-web") }
        let tmux = open()
        tmux.type(":register")
        tmux.press("Enter")
        tmux.expect("Register a service")
        tmux.type("hf-web")
        tmux.press("Tab", "Tab")
        tmux.type("127.0.0.1")
        tmux.press("Tab")
        tmux.type("18080")
        tmux.press("Enter")
        tmux.apply()
        tmux.expect(that: "Consul has it", within: 15) { _ in consul.get("agent/services").contains("hf-web") }
        tmux.press("v")
        tmux.expect("by service")
        tmux.type("/hf-web")
        tmux.press("Enter")
        tmux.expect("▸ hf-web", within: 20)
        tmux.press("g", "Right")
        tmux.expect(that: "its instance is unfolded") { $0.contains("▾ hf-web") }
        tmux.press("Down")
        tmux.expect("X remove")
        tmux.press("X")
        tmux.expect("/v1/agent/service/deregister/hf-web")
        tmux.apply()
        tmux.expect(that: "Consul has it no more", within: 15) { _ in !consul.get("agent/services").contains("hf-web") }
        tmux.press("Q")
    }

    /// An entry as Registrator left it behind: its container has gone, its check (which tests something else) still passes.
    @Test func whatIsGoneIsListedAndMended() {
        let host = Lab.engine.docker("info -f {{.Name}}").trimmed
        consul.register("\(host):hd-gone:80", name: "hd-gone", port: 18080, check: LabConsul.tcp("127.0.0.1:18080")) {
            consul.until("hd-gone-check", is: "passing")
            let tmux = open(size: (150, 40))
            tmux.press("v", "v", "v")
            tmux.expect("differences")
            tmux.type("/hd-gone")
            tmux.press("Enter")
            tmux.expect("Registrator orphan", within: 20)
            tmux.press("M")
            tmux.expect("deregister")
            tmux.apply()
            tmux.expect(that: "the entry has gone", within: 15) { _ in !consul.get("agent/services").contains("hd-gone") }
            tmux.press("Q")
        }
    }

    @Test func whatDNSAnswersStandsBesideWhatIsRegistered() {
        consul.until("web-1-http", is: "passing")
        let tmux = open()
        tmux.press("v")
        tmux.expect("by service")
        tmux.type("/web")
        tmux.press("Enter")
        tmux.expect("web", within: 15)
        tmux.press("g", "Enter")
        tmux.expect("DNS", within: 15)
        tmux.expect(that: "the passing instance is answered and the critical one is not", within: 15) { $0.contains("web.service.consul") && $0.contains("18080") }
        tmux.press("Q")
    }
}

/// A cluster with access lists: what is denied, who died, who leads.
@Suite(.serialized, .enabled(if: LabConsul.isClusterReady, LabConsul.needsCluster))
struct ConsulClusterTests {
    private let engine = "-H \(Lab.engine.url)"
    private var environment: String { "CONSUL_HTTP_TOKEN=\(LabConsul.token)" }

    @Test func withoutATokenItIsSaidThatOneIsNeeded() {
        let tmux = Tmux(width: 150, height: 40)
        tmux.run("\(Lab.binary) health \(engine) --consul \(LabConsul.cluster)")
        tmux.expect("token", within: 20)
        tmux.press("S")
        tmux.expect("CONSUL_HTTP_TOKEN")
        tmux.press("Q")
        let wrong = JSONLook("health \(engine) --consul \(LabConsul.cluster)", environment: "CONSUL_HTTP_TOKEN=33333333-3333-3333-3333-333333333333")
        #expect(wrong.status == 2)
        let error = wrong.source("consul")?["error"] as? String
        #expect(error?.contains("token") == true, "\(error ?? "no error")")
    }

    @Test func aKilledClientIsSeen() {
        let tmux = Tmux(width: 150, height: 40, environment: environment)
        tmux.run("\(Lab.binary) health \(engine) --consul \(LabConsul.cluster)")
        tmux.expect("consul 1.8 ●", within: 20)
        tmux.type("/cli2")
        tmux.press("Enter")
        tmux.expect("passing", within: 15)
        LabConsul.lab("kill 2")
        defer { LabConsul.lab("restart 2") }
        tmux.expect("critical", within: 40)
        let look = JSONLook("health \(engine) --consul \(LabConsul.cluster)", environment: environment)
        #expect(look.list("members").contains { ($0["name"] as? String) == "cli2" && ($0["status"] as? String) == "failed" })
        tmux.press("v", "v")
        tmux.expect("failed", within: 15)
        tmux.press("Q")
    }

    @Test func aLostLeaderIsSaid() {
        let client = LabConsul.cluster.replacing("127.0.1.1", with: "127.0.1.2")
        let tmux = Tmux(width: 150, height: 40, environment: environment)
        tmux.run("\(Lab.binary) health \(engine) --consul \(client)")
        tmux.expect("consul 1.8 ●", within: 20)
        LabConsul.lab("kill 1")
        defer { LabConsul.lab("restart 1") }
        tmux.expect(that: "it is said that no server leads", within: 40) { $0.contains("stale") && ($0.contains("no server") || $0.contains("leader")) }
        // The last that was known stays on the screen.
        #expect(tmux.screen.contains("Serf Health"))
        let look = JSONLook("health \(engine) --consul \(client)", environment: environment)
        #expect(look.status == 2)
        LabConsul.lab("restart 1")
        tmux.expect("consul 1.8 ●", within: 40)
        tmux.press("Q")
    }
}

/// No Consul anywhere: services come from the containers themselves.
@Suite(.serialized, .enabled(if: LabConsul.isReady, LabConsul.needs))
struct BuiltInRegistryTests {
    private let engine = Lab.engine
    /// The checks are run from where the engine's published ports are reached.
    private let inside = LabConsul.inner.inside
    private let arguments = "-H \(Lab.engine.url) --no-consul"

    @Test func labelsBecomeServicesWithChecksThatAreRun() {
        engine.docker("rm -f br-web")
        engine.docker("run -d --name br-web --stop-timeout 1 -p 18985:80 -l SERVICE_NAME=br-shop -l SERVICE_CHECK_HTTP=/index.html -l SERVICE_CHECK_INTERVAL=1s busybox:local sh -c \"httpd -p 80 -h /www; exec sleep 100000\"")
        defer { engine.docker("rm -f br-web") }
        let tmux = Tmux(width: 120, height: 40)
        tmux.run("\(inside) \(Lab.binary) health \(arguments)")
        tmux.type("/br-shop")
        tmux.press("Enter")
        tmux.expect("passing", within: 20)
        engine.docker("exec br-web killall httpd")
        tmux.expect("critical", within: 20)
        tmux.press("t")
        tmux.expect("br-web", within: 15)
        tmux.press("Escape")
        tmux.press("Q")
        let look = JSONLook("health \(arguments)", inside: inside)
        #expect(look.list("checks").contains { ($0["service"] as? String) == "br-shop" && ($0["status"] as? String) == "critical" && ($0["source"] as? String) == "registry" })
    }

    @Test func scriptsRunInTheContainerAndOnlyWhenAllowed() {
        engine.docker("rm -f br-script")
        engine.docker("run -d --name br-script --stop-timeout 1 -p 18986:80 -e SERVICE_NAME=br-job -e SERVICE_CHECK_SCRIPT=\"cat /etc/marker\" -e SERVICE_CHECK_INTERVAL=1s busybox:local sh -c \"echo only-in-here > /etc/marker; exec sleep 100000\"")
        defer { engine.docker("rm -f br-script") }
        func script(_ look: JSONLook) -> [String: Any]? { look.list("checks").first { ($0["service"] as? String) == "br-job" } }
        let denied = script(JSONLook("health \(arguments)", inside: inside))
        let refusal = denied?["output"] as? String
        #expect(refusal?.contains("scripts: true") == true, "\(refusal ?? "no such check")")
        let config = "/tmp/binnacle-registry-\(UInt32.random(in: 0 ... .max)).yaml"
        _ = shell("printf 'registry:\\n  scripts: true\\n' > \(config)")
        defer { _ = shell("rm -f \(config)") }
        let allowed = script(JSONLook("health \(arguments) --config \(config)", inside: inside))
        #expect(allowed?["status"] as? String == "passing")
        let output = allowed?["output"] as? String
        #expect(output?.contains("only-in-here") == true, "\(output ?? "no such check")")
    }

    @Test func historyOutlivesTheProgram() {
        engine.docker("rm -f br-keep")
        engine.docker("run -d --name br-keep --stop-timeout 1 -p 18987:80 -l SERVICE_NAME=br-keep -l SERVICE_CHECK_HTTP=/ -l SERVICE_CHECK_INTERVAL=1s busybox:local sh -c \"httpd -p 80 -h /www; exec sleep 100000\"")
        defer { engine.docker("rm -f br-keep") }
        let state = "/tmp/binnacle-state-\(UInt32.random(in: 0 ... .max))"
        defer { _ = shell("rm -rf \(state)") }
        func open() -> Tmux {
            let tmux = Tmux(width: 120, height: 40, environment: "XDG_STATE_HOME=\(state)")
            tmux.run("\(inside) \(Lab.binary) health \(arguments)")
            tmux.type("/br-keep")
            tmux.press("Enter")
            return tmux
        }
        let first = open()
        first.expect("passing", within: 20)
        engine.docker("exec br-keep killall httpd")
        first.expect("critical", within: 20)
        first.press("Q")
        first.expect("READY>")
        #expect(shell("stat -c %a \(state)/binnacle/history.sqlite \(state)/binnacle/registry.sqlite").output.split(separator: "\n") == ["600", "600"])
        let second = open()
        second.expect("critical", within: 20)
        second.press("5")
        second.expect("br-keep", within: 15)
        second.expect(that: "what the first run saw is on the timeline") { $0.contains("critical") }
        second.press("Q")
    }
}
