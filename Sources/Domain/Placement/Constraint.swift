/// One placement constraint in Swarm's notation, `node.labels.ssd == true`, and what it means on a node.
///
/// The rules are those of swarmkit `manager/constraint/constraint.go`: words and values regardless of case, the keys of
/// labels by case, what a node does not have counts as empty, and a key that is none of these never holds, not even with `!=`.
struct Constraint: Hashable {
    enum Subject: Hashable {
        case id, hostname, address, role, system, architecture
        case nodeLabel(String), engineLabel(String)
        case unknown(String)
    }

    /// As written.
    let expression: String
    let subject: Subject
    let isEquality: Bool
    let value: String

    static let nodeLabelPrefix = "node.labels."
    static let engineLabelPrefix = "engine.labels."

    /// nil when there is no operator in it.
    init?(_ expression: String) {
        // SwarmKit looks for == everywhere before it looks for !=.
        guard let sign = expression.firstRange(of: "==") ?? expression.firstRange(of: "!=") else { return nil }
        self.expression = expression
        isEquality = expression[sign] == "=="
        value = Self.trimmed(expression[sign.upperBound...])
        subject = Self.subject(Self.trimmed(expression[..<sign.lowerBound]))
    }

    private static func trimmed(_ text: Substring) -> String {
        var rest = text.drop { $0.isWhitespace }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }

    private static func subject(_ key: String) -> Subject {
        switch key.lowercased() {
        case "node.id": .id
        case "node.hostname": .hostname
        case "node.ip": .address
        case "node.role": .role
        case "node.platform.os": .system
        case "node.platform.arch": .architecture
        case _: label(key, nodeLabelPrefix).map(Subject.nodeLabel) ?? label(key, engineLabelPrefix).map(Subject.engineLabel) ?? .unknown(key)
        }
    }

    /// The label that a key names, or that a preference spreads over; nil when the key is nothing of the kind.
    static func label(_ key: String, _ prefix: String) -> String? {
        guard key.lowercased().hasPrefix(prefix), key.count > prefix.count else { return nil }
        return String(key.dropFirst(prefix.count))
    }

    /// What the node has there; nil when it has nothing.
    func value(on node: Node) -> String? {
        switch subject {
        case .id: node.id.raw
        case .hostname: node.name
        case .address: node.address.isEmpty ? nil : node.address
        case .role: node.isManager ? "manager" : "worker"
        case .system: node.platform.system.isEmpty ? nil : node.platform.system
        case .architecture: Self.unameWord(node.platform.architecture)
        case .nodeLabel(let key): node.labels[key]
        case .engineLabel(let key): node.engineLabels[key]
        case .unknown: nil
        }
    }

    /// Swarm compares the engine's own word, which is the kernel's (`uname -m`): on such a node `x86_64` holds and `amd64`
    /// does not. `Platform` calls both `amd64`, so the engine's word is put back here.
    private static func unameWord(_ architecture: String) -> String? {
        switch architecture {
        case "": nil
        case "amd64": "x86_64"
        case "arm64": "aarch64"
        case let other: other
        }
    }

    func holds(on node: Node) -> Bool {
        switch subject {
        case .unknown: return false
        case .address:
            let address = IPAddress(node.address)
            if let wanted = IPAddress(value) { return (address == wanted) == isEquality }
            guard let network = IPNetwork(value) else { return false }
            return address.map(network.contains) ?? false == isEquality
        case .id, .hostname, .role, .system, .architecture, .nodeLabel, .engineLabel:
            return (self.value(on: node)?.lowercased() == value.lowercased()) == isEquality
        }
    }
}

extension Constraint {
    /// The subject in one word: `ssd`, `role`.
    var name: String {
        switch subject {
        case .id: "id"
        case .hostname: "hostname"
        case .address: "ip"
        case .role: "role"
        case .system: "os"
        case .architecture: "arch"
        case .nodeLabel(let key), .engineLabel(let key): key
        case .unknown(let key): key
        }
    }

    /// `ssd == true`.
    var brief: String { "\(name) \(isEquality ? "==" : "!=") \(value)" }

    /// Why a node with that value does not meet it, the expression in full.
    func refusal(value present: String?) -> String {
        switch subject {
        case .unknown(let key): return "there is no \"\(key)\" to compare (\(expression))"
        case .address where IPAddress(value) == nil && IPNetwork(value) == nil:
            return "\(value) is neither an address nor a network (\(expression))"
        case .id, .hostname, .address, .role, .system, .architecture, .nodeLabel, .engineLabel: break
        }
        guard isEquality else { return "\(name) is \(present ?? value) here (\(expression))" }
        return "\(name) is not \(value) here (\(expression); \(present.map { $0.isEmpty ? "here it is empty" : "here it is \($0)" } ?? absence))"
    }

    private var absence: String {
        switch subject {
        case .nodeLabel: "the node has no such label"
        case .engineLabel: "its engine has no such label"
        case .id, .hostname, .address, .role, .system, .architecture, .unknown: "not known of this node"
        }
    }
}
