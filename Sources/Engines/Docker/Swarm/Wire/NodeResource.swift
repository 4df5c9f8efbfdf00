internal import Domain
internal import JSON

/// One entry of `GET /nodes`. `ManagerStatus` is there for managers only.
struct NodeResource: Sendable, Hashable {
    var id: String?
    var revision: Int64?
    var labels: [String: String] = [:]
    var role: String?
    var availability: String?
    var hostName: String?
    var system: String?
    var architecture: String?
    var capacity = Resources()
    var engineVersion: String?
    var engineLabels: [String: String] = [:]
    /// `Volume/local`.
    var plugins = Set<String>()
    var state: String?
    var message: String?
    var address: String?
    var isLeader = false
    var reachability: String?
    /// With the port of the managers' own talk.
    var managerAddress: String?

    /// - Throws: what is not JSON, or not an array; `null` is an empty list.
    static func list(_ body: [UInt8]) throws(JSONReader.Malformed) -> [NodeResource] {
        try JSONReader.list(body) { reader throws(JSONReader.Malformed) in try NodeResource(&reader) }
    }

    init() {}

    init(_ reader: inout JSONReader) throws(JSONReader.Malformed) {
        var new = NodeResource()
        try reader.object { reader, key throws(JSONReader.Malformed) in
            switch key {
            case "ID": new.id = try reader.string()
            case "Version":
                try reader.object { reader, key throws(JSONReader.Malformed) in
                    if key == "Index" { new.revision = try reader.integer() } else { try reader.skip() }
                }
            case "Spec": try new.readSpecification(&reader)
            case "Description": try new.readDescription(&reader)
            case "Status":
                try reader.object { reader, key throws(JSONReader.Malformed) in
                    switch key {
                    case "State": new.state = try reader.string()
                    case "Message": new.message = try reader.string()
                    case "Addr": new.address = try reader.string()
                    default: try reader.skip()
                    }
                }
            case "ManagerStatus":
                try reader.object { reader, key throws(JSONReader.Malformed) in
                    switch key {
                    case "Leader": new.isLeader = try reader.bool() ?? false
                    case "Reachability": new.reachability = try reader.string()
                    case "Addr": new.managerAddress = try reader.string()
                    default: try reader.skip()
                    }
                }
            default: try reader.skip()
            }
        }
        self = new
    }

    private mutating func readSpecification(_ reader: inout JSONReader) throws(JSONReader.Malformed) {
        var new = self
        try reader.object { reader, key throws(JSONReader.Malformed) in
            switch key {
            case "Labels": new.labels = try reader.dictionary()
            case "Role": new.role = try reader.string()
            case "Availability": new.availability = try reader.string()
            default: try reader.skip()
            }
        }
        self = new
    }

    private mutating func readDescription(_ reader: inout JSONReader) throws(JSONReader.Malformed) {
        var new = self
        try reader.object { reader, key throws(JSONReader.Malformed) in
            switch key {
            case "Hostname": new.hostName = try reader.string()
            case "Platform":
                try reader.object { reader, key throws(JSONReader.Malformed) in
                    switch key {
                    case "Architecture": new.architecture = try reader.string()
                    case "OS": new.system = try reader.string()
                    default: try reader.skip()
                    }
                }
            case "Resources": new.capacity = try Resources(&reader)
            case "Engine":
                try reader.object { reader, key throws(JSONReader.Malformed) in
                    switch key {
                    case "EngineVersion": new.engineVersion = try reader.string()
                    case "Labels": new.engineLabels = try reader.dictionary()
                    case "Plugins": new.plugins = try Self.plugins(&reader)
                    default: try reader.skip()
                    }
                }
            default: try reader.skip()
            }
        }
        self = new
    }

    private static func plugins(_ reader: inout JSONReader) throws(JSONReader.Malformed) -> Set<String> {
        var all = Set<String>()
        try reader.array { reader throws(JSONReader.Malformed) in
            var kind = ""
            var name = ""
            try reader.object { reader, key throws(JSONReader.Malformed) in
                switch key {
                case "Type": kind = try reader.string() ?? ""
                case "Name": name = try reader.string() ?? ""
                default: try reader.skip()
                }
            }
            if !name.isEmpty { all.insert("\(kind)/\(name)") }
        }
        return all
    }
}
