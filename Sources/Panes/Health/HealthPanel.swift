internal import Commands
internal import Domain
internal import Drawing
internal import Widgets

/// What is known of the row under the cursor, below the list.
struct HealthPanel {
    let scene: Scene
    let index: HealthIndex

    private typealias Text = (title: String, lines: Description.Lines)

    func draw(_ subject: Subject, into canvas: inout Canvas, rect: Rect) {
        guard rect.height > 1, let text = text(subject) else { return }
        let end = canvas.draw("── ", x: rect.x, y: rect.y, limit: rect.width, .border)
        let titleEnd = canvas.draw(LogText.clean(text.title) + " ", x: end, y: rect.y, limit: rect.maxX - 2 - end, .text, .bold, ellipsis: true)
        for x in titleEnd..<max(titleEnd, rect.maxX) { canvas.draw("─", x: x, y: rect.y, .border) }
        let width = rect.width - 2
        let wrapped = text.lines.flatMap { line in Paragraph.lines(String(LogText.clean(line.text).prefix(4096)), width: width).map { ($0, line.role) } }
        let height = rect.height - 1
        let isCut = wrapped.count > height
        for (offset, line) in wrapped.prefix(isCut ? height - 1 : height).enumerated() {
            canvas.draw(line.0, x: rect.x + 1, y: rect.y + 1 + offset, limit: width, line.1)
        }
        if isCut {
            canvas.draw("… \(wrapped.count - height + 1) lines more: \(scene.key(.describe)) shows all", x: rect.x + 1, y: rect.maxY - 1, limit: width, .muted)
        }
    }

    private func text(_ subject: Subject) -> Text? {
        switch subject {
        case .check(let check): check.name.isEmpty ? of(check, named: check.id.raw) : of(check, named: check.name)
        case .service(let service): of(service)
        case .instance(let instance): of(instance)
        case .member(let member): of(member)
        case .disagreement(let difference): of(difference)
        default: nil
        }
    }

    // MARK: Each kind of row

    private func of(_ check: Check, named name: String) -> Text {
        let title = "\(name): \(CheckWords.standing(check, now: scene.now, utcOffset: scene.utcOffset))"
        let purpose = CheckWords.purpose(check, in: scene.snapshot)
        var lines: Description.Lines = [((purpose.isEmpty ? "" : purpose + " · ") + CheckWords.changes(check, now: scene.now), .muted)]
        if !check.notes.isEmpty { lines.append((check.notes, .info)) }
        // More than a panel ever holds is not even looked at.
        let output = CheckWords.output(String(check.output.prefix(8192)))
        if output.isEmpty { lines.append(("(it printed nothing)", .muted)) }
        lines += output.map { ($0, check.status >= .warning ? .text : .muted) }
        return (title, lines)
    }

    private func of(_ service: ServiceHealth) -> Text {
        let title = "\(service.name): \(service.status.word), \(service.passing) of \(service.instances.count) passing"
        var lines = decision(service.decider)
        for health in service.instances.prefix(40) {
            let place = [health.instance.node, health.instance.endpoint].filter { !$0.isEmpty }.joined(separator: " ")
            let decider = health.status == .passing ? "" : health.decider.map { ", decided by \($0.name)" } ?? ""
            let glyph = CheckGlyph.of(health.status)
            lines.append(("\(glyph.text) \(place) \(health.status.word)\(decider)", health.status >= .warning ? .text : .muted))
        }
        let tags = Set(service.instances.flatMap(\.instance.tags)).sorted()
        if !tags.isEmpty { lines.append(("tags " + tags.joined(separator: ", "), .muted)) }
        return (title, lines)
    }

    private func of(_ instance: ServiceInstance) -> Text {
        let health = index.health(of: instance.id)
        let title = "\(instance.service) on \(instance.node): \(health?.status.word ?? "not known")"
        var lines = decision(health?.decider)
        lines.append(((instance.endpoint.isEmpty ? "no address" : instance.endpoint) + " · id \(instance.serviceID)", .text))
        if !instance.tags.isEmpty { lines.append(("tags " + instance.tags.joined(separator: ", "), .muted)) }
        if !instance.meta.isEmpty { lines.append(("meta " + instance.meta.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " "), .muted)) }
        if let container = instance.container.flatMap({ scene.snapshot.container($0) }) { lines.append(("container \(container.name), \(container.state.word)", .muted)) }
        return (title, lines)
    }

    /// Which check made it so, and what that printed.
    private func decision(_ decider: Check?) -> Description.Lines {
        guard let decider else { return [("no check speaks for it, which counts as passing", .muted)] }
        let words = "decided by \(decider.name), \(CheckWords.standing(decider, now: scene.now, utcOffset: scene.utcOffset))"
        let output = CheckWords.firstLine(decider.output)
        return [(output.isEmpty ? words : words + ": " + output, decider.status >= .warning ? .bad : .muted)]
    }

    private func of(_ member: Member) -> Text {
        let title = "\(member.name): \(member.status.rawValue), \(member.role)" + (member.isAsked ? ", the one that answers Binnacle" : "")
        var lines: Description.Lines = member.problem.map { [($0, .bad)] } ?? []
        let facts = [member.address, member.datacenter.isEmpty ? "" : "datacenter " + member.datacenter, member.version.isEmpty ? "" : "version " + member.version]
        lines.append((facts.filter { !$0.isEmpty }.joined(separator: " · "), .text))
        let positions = (index.checksOfNode[member.id] ?? []).filter { $0 < scene.snapshot.checks.count }
        let checks = positions.map { scene.snapshot.checks[$0] }.filter { $0.status > .passing }.sorted { ($1.status, $0.name, $0.id.raw) < ($0.status, $1.name, $1.id.raw) }
        for check in checks.prefix(20) {
            let output = CheckWords.firstLine(check.output)
            lines.append(("\(CheckGlyph.of(check.status).text) \(check.name)" + (output.isEmpty ? "" : ": " + output), check.status >= .warning ? .text : .muted))
        }
        if checks.isEmpty { lines.append((positions.isEmpty ? "no check is registered on it" : "all of its \(positions.count) checks pass", .muted)) }
        return (title, lines)
    }

    private func of(_ difference: Disagreement) -> Text {
        let remedy: Role = difference.mend == nil ? .text : .info
        var lines: Description.Lines = [(difference.words, .text), ("matched: " + difference.match, .muted), (MendHint.words(difference, scene), remedy)]
        if let instance = difference.instance { lines.append(("registered: \(instance.serviceID) on \(instance.node), \(instance.endpoint.isEmpty ? "no address" : instance.endpoint)", .muted)) }
        return ("\(difference.service): \(difference.kind.rawValue)", lines)
    }
}
