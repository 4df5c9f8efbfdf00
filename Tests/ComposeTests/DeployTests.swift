@testable import Compose
import Domain
import Testing

@Suite struct DeployTests {
    @Test func everything() throws {
        let web = try service(
            """
            deploy:
              mode: replicated
              replicas: 6
              endpoint_mode: dnsrr
              labels: {tier: front, n: 1}
              placement:
                constraints: [node.role == manager, "node.labels.zone != a"]
                preferences: [{spread: node.labels.zone}, {spread: node.labels.rack}]
                max_replicas_per_node: 2
              resources:
                limits: {cpus: "0.50", memory: 50M, pids: 100}
                reservations:
                  cpus: 0.25
                  memory: 1gb
                  generic_resources:
                    - discrete_resource_spec: {kind: gpu, value: 2}
                    - discrete_resource_spec: {kind: ssd, value: "1"}
              update_config: {parallelism: 2, delay: 10s, failure_action: rollback, monitor: 1m, max_failure_ratio: 0.3, order: start-first}
              rollback_config: {parallelism: 0, failure_action: continue}
              restart_policy: {condition: on-failure, delay: 5s, max_attempts: 3, window: 120s}
            """)
        #expect(web.mode == .replicated && web.replicas == 6 && web.endpointMode == "dnsrr")
        #expect(web.labels == ["tier": "front", "n": "1", "com.docker.stack.namespace": "shop", "com.docker.stack.image": "nginx"])
        #expect(web.constraints == ["node.role == manager", "node.labels.zone != a"] && web.spreadOver == ["node.labels.zone", "node.labels.rack"] && web.maximumPerNode == 2)
        #expect(web.limits == Resources(nanoCPUs: 500_000_000, memory: 52_428_800, slots: 100))
        #expect(web.reservations == Resources(nanoCPUs: 250_000_000, memory: 1_073_741_824, others: ["gpu": 2, "ssd": 1]))
        #expect(web.update == .init(parallelism: 2, delay: .seconds(10), onFailure: "rollback", monitor: .seconds(60), tolerated: 0.3, order: "start-first"))
        #expect(web.rollback == .init(parallelism: 0, onFailure: "continue"))
        #expect(web.restart == .init(condition: "on-failure", delay: .seconds(5), maximumAttempts: 3, window: .seconds(120)))
    }

    @Test(arguments: [
        ("{}", .replicated, 1),
        ("{replicas: 0}", .replicated, 0),
        ("{mode: global}", .perNode, 1),
        ("{mode: global-job}", .jobPerNode, 1),
        ("{mode: replicated-job}", .job(completions: 1), 1),
        ("{mode: replicated-job, replicas: 5}", .job(completions: 5), 5),
    ] as [(String, Workload.Mode, Int)])
    func modes(_ text: String, _ mode: Workload.Mode, _ replicas: Int) throws {
        let web = try service("deploy: \(text)")
        #expect(web.mode == mode && web.replicas == replicas)
    }

    @Test func zeroIsNone() throws {
        let web = try service("deploy: {placement: {max_replicas_per_node: 0}, resources: {limits: {cpus: '0', memory: 0, pids: 0}}, restart_policy: {}, update_config: {}}")
        #expect(web.maximumPerNode == nil && web.limits.isEmpty && web.restart == .init() && web.update == .init())
    }

    @Test(arguments: [
        ("always", .init(condition: "any"), nil),
        ("unless-stopped", .init(condition: "any"), nil),
        ("on-failure", .init(condition: "on-failure"), nil),
        ("on-failure:3", .init(condition: "on-failure", maximumAttempts: 3), nil), ("on-failure:0", .init(condition: "on-failure"), nil),
        ("\"no\"", nil, "restart of web: tasks that end are started again; to leave them, write deploy.restart_policy.condition: none"),
        ("no", nil, "restart of web: tasks that end are started again; to leave them, write deploy.restart_policy.condition: none"),
        ("always\ndeploy: {restart_policy: {condition: none}}", .init(condition: "none"), "restart of web: deploy.restart_policy counts instead"),
    ] as [(String, ServiceSpecification.Restart?, String?)])
    func restart(_ text: String, _ restart: ServiceSpecification.Restart?, _ sentence: String?) throws {
        let stack = try read(web("restart: \(text)"))
        #expect(stack.services[0].restart == restart && stack.ignored == [sentence].compactMap(\.self))
    }

    @Test(arguments: [
        ("{mode: globl}", "deploy.mode: 'globl' is not known here; did you mean 'global'?"),
        ("{mode: global, replicas: 2}", "deploy.replicas: a service that runs once on every node has no number"),
        ("{replicas: two}", "deploy.replicas: 'two' is not a whole number from 0 to 2147483647"),
        ("{replicas: -1}", "'-1' is not a whole"),
        ("{replicas: 1.5}", "'1.5' is not a whole"),
        ("{replicas: 99999999999999999999999}", "is not a whole number"),
        ("{replicas: $NONE}", "'' is not a whole number"),
        ("{replica: 1}", "deploy.replica: there is no such key; did you mean 'replicas'?"),
        ("{endpoint_mode: vpi}", "did you mean 'vip'?"), ("{placement: {preferences: [{}]}}", "placement.preferences[0]: it does not say over what"),
        ("{placement: {constraints: node.role == manager}}", "placement.constraints: expected a list, found 'node.role == manager'"),
        ("{resources: {limits: {cpus: half}}}", "deploy.resources.limits.cpus: 'half' is not a number of cores; write it as 0.5"),
        ("{resources: {limits: {cpus: 0.0000000001}}}", "a billionth of a core"),
        ("{resources: {limits: {memory: lots}}}", "limits.memory: 'lots' is not an amount of memory; write it as 512M or 1g"),
        ("{resources: {limits: {memory: -1}}}", "'-1' is not an amount"),
        ("{resources: {limits: {memory: 99999999999P}}}", "is not an amount"),
        ("{resources: {limits: {pids: many}}}", "'many' is not a whole number"),
        ("{resources: {limit: {}}}", "resources.limit: there is no such key; did you mean 'limits'?"),
        ("{resources: {reservations: {generic_resources: [{named_resource_spec: {}}]}}}", "there is no such key"),
        ("{resources: {reservations: {generic_resources: [{discrete_resource_spec: {kind: gpu}}]}}}", "it needs both kind and value"),
        ("{update_config: {delay: 10}}", "update_config.delay: '10' is not a duration; it needs a unit, such as 10s"),
        ("{update_config: {delay: soon}}", "'soon' is not a duration; write it as 90s or 1m30s"),
        ("{update_config: {max_failure_ratio: 1.5}}", "'1.5' is not a number from 0 to 1"),
        ("{update_config: {max_failure_ratio: nan}}", "'nan' is not a number"),
        ("{update_config: {failure_action: stop}}", "'stop' is not known here"),
        ("{update_config: {order: start_first}}", "did you mean 'start-first'?"),
        ("{rollback_config: {failure_action: rollback}}", "rollback_config.failure_action: 'rollback' is not known here; known: pause, continue"),
        ("{restart_policy: {condition: always}}", "'always' is not known here; known: none, on-failure, any"),
        ("[]", "services.web.deploy: expected keys with values, found a list"),
    ])
    func refusals(_ text: String, _ words: String) {
        let description = trouble(web("deploy: \(text)"))?.description ?? "nothing"
        #expect(description.contains("line 4, services.web.deploy"))
        #expect(description.contains(words), "\(description)")
    }

    @Test(arguments: [("sometimes", "'sometimes' is not known here; known: no, always"), ("on-failure:x", "has no number of attempts"), ("always:3", "'always:3' is not known"), ("on-failure:-1", "has no number")])
    func restartRefusals(_ text: String, _ words: String) {
        #expect(trouble(web("restart: \(text)"))?.description.contains(words) == true)
    }

    @Test func leftOut() throws {
        let stack = try read(
            web("deploy: {resources: {memory_swap: 1, reservations: {devices: [{capabilities: [gpu]}]}}}"))
        #expect(
            stack.ignored == [
                "deploy.resources.memory_swap of web: not set from here; docker stack deploy does",
                "deploy.resources.reservations.devices of web: reserve generic_resources that the nodes advertise instead",
            ])
    }
}
