internal import Commands
internal import Domain
internal import Drawing
internal import Panes

/// Deploying: the form of one service, the file of a stack.
extension Dashboard {
    /// - Parameter also: what the row under the cursor offers, before the rest.
    mutating func askDeploy(on target: Operation.Target, also choices: [DeployChoice] = []) -> [Effect] {
        let all = choices + [.service(target), .stack(target, name: "")]
        let words = all.map { choice -> ChoiceList.Choice in
            switch choice {
            case .redeploy(let workload): .init("\(workload.name) anew", note: "the form holds what it is now")
            case .service: .init("A new service", note: "by a form")
            case .stack(_, ""): .init("A stack", note: "from a Compose file")
            case .stack(_, let name): .init("\(name) anew", note: "from its Compose file")
            }
        }
        layers.append(.choice(ChoiceList(title: "Deploy what?", choices: words), .deployWhat(all)))
        return []
    }

    mutating func openDeployForm(on target: Operation.Target) -> [Effect] {
        layers.append(.form(Form(title: "Deploy a service", fields: DeployForm.fields(nil, networks: attachable(target.source))), .deploy(target, before: nil)))
        return []
    }

    mutating func openStackForm(on target: Operation.Target, name: String = "") -> [Effect] {
        let fields = [
            Form.Field("Compose file", hint: "path; ~ is your home folder"), Form.Field("Stack", hint: "its name; services become NAME_service", text: name),
        ]
        layers.append(.form(Form(title: "Deploy a stack", fields: fields), .stack(target)))
        return []
    }

    /// The form can only be filled in once the engine has said what the service is now.
    mutating func openRedeploy(of workload: Workload) -> [Effect] {
        let target = Operation.Target.workload(workload.id, name: workload.name)
        let token = push(TextPage(title: "Deploy \(workload.name)", content: .loading(since: now)))
        return [.specify(token, target)]
    }

    mutating func specified(_ token: Token, _ target: Operation.Target, _ result: Result<ServiceSpecification, Trouble>) -> [Effect] {
        guard let index = layers.firstIndex(where: { if case .text(token, _) = $0 { true } else { false } }), case .text(_, var page) = layers[index] else { return [] }
        switch result {
        case .success(let specification):
            let form = Form(title: "Deploy \(target.name) anew", fields: DeployForm.fields(specification, networks: attachable(target.source)))
            layers[index] = .form(form, .deploy(target, before: specification))
        case .failure(let trouble):
            page.content = .failed(trouble)
            layers[index] = .text(token, page)
        }
        return []
    }

    mutating func stackRead(_ token: Token, _ target: Operation.Target, _ result: Result<StackSpecification, Trouble>) -> [Effect] {
        guard let index = layers.firstIndex(where: { if case .text(token, _) = $0 { true } else { false } }), case .text(_, var page) = layers[index] else { return [] }
        switch result {
        case .success(let stack):
            layers.remove(at: index)
            return plan([Operation(.workload(.deployStack(stack)), on: .group(target.source, name: stack.name))])
        case .failure(let trouble):
            page.content = .failed(trouble)
            layers[index] = .text(token, page)
        }
        return []
    }

    /// Turns a filled-in form into operations; returns what is wrong with it.
    mutating func submitPlacement(_ values: [String], _ purpose: FormPurpose) -> String? {
        switch purpose {
        case .deploy(let target, let before):
            do throws(DeployForm.Mistake) {
                let specification = try DeployForm.read(values, before: before)
                if let before, specification == before { return "Nothing in the form differs from what the service is now" }
                pending = [Operation(.workload(.deploy(specification)), on: target)]
            } catch { return error.words }
        case .stack(let target):
            let path = values[0].trimmed
            let name = values[1].trimmed
            if path.isEmpty { return "The path of a Compose file is needed" }
            if name.isEmpty { return "A name for the stack is needed" }
            pendingFile = (target, name, path)
        case .labels(let node):
            guard let words = Words.split(values[0]) else { return "A quotation mark is not closed" }
            var labels: [String: String] = [:]
            for word in words {
                let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                if parts[0].isEmpty { return "“\(word)” has no key before the =" }
                labels[parts[0]] = parts.count > 1 ? parts[1] : ""
            }
            if labels == node.labels { return "Nothing differs from the labels it has" }
            pending = [Operation(.node(.setLabels(labels)), on: .node(node.id, name: node.name))]
        default: break
        }
        return nil
    }

    private func attachable(_ source: Source.ID) -> [String] {
        let name = snapshot.source(source)?.name
        let engines = snapshot.sources.filter { $0.kind == .docker && $0.name == name }.map(\.id)
        return snapshot.networks.filter { engines.contains($0.id.source) && $0.scope == "swarm" && !$0.isIngress }.map(\.name).sorted()
    }
}
