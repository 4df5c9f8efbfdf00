public import Domain
public import Drawing
internal import Widgets

/// What is about to be changed, before it is changed: Cancel has the focus, Apply needs a deliberate step.
public struct PlanPage: Sendable {
    public enum Stage: Sendable {
        case planning(since: Timestamp)
        case ready([Plan])
        case failed(Trouble)
        case applying([Plan], finished: [Outcome], since: Timestamp)
        case done([Plan], [Outcome])
    }

    public enum Answer: Sendable {
        case none, close
        case apply([Plan])
        /// Another number was typed: the plan has to be worked out again for it.
        case revise([Operation])
    }

    public private(set) var operations: [Operation]
    /// The name that has to be typed before Apply works; nil where a press is enough.
    public let typedName: String?
    public var stage: Stage
    private var buttons: Buttons
    private var editor = LineEditor()
    private var number: ScaleNumber?
    private var top = 0
    private var lineCount = 0
    private var height = 1
    private var tallest = 0

    public init(operations: [Operation], typedName: String?, now: Timestamp) {
        self.operations = operations
        self.typedName = typedName
        stage = .planning(since: now)
        buttons = Buttons(["Cancel", "Apply"], dangerous: 1)
        if operations.count == 1, case .workload(.scale(let count)) = operations[0].action { number = ScaleNumber(count) }
    }

    public var title: String {
        guard let first = operations.first else { return "Plan" }
        let verb = first.action.verb
        return operations.count == 1 ? "Plan: \(verb) \(first.target.name)" : "Plan: \(verb) \(operations.count) \(first.target.kind)s"
    }

    /// Takes an answer in, unless it answers for a number that was replaced meanwhile.
    public mutating func planned(_ result: Result<[Plan], Trouble>) {
        switch result {
        case .success(let plans):
            guard plans.map(\.operation) == operations else { return }
            stage = .ready(plans)
        case .failure(let trouble): stage = .failed(trouble)
        }
    }

    /// The plan on the screen is the one for the number on the screen.
    private var isUpToDate: Bool {
        if case .ready(let plans) = stage { plans.map(\.operation) == operations } else { false }
    }

    private var applicable: [Plan] {
        if case .ready(let plans) = stage, isUpToDate { plans.filter { $0.obstacle == nil && $0.idle == nil } } else { [] }
    }

    private var isNameTyped: Bool { typedName == nil || editor.text == typedName }

    public var isBusy: Bool {
        switch stage {
        case .planning, .applying: true
        case .ready, .failed, .done: false
        }
    }

    public mutating func handle(_ key: Key) -> Answer {
        switch key.name {
        // While it is being applied the page may go; the work does not, and its end is said at the bottom of the screen.
        case "Esc", "ctrl-c": return .close
        case "Enter":
            switch stage {
            case .planning: return buttons.focused == 0 ? .close : .none
            case .applying: return .none
            case .failed, .done: return .close
            case .ready:
                if buttons.focused == 0 { return .close }
                let plans = applicable
                return plans.isEmpty || !isNameTyped ? .none : .apply(plans)
            }
        case "Tab", "shift-Tab": buttons.move(by: 1)
        case "Up", "PgUp": top = max(0, top - (key.name == "Up" ? 1 : height))
        case "Down", "PgDn": top = max(0, min(top + (key.name == "Down" ? 1 : height), lineCount - height))
        default:
            if let answer = handleNumber(key) { return answer }
            if typedName != nil { _ = editor.handle(key) } else if key.name == "Left" || key.name == "Right" { buttons.move(by: 1) }
        }
        return .none
    }

    /// Digits and signs belong to the number whatever has the focus, except where they go on with the name being typed.
    private mutating func handleNumber(_ key: Key) -> Answer? {
        guard var number, case .workload(.scale(let before)) = operations[0].action else { return nil }
        switch stage {
        case .ready, .planning, .failed: break
        case .applying, .done: return nil
        }
        // What goes on with the name being typed belongs to the name, signs and digits too, and so does taking it back.
        if let typedName {
            if let character = key.character, typedName.hasPrefix(editor.text + String(character)) { return nil }
            if key.name == "Backspace", !editor.text.isEmpty { return nil }
        }
        guard number.handle(key) else { return nil }
        self.number = number
        guard number.value != before else { return Answer.none }
        operations[0].action = .workload(.scale(to: number.value))
        return .revise(operations)
    }

    public mutating func paste(_ text: String) { if typedName != nil { editor.insert(text) } }

    /// One change has ended; the page is done when all have.
    public mutating func finished(_ outcome: Outcome) {
        guard case .applying(let plans, var outcomes, let since) = stage else { return }
        outcomes.append(outcome)
        stage = outcomes.count == plans.count ? .done(plans, outcomes) : .applying(plans, finished: outcomes, since: since)
    }

    // MARK: Drawing

    public mutating func draw(into canvas: inout Canvas, rect: Rect, scene: Scene) {
        let width = max(min(rect.width - 4, 100), min(rect.width, 40))
        let rows = (typedName == nil ? 2 : 4) + (number == nil ? 0 : 2)
        // As high as it needs to be, and no lower than it was: buttons that jump away are pressed by mistake.
        tallest = max(tallest, lines(width: width - 4, now: scene.now).count + rows + 2)
        let box = rect.centered(width: width, height: max(min(rect.height - 2, max(12, min(tallest, 40))), min(rect.height, 8)))
        canvas.fill(box, .dialog)
        canvas.frame(box, title: title, note: scene.snapshot.source(operations.first?.target.source ?? Source.ID(""))?.name ?? "", .dialogBorder, titleRole: .dialog)
        var area = box.inset(2, 1)
        let bottom = area.takeBottom(rows)
        drawBottom(into: &canvas, rect: bottom)
        let lines = self.lines(width: area.width, now: scene.now)
        lineCount = lines.count
        height = max(1, area.height)
        top = max(0, min(top, lineCount - height))
        for (offset, line) in lines.dropFirst(top).prefix(area.height).enumerated() {
            canvas.draw(line.0, x: area.x, y: area.y + offset, limit: area.width, line.1, ellipsis: true)
        }
        Table.drawScrollMark(into: &canvas, x: box.maxX - 1, y: area.y, height: area.height, top: top, count: lineCount)
    }

    private func drawBottom(into canvas: inout Canvas, rect: Rect) {
        var y = rect.maxY - 1
        switch stage {
        case .planning: canvas.draw("Esc cancels", x: rect.x, y: y, limit: rect.width, .muted)
        case .applying: canvas.draw("Working; Esc closes this page and the work goes on", x: rect.x, y: y, limit: rect.width, .info)
        case .failed, .done: canvas.draw("Enter closes", x: rect.x, y: y, limit: rect.width, .muted)
        case .ready:
            defer { drawNumber(into: &canvas, rect: rect, y: y - 2 - (typedName == nil || applicable.isEmpty ? 0 : 2)) }
            if applicable.isEmpty, number == nil || !isUpToDate {
                let words = isUpToDate ? "Nothing can be applied; Enter closes" : "Working it out anew …"
                canvas.draw(words, x: rect.x, y: y, limit: rect.width, .muted)
                return
            }
            buttons.draw(into: &canvas, x: rect.x, y: y, limit: rect.width)
            canvas.drawRight("Tab moves, Enter presses, Esc cancels", x: rect.x + 24, y: y, width: max(0, rect.width - 24), .muted)
            if let typedName {
                y -= 2
                let prompt = "Type \(TextWidth.shortened(typedName, max(8, rect.width - 30))) to apply: "
                let x = canvas.draw(prompt, x: rect.x, y: y, limit: rect.width, isNameTyped ? .good : .warning)
                editor.draw(into: &canvas, x: x, y: y, width: max(1, min(32, rect.maxX - x)), isFocused: true)
            }
        }
    }

    private func drawNumber(into canvas: inout Canvas, rect: Rect, y: Int) {
        guard let number, y >= rect.y else { return }
        var x = canvas.draw("Tasks: ", x: rect.x, y: y, limit: rect.width, .dialog)
        let width = max(6, number.text.count + 2)
        canvas.fill(Rect(x: x, y: y, width: width, height: 1), .input)
        canvas.draw(number.text, x: x + 1, y: y, limit: width - 1, .input, .bold)
        x += width + 2
        canvas.draw("digits replace it, + and - step it", x: x, y: y, limit: rect.maxX - x, .muted, ellipsis: true)
    }

    private func lines(width: Int, now: Timestamp) -> [(String, Role)] {
        switch stage {
        case .planning(let since): return [("Asking the engine what this would do … \(now.seconds(since: since)) s", .info)]
        case .failed(let trouble): return Paragraph.lines(trouble.description, width: width).map { ($0, .bad) }
        case .ready(let plans): return plans.enumerated().flatMap { describe($1, width: width, isFirst: $0 == 0, isAlone: plans.count == 1) }
        case .applying(let plans, let finished, let since):
            return [("\(finished.count) of \(plans.count) done, \(now.seconds(since: since)) s", .info)] + outcomes(finished, width: width)
        case .done(_, let outcomes): return self.outcomes(outcomes, width: width)
        }
    }

    private func outcomes(_ outcomes: [Outcome], width: Int) -> [(String, Role)] {
        outcomes.flatMap { outcome -> [(String, Role)] in
            switch outcome.result {
            case .success(let message): Paragraph.lines("● " + message, width: width).map { ($0, .good) }
            case .failure(let trouble): Paragraph.lines("✖ " + trouble.description, width: width).map { ($0, .bad) }
            }
        }
    }

    private func describe(_ plan: Plan, width: Int, isFirst: Bool, isAlone: Bool) -> [(String, Role)] {
        var lines: [(String, Role)] = isFirst ? [] : [("", .dialog)]
        if !isAlone { lines.append((plan.operation.target.name, .heading)) }
        if let idle = plan.idle { lines += Paragraph.lines(idle, width: width).map { ($0, .info) } }
        if let obstacle = plan.obstacle {
            lines += Paragraph.lines("✖ cannot be done: " + obstacle, width: width).map { ($0, .bad) }
            return lines
        }
        for change in plan.changes {
            let text = change.before.isEmpty ? "\(change.subject): \(change.after)" : "\(change.subject): \(change.before) → \(change.after)"
            lines += Paragraph.lines(text, width: width).map { ($0, .dialog) }
        }
        for note in plan.notes { lines += Paragraph.lines(note, width: width).map { ($0, .info) } }
        for warning in plan.warnings { lines += Paragraph.lines("▲ " + warning, width: width).map { ($0, .warning) } }
        if plan.idle != nil { return lines }
        if let wayBack = plan.wayBack {
            lines += Paragraph.lines("way back: " + wayBack, width: width).map { ($0, .muted) }
        } else {
            lines.append(("way back: none", .muted))
        }
        for call in plan.calls { lines += Paragraph.lines("calls " + call, width: width).map { ($0, .muted) } }
        if !plan.commandLine.isEmpty { lines += Paragraph.lines("same as: " + plan.commandLine, width: width).map { ($0, .muted) } }
        return lines
    }
}
