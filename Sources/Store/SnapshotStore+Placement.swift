internal import Domain

extension SnapshotStore {
    /// Nodes, workloads and tasks. What is told again unchanged counts as nothing new.
    static func foldPlacement(_ update: Update, into picture: inout Snapshot) {
        let changed: Bool =
            switch update {
            case .nodes(let source, let list): replace(&picture.nodes, by: list) { $0.id.source == source }
            case .workloads(let source, let list): replace(&picture.workloads, by: list) { $0.id.source == source }
            case .tasks(let source, let list): replace(&picture.tasks, by: list) { $0.id.source == source }
            case .tasksOf(let workloads, let list):
                replace(&picture.tasks, by: list) { $0.workload.map(workloads.contains) ?? false }
            default: false
            }
        if changed { picture.revisions.placement += 1 }
    }

    /// Takes out what is told of anew and puts the list in its place; false when nothing differs.
    static func replace<Entity: Equatable>(_ all: inout [Entity], by list: [Entity], where isMeant: (Entity) -> Bool) -> Bool {
        var kept: [Entity] = []
        var old: [Entity] = []
        for entity in all { if isMeant(entity) { old.append(entity) } else { kept.append(entity) } }
        guard old != list else { return false }
        all = kept + list
        return true
    }
}
