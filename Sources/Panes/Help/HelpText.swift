public import Commands
public import Drawing

/// The help page, made from the catalogue: every command, its keys, and why it cannot be done now.
public enum HelpText {
    public static func lines(keymap: Keymap, situation: Situation) -> [(text: String, role: Role)] {
        var lines: [(text: String, role: Role)] = [
            ("Binnacle watches the Docker engines it was pointed at and the swarms they manage. Nothing is changed without a plan page first.", .text),
            ("A command that cannot be done here and now says why. All keys can be bound anew in config.yaml.", .muted),
        ]
        for group in Command.Group.allCases {
            lines.append(("", .text))
            lines.append((group.rawValue, .heading))
            for command in Catalogue.commands where command.group == group {
                let keys = keymap.keys(of: command.id).joined(separator: " ")
                let name = keys.isEmpty ? ":" + command.name : keys
                let head = "  " + name + String(repeating: " ", count: max(1, 14 - name.count))
                lines.append((head + command.summary, .text))
                if let obstacle = command.obstacle(in: situation) {
                    lines.append((String(repeating: " ", count: 16) + "not now: " + obstacle, .stale))
                }
            }
        }
        lines.append(("", .text))
        lines.append(("Signs", .heading))
        for sign in [
            "  ●  running, or a check that passes      ✖  failed, unhealthy, or ended by itself with an error",
            "  ○  stopped or only created              ◌  starting: the health check has not decided yet",
            "  ‖  paused                               ↻  restarting over and over",
            "  ▲  warning, or facts that are not fresh ▸  marked, or done by you",
            "  ■  a task that runs                     ▣  a task that runs the version before",
            "  ▨  a task that starts                   □  a task that has no node yet",
            "  ▥  a task that stops                    ✓  a task or job that has ended well",
            "  ★  the leader of the managers           ◐  a node that drains, or maintenance",
        ] { lines.append((sign, .text)) }
        return lines
    }

    /// The key documentation as Markdown, for the README.
    public static func markdown() -> String {
        var text = ""
        for group in Command.Group.allCases {
            text += "### \(group.rawValue)\n\n| keys | command | what it does |\n| --- | --- | --- |\n"
            for command in Catalogue.commands where command.group == group {
                let keys = command.keys.map { "`\($0)`" }.joined(separator: " ")
                text += "| \(keys) | `:\(command.name)` | \(command.summary.replacing("|", with: "\\|")) |\n"
            }
            text += "\n"
        }
        return text
    }
}

extension String {
    /// The standard library's own `replacing` needs the string-processing runtime, which costs start-up time.
    fileprivate func replacing(_ character: Character, with text: String) -> String {
        reduce(into: "") { $0 += $1 == character ? text : String($1) }
    }
}
