internal import Domain
internal import Engine
internal import JSON

/// What belongs to a stack, as the engine has it.
struct StackHoldings: Sendable {
    static let label = "com.docker.stack.namespace"

    var services: [JSONTree]
    var networks: [JSONTree]
    var secrets: [JSONTree]
    var configs: [JSONTree]

    /// What the services use, in the order in which it can go once they have: kind, path of the API, objects.
    var shared: [(kind: String, path: String, objects: [JSONTree])] {
        [("secret", "secrets", secrets), ("config", "configs", configs), ("network", "networks", networks)]
    }

    func service(named name: String) -> JSONTree? { services.first { Self.name($0) == name } }

    /// Each with its kind in front: "service shop_web".
    var words: [(id: String, words: String)] {
        ([("service", "services", services)] + shared).flatMap { kind, _, objects in
            objects.map { (Self.id($0) ?? "", "\(kind) \(PlainText.printable(Self.name($0)))") }
        }
    }

    /// Networks spell it `Id` and have their name and labels outside a specification.
    static func id(_ object: JSONTree) -> String? { (object["ID"] ?? object["Id"])?.text }
    static func name(_ object: JSONTree) -> String { (object["Spec", "Name"] ?? object["Name"])?.text ?? "?" }
}

extension StackHoldings {
    static func read(_ stack: String, over connection: DockerConnection, attempt: String) async throws(Trouble) -> StackHoldings {
        let mine = DockerCall.filters(["label": ["\(label)=\(stack)"]])
        func belonging(_ path: String) async throws(Trouble) -> [JSONTree] {
            // A proxy in front of the engine may pass over the filter: what is somebody else's must not be taken for the stack's.
            try await connection.trees([path], [mine], attempt: attempt).filter { ($0["Spec", "Labels"] ?? $0["Labels"])?[label]?.text == stack }
        }
        return StackHoldings(
            services: try await belonging("services"), networks: try await belonging("networks"), secrets: try await belonging("secrets"),
            configs: try await belonging("configs"))
    }

    /// What a plan keeps to be performed by: ids, names, and the specifications of the services.
    var base: String {
        func named(_ objects: [JSONTree]) -> JSONTree {
            .array(objects.map { .object(["ID": .string(Self.id($0) ?? ""), "Name": .string(Self.name($0))]) })
        }
        return JSONTree.object([
            "services": .array(services.map { .object(["ID": $0["ID"], "Spec": $0["Spec"]]) }), "networks": named(networks), "secrets": named(secrets),
            "configs": named(configs),
        ]).json
    }

    init(base: String?, _ operation: Operation) throws(Trouble) {
        guard let base else { throw Trouble(.malformed, attempt: SwarmPlans.attempt(operation), answer: "the plan does not hold what the stack was") }
        let tree = try SwarmEdit.specification(base, operation)
        func objects(_ key: String) -> [JSONTree] { tree[key]?.elements ?? [] }
        self.init(services: objects("services"), networks: objects("networks"), secrets: objects("secrets"), configs: objects("configs"))
    }

    /// What `restore` needs to have the stack so again while its secrets stay: of those nobody tells the contents, so only the names are kept.
    var keeping: JSONTree {
        .object([
            "services": .array(services.compactMap { $0["Spec"] }), "networks": .array(networks), "configs": .array(configs.compactMap { $0["Spec"] }),
            "secrets": .strings(secrets.map(Self.name)),
        ])
    }

    /// The same for the journal, without what configs hold.
    var record: String {
        var tree = keeping
        tree.set(
            .array(
                configs.compactMap { config in
                    var spec = config["Spec"]
                    spec?.set(nil, at: ["Data"])
                    return spec
                }), at: ["configs"])
        return SecretMask.masked(tree.json)
    }
}
