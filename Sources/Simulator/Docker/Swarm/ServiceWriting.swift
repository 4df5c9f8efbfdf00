internal import Domain
internal import JSON

/// A service in the words of the managers.
struct ServiceWriting {
    let service: SimService

    /// Without the brace at its end, and without what only the list tells.
    var head: [UInt8] {
        var text = JSONText(reserving: 2048)
        text.object { text in
            text.field("ID", service.id)
            text.object("Version") { $0.field("Index", service.version) }
            text.time("CreatedAt", service.created)
            text.time("UpdatedAt", service.updated)
            text.field("Spec", raw: Array(ServiceSpecText.tree(service.spec).json.utf8))
            if let previous = service.previousSpec { text.field("PreviousSpec", raw: Array(ServiceSpecText.tree(previous).json.utf8)) }
            text.object("Endpoint") { endpoint(&$0) }
            if let status = service.updateStatus { text.object("UpdateStatus") { Self.write(status, &$0) } }
        }
        return Array(text.bytes.dropLast())
    }

    private func endpoint(_ text: inout JSONText) {
        let spec = ServiceSpecText.tree(service.spec)["EndpointSpec"]
        text.field("Spec", raw: Array((spec?.json ?? "{}").utf8))
        if !service.ports.isEmpty { text.field("Ports", raw: Array(JSONTree.array(service.ports.map(ServiceSpecText.port)).json.utf8)) }
        guard !service.addresses.isEmpty else { return }
        text.array("VirtualIPs") { list in
            for address in service.addresses {
                list.object {
                    $0.field("NetworkID", address.network)
                    $0.field("Addr", address.address)
                }
            }
        }
    }

    private static func write(_ status: SimService.UpdateStatus, _ text: inout JSONText) {
        text.field("State", status.state.rawValue)
        text.time("StartedAt", status.startedAt)
        if let completed = status.completedAt { text.time("CompletedAt", completed) }
        text.field("Message", status.message)
    }

    /// What follows the head.
    func tail(_ counts: (running: Int, desired: Int, completed: Int)?) -> [UInt8] {
        var tail: [UInt8] = []
        if let counts {
            tail += ",\"ServiceStatus\":{\"RunningTasks\":\(counts.running),\"DesiredTasks\":\(counts.desired),\"CompletedTasks\":\(counts.completed)}".utf8
        }
        if service.spec.mode.isJob {
            let iteration = service.jobIteration > 0 ? "{\"Index\":\(service.jobIteration)}" : "{}"
            tail += ",\"JobStatus\":{\"JobIteration\":\(iteration),\"LastExecution\":\"\(GoTime.text(service.updated))\"}".utf8
        }
        return tail + "}".utf8
    }
}
