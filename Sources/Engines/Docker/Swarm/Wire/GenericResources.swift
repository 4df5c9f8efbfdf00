internal import Domain
internal import JSON

/// Amounts of what is neither processor nor memory, as Swarm writes them in nodes, reservations and tasks:
/// `{"DiscreteResourceSpec":{"Kind":"ssd","Value":3}}`, or one `{"NamedResourceSpec":{"Kind":"gpu","Value":"UUID1"}}` for
/// each that has a name of its own.
struct GenericResources: Sendable, Hashable {
    private(set) var amounts: [String: Double] = [:]

    mutating func add(_ amount: Double, of kind: String?) {
        guard let kind, !kind.isEmpty, amount > 0 else { return }
        amounts[kind, default: 0] += amount
    }
}

extension GenericResources {
    init(_ reader: inout JSONReader) throws(JSONReader.Malformed) {
        var new = GenericResources()
        try reader.array { reader throws(JSONReader.Malformed) in
            try reader.object { reader, form throws(JSONReader.Malformed) in
                var kind: String?
                var value: Int64?
                try reader.object { reader, key throws(JSONReader.Malformed) in
                    switch key {
                    case "Kind": kind = try reader.string()
                    // The name of a named one is no number, and is passed over.
                    case "Value": value = try reader.integer()
                    default: try reader.skip()
                    }
                }
                new.add(form == "NamedResourceSpec" ? 1 : Double(value ?? 0), of: kind)
            }
        }
        self = new
    }

    init(_ list: JSONTree?) {
        for entry in list?.elements ?? [] {
            if let kind = entry["NamedResourceSpec", "Kind"]?.text { add(1, of: kind) }
            add(Double(entry["DiscreteResourceSpec", "Value"]?.integer ?? 0), of: entry["DiscreteResourceSpec", "Kind"]?.text)
        }
    }
}

extension Resources {
    /// Swarm writes zero, or nothing, for what is not accounted for.
    init(nanoCPUs: Int64?, memory: Int64?, generic: GenericResources) {
        self.init(
            nanoCPUs: nanoCPUs.flatMap { $0 > 0 ? $0 : nil }, memory: memory.flatMap { $0 > 0 ? UInt64($0) : nil }, others: generic.amounts)
    }

    /// `{"NanoCPUs":…,"MemoryBytes":…,"GenericResources":[…]}`.
    init(_ reader: inout JSONReader) throws(JSONReader.Malformed) {
        var nanoCPUs: Int64?
        var memory: Int64?
        var generic = GenericResources()
        try reader.object { reader, key throws(JSONReader.Malformed) in
            switch key {
            case "NanoCPUs": nanoCPUs = try reader.integer()
            case "MemoryBytes": memory = try reader.integer()
            case "GenericResources": generic = try GenericResources(&reader)
            default: try reader.skip()
            }
        }
        self.init(nanoCPUs: nanoCPUs, memory: memory, generic: generic)
    }

    init(_ tree: JSONTree?) {
        self.init(
            nanoCPUs: tree?["NanoCPUs"]?.integer, memory: tree?["MemoryBytes"]?.integer, generic: GenericResources(tree?["GenericResources"]))
    }
}
