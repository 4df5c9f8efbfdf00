/// A key as it is written in bindings, in help and in the configuration: `j`, `G`, `ctrl-d`, `F5`, `Enter`, `space`.
public struct Key: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
    public let name: String
    /// The character to insert where a text field has the focus.
    public let character: Character?

    public init(name: String, character: Character? = nil) {
        self.name = name
        self.character = character
    }

    /// A printable character; the space bar is named `space`.
    public init(_ character: Character) {
        self.init(name: character == " " ? "space" : String(character), character: character)
    }

    public init(stringLiteral value: String) {
        if value == "space" {
            self.init(" ")
        } else if value.count == 1, let character = value.first {
            self.init(character)
        } else {
            self.init(name: value)
        }
    }

    public static let enter: Key = "Enter"
    public static let escape: Key = "Esc"
    public static let tab: Key = "Tab"
    public static let backTab: Key = "shift-Tab"
    public static let backspace: Key = "Backspace"
    public static let delete: Key = "Delete"
    public static let up: Key = "Up"
    public static let down: Key = "Down"
    public static let left: Key = "Left"
    public static let right: Key = "Right"
    public static let home: Key = "Home"
    public static let end: Key = "End"
    public static let pageUp: Key = "PgUp"
    public static let pageDown: Key = "PgDn"

    /// `ctrl-a` … `ctrl-z`, `ctrl-space`.
    public static func control(_ letter: Character) -> Key { Key(name: letter == " " ? "ctrl-space" : "ctrl-\(letter)") }
    public static func function(_ number: Int) -> Key { Key(name: "F\(number)") }

    public var description: String { name }
}

/// What the mouse did, at a cell.
public struct Mouse: Sendable, Hashable {
    public enum Action: Sendable, Hashable { case press, release, wheelUp, wheelDown }
    public var action: Action
    public var x: Int
    public var y: Int
    public init(action: Action, x: Int, y: Int) {
        self.action = action
        self.x = x
        self.y = y
    }
}

/// What a person did at the terminal.
public enum Input: Sendable, Hashable {
    case key(Key)
    case mouse(Mouse)
    /// Pasted text, whole: a line feed in it is not Enter.
    case paste(String)
    case focus(Bool)
}
