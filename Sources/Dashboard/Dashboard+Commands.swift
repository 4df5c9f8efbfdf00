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
        case .help: push(TextPage(title: "Help", content: .lines(practiceLines + HelpText.lines(keymap: options.keymap, situation: situation))))
        case .sources: return describe("Sources", .sources)
        case .theme: return theme(argument)
        case .scenario: return chooseScenario(argument)
        case .speed: return chooseSpeed(argument)
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
        returns = []
        focus = pane
        self[pane].arrange(snapshot)
    }

    private mutating func step(_ delta: Int) {
        returns = []
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
        } else {
            comeBack()
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

    /// Puts the cursor on a row; a filter that hides it gives way.
    @discardableResult
    mutating func go(to place: (PaneID, Subject)) -> Bool {
        focus = place.0
        self[focus].arrange(snapshot)
        if self[focus].select(place.1) { return true }
        guard self[focus].filter.isActive || self[focus].showsProblemsOnly else { return false }
        self[focus].showsProblemsOnly = false
        apply(.none)
        return self[focus].select(place.1)
    }

    /// From a check to its container, from a container or an event to where it belongs.
    private mutating func owner() {
        let here = subject
        let target: (PaneID, Subject)? =
            switch here {
            case .check, .instance: joinedContainer(of: here).map { (.containers, .container($0)) }
            case .container(let container): (.networks, .container(container))
            case .attachment(_, let container): (.containers, .container(container))
            case .event(let event): snapshot.containers.first { $0.id.raw == event.subjectID }.map { (.containers, .container($0)) }
            case .task(let task): snapshot.container(of: task).map { (.containers, .container($0)) }
            case .none, .group, .network, .link, .source, .workload, .stack, .node, .service, .member, .disagreement: nil
            }
        guard let target else {
            notice = Notice("No watched engine has what this row belongs to: \(options.keymap.key(of: .trace) ?? ":trace") tells what was looked for", .warning)
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
        case .workload(let workload): workload.name
        case .stack(_, let name, _): name
        case .task(let task): task.name
        case .node(let node): node.name
        case .service(let service): service.name
        case .instance(let instance): instance.serviceID
        case .member(let member): member.name
        case .disagreement(let difference): difference.service
        }
    }
}
