internal import Domain
internal import Engine
internal import JSON
internal import Transport

/// Specifications with a change made to them: what a plan describes and what is sent, from one place.
struct SwarmEdit: Sendable {
    let connection: DockerConnection
    /// What registries told already, nil for those that told nothing, by the image's familiar name.
    var known: [String: RegistryAnswer?] = [:]
    /// With a registry.
    var patience = Duration.seconds(5)

    /// A service's specification after a change that needs nothing but the specification.
    static func edited(_ base: JSONTree, by change: WorkloadChange) -> JSONTree? {
        var tree = base
        switch change {
        case .scale(let count):
            if base["Mode", "ReplicatedJob"] != nil {
                tree.set(.number(count), at: ["Mode", "ReplicatedJob", "TotalCompletions"])
            } else {
                tree.set(.number(count), at: ["Mode", "Replicated", "Replicas"])
            }
        case .restart: tree.set(.number((base["TaskTemplate", "ForceUpdate"]?.natural ?? 0) &+ 1), at: restartCount)
        case .deploy, .deployStack, .undeploy, .rollBack, .restore: return nil
        }
        return tree
    }

    static let restartCount = ["TaskTemplate", "ForceUpdate"]

    /// What of the specification a change touches, for the plan page.
    static func words(_ change: WorkloadChange) -> String {
        switch change {
        case .scale(let count): "Mode.Replicated.Replicas = \(count)"
        case .restart: "TaskTemplate.ForceUpdate one higher"
        case .deploy, .deployStack: "the fields above changed"
        case .restore: "the fields above as they were"
        case .undeploy, .rollBack: "nothing changed"
        }
    }

    static func specification(_ json: String, _ operation: Operation) throws(Trouble) -> JSONTree {
        do throws(JSONReader.Malformed) { return try JSONTree(Array(json.utf8)) } catch {
            throw Trouble(.malformed, attempt: SwarmPlans.attempt(operation), answer: "the specification that was kept cannot be read: \(error.words)")
        }
    }

    /// How many tasks a specification wants; nil for global ones.
    static func replicas(_ spec: JSONTree) -> Int? {
        (spec["Mode", "Replicated", "Replicas"] ?? spec["Mode", "ReplicatedJob", "TotalCompletions"])?.integer.flatMap { Int(exactly: $0) }
    }

    /// A service's specification after a form was filled in.
    func edited(_ base: JSONTree, by specification: ServiceSpecification, _ operation: Operation) async throws(Trouble) -> JSONTree {
        let form = ServiceForm(directory: try await directory(for: specification, operation))
        var tree = base
        var old = form.specification(base)
        let image = old.image
        old.image = specification.image
        form.write(specification, over: old, into: &tree)
        await putImage(specification.image, over: image, into: &tree)
        return tree
    }

    func tree(_ specification: ServiceSpecification, _ operation: Operation) async throws(Trouble) -> JSONTree {
        var tree = ServiceForm(directory: try await directory(for: specification, operation)).tree(specification)
        await putImage(specification.image, over: nil, into: &tree)
        return tree
    }

    // MARK: Names and ids

    /// Names of the networks that specifications call by id, ids of the secrets and configs that people call by name.
    func directory(for specification: ServiceSpecification?, _ operation: Operation) async throws(Trouble) -> ServiceForm.Directory {
        let attempt = SwarmPlans.attempt(operation)
        var directory = ServiceForm.Directory()
        for network in try await connection.trees(["networks"], [DockerCall.filters(["scope": ["swarm"]])], attempt: attempt) {
            if let id = network["Id"]?.text, let name = network["Name"]?.text { directory.networkNames[id] = name }
        }
        for name in ["host", "bridge"] {
            if let id = try await predefinedNetwork(name, attempt) { directory.networkNames[id] = name }
        }
        guard let specification else { return directory }
        if !specification.secrets.isEmpty { directory.secretIDs = try await ids("secrets", attempt) }
        if !specification.configs.isEmpty { directory.configIDs = try await ids("configs", attempt) }
        for (kind, names, known) in [("secret", specification.secrets.map(\.name), directory.secretIDs), ("config", specification.configs.map(\.name), directory.configIDs)] {
            for name in names where known[name] == nil {
                // A stack makes its own on the way; they have ids by the time its services are sent.
                if case .workload(.deployStack) = operation.action { continue }
                throw Trouble(.notFound, attempt: attempt, answer: "there is no \(kind) called \(PlainText.printable(name))", remedy: "docker \(kind) create makes it")
            }
        }
        return directory
    }

    /// The swarm's own id for a network that every node has: no list of its networks names it.
    private func predefinedNetwork(_ name: String, _ attempt: String) async throws(Trouble) -> String? {
        let answer = try await connection.answer(DockerCall("GET", ["networks", name], [("scope", "swarm")]), attempt: attempt)
        // An engine that does not tell leaves the id where the name would stand.
        guard answer.status == 200, let network = try? JSONTree(answer.body) else { return nil }
        return network["Id"]?.text
    }

    private func ids(_ kind: String, _ attempt: String) async throws(Trouble) -> [String: String] {
        var ids: [String: String] = [:]
        for object in try await connection.trees([kind], attempt: attempt) {
            if let name = object["Spec", "Name"]?.text, let id = object["ID"]?.text { ids[name] = id }
        }
        return ids
    }
}
