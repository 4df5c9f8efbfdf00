internal import Commands
internal import Domain
internal import Panes

/// Maintenance, registering, deregistering, mending. Each ends in a plan page, never in the deed.
extension Dashboard {
    static let registering: Set<Source.Kind> = [.consul, .registry]

    /// Why no registry can be changed through what the cursor stands on.
    func registryReason(for subject: Subject) -> String? {
        let owner: Source.ID? =
            switch subject {
            case .check(let check): check.container == nil ? check.id.source : nil
            case .service(let service): service.source
            case .instance(let instance): instance.id.source
            case .member(let member): member.id.source
            case .disagreement(let difference): difference.mend?.target.source
            default: nil
            }
        if let owner, let source = snapshot.source(owner) {
            return source.freshness.isLive ? nil : "\(source.title) of \(source.name) does not answer just now: \(source.freshness.trouble?.answer ?? "no answer yet")"
        }
        if !registries.isEmpty { return nil }
        if let locked = snapshot.sources.first(where: { Self.registering.contains($0.kind) && $0.freshness.isLive }) { return "\(locked.title) of \(locked.name) is read-only in the configuration" }
        let failed = snapshot.sources.first { Self.registering.contains($0.kind) && $0.freshness.trouble != nil }
        return failed?.freshness.trouble.map { "no registry answers: \($0.answer)" } ?? "no registry answers yet"
    }

    private var registries: [Operation.Target] {
        snapshot.sources.filter { Self.registering.contains($0.kind) && $0.freshness.isLive && !$0.isReadOnly }.map { .source($0.id, name: $0.name) }
    }

    /// Nil where the command is none of a registry's.
    mutating func changeRegistry(_ id: Command.ID, _ situation: Situation) -> [Effect]? {
        switch (id, situation.subject) {
        case (.maintenance, .instance(let instance)): return askMaintenance([Self.target(instance)])
        case (.maintenance, .member(let member)): return askMaintenance([.member(member.id, name: member.name)])
        case (.maintenance, .check(let check)): return owner(of: check).map { askMaintenance([$0]) } ?? []
        case (.maintenance, .service(let service)):
            let targets = service.instances.map { Self.target($0.instance) }
            guard targets.count > 1 else { return askMaintenance(targets) }
            let choices = [ChoiceList.Choice("All \(targets.count) instances")] + service.instances.map { .init($0.instance.serviceID, note: "\($0.instance.node), \($0.status.word)") }
            layers.append(.choice(ChoiceList(title: "Maintenance of which instance of \(service.name)?", choices: choices), .maintenanceOf(targets)))
        case (.remove, .instance(let instance)): return plan([Operation(.registry(.deregister), on: Self.target(instance))])
        case (.remove, .member(let member)): return plan([Operation(.registry(.deregister), on: .member(member.id, name: member.name))])
        case (.remove, .check(let check)) where check.container == nil: return plan([Operation(.registry(.deregister), on: .check(check.id, name: check.name))])
        case (.mend, .disagreement(let difference)): return difference.mend.map { plan([$0]) } ?? []
        case (.register, _):
            let targets = registries
            guard targets.count > 1 else { return targets.first.map { openRegisterForm(on: $0) } ?? [] }
            layers.append(.choice(ChoiceList(title: "Register in which registry?", choices: targets.map { .init($0.name) }), .registerIn(targets)))
        case (.addCheck, .instance(let instance)): openCheckForm(on: Self.target(instance))
        case (.addCheck, .member(let member)): openCheckForm(on: .source(member.id.source, name: member.name))
        case (.addCheck, .service(let service)): if let first = service.instances.first { openCheckForm(on: Self.target(first.instance)) }
        case (.addCheck, .check(let check)): if let owner = owner(of: check) { openCheckForm(on: owner) }
        default: return nil
        }
        return []
    }

    private static func target(_ instance: ServiceInstance) -> Operation.Target { .instance(instance.id, name: instance.serviceID) }

    /// The instance that a check speaks for, else the node.
    private func owner(of check: Check) -> Operation.Target? {
        if check.serviceID.isEmpty { return .member(Member.ID(check.id.source, check.node), name: check.node) }
        return .instance(ServiceInstance.id(check.id.source, node: check.node, serviceID: check.serviceID), name: check.serviceID)
    }

    // MARK: Forms

    /// What is in maintenance is taken out of it at once; what is not wants a reason.
    mutating func askMaintenance(_ targets: [Operation.Target]) -> [Effect] {
        let under = targets.filter(isUnderMaintenance)
        if !under.isEmpty { return plan(under.map { Operation(.registry(.maintenance(false, reason: "")), on: $0) }) }
        let name = targets.count == 1 ? targets[0].name : "\(targets.count) instances"
        layers.append(.form(Form(title: "Maintenance of \(name)", fields: [.init("Reason", hint: "others read it in the registry")]), .maintenance(targets)))
        return []
    }

    private func isUnderMaintenance(_ target: Operation.Target) -> Bool {
        snapshot.checks.contains { check in
            guard check.status == .maintenance, check.id.source == target.source else { return false }
            switch target {
            case .instance(let id, _): return !check.serviceID.isEmpty && id.raw == check.node + "/" + check.serviceID
            case .member(let id, _): return check.serviceID.isEmpty && id.raw == check.node
            default: return false
            }
        }
    }

    mutating func openRegisterForm(on target: Operation.Target) -> [Effect] {
        layers.append(.form(Form(title: "Register a service in \(target.name)", fields: RegistrationForm.fields()), .register(target)))
        return []
    }

    private mutating func openCheckForm(on target: Operation.Target) {
        layers.append(.form(Form(title: "Add a check to \(target.name)", fields: RegistrationForm.checkFields()), .addCheck(target)))
    }

    mutating func submitRegistry(_ values: [String], _ purpose: FormPurpose) -> String? {
        switch purpose {
        case .maintenance(let targets):
            pending = targets.map { Operation(.registry(.maintenance(true, reason: values[0].trimmed)), on: $0) }
        case .register(let target):
            do throws(RegistrationForm.Mistake) { pending = [Operation(.registry(.register(try RegistrationForm.registration(values))), on: target)] } catch { return error.words }
        case .addCheck(let target):
            do throws(RegistrationForm.Mistake) { pending = [Operation(.registry(.registerCheck(try RegistrationForm.check(values))), on: target)] } catch { return error.words }
        default: break
        }
        return nil
    }
}
