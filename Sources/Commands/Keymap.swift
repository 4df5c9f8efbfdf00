/// Which key means which command, in each place. Made from the catalogue and the user's own bindings.
public struct Keymap: Sendable {
    private var bindings: [Command.Place: [String: Command.ID]] = [:]
    private var keysOf: [Command.ID: [String]] = [:]

    /// What is wrong with the user's bindings, in sentences; the rest of them holds.
    public private(set) var problems: [String] = []

    /// - Parameter overrides: command name to keys; an empty list takes every key away from the command.
    public init(overrides: [String: [String]] = [:]) {
        for name in overrides.keys.sorted() where Catalogue.command(named: name) == nil {
            problems.append("keys: there is no command “\(name)”; the help page lists them all")
        }
        for command in Catalogue.commands {
            keysOf[command.id] = overrides[command.name] ?? command.keys
        }
        // The user's own keys go first: a default that clashes with one of them gives way and is named.
        let ordered = Catalogue.commands.filter { overrides[$0.name] != nil } + Catalogue.commands.filter { overrides[$0.name] == nil }
        for command in ordered {
            for key in keysOf[command.id] ?? [] {
                for place in command.places {
                    if let other = bindings[place]?[key], other != command.id {
                        problems.append("keys: “\(key)” cannot mean both \(Catalogue.command(other).name) and \(command.name); it stays with \(Catalogue.command(other).name)")
                        keysOf[command.id]?.removeAll { $0 == key }
                    } else {
                        bindings[place, default: [:]][key] = command.id
                    }
                }
            }
        }
    }

    public func command(for key: String, in place: Command.Place) -> Command.ID? { bindings[place]?[key] }

    public func keys(of id: Command.ID) -> [String] { keysOf[id] ?? [] }

    /// The key that the footer shows; nil where the command has none.
    public func key(of id: Command.ID) -> String? { keysOf[id]?.first }
}
