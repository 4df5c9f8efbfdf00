internal import JSON

/// One object of `GET /events`. Before API 1.52 `status`, `id` and `from` repeat what `Type`, `Action` and `Actor` say;
/// from 1.52 on they are gone. Engines before 1.22 had only the old three.
struct EventMessage: Sendable {
    var type: String?
    var action: String?
    var actorID: String?
    /// All labels of the container, merged with `name`, `image`, `exitCode`, `signal`, `execID`.
    var attributes: [String: String] = [:]
    var time: Int64?
    var timeNano: Int64?
    var oldStatus: String?
    var oldID: String?

    init(_ line: [UInt8]) throws(JSONReader.Malformed) {
        var reader = JSONReader(line)
        var new = EventMessage()
        let isObject = try reader.object { reader, key throws(JSONReader.Malformed) in
            switch key {
            case "Type": new.type = try reader.string()
            case "Action": new.action = try reader.string()
            case "Actor":
                try reader.object { reader, key throws(JSONReader.Malformed) in
                    switch key {
                    case "ID": new.actorID = try reader.string()
                    case "Attributes": new.attributes = try reader.dictionary()
                    default: try reader.skip()
                    }
                }
            case "time": new.time = try reader.integer()
            case "timeNano": new.timeNano = try reader.integer()
            case "status": new.oldStatus = try reader.string()
            case "id": new.oldID = try reader.string()
            default: try reader.skip()
            }
        }
        guard isObject else { throw JSONReader.Malformed(offset: 0, words: "it is JSON and not an object") }
        self = new
    }

    private init() {}
}
