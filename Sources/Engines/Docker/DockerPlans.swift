internal import Domain
internal import Engine
internal import Transport

/// Dry runs: asks the engine how things are now and works out what an operation would change. Changes nothing.
struct DockerPlans: Sendable {
    let connection: DockerConnection
    let mapping: DockerMapping
    let isReadOnly: Bool

    func plan(_ operation: Operation) async throws(Trouble) -> Plan {
        let version = try await connection.acquaintance().apiVersion
        var plan = Plan(operation: operation)
        let calls = DockerCalls(version: version).calls(for: operation)
        plan.calls = calls.map { $0.text(version) }
        plan.commandLine = DockerCommand(operation, at: engineArguments).text
        guard !calls.isEmpty else {
            plan.obstacle = "this cannot be done to \(PlainText.printable(operation.target.name))"
            return plan
        }
        switch operation.target {
        case .container(let id, _): try await plan.describeContainer(id, self)
        case .network(let id, _): try await plan.describeNetwork(id, self)
        case .source:
            switch operation.action {
            case .prune(let what): try await plan.describePrune(what, version, self)
            case .createNetwork(let specification): try await plan.describeCreation(specification, self)
            case .start, .pause, .unpause, .stop, .restart, .kill, .rename, .removeContainer, .connect, .disconnect, .removeNetwork, .workload, .node, .registry: break
            }
        case .workload, .node, .task, .group, .instance, .member, .check: break
        }
        if isReadOnly { plan.obstacle = Self.readOnly }
        return plan
    }

    static let readOnly = "this engine is watched read-only"

    /// Where the docker command has to be pointed to reach the same engine.
    var engineArguments: [String] {
        switch connection.address {
        case .unix(path: "/var/run/docker.sock"): []
        case .unix(let path): ["-H", "unix://\(path)"]
        case .tcp(let host, let port, let prefix, let tls):
            (tls.map { $0.verifiesServer ? ["--tlsverify"] : ["--tls"] } ?? []) + ["-H", "tcp://\(host.contains(":") ? "[\(host)]" : host):\(port)\(prefix)"]
        case .ssh(let target): ["-H", target.description]
        }
    }
}
