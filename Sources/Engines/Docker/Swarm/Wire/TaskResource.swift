internal import Domain
internal import JSON

/// One entry of `GET /tasks`: a task as it is, or as it ended.
struct TaskResource: Sendable, Hashable {
    /// What of a task's container decides whether it still is what its service wants.
    struct Template: Sendable, Hashable {
        var image = ""
        var command: [String] = []
        var arguments: [String] = []
        var environment: [String] = []
        var forceUpdate: Int64 = 0
    }

    var id: String?
    var created: String?
    /// Empty for the tasks by which containers of no service are attached to a network.
    var serviceID = ""
    /// Absent for tasks that are on their node because of the node, and for place 0 of a job.
    var slot: Int64?
    /// Absent while it is not placed.
    var nodeID: String?
    var state = ""
    var desired = ""
    var at: String?
    var message: String?
    var error: String?
    var containerID: String?
    var exitCode: Int64?
    /// Of a job's task: which run of the job it belongs to; absent for all other tasks.
    var iteration: Int64?
    var addresses: [String] = []
    var template = Template()
    var reserved = Resources()

    /// - Throws: what is not JSON, or not an array; `null` is an empty list.
    static func list(_ body: [UInt8]) throws(JSONReader.Malformed) -> [TaskResource] {
        try JSONReader.list(body) { reader throws(JSONReader.Malformed) in try TaskResource(&reader) }
    }

    init() {}

    init(_ reader: inout JSONReader) throws(JSONReader.Malformed) {
        var new = TaskResource()
        try reader.object { reader, key throws(JSONReader.Malformed) in
            switch key {
            case "ID": new.id = try reader.string()
            case "CreatedAt": new.created = try reader.string()
            case "ServiceID": new.serviceID = try reader.string() ?? ""
            case "Slot": new.slot = try reader.integer()
            case "NodeID": new.nodeID = try reader.string()
            case "DesiredState": new.desired = try reader.string() ?? ""
            case "Status": try new.readStatus(&reader)
            case "Spec": try new.readSpecification(&reader)
            case "JobIteration":
                // `{}` is the first run: Go leaves a zero out.
                var index: Int64 = 0
                let isObject = try reader.object { reader, key throws(JSONReader.Malformed) in
                    if key == "Index" { index = try reader.integer() ?? 0 } else { try reader.skip() }
                }
                new.iteration = isObject ? index : nil
            case "NetworksAttachments":
                try reader.array { reader throws(JSONReader.Malformed) in
                    try reader.object { reader, key throws(JSONReader.Malformed) in
                        if key == "Addresses" { new.addresses += try reader.strings() } else { try reader.skip() }
                    }
                }
            default: try reader.skip()
            }
        }
        self = new
    }

    private mutating func readStatus(_ reader: inout JSONReader) throws(JSONReader.Malformed) {
        var new = self
        try reader.object { reader, key throws(JSONReader.Malformed) in
            switch key {
            case "Timestamp": new.at = try reader.string()
            case "State": new.state = try reader.string() ?? ""
            case "Message": new.message = try reader.string()
            case "Err": new.error = try reader.string()
            case "ContainerStatus":
                try reader.object { reader, key throws(JSONReader.Malformed) in
                    switch key {
                    case "ContainerID": new.containerID = try reader.string()
                    case "ExitCode": new.exitCode = try reader.integer()
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
            case "ContainerSpec":
                try reader.object { reader, key throws(JSONReader.Malformed) in
                    switch key {
                    case "Image": new.template.image = try reader.string() ?? ""
                    case "Command": new.template.command = try reader.strings()
                    case "Args": new.template.arguments = try reader.strings()
                    case "Env": new.template.environment = try reader.strings()
                    default: try reader.skip()
                    }
                }
            case "Resources":
                try reader.object { reader, key throws(JSONReader.Malformed) in
                    if key == "Reservations" { new.reserved = try Resources(&reader) } else { try reader.skip() }
                }
            case "ForceUpdate": new.template.forceUpdate = try reader.integer() ?? 0
            default: try reader.skip()
            }
        }
        self = new
    }
}
