/// What can be done to a workload.
public enum WorkloadChange: Sendable, Hashable {
    /// How many tasks it shall have.
    case scale(to: Int)
    /// On a source: a new workload. On a workload: the fields that differ are changed.
    case deploy(ServiceSpecification)
    /// On a stack, there already or not: creates what is missing and changes what differs. What the file has no more stays.
    case deployStack(StackSpecification)
    case undeploy
    /// Every task is replaced by one of the same specification, as its rollout policy says.
    case restart
    case rollBack
    /// The specification as it was, in the orchestrator's own JSON: what `undo` sends back. Recreates what was removed.
    case restore(String)

    public var verb: String {
        switch self {
        case .scale: "scale"
        case .deploy: "deploy"
        case .deployStack: "deploy stack"
        case .undeploy: "undeploy"
        case .restart: "restart"
        case .rollBack: "roll back"
        case .restore: "restore"
        }
    }
}

/// What can be done to a node.
public enum NodeChange: Sendable, Hashable {
    case setAvailability(Node.Availability)
    /// Labels that the orchestrator keeps of the node, all of them.
    case setLabels([String: String])
    case promote, demote
    /// Takes it out of the cluster's books.
    case remove(force: Bool)

    public var verb: String {
        switch self {
        case .setAvailability(.active): "activate"
        case .setAvailability(.paused): "pause"
        case .setAvailability(.draining): "drain"
        case .setLabels: "label"
        case .promote: "promote"
        case .demote: "demote"
        case .remove: "remove"
        }
    }
}
