internal import Commands
internal import Domain
internal import Drawing
internal import Panes
internal import Widgets

extension Dashboard {
    /// One thing happened. Pure: the same state and message give the same state and effects.
    mutating func update(_ message: Message) -> [Effect] {
        let before = openTokens
        let effects = react(to: message)
        // Whatever way a page was closed, what it asked for is not wanted any more.
        let closed = before.subtracting(openTokens)
        for token in closed { evidence[token] = nil }
        return effects + closed.map(Effect.cancel)
    }

    private var openTokens: Set<Token> {
        var tokens = Set<Token>()
        // A trace that was left for a pane is still wanted: Esc comes back to it.
        for layer in layers + returns.flatMap(\.layers) {
            switch layer {
            case .text(let token, _), .logs(let token, _), .plan(let token, _), .trace(let token, _): tokens.insert(token)
            case .palette, .form, .choice: continue
            }
        }
        return tokens
    }

    private mutating func react(to message: Message) -> [Effect] {
        switch message {
        case .input(let input): return handle(input)
        case .snapshot(let new):
            snapshot = new
            now = new.takenAt
            watchConvergence()
            return refreshLayers()
        case .resized(let new): size = new
        case .tick(let moment):
            now = moment
            snapshot.takenAt = moment
        case .page(let token, let content):
            change(token) { layer in
                guard case .text(_, var page) = layer else { return }
                page.content = content
                layer = .text(token, page)
            }
        case .logs(let token, let lines):
            let snapshot = snapshot
            let names: (LogOrigin) -> String = { origin in
                if case .task(let id) = origin { return snapshot.task(id)?.name ?? id.short }
                return ""
            }
            change(token) { layer in
                guard case .logs(_, var page) = layer else { return }
                // Out of the layer while it changes, so that its lines are not copied for each batch.
                layer = .logs(token, LogPage(containers: [], request: page.request, stretch: ""))
                page.receive(lines, name: names)
                layer = .logs(token, page)
            }
        case .logsEnded(let token, let container, let trouble):
            change(token) { layer in
                guard case .logs(_, var page) = layer else { return }
                page.ended(container, trouble)
                layer = .logs(token, page)
            }
        case .planned(let token, let result):
            change(token) { layer in
                guard case .plan(_, var page) = layer else { return }
                page.planned(result)
                layer = .plan(token, page)
            }
        case .specified(let token, let target, let result): return specified(token, target, result)
        case .stackRead(let token, let target, let result): return stackRead(token, target, result)
        case .evidence(let token, let question, let answer): return learn(token, question, answer)
        case .performed(let token, let plan, let outcome): performed(token, plan, outcome)
        case .notice(let new): notice = new
        case .themed(let name): options.theme = name
        case .played(let name): played(name)
        }
        return []
    }

    private mutating func change(_ token: Token, _ body: (inout Layer) -> Void) {
        for index in layers.indices {
            switch layers[index] {
            case .text(token, _), .logs(token, _), .plan(token, _), .trace(token, _): body(&layers[index])
            default: continue
            }
        }
    }

    private mutating func performed(_ token: Token, _ plan: Plan, _ outcome: Outcome) {
        if case .success = outcome.result {
            if lastChange?.token != token { undoable = [] }
            lastChange = ("\(plan.operation.action.verb) \(plan.operation.target.name)", token)
            // What was done last is taken back first.
            if let inverse = plan.undo ?? Self.inverse(of: plan) { undoable.insert(inverse, at: 0) }
            follow(plan)
        }
        var finished = false
        change(token) { layer in
            guard case .plan(_, var page) = layer else { return }
            page.finished(outcome)
            if case .done(_, let outcomes) = page.stage, outcomes.allSatisfy({ if case .success = $0.result { true } else { false } }) { finished = true }
            layer = .plan(token, page)
        }
        switch outcome.result {
        case .success(let message): notice = Notice(message)
        case .failure(let trouble): notice = Notice(trouble.description, .failure)
        }
        // Everything went well: the page has nothing left to say that the screen does not show.
        if finished {
            layers.removeAll { if case .plan(token, _) = $0 { true } else { false } }
            containers.clearMarks()
        }
    }

    var sourceLines: Description.Lines {
        var lines = Description.sources(snapshot)
        if !options.problems.isEmpty {
            lines.append(("", .text))
            lines.append(("Settings that could not be used", .heading))
            for problem in options.problems { lines.append(("  " + problem, .warning)) }
        }
        return lines
    }

    /// What would take the change back; nil where nothing does.
    static func inverse(of plan: Plan) -> Operation? {
        let target = plan.operation.target
        switch plan.operation.action {
        case .start: return Operation(.stop(grace: nil), on: target)
        case .stop, .kill: return Operation(.start, on: target)
        case .pause: return Operation(.unpause, on: target)
        case .unpause: return Operation(.pause, on: target)
        case .rename(let name):
            guard case .container(let id, let old) = target else { return nil }
            return Operation(.rename(to: old), on: .container(id, name: name))
        case .connect(let container, let name, _, _): return Operation(.disconnect(container: container, name: name, force: false), on: target)
        case .disconnect(let container, let name, _): return Operation(.connect(container: container, name: name, address: "", aliases: []), on: target)
        case .restart, .removeContainer, .prune, .createNetwork, .removeNetwork, .workload, .node, .registry: return nil
        }
    }
}
