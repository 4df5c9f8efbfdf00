internal import Commands
internal import Domain
internal import Panes

/// The trace: from any row to its chain, from a link of the chain to its pane, and back.
extension Dashboard {
    mutating func trace(_ subject: Subject) -> [Effect] {
        guard let place = place(of: subject) else {
            notice = Notice("What this row tells of is not watched any more", .warning)
            return []
        }
        let token = token()
        var tracing = Tracing(place, in: snapshot)
        let questions = tracing.freshQuestions()
        layers.append(.trace(token, tracing))
        return [.ask(token, questions)]
    }

    /// Commands inside a trace; the layer has been taken off and is put back here.
    mutating func runInTrace(_ id: Command.ID, _ token: Token, _ tracing: Tracing) -> [Effect]? {
        var tracing = tracing
        let isHandled = tracing.page.perform(id)
        layers.append(.trace(token, tracing))
        if isHandled { return [] }
        switch id {
        case .save: return [.save(name: "binnacle-trace.txt", text: tracing.page.text)]
        case .copy:
            notice = Notice("Copied the trace, if the terminal allows it")
            return [.copy(tracing.page.text)]
        case .filter, .searchNext, .searchPrevious, .follow, .wrap, .timestamps, .since: return []
        case .refresh:
            layers.removeLast()
            var anew = Tracing(tracing.start, in: snapshot)
            let questions = anew.freshQuestions()
            layers.append(.trace(token, anew))
            notice = Notice("Asking everything again")
            return [.cancel(token), .refresh, .ask(token, questions)]
        default: return nil
        }
    }

    /// Enter: the link's own row in its pane. Esc comes back to the trace.
    mutating func open(_ tracing: Tracing, _ token: Token) -> [Effect] {
        let here = Return(layers: layers + [.trace(token, tracing)], focus: focus, subject: subject)
        guard let place = tracing.page.selectedPlace, let target = row(of: place) else {
            layers = here.layers
            notice = Notice(tracing.page.selectedPlace == nil ? "This link has no row of its own" : "Its row is not there any more", .warning)
            return []
        }
        layers = []
        let before = focus
        guard go(to: target) else {
            focus = before
            layers = here.layers
            notice = Notice("Its row is not there any more", .warning)
            return []
        }
        returns.append(here)
        notice = Notice("\(options.keymap.key(of: .back) ?? "Esc") comes back to the trace")
        return []
    }

    /// Back to the trace that was left by Enter.
    mutating func comeBack() {
        guard let last = returns.popLast() else { return }
        go(to: (last.focus, last.subject))
        layers = last.layers
    }

    // MARK: Rows and places

    func place(of subject: Subject) -> Trace.Place? {
        switch subject {
        case .check(let check): .check(check.id)
        case .service(let service): .service(service.source, name: service.name)
        case .instance(let instance): .instance(instance.id)
        case .member(let member): .member(member.id)
        case .disagreement(let difference): difference.instance.map { .instance($0.id) } ?? difference.container.map { .container($0) }
        case .workload(let workload): .workload(workload.id)
        case .task(let task): .task(task.id)
        case .node(let node): .node(node.id)
        case .container(let container), .attachment(_, let container): .container(container.id)
        case .network(let network): .network(network.id)
        case .event(let event): place(of: event)
        case .none, .group, .link, .source, .stack: nil
        }
    }

    /// What an event happened to, as far as it is still there.
    private func place(of event: Event) -> Trace.Place? {
        let raw = event.subjectID
        if event.kind == "check" {
            let id = Check.ID(event.source, raw)
            return snapshot.check(id) == nil ? nil : .check(id)
        }
        if let container = snapshot.containers.first(where: { $0.id.raw == raw }) { return .container(container.id) }
        if let workload = snapshot.workloads.first(where: { $0.id.raw == raw }) { return .workload(workload.id) }
        if let task = snapshot.tasks.first(where: { $0.id.raw == raw }) { return .task(task.id) }
        if let node = snapshot.nodes.first(where: { $0.id.raw == raw }) { return .node(node.id) }
        if let instance = snapshot.instances.first(where: { $0.id.raw == raw }) { return .instance(instance.id) }
        return nil
    }

    private func row(of place: Trace.Place) -> (PaneID, Subject)? {
        switch place {
        case .check(let id): snapshot.check(id).map { (.health, .check($0)) }
        case .service(let source, let name): snapshot.serviceHealth(source, name: name).map { (.health, .service($0)) }
        case .instance(let id): snapshot.instance(id).map { (.health, .instance($0)) }
        case .member(let id): snapshot.member(id).map { (.health, .member($0)) }
        case .workload(let id): snapshot.workload(id).map { (.placement, .workload($0)) }
        case .task(let id): snapshot.task(id).map { (.placement, .task($0)) }
        case .node(let id): snapshot.node(id).map { (.placement, .node($0)) }
        case .container(let id): snapshot.container(id).map { (.containers, .container($0)) }
        case .network(let id): snapshot.network(id).map { (.networks, .network($0)) }
        }
    }

    /// The container behind a check or an instance, by the same joints that the trace shows.
    func joinedContainer(of subject: Subject) -> Container? {
        if case .check(let check) = subject, let id = check.container { return snapshot.container(id) }
        guard let place = place(of: subject) else { return nil }
        for link in Trace.of(place, in: snapshot, evidence: Evidence()).links {
            if link.kind == .container, case .container(let id)? = link.place { return snapshot.container(id) }
        }
        return nil
    }
}
