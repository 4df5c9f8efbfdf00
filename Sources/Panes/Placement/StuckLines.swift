internal import Commands
internal import Domain
internal import Drawing
internal import Widgets

/// What is stuck, why, and what would help first: the lines of one row of the view.
struct StuckLines {
    private var lines: [[CellText]] = []
    private let width: Int

    private init(width: Int) { self.width = width }

    static func of(_ node: Node, tasks: [WorkloadTask], key: (Command.ID) -> String, width: Int) -> [[CellText]] {
        var stuck = StuckLines(width: width)
        let glyph = NodeLine(node: node, taskCount: tasks.count).glyph
        let left = tasks.isEmpty ? "" : ", with \(tasks.count) \(tasks.count == 1 ? "task" : "tasks") that it still counts"
        stuck.head(glyph, node.name, "node, " + node.standing + left)
        stuck.fact("why", node.complaint)
        stuck.fact("do", Advice.of(node, key: key))
        return stuck.lines
    }

    static func of(_ workload: Workload, now: Timestamp, key: (Command.ID) -> String, width: Int) -> [[CellText]] {
        var stuck = StuckLines(width: width)
        let age = workload.rolloutSince.map { " for " + Figure.longAge(now.seconds(since: $0)) } ?? ""
        let what = workload.rollout == .rollingBack ? "rolling back" : "update " + workload.rolloutWord
        stuck.head(("✖", .bad), workload.name, "\(workload.kind), \(what)\(age), \(workload.tally) running")
        stuck.fact("why", workload.rolloutMessage)
        stuck.fact("do", Advice.of(workload, key: key))
        return stuck.lines
    }

    static func of(_ words: TaskWords, _ explanation: Explanation?, key: (Command.ID) -> String, width: Int) -> [[CellText]] {
        var stuck = StuckLines(width: width)
        let task = words.task
        stuck.head(TaskGlyph.of(task), words.labels(isFull: true), [words.place, words.standing].filter { !$0.isEmpty }.joined(separator: ", "))
        stuck.fact("why", words.story(explanation))
        if task.isUnplaced, let explanation {
            stuck.fact("scheduler", explanation.schedulerWords, .muted)
            stuck.fact("but", explanation.dispute, .warning)
        }
        // What would help the one that failed before helps its replacement, too.
        let before = words.index.failures(before: task).map { words.snapshot.tasks[$0.last] }
        stuck.fact("do", explanation?.remedy ?? Advice.of(task, key: key) ?? before.flatMap { Advice.of($0, key: key) })
        return stuck.lines
    }

    private mutating func head(_ glyph: (text: String, role: Role), _ name: String, _ words: String) {
        let lead = [CellText(glyph.text + " ", glyph.role), CellText(name, .title, .bold)]
        if TextWidth.of(name) + TextWidth.of(words) + 4 <= width {
            lines.append(lead + [CellText("  " + words, glyph.role)])
        } else {
            lines.append(lead)
            lines += Paragraph.lines(words, width: max(8, width - 4)).map { [CellText("    " + $0, glyph.role)] }
        }
    }

    private mutating func fact(_ name: String, _ text: String?, _ role: Role = .text) {
        guard let text, !text.isEmpty else { return }
        for (number, line) in Paragraph.lines(TaskWords.line(text), width: max(8, width - 15)).enumerated() {
            lines.append([CellText("    " + TaskWords.padded(number == 0 ? name : "", 11), .muted), CellText(line, name == "do" ? .info : role)])
        }
    }
}
