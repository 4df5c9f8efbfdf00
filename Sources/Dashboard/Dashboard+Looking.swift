internal import Commands
internal import Domain
internal import Drawing
internal import Panes

/// Commands that only look.
extension Dashboard {
    /// Commands inside a text or a log; nil where it is none of theirs.
    mutating func runInText(_ id: Command.ID) -> [Effect]? {
        guard let top = layers.popLast() else { return nil }
        switch (id, top) {
        case (.back, .text), (.close, .text), (.back, .logs), (.close, .logs), (.back, .trace), (.close, .trace): return []
        case (_, .trace(let token, let tracing)): return runInTrace(id, token, tracing)
        case (.save, .text(_, let page)):
            layers.append(top)
            return [.save(name: Self.fileName(page.title), text: page.text)]
        case (.save, .logs(_, let page)):
            layers.append(top)
            return [.save(name: Self.fileName(page.title), text: page.text(utcOffset: 0))]
        case (.copy, .text(_, let page)):
            layers.append(top)
            notice = Notice("Copied the text, if the terminal allows it")
            return [.copy(page.text)]
        case (.copy, .logs(_, let page)):
            layers.append(top)
            notice = Notice("Copied what is held of the log, if the terminal allows it")
            return [.copy(page.text(utcOffset: 0))]
        case (.since, .logs(let token, let page)):
            layers.append(top)
            layers.append(.choice(ChoiceList(title: "How far back", choices: Stretch.allCases.map { .init($0.words, note: $0.words == page.stretch ? "now" : "") }), .stretch(token)))
            return []
        case (_, .text(let token, var page)):
            let handled = page.perform(id)
            layers.append(.text(token, page))
            return handled ? [] : nil
        case (_, .logs(let token, var page)):
            let handled = page.perform(id)
            layers.append(.logs(token, page))
            return handled ? [] : nil
        default:
            layers.append(top)
            return nil
        }
    }

    private static func fileName(_ title: String) -> String {
        let words = title.unicodeScalars.map { scalar -> Character in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": Character(scalar)
            default: "-"
            }
        }
        return "binnacle-" + String(words).prefix(60) + ".txt"
    }

    /// Commands that only look; nil where it is none of them.
    mutating func look(_ id: Command.ID, _ situation: Situation) -> [Effect]? {
        switch id {
        case .open: return open(situation)
        case .describe: return describe(situation.subject)
        case .raw: return raw(situation.subject)
        case .probes: return probes(situation)
        case .processes:
            guard let container = one(situation) else { return [] }
            let token = push(TextPage(title: "Processes of \(container.name)", content: .loading(since: now), wraps: false))
            return [.fetch(token, .processes(container.id))]
        case .logs:
            let voices = voices(situation)
            if voices.isEmpty { notice = Notice("No watched engine has its container: \(options.keymap.key(of: .trace) ?? ":trace") tells what was looked for", .warning) }
            return openLogs(voices, .last500)
        case .trace: return trace(situation.subject)
        default: return nil
        }
    }

    /// The container under the cursor, or the first of those meant.
    func one(_ situation: Situation) -> Container? {
        switch situation.subject {
        case .container(let container), .attachment(_, let container): container
        case .check, .instance: joinedContainer(of: situation.subject)
        case .task: situation.taskContainer
        default: situation.containers.first
        }
    }

    /// Whose lines are meant. A task's container is read where it is watched; elsewhere the orchestrator fetches its lines.
    private func voices(_ situation: Situation) -> [LogPage.Voice] {
        switch situation.subject {
        case .workload(let workload): return [LogPage.Voice(.workload(workload.id), name: workload.name)]
        case .task(let task):
            if let container = situation.taskContainer { return [LogPage.Voice(.container(container.id), name: task.name)] }
            return [LogPage.Voice(.task(task.id), name: task.name)]
        default:
            let containers = situation.containers.isEmpty ? one(situation).map { [$0] } ?? [] : situation.containers
            return containers.map { LogPage.Voice(.container($0.id), name: $0.name) }
        }
    }

    private mutating func open(_ situation: Situation) -> [Effect] {
        switch situation.subject {
        case .check: return probes(situation)
        case .event:
            return describe(situation.subject)
        case .none: return []
        default: return describe(situation.subject)
        }
    }

    private mutating func describe(_ subject: Subject) -> [Effect] {
        switch subject {
        case .container(let container), .attachment(_, let container): return describe("Describe \(container.name)", .target(.container(container.id, name: container.name)))
        case .network(let network): return describe("Describe network \(network.name)", .target(.network(network.id, name: network.name)))
        case .workload(let workload): return describe("Describe service \(workload.name)", .target(.workload(workload.id, name: workload.name)))
        case .task(let task): return describe("Describe task \(task.name)", .target(.task(task.id, name: task.name)))
        case .node(let node): return describe("Describe node \(node.name)", .target(.node(node.id, name: node.name)))
        case .stack(let source, let name, _): return describe("Describe stack \(name)", .target(.group(source, name: name)))
        case .check(let check): return describe("Check \(check.name)", .check(check.id))
        case .service(let service): return describe("Service \(service.name)", .service(service.source, name: service.name))
        case .instance(let instance): return describe("Instance \(instance.serviceID) on \(instance.node)", .target(.instance(instance.id, name: instance.serviceID)))
        case .member(let member): return describe("Node \(member.name) of the registry", .target(.member(member.id, name: member.name)))
        case .disagreement(let difference): return describe("Difference: \(difference.service)", .disagreement(difference.id))
        case .link(let link): push(TextPage(title: "Interface \(link.name)", content: .lines(Description.of(link, in: snapshot))))
        case .event(let event): push(TextPage(title: "Event", content: .lines(Description.of(event, in: snapshot))))
        case .group(let name, let containers):
            let lines = containers.flatMap { container in [("", Role.text), (container.name, .heading)] + Description.of(container, in: snapshot).prefix(4) }
            push(TextPage(title: "Project \(name)", content: .lines(lines)))
        case .none, .source: break
        }
        return []
    }

    private mutating func raw(_ subject: Subject) -> [Effect] {
        let target: Operation.Target? =
            switch subject {
            case .container(let container): .container(container.id, name: container.name)
            case .network(let network), .attachment(let network, _): .network(network.id, name: network.name)
            case .check(let check): check.container.map { .container($0, name: check.name) } ?? .check(check.id, name: check.name)
            case .instance(let instance): .instance(instance.id, name: instance.serviceID)
            case .member(let member): .member(member.id, name: member.name)
            case .workload(let workload): .workload(workload.id, name: workload.name)
            case .task(let task): .task(task.id, name: task.name)
            case .node(let node): .node(node.id, name: node.name)
            default: nil
            }
        guard let target else { return [] }
        let token = push(TextPage(title: "JSON of \(target.name)", content: .loading(since: now), wraps: false))
        return [.fetch(token, .raw(target))]
    }

    private mutating func probes(_ situation: Situation) -> [Effect] {
        if case .check(let check) = situation.subject { return describe("Check \(check.name)", .check(check.id)) }
        guard let container = one(situation), let check = snapshot.checks.first(where: { $0.container == container.id }) else {
            notice = Notice("Its health check has not reported yet", .warning)
            return []
        }
        return describe("Check \(check.name)", .check(check.id))
    }

    mutating func openLogs(_ voices: [LogPage.Voice], _ stretch: Stretch) -> [Effect] {
        guard !voices.isEmpty else { return [] }
        let token = token()
        let request = stretch.request(now: now)
        layers.append(.logs(token, LogPage(voices, request: request, stretch: stretch.words)))
        return [.follow(token, voices.map(\.origin), request)]
    }
}
