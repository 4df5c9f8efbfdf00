public import Commands
public import Domain
public import Drawing
internal import Panes
internal import Widgets

/// All state of the screen: a value that only the loop holds. `update` changes it and says what else is to be done;
/// `draw` turns it into cells. Neither touches a terminal, a socket or a clock.
public struct Dashboard: Sendable {
    /// What the program was started with, as far as the screen depends on it.
    public struct Options: Sendable {
        public var keymap: Keymap
        public var isReadOnly: Bool
        public var theme: String
        public var themes: @Sendable () -> [String]
        public var utcOffset: Int
        public var hasUnicode: Bool
        public var focus: PaneID
        public var problems: [String]
        public var practice: Practice?

        public init(
            keymap: Keymap = Keymap(), isReadOnly: Bool = false, theme: String = "binnacle", themes: @escaping @Sendable () -> [String] = { [] },
            utcOffset: Int = 0, hasUnicode: Bool = true, focus: PaneID = .containers, problems: [String] = [], practice: Practice? = nil
        ) {
            self.practice = practice
            self.keymap = keymap
            self.isReadOnly = isReadOnly
            self.theme = theme
            self.themes = themes
            self.utcOffset = utcOffset
            self.hasUnicode = hasUnicode
            self.focus = focus
            self.problems = problems
        }
    }

    /// The Bridge needs this much room.
    static let bridgeSize = Size(width: 150, height: 40)

    var options: Options
    var snapshot: Snapshot
    var now: Timestamp
    var size: Size
    var focus: PaneID
    var wantsBridge = true
    var containers = ContainersPane()
    var networks = NetworksPane()
    var placement = PlacementPane()
    var health = HealthPane()
    var timeline = TimelinePane()
    var layers: [Layer] = []
    var prompt: Prompt?
    var notice: Notice?
    /// What takes the last change back, all parts of it; empty where nothing does.
    var undoable: [Operation] = []
    /// The last change in words, and the page it was made on: marks change several things at once.
    var lastChange: (words: String, token: Token)?
    /// Changed workloads that are followed until they run as wanted, or do not.
    var convergences: [Convergence] = []
    var trail = Trail()
    /// What was found out beyond the snapshot, for each page that asked.
    var evidence: [Token: Evidence] = [:]
    /// Traces left for a pane by Enter on one of their links, to which Esc comes back.
    var returns: [Return] = []
    /// Operations of a form that was just filled in, until their plan page opens.
    var pending: [Operation] = []
    /// A stack's file that was just named, until it is read.
    var pendingFile: (target: Operation.Target, name: String, path: String)?
    private var lastToken: UInt64 = 0
    /// Where the panes and tabs were drawn last, for the mouse.
    var paneAreas: [(PaneID, Rect)] = []
    var tabAreas: [(PaneID, Rect)] = []

    public init(options: Options, snapshot: Snapshot, size: Size) {
        self.options = options
        self.snapshot = snapshot
        now = snapshot.takenAt
        self.size = size
        focus = options.focus
        if let problem = options.problems.first {
            let more = options.problems.count > 1 ? " (and \(options.problems.count - 1) more: :sources)" : ""
            notice = Notice(problem + more, .warning)
        }
    }

    mutating func token() -> Token {
        lastToken += 1
        return Token(number: lastToken)
    }

    var fitsBridge: Bool { size.width >= Self.bridgeSize.width && size.height >= Self.bridgeSize.height }
    var showsBridge: Bool { wantsBridge && fitsBridge && focus != .timeline }

    /// Every pane by its number, for what is done to any of them alike.
    subscript(pane: PaneID) -> any Pane {
        get {
            switch pane {
            case .networks: networks
            case .containers: containers
            case .placement: placement
            case .health: health
            case .timeline: timeline
            }
        }
        set {
            switch newValue {
            case let pane as NetworksPane: networks = pane
            case let pane as ContainersPane: containers = pane
            case let pane as PlacementPane: placement = pane
            case let pane as HealthPane: health = pane
            case let pane as TimelinePane: timeline = pane
            default: preconditionFailure("a pane of another kind for \(pane)")
            }
        }
    }

    /// Works out the rows of the panes that are seen.
    mutating func arrange() {
        let seen = showsBridge ? [PaneID.networks, .containers, .placement, .health] : [focus]
        for pane in seen { self[pane].arrange(snapshot) }
    }

    var subject: Subject { self[focus].subject(in: snapshot) }

    /// Everything a command's availability depends on.
    var situation: Situation {
        let subject = subject
        let marked = focus == .containers ? containers.marked(in: snapshot) : []
        var situation = Situation(
            pane: focus, subject: subject, marked: marked, readOnlyReason: readOnlyReason(subject),
            isEngineLive: snapshot.sources.contains { $0.kind == .docker && $0.freshness.isLive }, undoReason: undoReason)
        describePlacement(&situation)
        situation.isPractice = options.practice != nil
        situation.registryReason = registryReason(for: subject)
        situation.containersReadOnlyReason = containersReadOnlyReason(situation)
        return situation
    }

    private var undoReason: String? {
        guard undoable.isEmpty else { return nil }
        return lastChange.map { "the last change, \($0.words), cannot be taken back" } ?? "nothing has been changed yet"
    }

    /// Why no container that a command would act on may be changed: the engine it runs on is not always the subject's.
    func containersReadOnlyReason(_ situation: Situation) -> String? {
        for container in situation.containers {
            if let source = snapshot.source(container.id.source), source.isReadOnly { return "\(source.name), where \(container.name) runs, is read-only in the configuration" }
        }
        return nil
    }

    private func readOnlyReason(_ subject: Subject) -> String? {
        if options.isReadOnly { return "Binnacle was started read-only" }
        let source: Source.ID? =
            switch subject {
            case .container(let container): container.id.source
            case .attachment(let network, _), .network(let network): network.id.source
            case .check(let check): check.id.source
            case .group(_, let containers): containers.first?.id.source
            case .workload(let workload): workload.id.source
            case .stack(let source, _, _): source
            case .task(let task): task.id.source
            case .node(let node): node.id.source
            case .service(let service): service.source
            case .instance(let instance): instance.id.source
            case .member(let member): member.id.source
            case .disagreement(let difference): difference.id.source
            case .none, .link, .event, .source: nil
            }
        guard let source, let found = snapshot.source(source), found.isReadOnly else { return nil }
        return "\(found.name) is read-only in the configuration"
    }

    /// What engines should measure: the rows that were seen at the last drawing.
    public var attention: (visible: [String], wantsAllUsage: Bool, wantsLinks: Bool, wantsPlacement: Bool) {
        let isCovered = layers.contains(where: \.isRead)
        let seesContainers = !isCovered && (showsBridge || focus == .containers)
        let seesNetworks = !isCovered && (showsBridge || focus == .networks)
        let seesPlacement = showsBridge || focus == .placement || !convergences.isEmpty
        return (seesContainers ? containers.visibleIDs : [], seesContainers && containers.needsAllUsage, seesNetworks, seesPlacement)
    }
}

/// Where one has been, for going back and forward again.
struct Trail: Sendable {
    private var places: [(PaneID, Subject)] = []
    private var position = 0

    mutating func leave(_ pane: PaneID, _ subject: Subject) {
        places.removeLast(places.count - position)
        places.append((pane, subject))
        if places.count > 100 { places.removeFirst() }
        position = places.count
    }

    mutating func back(from pane: PaneID, _ subject: Subject) -> (PaneID, Subject)? {
        guard position > 0 else { return nil }
        if position == places.count { places.append((pane, subject)) }
        position -= 1
        return places[position]
    }

    mutating func forward() -> (PaneID, Subject)? {
        guard position + 1 < places.count else { return nil }
        position += 1
        return places[position]
    }
}
