public import Commands
public import Domain
public import Drawing
internal import Widgets

/// What a pane is given to draw with, besides its own state.
public struct Scene: Sendable {
    public var snapshot: Snapshot
    public var now: Timestamp
    /// Seconds east of UTC of the person who looks.
    public var utcOffset: Int
    public var isFocused: Bool
    public var keymap: Keymap

    public init(snapshot: Snapshot, now: Timestamp, utcOffset: Int = 0, isFocused: Bool = true, keymap: Keymap = Keymap()) {
        self.snapshot = snapshot
        self.now = now
        self.utcOffset = utcOffset
        self.isFocused = isFocused
        self.keymap = keymap
    }

    /// The key for a command as the person has it bound, for hints in empty states.
    public func key(_ id: Command.ID) -> String { keymap.key(of: id) ?? ":" + Catalogue.command(id).name }
}

/// One of the five panes: its own state, changed by commands, drawn from a snapshot.
public protocol Pane: Sendable {
    var id: PaneID { get }
    var filter: Filter { get set }
    var showsProblemsOnly: Bool { get set }
    /// Rows of data, filtered ones left out.
    var rowCount: Int { get }

    /// Works out the rows anew if something they depend on has changed; costs next to nothing otherwise.
    mutating func arrange(_ snapshot: Snapshot)
    /// Moving, sorting, marking, changing the view. False when the command is none of the pane's.
    mutating func perform(_ command: Command.ID, _ snapshot: Snapshot) -> Bool
    /// What the cursor stands on.
    func subject(in snapshot: Snapshot) -> Subject
    /// The right end of the frame's upper edge.
    func note(_ snapshot: Snapshot) -> String
    /// Problems, for the tab strip.
    func problemCount(_ snapshot: Snapshot) -> Int
    mutating func draw(into canvas: inout Canvas, rect: Rect, scene: Scene)
    /// Puts the cursor on a row by what the mouse hit, or by what another pane points to.
    mutating func select(_ subject: Subject) -> Bool
    mutating func click(row: Int)
}

extension Listing {
    /// The moves that every list understands.
    mutating func perform(_ command: Command.ID, page: Int) -> Bool {
        switch command {
        case .up: move(by: -1)
        case .down: move(by: 1)
        case .halfUp: move(by: -max(1, page / 2))
        case .halfDown: move(by: max(1, page / 2))
        case .pageUp: move(by: -max(1, page - 1))
        case .pageDown: move(by: max(1, page - 1))
        case .top: move(to: 0)
        case .bottom: move(to: count - 1)
        default: return false
        }
        return true
    }
}

extension Canvas {
    /// The row under the cursor.
    mutating func drawCursor(_ rect: Rect, isFocused: Bool) {
        lay(isFocused ? .selected : .selectedElsewhere, over: rect)
    }
}
