internal import Domain

/// One event in the engine's terms, the two wire forms and Podman's words made one.
struct DockerEvent: Sendable, Hashable {
    /// What it makes of the picture.
    enum Effect: Sendable, Hashable {
        case nothing
        /// This container may look different now.
        case container(String)
        case containerGone(String)
        /// The set of networks changed.
        case networks
    }

    /// `container`, `network`, `image`, `volume`, `daemon`, `node`, `service`, …
    var kind: String
    /// The engine's word up to a colon: `die`, `health_status`, `exec_start`.
    var action: String
    /// What follows the colon: `unhealthy`.
    var argument: String
    var id: String
    var attributes: [String: String]
    var at: Timestamp

    init(_ wire: EventMessage) {
        let word = wire.action ?? wire.oldStatus ?? ""
        let parts = word.split(separator: ":", maxSplits: 1)
        let head = parts.first.map(String.init) ?? ""
        attributes = wire.attributes
        // Engines before API 1.22 told of containers only and named no type.
        kind = wire.type ?? "container"
        // Podman: `died` and, without a suffix, `health_status` with the outcome in an attribute.
        action = head == "died" ? "die" : kind == "container" && head == "remove" ? "destroy" : head
        argument = parts.count > 1 ? Self.trimmed(parts[1]) : head == "health_status" ? attributes["health_status"] ?? "" : ""
        id = wire.actorID ?? wire.oldID ?? ""
        let nanoseconds = wire.timeNano ?? 0
        at = nanoseconds > 0 ? Timestamp(nanoseconds: nanoseconds) : Timestamp(seconds: wire.time ?? 0)
    }

    /// Recognises a replay, however often it is told.
    var replayID: String { "\(at.nanoseconds)/\(id)/\(action)" + (argument.isEmpty ? "" : ": \(argument)") }

    var name: String {
        let name = attributes["name"] ?? ""
        if kind == "image" && (name.isEmpty || name == id) { return DockerEvent.short(id) }
        return name.isEmpty ? DockerEvent.short(id) : name
    }

    static func short(_ id: String) -> String {
        String((id.hasPrefix("sha256:") ? id.dropFirst(7) : id[...]).prefix(12))
    }

    /// `exitCode` of a `die`; Podman says `containerExitCode`.
    var exitCode: Int? { (attributes["exitCode"] ?? attributes["containerExitCode"]).flatMap { Int($0) } }

    var effect: Effect {
        switch (kind, action) {
        case ("container", "destroy"): .containerGone(id)
        case ("container", "create"), ("container", "start"), ("container", "restart"), ("container", "die"),
            ("container", "stop"), ("container", "pause"), ("container", "unpause"), ("container", "rename"),
            ("container", "update"), ("container", "kill"), ("container", "oom"):
            .container(id)
        case ("network", "connect"), ("network", "disconnect"):
            attributes["container"].map { .container($0) } ?? .nothing
        case ("network", "create"), ("network", "destroy"), ("network", "remove"), ("network", "update"): .networks
        default: .nothing
        }
    }

    /// Events that cost a look inside: why it ended, what its probe printed, when exactly it started.
    var wantsInspection: Bool {
        kind == "container" && ["start", "die", "health_status"].contains(action)
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}

extension DockerEvent {
    /// Whether a line can be dropped unread. Health checks alone make three `exec_` events each; decoding them is most of
    /// what an idle engine's stream would cost.
    static func isNoise(_ line: [UInt8]) -> Bool {
        line.starts(with: "{\"status\":\"exec_".utf8) || line.starts(with: "{\"Type\":\"container\",\"Action\":\"exec_".utf8)
    }
}
