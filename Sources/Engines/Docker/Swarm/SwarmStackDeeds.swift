internal import Domain
internal import Engine
internal import FoundationEssentials
internal import JSON
internal import Transport

/// Stacks, once confirmed: what is shared first, then the services; the other way round when they go.
struct SwarmStackDeeds: Sendable {
    /// A network is in use until the last task on it has ended.
    private static let patience = 60

    let deeds: SwarmDeeds
    let plan: Plan
    private var connection: DockerConnection { deeds.connection }
    private var operation: Operation { deeds.operation }
    private var attempt: String { SwarmPlans.attempt(operation) }
    private var name: String { PlainText.printable(operation.target.name) }

    /// A step of many that fails does not take back those before it: what they did is told with the failure.
    private func inSteps(_ body: (inout SwarmSteps) async throws(Trouble) -> String) async throws(Trouble) -> String {
        var steps = SwarmSteps()
        do throws(Trouble) { return try await body(&steps) } catch { throw steps.told(with: error) }
    }

    // MARK: Deploying

    func deploy(_ stack: StackSpecification) async throws(Trouble) -> String {
        try await inSteps { steps throws(Trouble) in try await deploy(stack, &steps) }
    }

    private func deploy(_ stack: StackSpecification, _ steps: inout SwarmSteps) async throws(Trouble) -> String {
        let planned = try StackHoldings(base: plan.base, operation)
        let networks = Set(try await connection.trees(["networks"], attempt: attempt).compactMap { $0["Name"]?.text })
        for network in stack.networks where !network.isExternal && !networks.contains(network.name) {
            _ = try await deeds.send(Self.creation(network))
            steps.did("created", "network \(network.name)")
        }
        try await make(stack.secrets, "secret", &steps)
        try await make(stack.configs, "config", &steps)
        let edit = await SwarmEdit(connection: connection).knowing(stack.services.map(\.image))
        var (new, updates): ([ServiceSpecification], [SpecificationUpdate]) = ([], [])
        for service in stack.services {
            guard let old = planned.service(named: service.name), let base = old["Spec"], let id = old["ID"]?.text else {
                new.append(service)
                continue
            }
            let edited = try await edit.edited(base, by: service, operation)
            if edited != base { updates.append(update(id, service.name, from: base, to: edited)) }
        }
        try await check(updates)
        for service in new {
            _ = try await deeds.create(try await edit.tree(service, operation))
            steps.did("created", "service \(service.name)")
        }
        try await send(updates, &steps)
        return "deployed stack \(name): \(new.count) new, \(updates.count) changed, \(stack.services.count - new.count - updates.count) as they were"
    }

    private func update(_ id: String, _ name: String, from base: JSONTree, to edited: JSONTree) -> SpecificationUpdate {
        SpecificationUpdate(path: ["services", id], name: PlainText.printable(name), base: base, edited: edited, rising: [SwarmEdit.restartCount])
    }

    /// All of them before any is sent: a clash in the last one would leave the stack half changed.
    private func check(_ updates: [SpecificationUpdate]) async throws(Trouble) {
        for update in updates {
            let fresh = try await connection.tree(update.path, attempt: attempt, gone: "\(update.name) has gone")
            _ = try update.merge(into: fresh["Spec"] ?? .null, attempt: attempt)
        }
    }

    private func send(_ updates: [SpecificationUpdate], _ steps: inout SwarmSteps) async throws(Trouble) {
        for update in updates {
            _ = try await update.send(over: connection, attempt: attempt)
            steps.did("changed", "service \(update.name)")
        }
    }

    private static func creation(_ network: StackSpecification.Network) -> DockerCall {
        let pools = network.subnet.isEmpty ? nil : JSONTree.object(["Config": .array([.object(["Subnet": .string(network.subnet)])])])
        return creation(
            .object([
                "Name": .string(network.name), "CheckDuplicate": .flag(true), "Driver": .string(network.driver), "Internal": .flag(network.isInternal),
                "Attachable": .flag(network.isAttachable), "IPAM": pools, "Options": .dictionary(network.driverOptions), "Labels": .dictionary(network.labels),
            ]), "networks")
    }

    private static func creation(_ tree: JSONTree, _ path: String) -> DockerCall { DockerCall("POST", [path, "create"], body: Array(tree.json.utf8)) }

    private func make(_ blobs: [StackSpecification.Blob], _ kind: String, _ steps: inout SwarmSteps) async throws(Trouble) {
        let wanted = blobs.filter { !$0.isExternal }
        guard !wanted.isEmpty else { return }
        let names = Set(try await connection.trees([kind + "s"], attempt: attempt).map(StackHoldings.name))
        for blob in wanted where !names.contains(blob.name) {
            let tree = JSONTree.object(["Name": .string(blob.name), "Labels": .dictionary(blob.labels), "Data": .string(Data(blob.data).base64EncodedString())])
            _ = try await deeds.send(Self.creation(tree, kind + "s"))
            steps.did("created", "\(kind) \(blob.name)")
        }
    }

    // MARK: Undeploying

    func undeploy() async throws(Trouble) -> String {
        try await inSteps { steps throws(Trouble) in try await undeploy(&steps) }
    }

    private func undeploy(_ steps: inout SwarmSteps) async throws(Trouble) -> String {
        let planned = try StackHoldings(base: plan.base, operation)
        let known = Set(planned.words.map(\.id))
        let later = try await StackHoldings.read(operation.target.name, over: connection, attempt: attempt).words.filter { !known.contains($0.id) }
        for (kind, path, objects) in [("service", "services", planned.services)] + planned.shared {
            for object in objects {
                if let refusal = try await remove(object, path) { throw refusal }
                steps.did("removed", "\(kind) \(StackHoldings.name(object))")
            }
        }
        let left = later.isEmpty ? "" : "; left alone, as it was not there when this was planned: " + later.map(\.words).joined(separator: ", ")
        return "undeployed stack \(name): \(planned.services.count) services, \(planned.networks.count) networks" + left
    }

    /// Answers with the refusal where it is in use for longer than tasks take to end.
    private func remove(_ object: JSONTree, _ path: String) async throws(Trouble) -> Trouble? {
        guard let id = StackHoldings.id(object), !id.isEmpty else { return nil }
        guard path == "networks" else {
            try await deeds.remove([path, id])
            return nil
        }
        var number = 0
        while true {
            let answer = try await connection.answer(DockerCall("DELETE", [path, id]), timeout: .seconds(30), attempt: attempt)
            if (200..<300).contains(answer.status) || answer.status == 404 { return nil }
            let refusal = SwarmAnswer.trouble(answer, attempt: attempt, address: connection.address)
            guard refusal.answer.contains("in use") || refusal.answer.contains("active endpoints") else { throw refusal }
            number += 1
            // Tasks end; a service that is on it stays.
            if number == Self.patience || refusal.answer.contains("in use by service") { return refusal }
            do { try await Task.sleep(for: .milliseconds(500)) } catch { throw Trouble(.cancelled, attempt: attempt, answer: "cancelled") }
        }
    }

    // MARK: Bringing back

    func restore(_ json: String) async throws(Trouble) -> String {
        try await inSteps { steps throws(Trouble) in try await restore(json, &steps) }
    }

    private func restore(_ json: String, _ steps: inout SwarmSteps) async throws(Trouble) -> String {
        let kept = try SwarmEdit.specification(json, operation)
        let planned = try StackHoldings(base: plan.base, operation)
        let additions = SwarmReturn.additions(to: kept, in: planned)
        try await make(again: kept["networks"]?.elements ?? [], "network", &steps)
        try await make(again: kept["configs"]?.elements ?? [], "config", &steps)
        let networks = try await connection.trees(["networks"], attempt: attempt)
        let configs = try await connection.trees(["configs"], attempt: attempt)
        var (gone, updates): ([JSONTree], [SpecificationUpdate]) = ([], [])
        for spec in kept["services"]?.elements ?? [] {
            guard let old = planned.service(named: StackHoldings.name(spec)), let base = old["Spec"], let id = old["ID"]?.text else {
                // A network on its way out is listed still: called by its name it is found when it has been made again.
                gone.append(SwarmReturn.readdressed(spec, kept: kept, networks: [], configs: configs))
                continue
            }
            let edited = SwarmReturn.service(SwarmReturn.readdressed(spec, kept: kept, networks: networks, configs: configs), over: base)
            if !JSONTree.differences(base, edited).isEmpty { updates.append(update(id, StackHoldings.name(spec), from: base, to: edited)) }
        }
        try await check(updates)
        for spec in gone {
            try await create(spec, kept)
            steps.did("created", "service \(StackHoldings.name(spec))")
        }
        try await send(updates, &steps)
        var stays: [String] = []
        for (kind, path, object) in additions {
            let words = "\(kind) \(PlainText.printable(StackHoldings.name(object)))"
            if let refusal = try await remove(object, path) { stays.append("\(words) stays: \(refusal.answer)") } else { steps.did("removed", words) }
        }
        return (["put stack \(name) back as it was"] + stays).joined(separator: "; ")
    }

    private func make(again kept: [JSONTree], _ kind: String, _ steps: inout SwarmSteps) async throws(Trouble) {
        guard !kept.isEmpty else { return }
        let names = Set(try await connection.trees([kind + "s"], attempt: attempt).map(StackHoldings.name))
        for object in kept where !names.contains(StackHoldings.name(object)) {
            let tree = kind == "network" ? SwarmReturn.network(object) : object
            // Somebody else may have made it a moment ago: then it is there, which is what is wanted.
            _ = try await deeds.send(Self.creation(tree, kind + "s"), tolerating: [409])
            steps.did("created", "\(kind) \(StackHoldings.name(object))")
        }
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
            for network in kept["networks"]?.elements ?? [] { _ = try await deeds.send(Self.creation(SwarmReturn.network(network), "networks"), tolerating: [409]) }
        }
    }
}
