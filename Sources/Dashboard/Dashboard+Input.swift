internal import Commands
internal import Domain
internal import Drawing
internal import Panes
internal import Widgets

extension Dashboard {
    mutating func handle(_ input: Input) -> [Effect] {
        switch input {
        case .key(let key):
            notice = nil
            if key.name == "ctrl-z" { return [.suspend] }
            if let prompt { return type(key, in: prompt) }
            if let top = layers.popLast() { return handle(key, in: top) }
            guard let command = options.keymap.command(for: key.name, in: .panes) else { return [] }
            return run(command)
        case .paste(let text):
            paste(text)
            return []
        case .mouse(let mouse): return handle(mouse)
        case .focus: return []
        }
    }

    private mutating func paste(_ text: String) {
        switch prompt {
        case .filter(var editor, let before)?:
            editor.insert(text)
            prompt = .filter(editor, before: before)
            apply(Filter(editor.text))
            return
        case .search(var editor)?:
            editor.insert(text)
            prompt = .search(editor)
            return
        case nil: break
        }
        guard let top = layers.popLast() else { return }
        switch top {
        case .palette(var palette):
            palette.paste(text)
            layers.append(.palette(palette))
        case .form(var form, let purpose):
            form.paste(text)
            layers.append(.form(form, purpose))
        case .plan(let token, var page):
            page.paste(text)
            layers.append(.plan(token, page))
        case .text, .logs, .trace, .choice: layers.append(top)
        }
    }

    private mutating func handle(_ mouse: Mouse) -> [Effect] {
        if let top = layers.last {
            let command: Command.ID? = mouse.action == .wheelUp ? .up : mouse.action == .wheelDown ? .down : nil
            guard let command else { return [] }
            switch top {
            case .text, .logs, .trace: for _ in 0..<3 { _ = run(command, inText: true) }
            default: break
            }
            return []
        }
        switch mouse.action {
        case .press:
            if let (pane, _) = tabAreas.first(where: { $0.1.contains(x: mouse.x, y: mouse.y) }) {
                focus = pane
            } else if let (pane, area) = paneAreas.first(where: { $0.1.contains(x: mouse.x, y: mouse.y) }) {
                focus = pane
                self[pane].click(row: mouse.y - area.y)
            }
        case .wheelUp, .wheelDown:
            guard let (pane, _) = paneAreas.first(where: { $0.1.contains(x: mouse.x, y: mouse.y) }) else { return [] }
            for _ in 0..<3 { _ = self[pane].perform(mouse.action == .wheelUp ? .up : .down, snapshot) }
        case .release: break
        }
        return []
    }

    // MARK: The line at the bottom

    private mutating func type(_ key: Key, in prompt: Prompt) -> [Effect] {
        switch prompt {
        case .filter(var editor, let before):
            switch key.name {
            case "Enter": self.prompt = nil
            case "Esc", "ctrl-c":
                self.prompt = nil
                apply(before)
            default:
                if key == .backspace, editor.text.isEmpty {
                    self.prompt = nil
                    apply(.none)
                } else if editor.handle(key) {
                    self.prompt = .filter(editor, before: before)
                    apply(Filter(editor.text))
                }
            }
        case .search(var editor):
            switch key.name {
            case "Enter":
                self.prompt = nil
                search(editor.text)
            case "Esc", "ctrl-c": self.prompt = nil
            default:
                if key == .backspace, editor.text.isEmpty { self.prompt = nil } else if editor.handle(key) { self.prompt = .search(editor) }
            }
        }
        return []
    }

    mutating func apply(_ filter: Filter) {
        self[focus].filter = filter
        self[focus].arrange(snapshot)
    }

    private mutating func search(_ text: String) {
        guard let top = layers.popLast() else { return }
        var found = true
        switch top {
        case .text(let token, var page):
            found = page.search(text)
            layers.append(.text(token, page))
        case .logs(let token, var page):
            found = page.search(text)
            layers.append(.logs(token, page))
        default: layers.append(top)
        }
        if !found, !text.isEmpty { notice = Notice("“\(text)” is not in this text", .warning) }
    }

    // MARK: Layers

    private mutating func handle(_ key: Key, in top: Layer) -> [Effect] {
        switch top {
        case .text, .logs:
            layers.append(top)
            guard let command = options.keymap.command(for: key.name, in: .text) else { return [] }
            return run(command, inText: true)
        case .trace(let token, let tracing):
            // A trace is read like a text and opened like a pane.
            if options.keymap.command(for: key.name, in: .panes) == .open { return open(tracing, token) }
            layers.append(top)
            guard let command = options.keymap.command(for: key.name, in: .text) else { return [] }
            return run(command, inText: true)
        case .palette(var palette):
            switch palette.handle(key) {
            case .none: layers.append(.palette(palette))
            case .close: break
            case .refused(let why):
                layers.append(.palette(palette))
                notice = Notice(why, .warning)
            case .run(let id, let argument): return run(id, argument: argument, inText: isReading)
            }
        case .plan(let token, var page):
            let answer = page.handle(key)
            switch answer {
            case .none: layers.append(.plan(token, page))
            case .close: break
            case .revise(let operations):
                layers.append(.plan(token, page))
                return [.plan(token, operations)]
            case .apply(let plans):
                page.stage = .applying(plans, finished: [], since: now)
                layers.append(.plan(token, page))
                return [.perform(token, plans)]
            }
        case .form(var form, let purpose):
            switch form.handle(key) {
            case .none: layers.append(.form(form, purpose))
            case .close: break
            case .submit(let values):
                if let problem = submit(values, purpose) {
                    layers.append(.form(form, purpose))
                    notice = Notice(problem, .warning)
                } else {
                    return pendingPlan()
                }
            }
        case .choice(var list, let purpose):
            let before = list.selected
            switch list.handle(key) {
            case .none:
                layers.append(.choice(list, purpose))
                // A theme is seen while one moves over it.
                if case .theme(let names, _) = purpose, let selected = list.selected, selected != before { return [.theme(names[selected])] }
            case .close:
                if case .theme(_, let before) = purpose { return [.theme(before)] }
            case .chosen(let index): return chosen(index, purpose)
            }
        }
        return []
    }

    var isReading: Bool { layers.last?.isRead ?? false }
}
