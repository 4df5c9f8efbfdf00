internal import Commands
internal import Domain
internal import Drawing
internal import Panes
internal import Widgets

extension Dashboard {
    /// Commands that change something: each ends in a plan page, never in the deed.
    mutating func change(_ id: Command.ID, _ situation: Situation) -> [Effect] {
        if let effects = changePlacement(id, situation) ?? changeRegistry(id, situation) { return effects }
        let containers = situation.containers
        let targets = containers.map { Operation.Target.container($0.id, name: $0.name) }
        switch id {
        case .toggleRun:
            // If anything of it runs, it is to be stopped; else started.
            let running = containers.filter(\.isUp)
            if running.isEmpty { return plan(targets.map { Operation(.start, on: $0) }) }
            return plan(running.map { Operation(.stop(grace: nil), on: .container($0.id, name: $0.name)) })
        case .restart: return plan(targets.map { Operation(.restart(grace: nil), on: $0) })
        case .pause:
            let running = containers.filter { if case .running = $0.state { true } else { false } }
            if running.isEmpty {
                let paused = containers.filter { if case .paused = $0.state { true } else { false } }
                return plan(paused.map { Operation(.unpause, on: .container($0.id, name: $0.name)) })
            }
            return plan(running.map { Operation(.pause, on: .container($0.id, name: $0.name)) })
        case .kill:
            layers.append(.choice(ChoiceList(title: "Signal for \(Self.words(containers))", choices: Self.signals.map { .init($0.0, note: $0.1) }), .signal(containers)))
        case .rename:
            guard let target = targets.first else { return [] }
            layers.append(.form(Form(title: "Rename \(target.name)", fields: [.init("New name", hint: "letters, digits, _ . -", text: target.name)]), .rename(target)))
        case .remove:
            if case .network(let network) = situation.subject, situation.marked.isEmpty {
                return plan([Operation(.removeNetwork, on: .network(network.id, name: network.name))])
            }
            return plan(containers.map { Operation(.removeContainer(force: $0.isUp, volumes: false), on: .container($0.id, name: $0.name)) })
        case .shell:
            guard let container = one(situation) else { return [] }
            return [.shell(container, command: ["/bin/sh", "-c", "[ -x /bin/bash ] && exec /bin/bash || exec /bin/sh"])]
        case .prune: return askPrune()
        case .newNetwork: return askNetwork()
        case .connect: return askConnect(situation)
        case .disconnect: return askDisconnect(situation)
        case .undo:
            return plan(undoable)
        default: break
        }
        return []
    }

    /// Opens the plan page and has the engines work the plans out.
    mutating func plan(_ operations: [Operation]) -> [Effect] {
        guard !operations.isEmpty else { return [] }
        let token = token()
        // One of them that wants its name typed is enough: marks may reach into production.
        let typed = operations.first { $0.wantsItsNameTyped || snapshot.source($0.target.source)?.isProduction ?? false }?.target.name
        layers.append(.plan(token, PlanPage(operations: operations, typedName: typed, now: now)))
        return [.plan(token, operations)]
    }

    private static let signals: [(String, String)] = [
        ("SIGKILL", "ends it at once; it cannot clean up"), ("SIGTERM", "asks it to end"), ("SIGINT", "as ctrl-c does"),
        ("SIGHUP", "many servers read their configuration again"), ("SIGQUIT", "many print where they are, and end"),
        ("SIGUSR1", "whatever the program makes of it"), ("SIGUSR2", "whatever the program makes of it"),
    ]

    private static func words(_ containers: [Container]) -> String {
        containers.count == 1 ? containers[0].name : "\(containers.count) containers"
    }

    private var engineTargets: [Operation.Target] {
        snapshot.sources.filter { $0.kind == .docker && $0.freshness.isLive && !$0.isReadOnly }.map { .source($0.id, name: $0.name) }
    }

    private mutating func askPrune() -> [Effect] {
        let engines = engineTargets
        guard let first = engines.first else {
            notice = Notice("Every engine that answers is read-only", .warning)
            return []
        }
        if engines.count > 1 {
            layers.append(.choice(ChoiceList(title: "Prune on which engine?", choices: engines.map { .init($0.name) }), .pruneSource(engines)))
        } else {
            choosePrune(first)
        }
        return []
    }

    private mutating func choosePrune(_ target: Operation.Target) {
        let notes: [Operation.Prune: String] = [
            .containers: "all stopped containers", .images: "images without a name that no container uses", .networks: "networks nobody is attached to",
            .volumes: "anonymous volumes that no container uses", .buildCache: "layers kept for faster builds",
        ]
        layers.append(
            .choice(ChoiceList(title: "Prune what on \(target.name)?", choices: Operation.Prune.allCases.map { .init($0.rawValue, note: notes[$0] ?? "") }), .prune(target)))
    }

    private mutating func askNetwork() -> [Effect] {
        let engines = engineTargets
        guard let first = engines.first else {
            notice = Notice("Every engine that answers is read-only", .warning)
            return []
        }
        if engines.count > 1 {
            layers.append(.choice(ChoiceList(title: "Create the network on which engine?", choices: engines.map { .init($0.name) }), .newNetworkSource(engines)))
        } else {
            networkForm(first)
        }
        return []
    }

    private mutating func networkForm(_ target: Operation.Target) {
        let fields = [
            Form.Field("Name", hint: "required"), Form.Field("Driver", choices: ["bridge", "overlay", "macvlan", "ipvlan"]),
            Form.Field("Subnet", hint: "CIDR; empty: engine chooses"), Form.Field("Gateway", hint: "empty: engine chooses"),
            Form.Field("Internal", hint: "no way out", choices: ["no", "yes"]), Form.Field("Attachable", hint: "overlay: by hand too", choices: ["no", "yes"]),
        ]
        layers.append(.form(Form(title: "New network on \(target.name)", fields: fields), .createNetwork(target)))
    }

    private mutating func askConnect(_ situation: Situation) -> [Effect] {
        if let network = situation.network, situation.marked.isEmpty {
            let attached = Set(snapshot.attachments(of: network).map(\.container.id))
            let candidates = snapshot.containers.filter { $0.id.source == network.id.source && !attached.contains($0.id) }
            guard !candidates.isEmpty else {
                notice = Notice("Every container is attached to \(network.name) already", .warning)
                return []
            }
            layers.append(
                .form(
                    Form(title: "Connect to \(network.name)", fields: [.init("Container", hint: "← → choose", choices: candidates.map(\.name)), .init("Address", hint: "empty: engine chooses"), .init("Aliases", hint: "names, with spaces")]),
                    .connectTo(network, candidates: candidates)))
            return []
        }
        guard let container = situation.containers.first else { return [] }
        let attached = Set(container.endpoints.map(\.networkID))
        let networks = snapshot.networks.filter { $0.id.source == container.id.source && !attached.contains($0.id.raw) && $0.driver != "host" && $0.driver != "null" && !$0.isIngress }
        guard !networks.isEmpty else {
            notice = Notice("There is no other network to connect \(container.name) to; \(options.keymap.key(of: .newNetwork) ?? ":new-network") creates one", .warning)
            return []
        }
        layers.append(
            .form(
                Form(title: "Connect \(Self.words(situation.containers))", fields: [.init("Network", hint: "← → choose", choices: networks.map(\.name)), .init("Address", hint: "empty: engine chooses"), .init("Aliases", hint: "names, with spaces")]),
                .connect(containers: situation.containers, networks: networks)))
        return []
    }

    private mutating func askDisconnect(_ situation: Situation) -> [Effect] {
        if case .attachment(let network, let container) = situation.subject {
            return plan([Operation(.disconnect(container: container.id, name: container.name, force: false), on: .network(network.id, name: network.name))])
        }
        guard let container = situation.containers.first else { return [] }
        layers.append(.choice(ChoiceList(title: "Disconnect \(container.name) from", choices: container.endpoints.map { .init($0.network, note: $0.address) }), .disconnect(container)))
        return []
    }

    // MARK: Answers

    /// Turns a filled-in form into operations; returns what is wrong with it, or nil once the plan page is open.
    mutating func submit(_ values: [String], _ purpose: FormPurpose) -> String? {
        switch purpose {
        case .rename(let target):
            let name = values[0].trimmed
            if name.isEmpty { return "A name is needed" }
            if name == target.name { return "That is its name already" }
            pending = [Operation(.rename(to: name), on: target)]
        case .createNetwork(let target):
            let name = values[0].trimmed
            if name.isEmpty { return "A name is needed" }
            pending = [
                Operation(
                    .createNetwork(
                        NetworkSpecification(name: name, driver: values[1], subnet: values[2].trimmed, gateway: values[3].trimmed, isInternal: values[4] == "yes", isAttachable: values[5] == "yes")),
                    on: target)
            ]
        case .connect(let containers, let networks):
            guard let network = networks.first(where: { $0.name == values[0] }) else { return "That network is gone" }
            let address = values[1].trimmed
            if containers.count > 1, !address.isEmpty { return "One address cannot be given to several containers" }
            pending = containers.map {
                Operation(.connect(container: $0.id, name: $0.name, address: address, aliases: values[2].split(separator: " ").map(String.init)), on: .network(network.id, name: network.name))
            }
        case .deploy, .stack, .labels: return submitPlacement(values, purpose)
        case .maintenance, .register, .addCheck: return submitRegistry(values, purpose)
        case .connectTo(let network, let candidates):
            guard let container = candidates.first(where: { $0.name == values[0] }) else { return "That container is gone" }
            pending = [
                Operation(.connect(container: container.id, name: container.name, address: values[1].trimmed, aliases: values[2].split(separator: " ").map(String.init)), on: .network(network.id, name: network.name))
            ]
        }
        return nil
    }

    mutating func pendingPlan() -> [Effect] {
        if let (target, name, path) = pendingFile {
            pendingFile = nil
            let token = push(TextPage(title: "Deploy stack \(name)", content: .loading(since: now)))
            return [.readStack(token, target, name: name, path: path)]
        }
        let operations = pending
        pending = []
        return plan(operations)
    }

    mutating func chosen(_ index: Int, _ purpose: ChoicePurpose) -> [Effect] {
        switch purpose {
        case .quit: return index == 1 ? [.quit] : []
        case .theme(let names, _): return [.theme(names[index])]
        case .signal(let containers):
            return plan(containers.map { Operation(.kill(signal: Self.signals[index].0), on: .container($0.id, name: $0.name)) })
        case .prune(let target): return plan([Operation(.prune(Operation.Prune.allCases[index]), on: target)])
        case .pruneSource(let targets): choosePrune(targets[index])
        case .newNetworkSource(let targets): networkForm(targets[index])
        case .disconnect(let container):
            let endpoint = container.endpoints[index]
            return plan([
                Operation(.disconnect(container: container.id, name: container.name, force: false), on: .network(Network.ID(container.id.source, endpoint.networkID), name: endpoint.network))
            ])
        case .stretch(let token): return follow(again: token, Stretch.allCases[index])
        case .deployTo(let targets): return askDeploy(on: targets[index])
        case .deployWhat(let choices):
            switch choices[index] {
            case .redeploy(let workload): return openRedeploy(of: workload)
            case .service(let target): return openDeployForm(on: target)
            case .stack(let target, let name): return openStackForm(on: target, name: name)
            }
        case .availability(let nodes): return plan(nodes.map { Operation(.node(.setAvailability(Node.Availability.allCases[index])), on: .node($0.id, name: $0.name)) })
        case .maintenanceOf(let targets): return askMaintenance(index == 0 ? targets : [targets[index - 1]])
        case .scenario(let names): return [.play(names[index])]
        case .speed: return [.speed(Practice.speeds[index])]
        case .registerIn(let targets): return openRegisterForm(on: targets[index])
        case .role(let node): return index == 0 ? [] : plan([Operation(.node(node.isManager ? .demote : .promote), on: .node(node.id, name: node.name))])
        }
        return []
    }

    /// The same logs, another stretch of them.
    private mutating func follow(again token: Token, _ stretch: Stretch) -> [Effect] {
        guard let position = layers.firstIndex(where: { if case .logs(token, _) = $0 { true } else { false } }), case .logs(_, let page) = layers[position] else { return [] }
        layers.remove(at: position)
        return openLogs(page.asked, stretch)
    }
}
