internal import Domain
internal import Panes

/// Descriptions follow the facts while they are open, and ask for what no list tells.
extension Dashboard {
    /// Opens a description and asks for what it wants to know beyond the snapshot.
    mutating func describe(_ title: String, _ topic: TextPage.Topic) -> [Effect] {
        guard let lines = lines(about: topic, Evidence()) else {
            notice = Notice("It is not there any more", .warning)
            return []
        }
        let token = push(TextPage(title: title, topic: topic, content: .lines(lines)))
        let questions = questions(about: topic)
        return questions.isEmpty ? [] : [.ask(token, questions)]
    }

    mutating func refreshLayers() -> [Effect] {
        var effects: [Effect] = []
        for index in layers.indices {
            switch layers[index] {
            case .text(let token, var page):
                guard let topic = page.topic, let lines = lines(about: topic, evidence[token] ?? Evidence()) else { continue }
                page.content = .lines(lines)
                layers[index] = .text(token, page)
            case .trace(let token, var tracing):
                tracing.follow(snapshot)
                let questions = tracing.freshQuestions()
                layers[index] = .trace(token, tracing)
                if !questions.isEmpty { effects.append(.ask(token, questions)) }
            default: continue
            }
        }
        return effects
    }

    mutating func learn(_ token: Token, _ question: Evidence.Question, _ answer: Evidence.Answer) -> [Effect] {
        for index in layers.indices {
            switch layers[index] {
            case .text(token, var page):
                evidence[token, default: Evidence()][question] = answer
                guard let topic = page.topic, let lines = lines(about: topic, evidence[token] ?? Evidence()) else { continue }
                page.content = .lines(lines)
                layers[index] = .text(token, page)
            case .trace(token, var tracing):
                tracing.learn(question, answer, in: snapshot)
                let questions = tracing.freshQuestions()
                layers[index] = .trace(token, tracing)
                return questions.isEmpty ? [] : [.ask(token, questions)]
            default: continue
            }
        }
        return []
    }

    private func questions(about topic: TextPage.Topic) -> [Evidence.Question] {
        switch topic {
        case .service(let source, let name): snapshot.serviceHealth(source, name: name).map { Description.questions(for: $0, in: snapshot) } ?? []
        case .target(.instance(let id, _)):
            snapshot.instance(id).flatMap { snapshot.serviceHealth(id.source, name: $0.service) }.map { Description.questions(for: $0, in: snapshot) } ?? []
        case .target, .check, .disagreement, .sources: []
        }
    }

    private func lines(about topic: TextPage.Topic, _ evidence: Evidence) -> Description.Lines? {
        switch topic {
        case .check(let id): snapshot.check(id).map { Description.of($0, in: snapshot) }
        case .service(let source, let name): snapshot.serviceHealth(source, name: name).map { Description.of($0, evidence: evidence, in: snapshot) }
        case .disagreement(let id): Disagreement.all(in: snapshot).first { $0.id == id }.map { Description.of($0, in: snapshot) }
        case .sources: sourceLines
        case .target(let target): lines(about: target, evidence)
        }
    }

    private func lines(about target: Operation.Target, _ evidence: Evidence) -> Description.Lines? {
        switch target {
        case .container(let id, _): snapshot.container(id).map { Description.of($0, in: snapshot) }
        case .network(let id, _): snapshot.network(id).map { Description.of($0, in: snapshot) }
        case .workload(let id, _): snapshot.workload(id).map { Description.of($0, in: snapshot) }
        case .task(let id, _): snapshot.task(id).map { Description.of($0, in: snapshot) }
        case .node(let id, _): snapshot.node(id).map { Description.of($0, in: snapshot) }
        case .group(let source, let name):
            Description.of(stack: name, snapshot.workloads.filter { $0.id.source == source && $0.group == name }, source: source, in: snapshot)
        case .instance(let id, _): snapshot.instance(id).map { Description.of($0, evidence: evidence, in: snapshot) }
        case .member(let id, _): snapshot.member(id).map { Description.of($0, in: snapshot) }
        case .check(let id, _): snapshot.check(id).map { Description.of($0, in: snapshot) }
        case .source: nil
        }
    }
}
