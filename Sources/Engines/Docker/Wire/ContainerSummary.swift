internal import JSON

/// One entry of `GET /containers/json`. Every field may be absent or null: Go writes nil slices and maps as `null`,
/// `Names` is empty for a container being removed, proxies and Podman leave fields out.
struct ContainerSummary: Sendable {
    struct Port: Sendable {
        var ip: String?
        var privatePort: Int?
        var publicPort: Int?
        var type: String?
    }

    var id: String?
    var names: [String] = []
    var image: String?
    var imageID: String?
    var command: String?
    /// Unix seconds here, RFC 3339 text in an inspection.
    var created: Int64?
    var ports: [Port] = []
    var labels: [String: String] = [:]
    var state: String?
    var status: String?
    /// API 1.52 tells health here; before, only the status text does.
    var health: String?
    var networkMode: String?
    var networks: [String: EndpointSettings] = [:]
    var mounts: [MountPoint] = []

    /// - Throws: what is not JSON, or not an array; `null` is an empty list.
    static func list(_ body: [UInt8]) throws(JSONReader.Malformed) -> [ContainerSummary] {
        try JSONReader.list(body) { reader throws(JSONReader.Malformed) in try ContainerSummary(&reader) }
    }

    init() {}

    init(_ reader: inout JSONReader) throws(JSONReader.Malformed) {
        var new = ContainerSummary()
        try reader.object { reader, key throws(JSONReader.Malformed) in
            switch key {
            case "Id": new.id = try reader.string()
            case "Names": new.names = try reader.strings()
            case "Image": new.image = try reader.string()
            case "ImageID": new.imageID = try reader.string()
            case "Command": new.command = try reader.string()
            case "Created": new.created = try reader.integer()
            case "Ports": try reader.array { reader throws(JSONReader.Malformed) in new.ports.append(try Port(&reader)) }
            case "Labels": new.labels = try reader.dictionary()
            case "State": new.state = try reader.string()
            case "Status": new.status = try reader.string()
            case "Health": new.health = try reader.string(at: "Status")
            case "HostConfig": new.networkMode = try reader.string(at: "NetworkMode")
            case "NetworkSettings": new.networks = try Self.networks(&reader)
            case "Mounts": try reader.array { reader throws(JSONReader.Malformed) in new.mounts.append(try MountPoint(&reader)) }
            default: try reader.skip()
            }
        }
        self = new
    }

    private static func networks(_ reader: inout JSONReader) throws(JSONReader.Malformed) -> [String: EndpointSettings] {
        var all: [String: EndpointSettings] = [:]
        try reader.object { reader, key throws(JSONReader.Malformed) in
            guard key == "Networks" else { return try reader.skip() }
            try reader.object { reader, name throws(JSONReader.Malformed) in all[name] = try EndpointSettings(&reader) }
        }
        return all
    }
}

extension ContainerSummary.Port {
    fileprivate init(_ reader: inout JSONReader) throws(JSONReader.Malformed) {
        var new = ContainerSummary.Port()
        try reader.object { reader, key throws(JSONReader.Malformed) in
            switch key {
            case "IP": new.ip = try reader.string()
            case "PrivatePort": new.privatePort = try reader.integer().flatMap { Int(exactly: $0) }
            case "PublicPort": new.publicPort = try reader.integer().flatMap { Int(exactly: $0) }
            case "Type": new.type = try reader.string()
            default: try reader.skip()
            }
        }
        self = new
    }
}

extension JSONReader {
    /// One string field of an object, the others passed over.
    fileprivate mutating func string(at wanted: String) throws(Malformed) -> String? {
        var found: String?
        try object { reader, key throws(Malformed) in
            if key == wanted { found = try reader.string() } else { try reader.skip() }
        }
        return found
    }
}
