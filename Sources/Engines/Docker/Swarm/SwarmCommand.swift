internal import Domain
internal import Engine

/// The same by the docker command, addressed so that it reaches the same manager. Empty where that command cannot do the same.
struct SwarmCommand: Sendable {
    let words: [String]

    init(_ operation: Operation, at engine: [String]) { self.init(Self.arguments(operation), at: engine) }

    /// - Parameter old: what the service is while this is planned; only what differs has flags.
    init(updating name: String, from old: ServiceSpecification, to new: ServiceSpecification, at engine: [String]) {
        let flags = ServiceFlags.changing(old, to: new)
        self.init(flags.map { ["service", "update"] + $0 + [name] } ?? [], at: engine)
    }

    /// - Parameter old: the labels that the node has while this is planned.
    init(labelling name: String, from old: [String: String], by change: NodeChange, at engine: [String]) {
        guard case .setLabels(let new) = change else {
            self.init([], at: engine)
            return
        }
        let removed = old.keys.filter { new[$0] == nil }.sorted().flatMap { ["--label-rm", $0] }
        let added = new.filter { old[$0.key] != $0.value }.sorted { $0.key < $1.key }.flatMap { ["--label-add", "\($0.key)=\($0.value)"] }
        self.init(["node", "update"] + removed + added + [name], at: engine)
    }

    private init(_ arguments: [String], at engine: [String]) { words = arguments.isEmpty ? [] : ["docker"] + engine + arguments }

    /// Each word is masked by itself: once they are in quotation marks, where a value ends is a guess.
    var text: String { CommandLineText(words.map { SecretMask.masked(SecretMask.masked(variable: $0)) }).description }

    private static func arguments(_ operation: Operation) -> [String] {
        let name = operation.target.name
        switch (operation.action, operation.target) {
        case (.workload(.scale(let count)), _): return ["service", "scale", "\(name)=\(count)"]
        case (.workload(.restart), _): return ["service", "update", "--force", name]
        case (.workload(.rollBack), _): return ["service", "rollback", name]
        case (.workload(.undeploy), .group): return ["stack", "rm", name]
        case (.workload(.undeploy), _): return ["service", "rm", name]
        case (.workload(.deployStack(let stack)), _): return ["stack", "deploy", "-c", stack.path, stack.name]
        case (.workload(.deploy(let new)), .source):
            return ServiceFlags.creating(new).map { ["service", "create", "--name", new.name] + $0 + [new.image] + new.arguments } ?? []
        case (.node(.setAvailability(let availability)), _):
            let word = availability == .active ? "active" : availability == .paused ? "pause" : "drain"
            return ["node", "update", "--availability", word, name]
        case (.node(.promote), _): return ["node", "promote", name]
        case (.node(.demote), _): return ["node", "demote", name]
        case (.node(.remove(let force)), _): return ["node", "rm"] + (force ? ["-f"] : []) + [name]
        // What a service or a node is now decides about the flags: the plans, which look, say those.
        default: return []
        }
    }
}
