@testable import Compose
import Domain
import Testing

@Suite struct StackTests {
    private static let label = ["com.docker.stack.namespace": "shop"]

    @Test func networks() throws {
        let stack = try read(
            web(
                "networks: [plain, full, theirs, again]",
                top: """
                    networks:
                      plain:
                      full:
                        name: backbone
                        driver: weave
                        driver_opts: {encrypted: "", mtu: 1400}
                        internal: true
                        attachable: yes
                        labels: [a=b]
                        ipam: {driver: default, config: [{subnet: 10.5.0.0/16}]}
                        x-mine: {anything: [goes]}
                      theirs: {external: true}
                      again: {external: true, name: theirs}
                      idle: {}
                    """))
        #expect(
            stack.networks == [
                .init(name: "shop_plain", labels: Self.label),
                .init(
                    name: "backbone", driver: "weave", driverOptions: ["encrypted": "", "mtu": "1400"], isInternal: true, isAttachable: true, subnet: "10.5.0.0/16",
                    labels: Self.label.merging(["a": "b"]) { $1 }),
                .init(name: "theirs", isExternal: true),
            ])
        #expect(stack.ignored == ["network idle: no service joins it, so it is not made"])
    }

    @Test func theDefaultNetworkMayBeDeclared() throws {
        #expect(try read(web("", top: "networks: {default: {driver: bridge}}")).networks == [.init(name: "shop_default", driver: "bridge", labels: Self.label)])
        let external = try read(web("", top: "networks: {default: {external: true, name: edge}}"))
        #expect(external.networks == [.init(name: "edge", isExternal: true)] && external.services[0].networks.map(\.network) == ["edge"])
    }

    @Test func whatANetworkCannotHold() throws {
        let stack = try read(
            web(
                "networks: {n: {ipv4_address: 10.0.0.9, driver_opts: {a: b}}}",
                top: "networks: {n: {enable_ipv6: true, ipam: {driver: x, options: {a: b}, config: [{subnet: 10.1.0.0/16, gateway: 10.1.0.1}, {subnet: fd00::/64}]}}}"))
        #expect(
            stack.ignored == [
                "enable_ipv6 of the network n: a stack does not set it",
                "ipam.driver of the network n: not set from here; docker stack deploy does",
                "ipam.options of the network n: a stack does not set them",
                "ipam.config.gateway of the network n: a stack does not set it",
                "subnet fd00::/64 of the network n: one for a network is all that is set from here",
                "networks.driver_opts of web: not set from here; docker stack deploy does",
                "networks.ipv4_address of web: the swarm chooses addresses and interfaces",
            ])
    }

    @Test func blobs() throws {
        let stack = try read(
            web(
                "configs: [theirs]\nsecrets: [renamed]",
                top: """
                    configs:
                      inline: {content: "hello $WHO"}
                      file: {file: ./site.conf, labels: {a: b}}
                      theirs: {external: true, name: site-v3}
                      unused: {external: true}
                    secrets:
                      variable: {environment: WHO}
                      absolute: {file: /run/key, name: key-v2}
                      renamed: {external: {name: old-key}}
                    """), environment: ["WHO": "world"], files: ["/srv/shop/site.conf": "listen 80", "/run/key": "k"])
        #expect(
            stack.configs == [
                .init(name: "shop_inline", data: Array("hello world".utf8), labels: Self.label),
                .init(name: "shop_file", data: Array("listen 80".utf8), labels: Self.label.merging(["a": "b"]) { $1 }),
                .init(name: "site-v3", isExternal: true),
            ])
        #expect(
            stack.secrets == [
                .init(name: "shop_variable", data: Array("world".utf8), labels: Self.label), .init(name: "key-v2", data: Array("k".utf8), labels: Self.label),
                .init(name: "old-key", isExternal: true),
            ])
    }

    @Test(arguments: [
        ("networks: {n: {external: true, nam: x}}", "networks.n.nam: there is no such key; did you mean 'name'?"),
        ("networks: [n]", "networks: expected keys with values, found a list"),
        ("networks: {n: overlay}", "networks.n: expected keys with values, found 'overlay'"),
        ("networks: {n: {external: {name: a}, name: b}}", "networks.n.external.name: it has two names"),
        ("networks: {n: {external: maybe}}", "'maybe' is neither true nor false"),
        ("networks: {'a b': {}}", "'a b' is not a name"),
        ("volumes: {d: {external: true, driver: nfs}}", "somebody else's volume has no driver"),
        ("volumes: {d: {driver_opt: {}}}", "did you mean 'driver_opts'?"), ("volumes: {d: local}", "volumes.d: expected keys with values"),
        ("configs: {c: }", "configs.c: expected keys with values, found nothing"),
        ("configs: {c: {}}", "configs.c: nothing says what it holds; write one of file, environment, content, or external: true"),
        ("configs: {c: {file: a, content: b}}", "configs.c: it holds both file and content"),
        ("configs: {c: {external: true, file: a}}", "somebody else's config has no file"),
        ("configs: {c: {file: gone}}", "configs.c.file: /srv/shop/gone cannot be read: no such file or directory"),
        ("configs: {c: {template_driver: golang, file: a}}", "configs.c.template_driver: a config with a driver is not made from here"),
        ("secrets: {s: {content: x}}", "secrets.s.content: there is no such key"),
        ("secrets: {s: {environment: NONE}}", "secrets.s.environment: the variable 'NONE' is not set; set it, or write file: PATH"),
        ("secrets: {s: {driver: vault}}", "make it with docker secret create, and write external: true"),
    ])
    func refusals(_ top: String, _ words: String) {
        let description = trouble(web("", top: top))?.description ?? "nothing"
        #expect(description.contains(words), "\(description)")
    }

    @Test(arguments: [
        ("volumes: {}", "line 1: it has no services; begin with 'services:'"),
        ("services: {}", "line 1, services: it has no services"),
        ("services:", "it has no services"),
        ("services: [web]", "services: expected keys with values, found a list"),
        ("services: {web: nginx}", "services.web: expected keys with values, found 'nginx'"),
        ("services: {web: }", "services.web: expected keys with values, found nothing"),
        ("services: {'we b': {image: x}}", "'we b' is not a name; use letters"),
        ("services: {web: {}}", "line 1, services.web: it has no image; write image: NAME:TAG"),
        ("services:\n  web:\n    build: .", "line 3, services.web.build: it has no image, and nothing is built here; build it, push it"),
        ("servces: {web: {image: x}}", "line 1, servces: there is no such key; did you mean 'services'?"),
        ("web: {image: x}", "line 1, web: there is no such key; known here: version, name"),
        ("version: '1.0'\nservices: {w: {image: x}}", "'1.0' is not a version that is known here"),
        ("version: [3]\nservices: {w: {image: x}}", "version: expected one value"),
        ("include: [other.yaml]\nservices: {w: {image: x}}", "include: other Compose files are not read into this one"),
        ("services:\n  web:\n    imge: x", "line 3, services.web.imge: there is no such key; did you mean 'image'?"),
        ("services: {web: {image: x, zzzzzz: 1}}", "keys of your own begin with x-"),
        ("services: {web: {image: [x]}}", "services.web.image: expected one value, found a list"),
        ("services: {web: {image: 'a b'}}", "'a b' is not the name of an image"),
        ("services: {web: {image: 'repo:$TAG'}}", "'repo:' is not the name of an image"),
        ("services: {web: {image: ''}}", "'' is not the name"),
        ("services: {web: {image: 'enabled:profile='}}", "is not the name"),
        ("services: {web: {image: x, networks: [nope]}}", "services.web.networks[0]: 'nope' is not declared; declare it under the top-level networks"),
        ("services: {web: {image: x, networks: {nope: }}}", "services.web.networks.nope: 'nope' is not declared"),
        ("services: {web: {image: x, networks: [default, default]}}", "'default' stands here twice"),
        ("services: {web: {image: x, configs: [sit]}}\nconfigs: {site: {external: true}}", "services.web.configs[0]: 'sit' is not declared; did you mean 'site'?"),
        ("services: {web: {image: x, secrets: [{target: a}]}}", "services.web.secrets[0]: it has no source"),
        ("services: {web: {image: x, secrets: [{source: a, mode: rw}]}}\nsecrets: {a: {external: true}}", "'rw' is no set of permission bits"),
        ("services: {web: {image: x, extends: {service: y}}}", "services.web.extends: a stack does not obey it; put what they share under an x- key"),
        ("services: {web: {image: x, mem_limit: 1g}}", "services.web.mem_limit: a stack does not obey it; write deploy.resources.limits.memory"),
        ("services: {web: {image: x, cpus: 1}}", "write deploy.resources.limits.cpus"),
        ("services: {web: {image: x, volumes_from: [y]}}", "declare the volume under the top-level volumes"),
        ("services: {web: {image: x, tty: maybe}}", "services.web.tty: 'maybe' is neither true nor false"),
        ("services: {web: {image: x, stop_grace_period: 10}}", "'10' is not a duration; it needs a unit, such as 10s"),
        ("services: {web: {image: x, command: echo 'a}}", "services.web.command: the quote ' in"),
        ("services: {web: {image: x, command: {a: b}}}", "services.web.command: expected a list, found keys with values"),
        ("services: {web: {image: x, command: [[a]]}}", "services.web.command[0]: expected one value, found a list"),
        ("services: {web: {image: x, healthcheck: {test: [curl]}}}", "healthcheck.test: a list has to begin with CMD"),
        ("services: {web: {image: x, healthcheck: {test: a, disable: true}}}", "it has a test and is disabled"),
        ("services: {web: {image: x, extra_hosts: [db]}}", "extra_hosts[0]: 'db' is no name with an address; write NAME:ADDRESS"),
        ("services: {web: {image: x, logging: {drvier: x}}}", "did you mean 'driver'?"),
        ("services: {web: {image: x, \"bad\\e[31m\": 1}}", "services.web.bad?[31m: there is no such key"),
    ])
    func structure(_ text: String, _ words: String) {
        let description = trouble(text)?.description ?? "nothing"
        #expect(description.hasPrefix("could not read /srv/shop/compose.yaml: line "), "\(description)")
        #expect(description.contains(words), "\(description)")
    }

    @Test(arguments: ["2", "2.4", "3", "3.8", "'3.14'", "\"3.0\""])
    func versions(_ version: String) throws {
        #expect(try read("version: \(version)\nx-anything: {at: [all]}\n" + web("x-own: 1")).ignored == [])
    }

    @Test(arguments: ["", "a b", "naïve", "a/b", "a\u{1B}"])
    func stackNames(_ name: String) {
        do {
            _ = try ComposeFile.stack(named: name, text: web(""), path: "c.yaml", environment: [:]) { _ throws(Complaint) in [] }
            Issue.record("\(name) is taken")
        } catch {
            #expect(error.answer.contains("is not a name for a stack"))
        }
    }

    @Test func servicesKeepTheFilesOrder() throws {
        let text = "services:\n" + ["zoo", "api", "m.id-dle_1"].map { "  \($0): {image: x}\n" }.joined()
        #expect(try read(text).services.map(\.name) == ["shop_zoo", "shop_api", "shop_m.id-dle_1"])
    }
}
