internal import Domain
internal import JSON

/// A check as Consul writes it (`/v1/health/…`, `/v1/agent/checks`), read straight into ours: there may be thousands.
enum HealthCheck {
    /// Bytes of one output that are kept. Consul itself cuts at 4 KB unless it is told otherwise.
    static let outputLimit = 64 << 10
    static let nodeMaintenance = "_node_maintenance"
    static let serviceMaintenance = "_service_maintenance:"
    static let serf = "serfHealth"

    static func id(_ source: Source.ID, node: String, check: String) -> Check.ID { Check.ID(source, node + "/" + check) }

    static func list(_ body: [UInt8], source: Source.ID) throws(JSONReader.Malformed) -> [Check] {
        var checks: [Check] = []
        _ = try JSONReader.list(body) { reader throws(JSONReader.Malformed) in
            if let check = try read(&reader, source: source) { checks.append(check) }
        }
        return checks
    }

    /// `/v1/agent/checks` is an object by check id.
    static func dictionary(_ body: [UInt8], source: Source.ID) throws(JSONReader.Malformed) -> [Check] {
        var reader = JSONReader(body)
        var checks: [Check] = []
        let isObject = try reader.object { reader, _ throws(JSONReader.Malformed) in
            if let check = try read(&reader, source: source) { checks.append(check) }
        }
        try reader.finish()
        guard isObject || body.starts(with: "null".utf8) else { throw JSONReader.Malformed(offset: 0, words: "it is JSON and not an object") }
        return checks
    }

    /// nil where it says neither which node nor which check it is.
    private static func read(_ reader: inout JSONReader, source: Source.ID) throws(JSONReader.Malformed) -> Check? {
        var node = "", id = "", name = "", status = "", notes = "", output = "", serviceID = "", service = "", type = ""
        var tags: [String] = []
        var definition = CheckWords()
        let isObject = try reader.object { reader, key throws(JSONReader.Malformed) in
            switch key {
            case "Node": node = try reader.string() ?? ""
            case "CheckID": id = try reader.string() ?? ""
            case "Name": name = try reader.string() ?? ""
            case "Status": status = try reader.string() ?? ""
            case "Notes": notes = try reader.string() ?? ""
            case "Output": output = try reader.string() ?? ""
            case "ServiceID": serviceID = try reader.string() ?? ""
            case "ServiceName": service = try reader.string() ?? ""
            case "ServiceTags": tags = try reader.strings()
            case "Type": type = try reader.string() ?? ""
            case "Definition": try definition.read(&reader)
            // From 1.11 on they stand here, too.
            case "Interval": if let text = try reader.string().flatMap(CheckWords.meant) { definition.interval = text }
            case "Timeout": if let text = try reader.string().flatMap(CheckWords.meant) { definition.timeout = text }
            default: try reader.skip()
            }
        }
        guard isObject, !node.isEmpty || !id.isEmpty else { return nil }
        let meaning = meaning(status: status, check: id)
        return Check(
            id: self.id(source, node: node, check: id), name: name.isEmpty ? id : name, status: meaning.status, output: bounded(output), service: service,
            serviceID: serviceID, node: node, tags: tags, kind: kind(check: id, type: type),
            notes: meaning.remark.map { notes.isEmpty ? $0 : "\(notes); \($0)" } ?? notes, definition: definition.description)
    }

    /// Maintenance is a critical check by another name. A status that is none of Consul's three, which anybody can write into
    /// the catalog, counts as a warning: Consul's DNS hands such an instance out, and somebody should look at it.
    static func meaning(status: String, check id: String) -> (status: Check.Status, remark: String?) {
        switch status {
        case "passing": (.passing, nil)
        case "warning": (.warning, nil)
        case "critical": (isMaintenance(id) ? .maintenance : .critical, nil)
        case "maintenance": (.maintenance, nil)
        default: (.warning, status.isEmpty ? "Consul tells no status" : "its status is “\(status)”")
        }
    }

    static func isMaintenance(_ id: String) -> Bool { id == nodeMaintenance || id.hasPrefix(serviceMaintenance) }

    private static func kind(check id: String, type: String) -> String {
        if isMaintenance(id) { return "maintenance" }
        return id == serf ? "serf" : type.lowercased()
    }

    static func bounded(_ output: String) -> String {
        let count = output.utf8.count
        guard count > outputLimit else { return output }
        // Decoding mends a character that the cut goes through.
        return String(decoding: output.utf8.prefix(outputLimit), as: UTF8.self) + "\n… cut here: \(count) bytes in all"
    }
}
