@testable import Compose
import Domain
import Testing

@Suite struct ServiceTests {
    @Test func process() throws {
        let web = try service(
            """
            entrypoint: /entry.sh --now
            command: ["nginx", "-g", "daemon off;"]
            working_dir: /app
            user: "1000:1000"
            group_add: [audio, 44]
            hostname: web-{{.Task.Slot}}
            stop_signal: SIGINT
            stop_grace_period: 1m30s
            init: true
            tty: yes
            read_only: "true"
            dns: 10.0.0.2
            dns_search: [a.test, b.test]
            """)
        #expect(web.name == "shop_web" && web.image == "nginx")
        #expect(web.command == ["/entry.sh", "--now"] && web.arguments == ["nginx", "-g", "daemon off;"])
        #expect(web.workingFolder == "/app" && web.user == "1000:1000" && web.groups == ["audio", "44"] && web.hostName == "web-{{.Task.Slot}}")
        #expect(web.stopSignal == "SIGINT" && web.stopGrace == .seconds(90) && web.usesInit == true && web.usesTerminal && web.isReadOnlyRoot)
        #expect(web.nameServers == ["10.0.0.2"] && web.searchDomains == ["a.test", "b.test"])
    }

    @Test func nothingButAnImage() throws {
        let stack = try read(web(""))
        #expect(
            stack.services == [
                ServiceSpecification(
                    name: "shop_web", image: "nginx", networks: [.init(network: "shop_default", aliases: ["web"])],
                    labels: ["com.docker.stack.namespace": "shop", "com.docker.stack.image": "nginx"], containerLabels: ["com.docker.stack.namespace": "shop"])
            ])
        #expect(stack.networks == [.init(name: "shop_default", labels: ["com.docker.stack.namespace": "shop"])])
        #expect(stack.name == "shop" && stack.path == "/srv/shop/compose.yaml" && stack.ignored == [] && stack.secrets == [] && stack.configs == [])
    }

    /// Empty keys are as if they were not there.
    @Test func emptyKeys() throws {
        #expect(try service("command:\nports:\ndeploy:\nnetworks:\nvolumes: []\nenvironment: {}\nlabels: ~\nbuild: null") == service(""))
    }

    @Test(arguments: [
        ("environment: {A: 1, B: two, C: true, D: 1.10, E: 0022, F: '', G: \"\"}", ["A=1", "B=two", "C=true", "D=1.10", "E=0022", "F=", "G="]),
        ("environment: [B=2, A=1, C=x=y, D=]", ["A=1", "B=2", "C=x=y", "D="]),
        ("environment: {HERE: , GONE: ~}", ["HERE=h"]),
        ("environment: [HERE, GONE]", ["HERE=h"]),
        ("environment: [HERE=]", ["HERE=h"]),
        ("environment: [HERE=mine]", ["HERE=mine"]),
        ("environment: [A=1, A=2]", ["A=2"]),
        ("env_file: a.env", ["A=1", "B='two", "C=three words ", "HERE=h", "Q=quoted", "X=a=b"]),
        ("env_file: [./a.env, ../b.env]\nenvironment: {C: own}", ["A=b", "B='two", "C=own", "HERE=h", "Q=quoted", "X=a=b"]),
        ("env_file:\n  - {path: /none.env, required: false}\n  - path: ../b.env\nenvironment:\n  A:", []),
        ("env_file: bom.env", ["A=1", "B=2"]),
    ] as [(String, [String])])
    func environment(_ lines: String, _ variables: [String]) throws {
        let files = [
            "/srv/shop/a.env": "# comment\n\n  A=1\nB='two\nC=three words \nHERE\nGONE\nQ='quoted'\nX=a=b\n   # more\n", "/srv/b.env": "A=b",
            "/srv/shop/bom.env": "\u{FEFF}A=1\r\nB=\"2\"\r\n",
        ]
        #expect(try service(lines, environment: ["HERE": "h"], files: files).environment == variables)
    }

    @Test(arguments: [
        ("env_file: gone.env", "line 4, services.web.env_file: /srv/shop/gone.env cannot be read: no such file or directory"),
        ("env_file: [a.env]", "line 4, services.web.env_file[0]: line 2 has no name before its '='"),
        ("env_file: b.env", "services.web.env_file: line 1: the name 'export A' has a blank in it; write NAME=value without 'export'"),
        ("env_file: [{path: a.env, format: raw}]", "env_file[0].format: only Docker's own format is read"),
        ("env_file: [{required: true}]", "env_file[0]: it has no path"),
        ("environment: A=1", "expected 'KEY: value' or a list of 'KEY=value', found 'A=1'"),
        ("environment: {A: [1]}", "services.web.environment.A: expected one value, found a list"),
        ("environment: [=1]", "services.web.environment[0]: has no name before its value"),
        ("environment: [{A: 1}]", "services.web.environment[0]: expected one value, found keys with values"),
        ("environment: [~]", "services.web.environment[0]: expected one value, found nothing"),
        ("environment: {A: \"a\\0\"}", "has a character NUL in it"),
    ])
    func environmentRefusals(_ lines: String, _ words: String) {
        let found = trouble(web(lines), files: ["/srv/shop/a.env": "A=1\n=2", "/srv/shop/b.env": "export A=1"])
        #expect(found?.description.contains(words) == true, "\(found?.description ?? "nothing")")
        #expect((found?.reason == .notFound) == words.contains("no such file"))
    }

    @Test(arguments: [
        ("test: curl -f http://localhost || exit 1", ["CMD-SHELL", "curl -f http://localhost || exit 1"]),
        ("test: [CMD, nc, -z, localhost]", ["CMD", "nc", "-z", "localhost"]),
        ("test: [CMD-SHELL, a b]", ["CMD-SHELL", "a b"]), ("test: [NONE]", ["NONE"]), ("disable: true", ["NONE"]), ("interval: 2s", []),
    ] as [(String, [String])])
    func healthTests(_ line: String, _ test: [String]) throws {
        #expect(try service("healthcheck:\n  \(line)").healthCheck?.test == test)
    }

    @Test func healthTimes() throws {
        let check = try service("healthcheck: {test: x, interval: 1m30s, timeout: 500ms, start_period: 1h, retries: 10}").healthCheck
        #expect(check == .init(test: ["CMD-SHELL", "x"], interval: .seconds(90), timeout: .milliseconds(500), startPeriod: .seconds(3600), retries: 10))
        #expect(try service("healthcheck: {disable: false}").healthCheck == .init(test: []))
        #expect(try read(web("healthcheck: {start_interval: 1s}")).ignored == ["healthcheck.start_interval of web: not set from here; docker stack deploy does"])
    }

    @Test func container() throws {
        let web = try service(
            """
            cap_add: [net_admin, CAP_SYS_TIME, NET_ADMIN]
            cap_drop: [ALL, mknod]
            sysctls: {net.core.somaxconn: 1024, net.ipv4.ip_forward: 1}
            extra_hosts: ["db:10.0.0.5", "six=::1", "brackets:[::2]"]
            logging: {driver: json-file, options: {max-size: 10m, max-file: 3, empty: }}
            labels: [a=1, b, c=d=e]
            """)
        #expect(web.capabilitiesAdded == ["CAP_NET_ADMIN", "CAP_SYS_TIME"] && web.capabilitiesDropped == ["ALL"])
        #expect(web.sysctls == ["net.core.somaxconn": "1024", "net.ipv4.ip_forward": "1"])
        #expect(web.hosts == ["10.0.0.5 db", "::1 six", "::2 brackets"])
        #expect(web.logDriver == "json-file" && web.logOptions == ["max-size": "10m", "max-file": "3", "empty": ""])
        #expect(web.containerLabels == ["a": "1", "b": "", "c": "d=e", "com.docker.stack.namespace": "shop"])
        #expect(web.labels == ["com.docker.stack.namespace": "shop", "com.docker.stack.image": "nginx"])
        let other = try service("extra_hosts: {b: 1.1.1.1, a: [2.2.2.2, 3.3.3.3]}\nsysctls: [a.b=1]\ncap_add: [ALL, KILL]\ncap_drop: [ALL]")
        #expect(other.hosts == ["2.2.2.2 a", "3.3.3.3 a", "1.1.1.1 b"] && other.sysctls == ["a.b": "1"])
        #expect(other.capabilitiesAdded == ["ALL"] && other.capabilitiesDropped == [])
    }

    @Test(arguments: [
        ("networks: [front, back]", ["shop_back", "shop_front"], [["web"], ["web"]]),
        ("networks: {front: {aliases: [www, web]}, back: }", ["shop_back", "shop_front"], [["web"], ["www", "web"]]),
        ("networks: [theirs, named]", ["renamed", "theirs"], [["web"], ["web"]]),
        ("networks: [hosts]", ["host"], [[]]),
        ("networks: [older]", ["ancient"], [["web"]]),
        ("networks: [default]", ["shop_default"], [["web"]]),
        ("networks: []", ["shop_default"], [["web"]]),
        ("networks: {default: {aliases: [x]}}", ["shop_default"], [["x", "web"]]),
    ] as [(String, [String], [[String]])])
    func networks(_ lines: String, _ names: [String], _ aliases: [[String]]) throws {
        let top = """
            networks:
              front:
              back: {driver: overlay}
              named: {name: renamed}
              theirs: {external: true}
              hosts: {external: true, name: host}
              older: {external: {name: ancient}}
            """
        let web = try service(lines, top: top)
        #expect(web.networks.map(\.network) == names && web.networks.map(\.aliases) == aliases)
    }

    @Test func handedFiles() throws {
        let web = try service(
            """
            configs:
              - {source: site, target: /etc/site.conf, uid: "101", gid: 102, mode: 0440}
              - banner
            secrets:
              - source: key
                mode: "0400"
              - theirs
            """, top: "configs: {site: {content: x}, banner: {content: y, name: hello}}\nsecrets: {key: {environment: KEY}, theirs: {external: true}}", environment: ["KEY": "k"])
        #expect(web.configs == [.init(name: "hello", target: "banner"), .init(name: "shop_site", target: "/etc/site.conf", user: "101", group: "102", mode: 0o440)])
        #expect(web.secrets == [.init(name: "shop_key", target: "key", mode: 0o400), .init(name: "theirs", target: "theirs")])
    }

    @Test(arguments: [("0440", 0o440), ("'0440'", 0o440), ("'440'", 0o440), ("288", 0o440), ("0o444", 0o444), ("$MODE", 0o440), ("0", 0)] as [(String, UInt32)])
    func permissions(_ text: String, _ bits: UInt32) throws {
        let web = try service("configs:\n  - {source: a, mode: \(text)}", top: "configs: {a: {external: true}}", environment: ["MODE": "440"])
        #expect(web.configs[0].mode == bits)
    }
}
