internal import Domain
internal import Engine

/// The requests of each operation, in order. A plan shows them and `perform` sends them: one place, so they are the same.
struct DockerCalls: Sendable {
    let version: APIVersion

    /// Empty when the action does not fit the target.
    func calls(for operation: Operation) -> [DockerCall] {
        let id = operation.target.raw
        switch (operation.action, operation.target) {
        case (.start, .container): return [post(id, "start")]
        case (.pause, .container): return [post(id, "pause")]
        case (.unpause, .container): return [post(id, "unpause")]
        case (.stop(let grace), .container): return [post(id, "stop", grace.map { [("t", String($0))] } ?? [])]
        case (.restart(let grace), .container): return [post(id, "restart", grace.map { [("t", String($0))] } ?? [])]
        case (.kill(let signal), .container): return [post(id, "kill", [("signal", signal)])]
        case (.rename(let name), .container): return [post(id, "rename", [("name", name)])]
        case (.removeContainer(let force, let volumes), .container):
            let query = (force ? [("force", "1")] : []) + (volumes ? [("v", "1")] : [])
            return [DockerCall("DELETE", ["containers", id], query)]
        case (.prune(let what), .source): return [prune(what)]
        case (.createNetwork(let specification), .source):
            return [DockerCall("POST", ["networks", "create"], json: Self.creation(specification))]
        case (.connect(let container, _, let address, let aliases), .network):
            let addressing = address.isEmpty ? nil : NetworkAttachment.Endpoint.Addressing(address: address)
            let endpoint =
                addressing == nil && aliases.isEmpty
                ? nil : NetworkAttachment.Endpoint(addressing: addressing, aliases: aliases.isEmpty ? nil : aliases)
            return [DockerCall("POST", ["networks", id, "connect"], json: NetworkAttachment(container: container.raw, endpoint: endpoint))]
        case (.disconnect(let container, _, let force), .network):
            return [DockerCall("POST", ["networks", id, "disconnect"], json: NetworkAttachment(container: container.raw, force: force))]
        case (.removeNetwork, .network): return [DockerCall("DELETE", ["networks", id])]
        default: return []
        }
    }

    private func post(_ id: String, _ verb: String, _ query: [(String, String)] = []) -> DockerCall {
        DockerCall("POST", ["containers", id, verb], query)
    }

    private func prune(_ what: Operation.Prune) -> DockerCall {
        switch what {
        case .containers: DockerCall("POST", ["containers", "prune"])
        case .images: DockerCall("POST", ["images", "prune"])
        case .networks: DockerCall("POST", ["networks", "prune"])
        case .volumes: DockerCall("POST", ["volumes", "prune"])
        case .buildCache: DockerCall("POST", ["build", "prune"])
        }
    }

    static func creation(_ specification: NetworkSpecification) -> NetworkCreation {
        let pool: NetworkCreation.AddressManagement.Pool? =
            specification.subnet.isEmpty
            ? nil : .init(subnet: specification.subnet, gateway: specification.gateway.isEmpty ? nil : specification.gateway)
        return NetworkCreation(
            name: specification.name, driver: specification.driver, isInternal: specification.isInternal,
            isAttachable: specification.isAttachable, addressManagement: pool.map { .init(config: [$0]) })
    }
}

/// The same by the docker command, addressed so that it reaches the same engine.
struct DockerCommand: Sendable {
    let words: [String]

    init(_ operation: Operation, at engine: [String]) {
        words = ["docker"] + engine + Self.arguments(operation)
    }

    var text: String { CommandLineText(words).description }

    private static func arguments(_ operation: Operation) -> [String] {
        let name = operation.target.name
        switch operation.action {
        case .start: return ["start", name]
        case .pause: return ["pause", name]
        case .unpause: return ["unpause", name]
        case .stop(let grace): return ["stop"] + (grace.map { ["-t", String($0)] } ?? []) + [name]
        case .restart(let grace): return ["restart"] + (grace.map { ["-t", String($0)] } ?? []) + [name]
        case .kill(let signal): return ["kill"] + (signal == "SIGKILL" ? [] : ["-s", signal]) + [name]
        case .rename(let new): return ["rename", name, new]
        case .removeContainer(let force, let volumes): return ["rm"] + (force ? ["-f"] : []) + (volumes ? ["-v"] : []) + [name]
        case .prune(.containers): return ["container", "prune", "-f"]
        case .prune(.images): return ["image", "prune", "-f"]
        case .prune(.networks): return ["network", "prune", "-f"]
        case .prune(.volumes): return ["volume", "prune", "-f"]
        case .prune(.buildCache): return ["builder", "prune", "-f"]
        case .createNetwork(let new):
            return ["network", "create", "-d", new.driver] + (new.subnet.isEmpty ? [] : ["--subnet", new.subnet])
                + (new.gateway.isEmpty || new.subnet.isEmpty ? [] : ["--gateway", new.gateway]) + (new.isInternal ? ["--internal"] : [])
                + (new.isAttachable ? ["--attachable"] : []) + [new.name]
        case .connect(_, let container, let address, let aliases):
            return ["network", "connect"] + (address.isEmpty ? [] : ["--ip", address]) + aliases.flatMap { ["--alias", $0] } + [name, container]
        case .disconnect(_, let container, let force): return ["network", "disconnect"] + (force ? ["-f"] : []) + [name, container]
        case .removeNetwork: return ["network", "rm", name]
        // Swarm has commands of its own.
        case .workload, .node, .registry: return []
        }
    }
}
