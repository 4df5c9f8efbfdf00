internal import Domain
internal import Transport

/// Specifications with a change made to them: what a plan describes and what is sent, from one place.
struct SwarmEdit: Sendable {
    let connection: DockerConnection

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
        // An unchanged image keeps the digest it was pinned to.
        if Self.withoutDigest(old.image) == specification.image { old.image = specification.image }
        form.write(specification, over: old, into: &tree)
        if old.image != specification.image, let pinned = await pinned(specification.image) {
            tree.set(.string(pinned), at: ["TaskTemplate", "ContainerSpec", "Image"])
        }
        return tree
    }

    func tree(_ specification: ServiceSpecification, _ operation: Operation) async throws(Trouble) -> JSONTree {
        var tree = ServiceForm(directory: try await directory(for: specification, operation)).tree(specification)
        if let pinned = await pinned(specification.image) { tree.set(.string(pinned), at: ["TaskTemplate", "ContainerSpec", "Image"]) }
        return tree
    }

    static func withoutDigest(_ image: String) -> String {
        image.firstIndex(of: "@").map { String(image[..<$0]) } ?? image
    }

    // MARK: Names and ids

    /// Names of the networks that specifications call by id, ids of the secrets and configs that people call by name.
    func directory(for specification: ServiceSpecification?, _ operation: Operation) async throws(Trouble) -> ServiceForm.Directory {
        let attempt = SwarmPlans.attempt(operation)
        var directory = ServiceForm.Directory()
        for network in try await connection.trees(["networks"], [DockerCall.filters(["scope": ["swarm"]])], attempt: attempt) {
            if let id = network["Id"]?.text, let name = network["Name"]?.text { directory.networkNames[id] = name }
        }
        guard let specification else { return directory }
        if !specification.secrets.isEmpty { directory.secretIDs = try await ids("secrets", attempt) }
        if !specification.configs.isEmpty { directory.configIDs = try await ids("configs", attempt) }
        for (kind, names, known) in [("secret", specification.secrets.map(\.name), directory.secretIDs), ("config", specification.configs.map(\.name), directory.configIDs)] {
            for name in names where known[name] == nil {
                // A stack makes its own on the way; they have ids by the time its services are sent.
                if case .workload(.deployStack) = operation.action { continue }
                throw Trouble(.notFound, attempt: attempt, answer: "there is no \(kind) called \(EngineMessage.printable(name))", remedy: "docker \(kind) create makes it")
            }
        }
        return directory
    }

    private func ids(_ kind: String, _ attempt: String) async throws(Trouble) -> [String: String] {
        var ids: [String: String] = [:]
        for object in try await connection.trees([kind], attempt: attempt) {
            if let name = object["Spec", "Name"]?.text, let id = object["ID"]?.text { ids[name] = id }
        }
        return ids
    }

    // MARK: Images

    /// `busybox:1.36@sha256:…` where a registry tells the digest, so that all nodes run the same; nil where none does.
    func pinned(_ image: String) async -> String? {
        guard !image.contains("@") else { return nil }
        let call = DockerCall("GET", ["distribution", image, "json"])
        // No registry is no obstacle: the docker command deploys then without a digest too, and the plan page says so.
        guard let answer = try? await connection.answer(call, timeout: .seconds(5), attempt: "ask the registry for \(image)"), answer.status == 200,
            let digest = (try? JSONTree(answer.body))?["Descriptor", "digest"]?.text
        else { return nil }
        return image + "@" + digest
    }

    func imageWords(_ image: String) async -> String {
        if image.contains("@") { return "its image is pinned by its digest" }
        if let pinned = await pinned(image) { return "its image is pinned to \(pinned.drop { $0 != "@" }.dropFirst().prefix(19))…" }
        return "no registry tells the digest of its image: each node takes the image it has under that name, or fetches it"
    }
}
