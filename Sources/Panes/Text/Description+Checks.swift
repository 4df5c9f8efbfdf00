public import Domain
internal import Drawing
internal import Widgets

/// A health check, whoever runs it: how it is and since when, what it does, what it printed, what became of it in the last hour.
extension Description {
    public static func of(_ check: Check, in snapshot: Snapshot) -> Lines {
        var d = Description(snapshot)
        let container = check.container.flatMap { snapshot.container($0) }
        d.heading("Check \(LogText.clean(check.name))")
        d.fact("status", check.status.word, statusRole(check.status))
        d.since(of: check)
        d.fact("changes", CheckWords.changes(check, now: d.now), check.flips > 1 ? .warning : .text)
        d.fact("last hour", "\(CheckStrip.text(check, until: d.now)), a mark for each 5 minutes")
        d.fact("does", CheckWords.purpose(check, in: snapshot))
        d.fact("kind", check.definition.isEmpty ? "" : check.kind)
        d.paragraph("notes", check.notes, .info)
        d.heading("What it speaks for")
        d.fact("service", check.service.isEmpty && container == nil ? "none: it is a check of its node" : check.service)
        d.fact("service id", check.serviceID == check.service ? "" : check.serviceID)
        d.fact("node", snapshot.hosts.first { $0.id.raw == check.node }?.name ?? check.node)
        d.fact("container", container.map { "\($0.name), \($0.state.word)" } ?? check.container.map { $0.short + ", not there any more" } ?? "")
        d.fact("tags", check.tags.joined(separator: ", "))
        d.fact("told by", snapshot.source(check.id.source).map { "\($0.name) (\($0.title))" } ?? check.id.source.raw)
        d.fact("id", check.id.raw)
        d.output(of: check)
        d.transitions(of: check)
        d.probes(of: check, container)
        return d.lines
    }

    /// Red and green as the pane shows them.
    static func statusRole(_ status: Check.Status) -> Role { CheckGlyph.of(status).role }

    private mutating func since(of check: Check) {
        guard let since = check.since else {
            fact("since", "not known", .muted)
            return
        }
        let span = CheckWords.span(now.seconds(since: since))
        if check.isSinceAtLeast {
            fact("since", "at least \(span): it was so when Binnacle first looked")
        } else {
            fact("since", "\(span), \(since.rfc3339)")
        }
        if let watched = check.watchedSince { fact("watched", "since \(watched.rfc3339) (\(CheckWords.span(now.seconds(since: watched)))), without a gap") }
    }

    private mutating func output(of check: Check) {
        heading("What it last printed")
        let output = CheckWords.output(check.output)
        if output.isEmpty { lines.append(("    (nothing)", .muted)) }
        for line in output { lines.append(("    " + line, check.status >= .warning ? .bad : .text)) }
    }

    /// Newest first.
    private mutating func transitions(of check: Check) {
        guard !check.transitions.isEmpty else { return }
        heading("Changes in the last hour (\(check.transitions.count))")
        for transition in check.transitions.reversed() {
            let from = transition.from.map { "from \($0.word) to \(transition.to.word)" } ?? "first seen as \(transition.to.word)"
            let unwatched = transition.wasUnwatched ? ", found out then: nobody watched while it changed" : ""
            lines.append(("    \(ago(transition.at)) \(from)\(unwatched)", Self.statusRole(transition.to)))
        }
    }

    /// Docker's own memory of the last runs of a HEALTHCHECK.
    private mutating func probes(of check: Check, _ container: Container?) {
        let isHealthCheck = check.container.map { check.id == Check.ID($0.source, $0.raw) } ?? false
        guard isHealthCheck || !check.probes.isEmpty else { return }
        heading("Runs")
        if let streak = container?.detail?.failingStreak, streak > 0 { fact("failing", streak == 1 ? "the last run" : "\(streak) times in a row", .bad) }
        if check.probes.isEmpty { fact("", container?.detail == nil ? "not fetched yet" : "none yet", .muted) }
        for probe in check.probes.reversed() {
            heading("Run at \(probe.start?.rfc3339 ?? "?")" + (probe.exitCode == 0 ? ": passed" : ": failed with exit \(probe.exitCode)"))
            if let start = probe.start, let end = probe.end, end >= start { fact("took", "\((end.nanoseconds &- start.nanoseconds) / 1_000_000) ms") }
            let output = CheckWords.output(probe.output)
            if output.isEmpty { lines.append(("    (it printed nothing)", .muted)) }
            for line in output { lines.append(("    " + line, probe.exitCode == 0 ? .text : .bad)) }
        }
    }

    /// Text from outside that may have several lines: each is kept.
    mutating func paragraph(_ name: String, _ text: String, _ role: Role = .text) {
        for (number, line) in text.split(whereSeparator: \.isNewline).enumerated() { fact(number == 0 ? name : "", String(line), role) }
    }
}
