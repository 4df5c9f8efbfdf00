internal import Commands
internal import Domain

/// What the health pane says when a view has no rows.
struct HealthEmptyState {
    let pane: HealthPane
    let scene: Scene

    private var snapshot: Snapshot { scene.snapshot }

    var state: EmptyState {
        if pane.hidden > 0 {
            if !pane.filter.isActive, pane.showsProblemsOnly { return .empty(what: "Nothing is wrong here", hint: "\(pane.hidden) hidden; \(scene.key(.problems)) shows all") }
            return .of(
                snapshot, kinds: [], what: "", hidden: pane.hidden, filter: pane.filter, problemsOnly: pane.showsProblemsOnly, emptyHint: "", scene: scene)
        }
        switch pane.query.view {
        case .checks: return checks
        case .services: return services
        case .nodes: return nodes
        case .differences: return differences
        }
    }

    private var checks: EmptyState {
        let hint =
            "A HEALTHCHECK of an image or a container gives one. SERVICE_NAME and SERVICE_CHECK_HTTP, as labels or variables of a container, give others, which Binnacle runs itself. "
            + "Consul gives all of its own: CONSUL_HTTP_ADDR names one of its agents."
        return fallback(.empty(what: "No check is known", hint: hint), kinds: HealthPane.registryKinds.union([.docker]), what: "health checks")
    }

    private var services: EmptyState {
        let hint =
            "A published port of a container makes one, under the name of SERVICE_NAME or of its image. Consul gives its own: CONSUL_HTTP_ADDR names one of its agents. \(scene.key(.register)) registers one by hand."
        return fallback(.empty(what: "No service is registered", hint: hint), kinds: HealthPane.registryKinds, what: "services")
    }

    private var nodes: EmptyState {
        let hint = "Nodes are what Consul knows of them: CONSUL_HTTP_ADDR names one of its agents. \(scene.key(.placement)) shows the nodes of an orchestrator."
        return fallback(.empty(what: "No registry that knows nodes is watched", hint: hint), kinds: HealthPane.registryKinds, what: "nodes")
    }

    private var differences: EmptyState {
        let registries = snapshot.sources.filter { HealthPane.registryKinds.contains($0.kind) && ($0.freshness.isLive || $0.freshness.trouble != nil) }
        guard !registries.isEmpty, !snapshot.instances.isEmpty || !snapshot.containers.isEmpty else {
            let hint = "Here stands what a registry and the containers do not agree about. CONSUL_HTTP_ADDR names one of Consul's agents."
            return fallback(.empty(what: "There is no registry to compare with what runs", hint: hint), kinds: HealthPane.registryKinds, what: "registered services")
        }
        func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
        let names = registries.map(\.name).joined(separator: ", ")
        let compared = "\(count(snapshot.instances.count, "registered instance")) of \(names) compared with \(count(snapshot.containers.count, "container")): ids, addresses, ports and names."
        let old = registries.contains { !$0.freshness.isLive } ? " Not all of that is fresh: \(scene.key(.sources)) tells." : ""
        return .empty(what: "The registry and what runs agree", hint: compared + old)
    }

    /// Waiting, failed and absent sources come before plain emptiness.
    private func fallback(_ empty: EmptyState, kinds: Set<Source.Kind>, what: String) -> EmptyState {
        let state = EmptyState.of(snapshot, kinds: kinds, what: what, hidden: 0, filter: pane.filter, problemsOnly: false, emptyHint: "", scene: scene)
        switch state {
        case .loading, .failed: return state
        case .absent(_, let reasons, let hint):
            guard case .empty(let title, let more) = empty else { return state }
            return .absent(what: title, reasons: reasons, hint: more + " " + hint.prefix(1).uppercased() + hint.dropFirst())
        case .empty, .filtered: return empty
        }
    }
}
