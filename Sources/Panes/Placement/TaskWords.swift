internal import Domain
internal import Drawing
internal import Widgets

/// What is said of one task, or of several in the same plight.
struct TaskWords {
    let task: WorkloadTask
    let companions: [WorkloadTask]
    let snapshot: Snapshot
    let index: PlacementIndex
    let now: Timestamp

    var workload: Workload? { index.workload(of: task, in: snapshot) }

    /// `.3`, `.5 .6 .7 and 41 more`.
    func labels(isFull: Bool) -> String {
        let workload = workload
        let all = ([task] + companions).map { isFull ? $0.name : $0.label(in: workload) }
        return all.count <= 6 ? all.joined(separator: " ") : all.prefix(5).joined(separator: " ") + " and \(all.count - 5) more"
    }

    /// `on h1`, `on h1, h2`; empty where no node has them.
    var place: String {
        var names: [String] = []
        for task in [task] + companions {
            guard let node = task.node else { continue }
            let name = index.name(of: node)
            if !names.contains(name) { names.append(name) }
        }
        if names.isEmpty { return "" }
        return "on " + (names.count <= 4 ? names.joined(separator: ", ") : names.prefix(3).joined(separator: ", ") + " and \(names.count - 3) more nodes")
    }

    /// `failed 3m`, `not placed 2h`.
    var standing: String { task.standing + (task.since.map { " " + Figure.age(now.seconds(since: $0)) } ?? "") }

    /// `exit 137 (killed …)`, `after 3 failures, the last 9s ago: task: non-zero exit (1)`, in the source's words and in full.
    func story(_ explanation: Explanation?) -> String {
        var parts: [String] = []
        if task.isUnplaced {
            parts.append(Self.line(explanation?.summary ?? task.reason))
        } else {
            if let code = task.exitCode, code != 0, task.state != .running { parts.append(Exit.words(code)) }
            parts.append(Self.line(task.reason))
        }
        if let failures = index.failures(before: task) {
            let last = snapshot.tasks[failures.last]
            let ago = last.since.map { " \(Figure.age(now.seconds(since: $0))) ago" } ?? ""
            let code = last.exitCode.flatMap { $0 == 0 ? nil : Exit.words($0) } ?? last.standing
            parts.append((failures.count == 1 ? "the one before failed\(ago): " : "\(failures.count) before it failed, the last\(ago): ") + [code, Self.line(last.reason)].filter { !$0.isEmpty }.joined(separator: ", "))
        }
        return parts.filter { !$0.isEmpty }.joined(separator: "; ")
    }

    /// Text from outside as one line of words.
    static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).map { LogText.clean(String($0)) }.joined(separator: " ")
    }

    /// A row of a task that something is wrong with: as many lines as its story takes.
    func troubled(width: Int, isFull: Bool, showsPlace: Bool, _ explanation: Explanation?) -> [[CellText]] {
        let glyph = TaskGlyph.of(task)
        let label = labels(isFull: isFull)
        let story = story(explanation)
        let head = [label, showsPlace ? place : "", standing].filter { !$0.isEmpty }.joined(separator: " ") + (story.isEmpty ? "" : ": ")
        let lines = Paragraph.lines(Self.line(head + story), width: max(8, width - 2))
        return lines.enumerated().map { number, line in
            guard number == 0 else { return [CellText("  " + line)] }
            guard line.hasPrefix(label) else { return [CellText(glyph.text + " ", glyph.role), CellText(line, glyph.role)] }
            return [CellText(glyph.text + " ", glyph.role), CellText(label, glyph.role), CellText(String(line.dropFirst(label.count)))]
        }
    }

    /// A row of a task that is as it should be: one line, its fields below those of its neighbours.
    func settled(isFull: Bool, showsPlace: Bool, labelWidth: Int, placeWidth: Int) -> [[CellText]] {
        let glyph = TaskGlyph.of(task)
        var pieces = [CellText(glyph.text + " ", glyph.role), CellText(Self.padded(labels(isFull: isFull), labelWidth) + "  ")]
        if showsPlace { pieces.append(CellText(Self.padded(task.node.map(index.name) ?? "–", placeWidth) + "  ")) }
        pieces.append(CellText(Self.padded(standing, 14) + "  ", task.state == .running ? .muted : glyph.role))
        if task.isOutdated { pieces.append(CellText("of the version before  ", .warning)) }
        if !task.addresses.isEmpty { pieces.append(CellText(task.addresses.joined(separator: " ") + "  ", .muted)) }
        if task.restarts > 0 { pieces.append(CellText("\(task.restarts) restarts  ", .warning)) }
        return [pieces]
    }

    static func padded(_ text: String, _ width: Int) -> String {
        let short = TextWidth.shortened(text, width)
        return short + String(repeating: " ", count: max(0, width - TextWidth.of(short)))
    }
}
