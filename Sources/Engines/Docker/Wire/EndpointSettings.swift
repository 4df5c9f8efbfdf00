internal import JSON

/// What a container has in one network. The list, read in haste, and inspections both hold it.
struct EndpointSettings: Decodable, Sendable {
    var networkID: String?
    var address: String?
    var addressIPv6: String?
    var gateway: String?
    var hardwareAddress: String?
    var aliases: [String]?

    enum CodingKeys: String, CodingKey {
        case networkID = "NetworkID"
        case address = "IPAddress"
        case addressIPv6 = "GlobalIPv6Address"
        case gateway = "Gateway"
        case hardwareAddress = "MacAddress"
        case aliases = "Aliases"
    }
}

extension EndpointSettings {
    init(_ reader: inout JSONReader) throws(JSONReader.Malformed) {
        var new = EndpointSettings()
        try reader.object { reader, key throws(JSONReader.Malformed) in
            switch CodingKeys(rawValue: key) {
            case .networkID: new.networkID = try reader.string()
            case .address: new.address = try reader.string()
            case .addressIPv6: new.addressIPv6 = try reader.string()
            case .gateway: new.gateway = try reader.string()
            case .hardwareAddress: new.hardwareAddress = try reader.string()
            case .aliases: new.aliases = try reader.strings()
            case nil: try reader.skip()
            }
        }
        self = new
    }
}

struct MountPoint: Decodable, Sendable {
    var type: String?
    var name: String?
    var source: String?
    var destination: String?
    var isWritable: Bool?

    enum CodingKeys: String, CodingKey {
        case type = "Type"
        case name = "Name"
        case source = "Source"
        case destination = "Destination"
        case isWritable = "RW"
    }
}

extension MountPoint {
    init(_ reader: inout JSONReader) throws(JSONReader.Malformed) {
        var new = MountPoint()
        try reader.object { reader, key throws(JSONReader.Malformed) in
            switch CodingKeys(rawValue: key) {
            case .type: new.type = try reader.string()
            case .name: new.name = try reader.string()
            case .source: new.source = try reader.string()
            case .destination: new.destination = try reader.string()
            case .isWritable: new.isWritable = try reader.bool()
            case nil: try reader.skip()
            }
        }
        self = new
    }
}
