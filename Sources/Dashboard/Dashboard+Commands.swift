internal import Commands
internal import Domain
internal import Drawing
internal import Panes
internal import Widgets

extension Dashboard {
    /// Runs a command, or says why it cannot be run.
    mutating func run(_ id: Command.ID, argument: String = "", inText: Bool = false) -> [Effect] {
        if inText, let effects = runInText(id) { return effects }
        if inText, !Catalogue.command(id).places.contains(.text) { return [] }
        let situation = situation
        if let obstacle = Catalogue.command(id).obstacle(in: situation) {
            notice = Notice(obstacle.prefix(1).uppercased() + obstacle.dropFirst(), .warning)
            return []
        }
        switch id {
        case .networks, .containers, .placement, .health, .timeline: show(id)
        case .bridge:
            layers = []
            wantsBridge = true
            if focus == .timeline { focus = .containers }
            if !fitsBridge { notice = Notice("The Bridge needs \(Self.bridgeSize.width)×\(Self.bridgeSize.height); this terminal has \(size.width)×\(size.height)") }
        case .zoom:
            wantsBridge.toggle()
            if !fitsBridge { notice = Notice("One pane is shown at a time below \(Self.bridgeSize.width)×\(Self.bridgeSize.height)") }
        case .nextPane: step(1)
        case .previousPane: step(-1)
        case .filter: prompt = inText ? .search(LineEditor()) : .filter(LineEditor(self[focus].filter.source), before: self[focus].filter)
        case .problems:
            self[focus].showsProblemsOnly.toggle()
            self[focus].arrange(snapshot)
        case .back: back()
        case .close: return close()
        case .quit: return [.quit]
        case .palette: layers.append(.palette(CommandPalette(keymap: options.keymap, situation: situation)))
        case .help: push(TextPage(title: "Help", content: .lines(HelpText.lines(keymap: options.keymap, situation: situation))))
        case .sources: push(TextPage(title: Self.sourcesTitle, content: .lines(sourceLines)))
        case .theme: return theme(argument)
        case .refresh:
            notice = Notice("Asking every source again")
            return [.refresh]
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        case .journal:
            let token = push(TextPage(title: "Journal of your changes", content: .loading(since: now)))
            return [.fetch(token, .journal)]
        case .copy:
            guard let name = Self.name(of: situation.subject) else { return [] }
            notice = Notice("Copied “\(name)”, if the terminal allows it")
            return [.copy(name)]
        case .historyBack: if let place = trail.back(from: focus, subject) { go(to: place) } else { notice = Notice("There is nowhere to go back to") }
        case .historyForward: if let place = trail.forward() { go(to: place) } else { notice = Notice("There is nowhere to go forward to") }
        case .owner: owner()
        default:
            if self[focus].perform(id, snapshot) { return [] }
            return look(id, situation) ?? change(id, situation)
        }
        return []
    }

    private mutating func show(_ id: Command.ID) {
        let pane: PaneID =
            switch id {
            case .networks: .networks
            case .placement: .placement
            case .health: .health
            case .timeline: .timeline
            default: .containers
            }
        if pane != focus { trail.leave(focus, subject) }
        layers = []
        focus = pane
        self[pane].arrange(snapshot)
    }

    private mutating func step(_ delta: Int) {
        let order: [PaneID] = showsBridge ? [.networks, .containers, .placement, .health] : PaneID.allCases
        let position = order.firstIndex(of: focus) ?? 0
        focus = order[(position + delta + order.count) % order.count]
        self[focus].arrange(snapshot)
    }

    private mutating func back() {
        if self[focus].filter.isActive {
            apply(.none)
        } else if self[focus].showsProblemsOnly {
            self[focus].showsProblemsOnly = false
            self[focus].arrange(snapshot)
        } else if focus == .containers, !containers.marks.isEmpty {
            containers.clearMarks()
        }
    }

    private mutating func close() -> [Effect] {
        layers.append(
            .choice(ChoiceList(title: "Leave Binnacle?", choices: [.init("Stay"), .init("Leave", note: "nothing that runs is touched")]), .quit))
        return []
    }

    @discardableResult
    mutating func push(_ page: TextPage) -> Token {
        let token = token()
        layers.append(.text(token, page))
        return token
    }

    private mutating func theme(_ argument: String) -> [Effect] {
        if !argument.isEmpty { return [.theme(argument)] }
        let names = options.themes()
        layers.append(
            .choice(
                ChoiceList(title: "Theme", choices: names.map { ChoiceList.Choice($0, note: $0 == options.theme ? "in use" : "") }, selected: names.firstIndex(of: options.theme) ?? 0),
                .theme(names, before: options.theme)))
        return []
    }

    private mutating func go(to place: (PaneID, Subject)) {
        focus = place.0
        self[focus].arrange(snapshot)
        _ = self[focus].select(place.1)
    }

    /// From a check to its container, from a container or an event to where it belongs.
    private mutating func owner() {
        let here = subject
        let target: (PaneID, Subject)? =
            switch here {
            case .check(let check): check.container.flatMap { snapshot.container($0) }.map { (.containers, .container($0)) }
            case .container(let container): (.networks, .container(container))
            case .attachment(_, let container): (.containers, .container(container))
            case .event(let event): snapshot.containers.first { $0.id.raw == event.subjectID }.map { (.containers, .container($0)) }
            case .none, .group, .network, .link, .source: nil
            }
        guard let target else {
            notice = Notice("What this row belongs to is not there any more", .warning)
            return
        }
        trail.leave(focus, here)
        go(to: target)
    }

    static func name(of subject: Subject) -> String? {
        switch subject {
        case .none: nil
        case .container(let container), .attachment(_, let container): container.name
        case .group(let name, _): name
        case .network(let network): network.name
        case .link(let link): link.name
        case .check(let check): check.name
        case .event(let event): event.subject
        case .source(let source): source.name
        }
    }

    // MARK: Reading

    /// Commands inside a text or a log; nil where it is none of theirs.
    private mutating func runInText(_ id: Command.ID) -> [Effect]? {
        guard let top = layers.popLast() else { return nil }
        switch (id, top) {
        case (.back, .text), (.close, .text), (.back, .logs), (.close, .logs): return []
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
    private mutating func look(_ id: Command.ID, _ situation: Situation) -> [Effect]? {
        switch id {
        case .open: return open(situation)
        case .describe: return describe(situation.subject)
        case .raw: return raw(situation.subject)
        case .probes: return probes(situation)
        case .processes:
            guard let container = one(situation) else { return [] }
            let token = push(TextPage(title: "Processes of \(container.name)", target: .container(container.id, name: container.name), content: .loading(since: now), wraps: false))
            return [.fetch(token, .processes(container.id))]
        case .logs: return openLogs(logContainers(situation), .last500)
        default: return nil
        }
    }

    /// The container under the cursor, or the first of those meant.
    func one(_ situation: Situation) -> Container? {
        switch situation.subject {
        case .container(let container), .attachment(_, let container): container
        case .check(let check): check.container.flatMap { snapshot.container($0) }
        default: situation.containers.first
        }
    }

    private func logContainers(_ situation: Situation) -> [Container] {
        if !situation.containers.isEmpty { return situation.containers }
        return one(situation).map { [$0] } ?? []
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
        case .container(let container), .attachment(_, let container):
            push(TextPage(title: "Describe \(container.name)", target: .container(container.id, name: container.name), content: .lines(Description.of(container, in: snapshot))))
        case .network(let network):
            push(TextPage(title: "Describe network \(network.name)", target: .network(network.id, name: network.name), content: .lines(Description.of(network, in: snapshot))))
        case .link(let link): push(TextPage(title: "Interface \(link.name)", content: .lines(Description.of(link, in: snapshot))))
        case .event(let event): push(TextPage(title: "Event", content: .lines(Description.of(event, in: snapshot))))
        case .check(let check): push(TextPage(title: "Health check \(check.name)", content: .lines(Description.probes(of: check, in: snapshot))))
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
            case .check(let check): check.container.map { .container($0, name: check.name) }
            default: nil
            }
        guard let target else { return [] }
        let token = push(TextPage(title: "JSON of \(target.name)", target: target, content: .loading(since: now), wraps: false))
        return [.fetch(token, .raw(target))]
    }

    private mutating func probes(_ situation: Situation) -> [Effect] {
        guard let container = one(situation), let check = snapshot.checks.first(where: { $0.container == container.id }) else {
            notice = Notice("Its health check has not reported yet", .warning)
            return []
        }
        push(TextPage(title: "Health check of \(container.name)", target: .container(container.id, name: container.name), content: .lines(Description.probes(of: check, in: snapshot))))
        return []
    }

    mutating func openLogs(_ containers: [Container], _ stretch: Stretch) -> [Effect] {
        guard !containers.isEmpty else { return [] }
        let token = token()
        let request = stretch.request(now: now)
        layers.append(.logs(token, LogPage(containers: containers, request: request, stretch: stretch.words)))
        return [.follow(token, containers.map(\.id), request)]
    }
}

/// How far back logs are asked for.
enum Stretch: CaseIterable, Sendable {
    case last500, minute, quarter, hour, day, all

    var words: String {
        switch self {
        case .last500: "last 500 lines"
        case .minute: "last minute"
        case .quarter: "last 15 minutes"
        case .hour: "last hour"
        case .day: "last day"
        case .all: "everything"
        }
    }

    func request(now: Timestamp) -> LogRequest {
        switch self {
        case .last500: LogRequest(tail: 500)
        case .minute: LogRequest(tail: nil, since: now.adding(.seconds(-60)))
        case .quarter: LogRequest(tail: nil, since: now.adding(.seconds(-900)))
        case .hour: LogRequest(tail: nil, since: now.adding(.seconds(-3600)))
        case .day: LogRequest(tail: nil, since: now.adding(.seconds(-86_400)))
        case .all: LogRequest(tail: nil)
        }
    }
}
