import Foundation
import Testing

/// From a red check to the text that names its cause, by one key, on real servers.
@Suite(.serialized, .enabled(if: LabConsul.isReady, LabConsul.needs))
struct TraceTests {
    private let engine = Lab.engine
    private let consul = LabConsul.inner
    private var hostname: String { engine.docker("info -f {{.Name}}").trimmed }

    /// The program on the health pane with the cursor on one check, at the smallest size that is promised.
    private func open(_ check: String, hosts: String? = nil, agent: LabConsul = .inner, environment: String = "", size: (Int, Int) = (80, 24)) -> Tmux {
        let tmux = Tmux(width: size.0, height: size.1, environment: environment)
        tmux.run("\(agent.binary) health \(hosts ?? "-H \(engine.url)") --consul \(agent.url)")
        tmux.expect("critical", within: 20)
        tmux.type("/\(check)")
        tmux.press("Enter")
        tmux.expect(check, within: 20)
        return tmux
    }

    private func address(_ container: String, on network: String) -> String {
        engine.docker("inspect -f \"{{(index .NetworkSettings.Networks \\\"\(network)\\\").IPAddress}}\" \(container)").trimmed
    }

    @Test func aContainerKilledForMemory() {
        engine.docker("rm -f tr-oom")
        engine.docker("run -d --name tr-oom -m 24m --memory-swap 24m --expose 80 busybox:local sh -c \"x=\\$(dd if=/dev/zero bs=1M count=200 2>/dev/null | tr '\\\\0' x); sleep 1000\"")
        defer { engine.docker("rm -f tr-oom") }
        consul.register("\(hostname):tr-oom:80", name: "tr-oom", port: 18977, check: LabConsul.tcp("127.0.0.1:18977")) {
            consul.until("tr-oom-check", is: "critical")
            let tmux = open("tr-oom-check")
            tmux.press("t")
            tmux.expect("killed for memory", within: 15)
            tmux.expect("likely cause")
            tmux.press("Q")
        }
    }

    @Test func aScriptWhoseToolIsMissing() {
        engine.docker("rm -f tr-script")
        engine.docker("run -d --name tr-script -p 18978:80 --stop-timeout 1 busybox:local httpd -f -p 80 -h /www")
        defer { engine.docker("rm -f tr-script") }
        consul.register("\(hostname):tr-script:80", name: "tr-script", port: 18978, check: #""Args":["/bin/sh","-c","no-such-tool-here --probe"],"Interval":"1s","Timeout":"1s""#) {
            consul.until("tr-script-check", is: "critical")
            let tmux = open("tr-script-check")
            tmux.press("t")
            tmux.expect("itself cannot run", within: 15)
            tmux.expect("no-such-tool-here")
            tmux.press("Q")
        }
    }

    @Test func aPortThatIsNotPublished() {
        engine.docker("rm -f tr-port")
        engine.docker("run -d --name tr-port --expose 80 --stop-timeout 1 busybox:local httpd -f -p 80 -h /www")
        defer { engine.docker("rm -f tr-port") }
        consul.register("\(hostname):tr-port:80", name: "tr-port", port: 18979, check: LabConsul.tcp("127.0.0.1:18979")) {
            consul.until("tr-port-check", is: "critical")
            let tmux = open("tr-port-check")
            tmux.press("t")
            tmux.expect("not published", within: 15)
            tmux.press("Q")
        }
    }

    @Test func aContainerThatLeftItsNetwork() {
        engine.docker("rm -f tr-left")
        engine.docker("network rm tr-net")
        engine.docker("network create --subnet 172.31.77.0/24 tr-net")
        engine.docker("run -d --name tr-left --network tr-net --expose 80 --stop-timeout 1 busybox:local httpd -f -p 80 -h /www")
        defer {
            engine.docker("rm -f tr-left")
            engine.docker("network rm tr-net")
        }
        let address = address("tr-left", on: "tr-net")
        #expect(address.hasPrefix("172.31.77."))
        consul.register("\(hostname):tr-left:80", name: "tr-left", address: address, port: 80, check: LabConsul.tcp("\(address):80")) {
            consul.until("tr-left-check", is: "passing")
            engine.docker("network disconnect tr-net tr-left")
            consul.until("tr-left-check", is: "critical")
            let tmux = open("tr-left-check")
            tmux.press("t")
            tmux.expect("not attached to network tr-net", within: 15)
            tmux.press("Q")
        }
    }

    @Test(.enabled(if: !Lab.swarm.url.isEmpty, "needs BINNACLE_TEST_SWARM"))
    func aTaskThatNoNodeTakes() {
        Lab.swarm.docker("service rm tr-stuck")
        Lab.swarm.docker("service create -q -d --name tr-stuck --constraint node.labels.ssd==true --no-resolve-image busybox:local sleep 100000")
        defer { Lab.swarm.docker("service rm tr-stuck") }
        let consul = LabConsul.dev
        consul.register("tr-stuck", name: "tr-stuck", port: 18981, check: LabConsul.tcp("127.0.0.1:18981")) {
            consul.until("tr-stuck-check", is: "critical")
            let tmux = open("tr-stuck-check", hosts: "-H \(Lab.swarm.url)", agent: consul)
            tmux.press("t")
            tmux.expect("ssd", within: 15)
            tmux.expect("likely cause")
            tmux.press("Q")
        }
    }

    @Test(.enabled(if: LabConsul.isClusterReady, LabConsul.needsCluster))
    func anAgentThatStoppedAnswering() {
        LabConsul.lab("kill 3")
        defer { LabConsul.lab("restart 3") }
        let tmux = open("cli3", agent: LabConsul(url: LabConsul.cluster, inside: ""), environment: "CONSUL_HTTP_TOKEN=\(LabConsul.token)", size: (120, 40))
        tmux.expect("Serf Health Status: critical", within: 30)
        tmux.press("g")
        tmux.press("t")
        tmux.expect("likely cause", within: 15)
        tmux.expect(that: "the agent is named as the cause") { $0.contains("agent") && $0.contains("cli3") }
        tmux.press("Q")
    }

    @Test func enterOpensALinkAndEscComesBack() {
        engine.docker("rm -f tr-walk")
        engine.docker("run -d --name tr-walk --expose 80 --stop-timeout 1 busybox:local httpd -f -p 80 -h /www")
        defer { engine.docker("rm -f tr-walk") }
        consul.register("\(hostname):tr-walk:80", name: "tr-walk", port: 18982, check: LabConsul.tcp("127.0.0.1:18982")) {
            consul.until("tr-walk-check", is: "critical")
            let tmux = open("tr-walk-check", size: (120, 40))
            tmux.press("t")
            tmux.expect("Trace", within: 15)
            tmux.expect("likely cause", within: 15)
            // Whatever link the cause is: the container's is reached by going through all of them.
            tmux.press("g")
            for _ in 0..<8 where !tmux.screen.contains("comes back to the trace") {
                tmux.press("Enter")
                let screen = tmux.wait(3) { $0.contains("comes back to the trace") || $0.contains("no row of its own") || $0.contains("not there any more") }
                if screen.contains("comes back to the trace") { break }
                tmux.press("Down")
            }
            tmux.expect("comes back to the trace")
            // The filter that was typed before the trace goes first, then the trace comes back.
            tmux.press("Escape")
            if !tmux.wait(2, { $0.contains("likely cause") }).contains("likely cause") { tmux.press("Escape") }
            tmux.expect("likely cause")
            tmux.press("Escape")
            tmux.expect(that: "the pane is there again") { !$0.contains("likely cause") }
            tmux.press("Q")
        }
    }
}

extension String {
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
