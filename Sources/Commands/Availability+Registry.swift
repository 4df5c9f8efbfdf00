internal import Domain

/// What can be changed in a registry from where the cursor stands.
extension Command {
    func registryObstacle(_ situation: Situation) -> String? {
        if let reason = situation.registryReason { return reason }
        switch (id, situation.subject) {
        case (.register, _): return nil
        case (.maintenance, .instance), (.maintenance, .member), (.maintenance, .service): return nil
        case (.maintenance, .check(let check)):
            return check.container == nil ? nil : "\(check.name) is the container's own HEALTHCHECK; maintenance belongs to registered services"
        case (.maintenance, _): return "select a registered service, one of its checks or a node of the registry first (pane 4, v)"
        case (.addCheck, .instance), (.addCheck, .service), (.addCheck, .member): return nil
        case (.addCheck, .check(let check)) where check.container == nil: return nil
        case (.addCheck, _): return "select a registered service or a node of the registry first (pane 4, v)"
        case (.mend, .disagreement(let difference)): return difference.mend == nil ? difference.advice : nil
        case (.mend, _): return "select a difference first (pane 4, v until it says differences)"
        default: return nil
        }
    }

    static func deregistration(of check: Check) -> String? {
        switch check.kind {
        case "serf": "\(check.name) is the registry's own check of its agent and comes back by itself"
        case "maintenance": "m ends the maintenance"
        default: nil
        }
    }
}
