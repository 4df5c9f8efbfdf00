/// What `GET /info` tells of the swarm that the engine is in.
struct SwarmInfo: Decodable, Sendable {
    struct Membership: Decodable, Sendable {
        struct Manager: Decodable, Sendable {
            /// With port 2377, which is not the API's: managers speak gRPC among themselves there.
            var address: String?
            enum CodingKeys: String, CodingKey { case address = "Addr" }
        }

        var nodeID: String?
        /// `inactive`, `pending`, `active`, `error`, `locked`.
        var localState: String?
        var isManager: Bool?
        /// Of a manager without a leader: that there is none. The answer comes at once then, where lists block.
        var error: String?
        /// Null outside a swarm.
        var managers: [Manager]?

        enum CodingKeys: String, CodingKey {
            case nodeID = "NodeID"
            case localState = "LocalNodeState"
            case isManager = "ControlAvailable"
            case error = "Error"
            case managers = "RemoteManagers"
        }
    }

    var name: String?
    var swarm: Membership?

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case swarm = "Swarm"
    }
}
