internal import Commands
internal import Domain
public import Drawing
internal import Panes
internal import Widgets

extension Dashboard {
    /// Draws everything. The canvas is cleared first; the same state always gives the same cells.
    public mutating func draw(into canvas: inout Canvas) {
        canvas.clear(size: size)
        paneAreas = []
        tabAreas = []
        arrange()
        var area = canvas.bounds
        // A very low terminal keeps its rows for the data.
        let strip = size.height >= 4 ? area.takeTop(1) : Rect(x: 0, y: 0, width: 0, height: 0)
        let footer = size.height >= 3 ? area.takeBottom(1) : Rect(x: 0, y: 0, width: 0, height: 0)
        SourceStrip.draw(into: &canvas, rect: strip, scene: scene(isFocused: true), isReadOnly: options.isReadOnly, isPractice: options.practice != nil)
        if let reading = layers.lastIndex(where: \.isRead) {
            drawReading(reading, into: &canvas, rect: area)
        } else if showsBridge {
            drawBridge(into: &canvas, rect: area)
        } else {
            drawSingle(into: &canvas, rect: area)
        }
        drawDialogs(into: &canvas, rect: area)
        drawFooter(into: &canvas, rect: footer)
    }

    private func scene(isFocused: Bool) -> Scene {
        Scene(snapshot: snapshot, now: now, utcOffset: options.utcOffset, isFocused: isFocused && layers.isEmpty, keymap: options.keymap)
    }

    private mutating func drawBridge(into canvas: inout Canvas, rect: Rect) {
        var top = rect
        let bottomHeight = max(12, rect.height * 2 / 5)
        var bottom = top.takeBottom(bottomHeight)
        let left = max(58, rect.width * 2 / 5)
        drawFramed(.networks, into: &canvas, rect: top.takeLeft(left))
        drawFramed(.containers, into: &canvas, rect: top)
        drawFramed(.placement, into: &canvas, rect: bottom.takeLeft(left))
        drawFramed(.health, into: &canvas, rect: bottom)
    }

    private mutating func drawFramed(_ pane: PaneID, into canvas: inout Canvas, rect: Rect) {
        let isFocused = pane == focus
        canvas.frame(rect, title: "\(pane.rawValue) \(pane.title)", note: self[pane].note(snapshot), isFocused ? .borderFocused : .border, titleRole: isFocused ? .accent : .title)
        let inner = rect.inset(1, 1)
        paneAreas.append((pane, inner))
        self[pane].draw(into: &canvas, rect: inner, scene: scene(isFocused: isFocused))
    }

    private mutating func drawSingle(into canvas: inout Canvas, rect: Rect) {
        var area = rect
        if rect.height >= 4 {
            let tabs = PaneID.allCases.map { TabStrip.Tab(pane: $0, problems: self[$0].problemCount(snapshot)) }
            tabAreas = TabStrip.draw(tabs, active: focus, into: &canvas, rect: area.takeTop(1))
        }
        if rect.height >= 8 {
            let line = area.takeTop(1)
            let note = " " + TextWidth.shortened(self[focus].note(snapshot), line.width - 6) + " "
            canvas.draw(String(repeating: "─", count: line.width), x: line.x, y: line.y, .border)
            canvas.drawRight(note, x: line.x, y: line.y, width: line.width - 2, .muted)
        }
        paneAreas.append((focus, area))
        self[focus].draw(into: &canvas, rect: area, scene: scene(isFocused: true))
    }

    private mutating func drawReading(_ index: Int, into canvas: inout Canvas, rect: Rect) {
        switch layers[index] {
        case .text(let token, var page):
            canvas.frame(rect, title: page.title, note: page.note, .borderFocused, titleRole: .accent)
            page.draw(into: &canvas, rect: rect.inset(1, 1), scene: scene(isFocused: true))
            layers[index] = .text(token, page)
        case .logs(let token, var page):
            canvas.frame(rect, title: page.title, note: page.note, .borderFocused, titleRole: .accent)
            page.draw(into: &canvas, rect: rect.inset(1, 1), scene: scene(isFocused: true))
            layers[index] = .logs(token, page)
        case .trace(let token, var tracing):
            canvas.frame(rect, title: tracing.page.title, note: tracing.page.note, .borderFocused, titleRole: .accent)
            tracing.page.draw(into: &canvas, rect: rect.inset(1, 1), scene: scene(isFocused: true))
            layers[index] = .trace(token, tracing)
        default: break
        }
    }

    private mutating func drawDialogs(into canvas: inout Canvas, rect: Rect) {
        for index in layers.indices {
            switch layers[index] {
            case .text, .logs, .trace: continue
            case .plan(let token, var page):
                page.draw(into: &canvas, rect: rect, scene: scene(isFocused: true))
                layers[index] = .plan(token, page)
            case .palette(var palette):
                palette.draw(into: &canvas, rect: rect)
                layers[index] = .palette(palette)
            case .form(var form, let purpose):
                form.draw(into: &canvas, rect: rect)
                layers[index] = .form(form, purpose)
            case .choice(var list, let purpose):
                list.draw(into: &canvas, rect: rect)
                layers[index] = .choice(list, purpose)
            }
        }
    }

    private func drawFooter(into canvas: inout Canvas, rect: Rect) {
        guard rect.height > 0 else { return }
        switch prompt {
        case .filter(let editor, _)?:
            drawPrompt("filter: ", editor, hint: "text, !text, -l key=value · Enter keeps, Esc undoes", into: &canvas, rect: rect)
            return
        case .search(let editor)?:
            drawPrompt("search: ", editor, hint: "Enter finds, n and N go on", into: &canvas, rect: rect)
            return
        case nil: break
        }
        if let notice {
            canvas.fill(rect, .bar)
            let (sign, role): (String, Role) =
                switch notice.kind {
                case .info: ("", .info)
                case .warning: ("▲ ", .warning)
                case .failure: ("✖ ", .bad)
                }
            canvas.draw(sign + notice.text, x: rect.x + 1, y: rect.y, limit: rect.width - 1, role, ellipsis: true)
            return
        }
        let commands: [Command.ID] =
            switch layers.last {
            case .text?: Footer.commandsInText(isLog: false)
            case .logs?: Footer.commandsInText(isLog: true)
            case .trace?: Footer.inTrace
            case nil: Footer.commands(in: situation)
            default: []
            }
        Footer.draw(commands, keymap: options.keymap, into: &canvas, rect: rect)
    }

    private func drawPrompt(_ label: String, _ editor: LineEditor, hint: String, into canvas: inout Canvas, rect: Rect) {
        canvas.fill(rect, .bar)
        let x = canvas.draw(label, x: rect.x + 1, y: rect.y, limit: rect.width, .key, .bold)
        let width = max(10, min(40, rect.width - label.count - 2))
        editor.draw(into: &canvas, x: x, y: rect.y, width: width, isFocused: true)
        canvas.draw(hint, x: x + width + 2, y: rect.y, limit: rect.maxX - x - width - 2, .muted, ellipsis: true)
    }
}
