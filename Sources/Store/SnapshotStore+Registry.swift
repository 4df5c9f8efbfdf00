internal import Domain

extension SnapshotStore {
    /// Instances, members and what registries say of themselves. What is told again unchanged counts as nothing new.
    static func foldRegistry(_ update: Update, into picture: inout Snapshot) {
        let changed: Bool =
            switch update {
            case .instances(let source, let list): replace(&picture.instances, by: list) { $0.id.source == source }
            case .members(let source, let list): replace(&picture.members, by: list) { $0.id.source == source }
            case .registry(let registry): replace(&picture.registries, by: [registry]) { $0.id == registry.id }
            default: false
            }
        if changed { picture.revisions.registry += 1 }
    }
}
