@testable import Compose
import Domain
import Testing

@Suite struct IgnoredTests {
    @Test func sentencesNameTheService() throws {
        let stack = try read(
            """
            name: other
            services:
              web:
                image: nginx
                build: {context: ., args: {A: b}}
                container_name: web
                depends_on: {db: {condition: service_healthy}}
                privileged: true
                network_mode: host
                profiles: [dev]
                expose: [80]
                tmpfs: /run
                ulimits: {nofile: 1000}
              db:
                image: postgres
                privileged: false
                links: []
                stdin_open: false
                container_name: db
            """)
        #expect(
            stack.ignored == [
                "name 'other': the stack is called shop",
                "build of web: the image has to exist already",
                "container_name of web: the swarm names the tasks itself",
                "depends_on of web: all services start at once; it has to wait by itself for what it needs",
                "privileged of web: a stack's tasks never are; add single capabilities with cap_add",
                "network_mode of web: a stack's tasks join networks; for the node's own, declare an external network named host",
                "profiles of web: the service is deployed whatever the profile",
                "tmpfs of web: write it under volumes, with type: tmpfs",
                "ulimits of web: not set from here; docker stack deploy does",
                "container_name of db: the swarm names the tasks itself",
            ])
        #expect(stack.services.map { $0.networks.map(\.network) } == [["shop_default"], ["shop_default"]])
    }

    @Test(arguments: ServiceKeys.ignored.keys.sorted())
    func everyKeyHasItsSentence(_ key: String) throws {
        #expect(try read(web("\(key): x")).ignored == ["\(key) of web: \(ServiceKeys.ignored[key] ?? "")"])
    }

    @Test(arguments: ServiceKeys.refused.keys.sorted())
    func everyRefusedKeyHasItsRemedy(_ key: String) {
        let found = trouble(web("\(key): x"))
        #expect(found?.reason == .unsupported && found?.remedy == ServiceKeys.refused[key])
    }

    @Test func noKeyIsListedTwice() {
        #expect(Set(ServiceKeys.all).count == ServiceKeys.all.count)
    }
}
