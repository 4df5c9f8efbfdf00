internal import Domain
internal import Engine
internal import FoundationEssentials
internal import JSON

/// Stacks: several services with the networks, secrets and configs they share.
extension SwarmPlans {
    func describeStack(_ stack: StackSpecification, _ plan: inout Plan) async throws(Trouble) {
        let attempt = Self.attempt(plan.operation)
        let there = try await StackHoldings.read(stack.name, over: connection, attempt: attempt)
        let all = try await connection.trees(["networks"], attempt: attempt)
        let board = try await board()
        plan.base = there.base
        plan.previous = there.record
        let names = Set(all.compactMap { $0["Name"]?.text })
        for network in stack.networks where !names.contains(network.name) {
            if network.isExternal {
                plan.obstacle = "the network \(PlainText.printable(network.name)) is called external and is not there: docker network create -d overlay makes it"
            } else {
                plan.changes.append(Plan.Change(subject: "network \(PlainText.printable(network.name))", before: "", after: "new, \(network.driver)"))
                plan.calls.append("POST /networks/create \(network.name)")
            }
        }
        try await describeBlobs(stack.secrets, "secret", "secrets", attempt, &plan)
        try await describeBlobs(stack.configs, "config", "configs", attempt, &plan)
        var course = PlacementCourse(board)
        let edit = await SwarmEdit(connection: connection).knowing(stack.services.filter { there.service(named: $0.name) != nil }.map(\.image))
        for service in stack.services { try await describe(service, of: there, edit, board, &course, &plan) }
        let wanted = Set(stack.services.map(\.name))
        for old in there.services where !wanted.contains(StackHoldings.name(old)) {
            plan.notes.append("\(PlainText.printable(StackHoldings.name(old))) is in the stack and not in the file: it stays (X undeploys it)")
        }
        plan.notes += stack.ignored.map { "not done: " + PlainText.printable($0) }
        if stack.services.isEmpty { plan.obstacle = "the file holds no service" }
        if plan.calls.isEmpty, plan.obstacle == nil { plan.idle = "nothing differs from what runs now" }
        describeWayBack(to: there, &plan)
    }

    private func describe(_ service: ServiceSpecification, of there: StackHoldings, _ edit: SwarmEdit, _ board: PlacementBoard, _ course: inout PlacementCourse, _ plan: inout Plan) async throws(Trouble) {
        let name = PlainText.printable(service.name)
        guard let old = there.service(named: service.name), let base = old["Spec"], let id = old["ID"]?.text else {
            plan.changes.append(Plan.Change(subject: "service \(name)", before: "", after: "new, of \(PlainText.printable(service.image))" + Self.countWords(service)))
            plan.calls.append("POST /services/create \(name)")
            describePlacing(service, &course, of: name, &plan)
            return
        }
        let edited = try await edit.edited(base, by: service, plan.operation)
        describe(from: base, to: edited, of: name, id, board, &course, &plan)
    }

    /// One service of a stack that is there already.
    private func describe(from base: JSONTree, to edited: JSONTree, of name: String, _ id: String, _ board: PlacementBoard, _ course: inout PlacementCourse, _ plan: inout Plan) {
        let changes = SpecificationWords.changes(from: base, to: edited)
        guard !changes.isEmpty else {
            plan.notes.append("\(name) stays as it is")
            return
        }
        plan.changes += changes.map { Plan.Change(subject: "\(name) \($0.subject)", before: $0.before.nonEmpty ?? "none", after: $0.after) }
        plan.calls.append("POST /services/\(id)/update")
        guard let workload = board.workloads.first(where: { $0.id.raw == id }) else { return }
        describeUpdate(from: base, to: edited, workload, &course, of: name, &plan)
    }

    private func describeWayBack(to there: StackHoldings, _ plan: inout Plan) {
        if there.services.isEmpty {
            plan.undo = Operation(.workload(.undeploy), on: plan.operation.target)
            plan.wayBack = "undeploy the stack (:undo)"
        } else {
            plan.undo = Operation(.workload(.restore(there.keeping.json)), on: plan.operation.target)
            plan.wayBack = "the services as they are now, and what is new removed (:undo)"
        }
    }

    private static func countWords(_ service: ServiceSpecification) -> String {
        switch service.mode {
        case .replicated, .pinned: ", \(service.replicas) tasks"
        case .perNode: ", global"
        case .job(let completions): ", a job of \(completions)"
        case .jobPerNode: ", a global job"
        }
    }

    private func describeBlobs(_ blobs: [StackSpecification.Blob], _ kind: String, _ path: String, _ attempt: String, _ plan: inout Plan) async throws(Trouble) {
        guard !blobs.isEmpty else { return }
        let all = try await connection.trees([path], attempt: attempt)
        for blob in blobs {
            let name = PlainText.printable(blob.name)
            if let there = all.first(where: { StackHoldings.name($0) == blob.name }) {
                if !blob.isExternal, let warning = Self.warning(of: there, against: blob, "\(kind) \(name)", isSecret: kind == "secret") { plan.warnings.append(warning) }
            } else if blob.isExternal {
                plan.obstacle = "the \(kind) \(name) is called external and is not there: docker \(kind) create makes it"
            } else {
                plan.changes.append(Plan.Change(subject: "\(kind) \(name)", before: "", after: "new, \(ByteCount.words(UInt64(blob.data.count)))"))
                plan.calls.append("POST /\(path)/create \(name)")
            }
        }
    }

    private static func warning(of there: JSONTree, against blob: StackSpecification.Blob, _ what: String, isSecret: Bool) -> String? {
        if isSecret { return "\(what) is there already and nobody tells what it holds: if the file's contents are others, only another name applies them" }
        if (there["Spec", "Data"]?.text ?? "") == Data(blob.data).base64EncodedString() { return nil }
        return "\(what) is there already with other contents, which cannot change: the file's are not applied until it has another name there"
    }

    // MARK: Going and coming back

    func describeStackRemoval(_ name: String, _ plan: inout Plan) async throws(Trouble) {
        let there = try await StackHoldings.read(name, over: connection, attempt: Self.attempt(plan.operation))
        let board = try await board()
        plan.base = there.base
        for service in there.services {
            guard let id = StackHoldings.id(service) else { continue }
            let workload = board.workloads.first { $0.id.raw == id }
            plan.changes.append(
                Plan.Change(
                    subject: "service \(PlainText.printable(StackHoldings.name(service)))", before: workload.map { "\($0.running) of \($0.desired) running" } ?? "there",
                    after: "undeployed"))
            plan.calls.append("DELETE /services/\(id)")
            if let workload { warnOfPorts(workload, gone: true, &plan) }
            if let spec = service["Spec"], let note = SwarmReturn.note(spec) { plan.notes.append(note) }
        }
        for (kind, path, objects) in there.shared {
            for object in objects {
                plan.changes.append(Plan.Change(subject: "\(kind) \(PlainText.printable(StackHoldings.name(object)))", before: "there", after: "removed"))
                plan.calls.append("DELETE /\(path)/\(StackHoldings.id(object) ?? "?")")
            }
        }
        if plan.changes.isEmpty { plan.idle = "nothing of the stack is there any more" }
        plan.previous = there.record
        if there.secrets.isEmpty {
            plan.undo = Operation(.workload(.restore(there.keeping.json)), on: plan.operation.target)
            plan.wayBack = "deployed again from the same specifications, under other ids (:undo); volumes stay"
        } else {
            plan.warnings.append("the contents of its secrets cannot be read back: to have it again, deploy its file")
        }
    }

    func describeStackReturn(_ name: String, _ json: String, _ plan: inout Plan) async throws(Trouble) {
        let attempt = Self.attempt(plan.operation)
        let kept = try SwarmEdit.specification(json, plan.operation)
        let there = try await StackHoldings.read(name, over: connection, attempt: attempt)
        let (networks, configs) = (try await connection.trees(["networks"], attempt: attempt), try await connection.trees(["configs"], attempt: attempt))
        let board = try await board()
        plan.base = there.base
        plan.previous = there.record
        for network in kept["networks"]?.elements ?? [] where !networks.contains(where: { StackHoldings.name($0) == StackHoldings.name(network) }) {
            plan.changes.append(Plan.Change(subject: "network \(PlainText.printable(StackHoldings.name(network)))", before: "gone", after: "made again"))
            plan.calls.append("POST /networks/create \(PlainText.printable(StackHoldings.name(network)))")
        }
        for config in kept["configs"]?.elements ?? [] {
            let label = "config \(PlainText.printable(StackHoldings.name(config)))"
            guard let now = configs.first(where: { StackHoldings.name($0) == StackHoldings.name(config) }) else {
                plan.changes.append(Plan.Change(subject: label, before: "gone", after: "made again"))
                plan.calls.append("POST /configs/create \(PlainText.printable(StackHoldings.name(config)))")
                continue
            }
            if now["Spec", "Data"] != config["Data"] { plan.warnings.append("\(label) has other contents by now and cannot change: the services get those") }
        }
        var course = PlacementCourse(board)
        for spec in kept["services"]?.elements ?? [] {
            let name = PlainText.printable(StackHoldings.name(spec))
            guard let old = there.service(named: StackHoldings.name(spec)), let base = old["Spec"], let id = old["ID"]?.text else {
                plan.changes.append(Plan.Change(subject: "service \(name)", before: "gone", after: "deployed again as it was"))
                plan.calls.append("POST /services/create \(name)")
                if let note = SwarmReturn.note(spec) { plan.notes.append(note) }
                continue
            }
            let edited = SwarmReturn.service(SwarmReturn.readdressed(spec, kept: kept, networks: networks, configs: configs), over: base)
            describe(from: base, to: edited, of: name, id, board, &course, &plan)
        }
        for (kind, path, object) in SwarmReturn.additions(to: kept, in: there) {
            plan.changes.append(Plan.Change(subject: "\(kind) \(PlainText.printable(StackHoldings.name(object)))", before: "there, not before", after: "removed"))
            plan.calls.append("DELETE /\(path)/\(StackHoldings.id(object) ?? "?")")
            if kind == "secret" { plan.warnings.append("what secret \(PlainText.printable(StackHoldings.name(object))) holds cannot be read back") }
        }
        if plan.calls.isEmpty { plan.idle = "nothing differs from what it was" }
        describeWayBack(to: there, &plan)
    }
}
