/// One thing that the program can be told to do: the single record that keys, footer, help, palette and the reasons
/// why something cannot be done are all made from.
public struct Command: Sendable, Hashable, Identifiable {
    public enum ID: String, Sendable, Hashable, CaseIterable {
        // Moving
        case up, down, pageUp, pageDown, halfUp, halfDown, top, bottom, left, right
        case open, back, nextPane, previousPane
        case networks, containers, placement, health, timeline, bridge, zoom
        // Looking
        case filter, searchNext, searchPrevious, problems, sortNext, sortPrevious, invertSort, view, sources
        case mark, markRange, clearMarks
        case describe, raw, processes, probes, logs, previousLogs, copy
        case historyBack, historyForward, owner, trace
        // Inside a text or a log
        case follow, wrap, timestamps, since, save
        // Changing
        case toggleRun, restart, pause, kill, rename, remove, prune
        case newNetwork, connect, disconnect
        case shell
        case scale, deploy, rollBack, availability, labels, role, maintenance, register, addCheck, mend, undo
        // The program
        case palette, theme, help, scenario, speed, refresh, redraw, journal, suspend, close, quit
    }

    public enum Group: String, Sendable, Hashable, CaseIterable {
        case moving = "Moving"
        case panes = "Panes"
        case looking = "Looking"
        case text = "In logs and texts"
        case changing = "Changing (each shows its plan first)"
        case program = "The program"
    }

    /// How much a careless press could cost.
    public enum Danger: Int, Sendable, Hashable, Comparable {
        case none
        /// Changes something that can be changed back.
        case change
        /// Something is gone afterwards.
        case destructive
        public static func < (a: Danger, b: Danger) -> Bool { a.rawValue < b.rawValue }
    }

    /// Where a key is listened to.
    public enum Place: Sendable, Hashable, CaseIterable {
        /// The panes and the Bridge.
        case panes
        /// Logs, describe, raw, help: anything that is read.
        case text
    }

    public let id: ID
    public let group: Group
    /// As shown in help: the first is the one the footer shows.
    public let keys: [String]
    /// One word or two for the footer: "logs".
    public let label: String
    /// A sentence for help and palette, without a full stop.
    public let summary: String
    public let danger: Danger
    public let places: Set<Place>

    init(
        _ id: ID, _ group: Group, keys: [String], _ label: String, _ summary: String, danger: Danger = .none,
        places: Set<Place> = [.panes]
    ) {
        self.id = id
        self.group = group
        self.keys = keys
        self.label = label
        self.summary = summary
        self.danger = danger
        self.places = places
    }

    /// The word typed in the palette and used in the configuration: `next-pane` for `nextPane`.
    public var name: String {
        var name = ""
        for character in id.rawValue {
            if character.isUppercase { name += "-" + character.lowercased() } else { name.append(character) }
        }
        return name
    }
}
