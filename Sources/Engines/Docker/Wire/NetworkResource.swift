/// One network of `GET /networks` or `GET /networks/{id}`. The list always leaves `Containers` empty (API 1.28 and
/// later); only the single answer fills it, and only with running containers.
struct NetworkResource: Decodable, Sendable {
    struct AddressManagement: Decodable, Sendable {
        struct Pool: Decodable, Sendable {
            var subnet: String?
            var gateway: String?
            enum CodingKeys: String, CodingKey {
                case subnet = "Subnet"
                case gateway = "Gateway"
            }
        }

        var config: [Pool]?
        enum CodingKeys: String, CodingKey { case config = "Config" }
    }

    struct Attached: Decodable, Sendable {
        var name: String?
        /// With prefix length: `172.17.0.2/16`.
        var address: String?
        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case address = "IPv4Address"
        }
    }

    var id: String?
    var name: String?
    var created: String?
    var scope: String?
    var driver: String?
    var enableIPv6: Bool?
    var addressManagement: AddressManagement?
    var isInternal: Bool?
    var isAttachable: Bool?
    var isIngress: Bool?
    var containers: [String: Attached]?
    var options: [String: String]?
    var labels: [String: String]?

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case name = "Name"
        case created = "Created"
        case scope = "Scope"
        case driver = "Driver"
        case enableIPv6 = "EnableIPv6"
        case addressManagement = "IPAM"
        case isInternal = "Internal"
        case isAttachable = "Attachable"
        case isIngress = "Ingress"
        case containers = "Containers"
        case options = "Options"
        case labels = "Labels"
    }
}

/// The body of `POST /networks/create`.
struct NetworkCreation: Encodable, Sendable {
    struct AddressManagement: Encodable, Sendable {
        struct Pool: Encodable, Sendable {
            var subnet: String
            var gateway: String?
            enum CodingKeys: String, CodingKey {
                case subnet = "Subnet"
                case gateway = "Gateway"
            }
        }

        var config: [Pool]
        enum CodingKeys: String, CodingKey { case config = "Config" }
    }

    var name: String
    var driver: String
    var isInternal: Bool
    var isAttachable: Bool
    /// Engines before API 1.44 allow two networks of one name unless asked not to.
    var checksDuplicate = true
    var addressManagement: AddressManagement?

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case driver = "Driver"
        case isInternal = "Internal"
        case isAttachable = "Attachable"
        case checksDuplicate = "CheckDuplicate"
        case addressManagement = "IPAM"
    }
}

/// The body of `POST /networks/{id}/connect` and `/disconnect`.
struct NetworkAttachment: Encodable, Sendable {
    struct Endpoint: Encodable, Sendable {
        struct Addressing: Encodable, Sendable {
            var address: String
            enum CodingKeys: String, CodingKey { case address = "IPv4Address" }
        }

        var addressing: Addressing?
        var aliases: [String]?
        enum CodingKeys: String, CodingKey {
            case addressing = "IPAMConfig"
            case aliases = "Aliases"
        }
    }

    var container: String
    var force: Bool?
    var endpoint: Endpoint?

    enum CodingKeys: String, CodingKey {
        case container = "Container"
        case force = "Force"
        case endpoint = "EndpointConfig"
    }
}
