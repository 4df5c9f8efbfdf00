internal import Domain
internal import FoundationEssentials
internal import Transport

/// Stacks, once confirmed: what is shared first, then the services; the other way round when they go.
struct SwarmStackDeeds: Sendable {
    /// A network is in use until the last task on it has ended.
    private static let patience = 60

    let deeds: SwarmDeeds
    private var connection: DockerConnection { deeds.connection }
    private var operation: Operation { deeds.operation }
    private var attempt: String { SwarmPlans.attempt(operation) }
    private var name: String { EngineMessage.printable(operation.target.name) }

    func deploy(_ stack: StackSpecification) async throws(Trouble) -> String {
        let networks = Set(try await connection.trees(["networks"], attempt: attempt).compactMap { $0["Name"]?.text })
        for network in stack.networks where !network.isExternal && !networks.contains(network.name) { _ = try await deeds.send(Self.creation(network)) }
        try await make(stack.secrets, "secrets")
        try await make(stack.configs, "configs")
        let there = try await SwarmPlans.holdings(of: stack.name, over: connection, attempt: attempt)
        var (created, changed) = (0, 0)
        for service in stack.services {
            let edit = SwarmEdit(connection: connection)
            guard let old = there.service(named: service.name), let base = old["Spec"], let id = old["ID"]?.text else {
                _ = try await deeds.create(try await edit.tree(service, operation))
                created += 1
                continue
            }
            let edited = try await edit.edited(base, by: service, operation)
            guard edited != base else { continue }
            let update = SpecificationUpdate(path: ["services", id], name: service.name, base: base, edited: edited, rising: [SwarmEdit.restartCount])
            _ = try await update.send(over: connection, attempt: attempt)
            changed += 1
        }
        return "deployed stack \(name): \(created) new, \(changed) changed, \(stack.services.count - created - changed) as they were"
    }

    private static func creation(_ network: StackSpecification.Network) -> DockerCall {
        let pools = network.subnet.isEmpty ? nil : JSONTree.object(["Config": .array([.object(["Subnet": .string(network.subnet)])])])
        let tree = JSONTree.object([
            "Name": .string(network.name), "CheckDuplicate": .flag(true), "Driver": .string(network.driver), "Internal": .flag(network.isInternal),
            "Attachable": .flag(network.isAttachable), "IPAM": pools, "Options": .dictionary(network.driverOptions), "Labels": .dictionary(network.labels),
        ])
        return DockerCall("POST", ["networks", "create"], body: Array(tree.json.utf8))
    }

    private func make(_ blobs: [StackSpecification.Blob], _ path: String) async throws(Trouble) {
        let wanted = blobs.filter { !$0.isExternal }
        guard !wanted.isEmpty else { return }
        let names = Set(try await connection.trees([path], attempt: attempt).compactMap { $0["Spec", "Name"]?.text })
        for blob in wanted where !names.contains(blob.name) {
            let tree = JSONTree.object(["Name": .string(blob.name), "Labels": .dictionary(blob.labels), "Data": .string(Data(blob.data).base64EncodedString())])
            _ = try await deeds.send(DockerCall("POST", [path, "create"], body: Array(tree.json.utf8)))
        }
    }

    func undeploy() async throws(Trouble) -> String {
        let there = try await SwarmPlans.holdings(of: operation.target.name, over: connection, attempt: attempt)
        for service in there.services { if let id = service["ID"]?.text { try await deeds.remove(["services", id]) } }
        for (path, objects) in [("secrets", there.secrets), ("configs", there.configs)] {
            for object in objects { if let id = object["ID"]?.text { try await whenFree([path, id]) } }
        }
        for network in there.networks { if let id = network["Id"]?.text { try await whenFree(["networks", id]) } }
        return "undeployed stack \(name): \(there.services.count) services, \(there.networks.count) networks"
    }

    /// Refused while a task still uses it: asked again until the last has ended.
    private func whenFree(_ path: [String]) async throws(Trouble) {
        for number in 0..<Self.patience {
            let answer = try await connection.answer(DockerCall("DELETE", path), timeout: .seconds(30), attempt: attempt)
            if (200..<300).contains(answer.status) || answer.status == 404 { return }
            guard number < Self.patience - 1 else { throw SwarmAnswer.trouble(answer, attempt: attempt, address: connection.address) }
            do { try await Task.sleep(for: .milliseconds(500)) } catch { throw Trouble(.cancelled, attempt: attempt, answer: "cancelled") }
        }
    }

    func restore(_ json: String) async throws(Trouble) -> String {
        let kept = try SwarmEdit.specification(json, operation)
        var ids: [String: String] = [:]
        for network in kept["networks"]?.elements ?? [] {
            if let old = network["Id"]?.text, let name = network["Name"]?.text { ids[old] = name }
        }
        try await makeNetworks(again: kept)
        for config in kept["configs"]?.elements ?? [] {
            _ = try await deeds.send(DockerCall("POST", ["configs", "create"], body: Array(config.json.utf8)), tolerating: [409])
        }
        let configs = try await connection.trees(["configs"], attempt: attempt)
        let there = try await SwarmPlans.holdings(of: operation.target.name, over: connection, attempt: attempt)
        for spec in kept["services"]?.elements ?? [] {
            let spec = Self.readdressed(spec, networks: ids, configs: configs)
            guard let old = spec["Name"]?.text.flatMap({ there.service(named: $0) }), let base = old["Spec"], let id = old["ID"]?.text else {
                try await create(spec, kept)
                continue
            }
            if base == spec { continue }
            _ = try await SpecificationUpdate(path: ["services", id], name: name, base: base, edited: spec).send(over: connection, attempt: attempt)
        }
        return "put stack \(name) back as it was"
    }

    private func makeNetworks(again kept: JSONTree) async throws(Trouble) {
        for network in kept["networks"]?.elements ?? [] { _ = try await deeds.send(Self.creation(again: network), tolerating: [409]) }
    }

    /// A network that was removed a moment ago is still there when it is asked for again, and gone right after.
    private func create(_ spec: JSONTree, _ kept: JSONTree) async throws(Trouble) {
        for number in 0..<Self.patience {
            do throws(Trouble) {
                _ = try await deeds.create(spec)
                return
            } catch {
                guard number < Self.patience - 1, error.answer.contains("network"), error.answer.contains("not found") else { throw error }
            }
            do { try await Task.sleep(for: .milliseconds(200)) } catch { throw Trouble(.cancelled, attempt: attempt, answer: "cancelled") }
            try await makeNetworks(again: kept)
        }
    }

    private static func creation(again network: JSONTree) -> DockerCall {
        let pools = (network["IPAM", "Config"]?.elements ?? []).map { pool in JSONTree.object(["Subnet": pool["Subnet"], "Gateway": pool["Gateway"]]) }
        let tree = JSONTree.object([
            "Name": network["Name"], "CheckDuplicate": .flag(true), "Driver": network["Driver"], "Internal": network["Internal"], "Attachable": network["Attachable"],
            "IPAM": .object(["Config": .array(pools)]), "Labels": network["Labels"],
        ])
        return DockerCall("POST", ["networks", "create"], body: Array(tree.json.utf8))
    }

    /// Networks were made anew under other ids: the engine takes names in their place. Configs have to be called by id.
    private static func readdressed(_ spec: JSONTree, networks: [String: String], configs: [JSONTree]) -> JSONTree {
        var spec = spec
        if let attached = spec["TaskTemplate", "Networks"]?.elements {
            let named = attached.map { attachment in
                var attachment = attachment
                if let target = attachment["Target"]?.text, let name = networks[target] { attachment.set(.string(name), at: ["Target"]) }
                return attachment
            }
            spec.set(.array(named), at: ["TaskTemplate", "Networks"])
        }
        if let used = spec["TaskTemplate", "ContainerSpec", "Configs"]?.elements {
            let called = used.map { reference in
                var reference = reference
                let id = configs.first { $0["Spec", "Name"] == reference["ConfigName"] }?["ID"]
                if let id { reference.set(id, at: ["ConfigID"]) }
                return reference
            }
            spec.set(.array(called), at: ["TaskTemplate", "ContainerSpec", "Configs"])
        }
        return spec
    }
}
