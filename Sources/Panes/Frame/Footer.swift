public import Commands
public import Drawing

/// The bottom line: the keys that do something here and now, straight from the catalogue.
public enum Footer {
    /// Commands offered in a pane, most wanted first; those that cannot be done now are left out.
    static let inPanes: [Command.ID] = [
        .open, .trace, .logs, .shell, .describe, .probes, .toggleRun, .restart, .remove, .connect, .disconnect, .newNetwork,
        .filter, .problems, .mark, .view, .sortNext, .help, .palette,
    ]
    static let inPlacement: [Command.ID] = [
        .open, .scale, .deploy, .rollBack, .restart, .availability, .remove, .trace, .view, .logs, .shell, .toggleRun, .describe, .filter, .problems, .sortNext, .help, .palette,
    ]
    static let inHealth: [Command.ID] = [
        .open, .trace, .logs, .shell, .maintenance, .mend, .remove, .owner, .view, .filter, .problems, .describe, .sortNext, .help, .palette,
    ]
    public static let inTrace: [Command.ID] = [.open, .back, .refresh, .save, .copy, .help]
    static let inText: [Command.ID] = [.back, .filter, .searchNext, .follow, .wrap, .timestamps, .since, .save, .copy, .help]

    public static func draw(_ commands: [Command.ID], keymap: Keymap, into canvas: inout Canvas, rect: Rect) {
        guard rect.height > 0 else { return }
        canvas.fill(rect, .bar)
        var x = rect.x + 1
        // Help is the one hint that is never dropped: its place is kept free.
        let help = keymap.key(of: .help).map { "\($0) help " } ?? ""
        let end = rect.maxX - help.count
        for id in commands where id != .help {
            guard let key = keymap.key(of: id) else { continue }
            let label = Catalogue.command(id).label
            let shownKey = key == "Enter" ? "↵" : key
            guard x + shownKey.count + label.count + 3 <= end else { continue }
            x = canvas.draw(shownKey, x: x, y: rect.y, .key, .bold)
            x = canvas.draw(" " + label, x: x, y: rect.y, .keyLabel) + 2
        }
        if let key = keymap.key(of: .help), end >= rect.x {
            x = canvas.draw(key, x: end, y: rect.y, .key, .bold)
            canvas.draw(" help", x: x, y: rect.y, .keyLabel)
        }
    }

    /// What the footer offers for the situation in a pane.
    public static func commands(in situation: Situation) -> [Command.ID] {
        let offered: [Command.ID] =
            switch situation.pane {
            case .placement: inPlacement
            case .health: inHealth
            case .networks, .containers, .timeline: inPanes
            }
        return offered.filter { id in
            guard Catalogue.command(id).obstacle(in: situation) == nil else { return false }
            switch id {
            case .newNetwork, .connect: return situation.pane == .networks
            case .disconnect:
                if case .attachment = situation.subject { return true }
                return false
            case .open: return situation.subject != .none
            case .restart where situation.pane == .placement: return situation.workload != nil || !situation.containers.isEmpty
            case .probes, .restart, .toggleRun: return !situation.containers.isEmpty || { if case .check = situation.subject { true } else { false } }()
            default: return true
            }
        }
    }

    public static func commandsInText(isLog: Bool) -> [Command.ID] {
        isLog ? inText : inText.filter { $0 != .follow && $0 != .timestamps && $0 != .since }
    }
}
