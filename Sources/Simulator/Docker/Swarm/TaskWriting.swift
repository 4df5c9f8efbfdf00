internal import Domain

/// A task in the words of the managers.
struct TaskWriting {
    let task: SimTask
    let specification: [UInt8]
    let attachments: [(network: [UInt8], address: String)]

    var json: [UInt8] {
        var text = JSONText(reserving: specification.count + 1600)
        text.object { text in
            text.field("ID", task.id)
            text.object("Version") { $0.field("Index", task.version) }
            text.time("CreatedAt", task.created)
            text.time("UpdatedAt", task.updated)
            text.field("Labels", [String: String]())
            text.field("Spec", raw: specification)
            text.field("ServiceID", task.service)
            if place > 0 { text.field("Slot", place) }
            if let node = task.node { text.field("NodeID", node) }
            text.object("Status") { status(&$0) }
            text.field("DesiredState", desired)
            if !attachments.isEmpty { text.array("NetworksAttachments") { list in for attachment in attachments { list.object { Self.write(attachment, &$0) } } } }
            if let iteration = task.jobIteration { text.object("JobIteration") { if iteration > 0 { $0.field("Index", iteration) } } }
        }
        return text.bytes
    }

    /// The places of a job count from nought, which is left out.
    private var place: Int { task.jobIteration == nil ? task.slot : max(0, task.slot - 1) }

    /// A job's tasks shall end well, and are wanted until they have.
    private var desired: String { task.jobIteration != nil && (task.isWanted || task.state == .complete) ? "complete" : task.desired.text }

    private func status(_ text: inout JSONText) {
        text.time("Timestamp", task.timestamp)
        text.field("State", task.state.text)
        text.field("Message", task.message)
        if !task.error.isEmpty { text.field("Err", task.error) }
        if task.container != nil || task.state == .rejected {
            text.object("ContainerStatus") {
                $0.field("ContainerID", task.container ?? "")
                $0.field("PID", task.state == .running ? task.pid : 0)
                $0.field("ExitCode", task.exitCode)
            }
        }
        text.object("PortStatus") { text in
            guard task.state == .running, !task.hostPorts.isEmpty else { return }
            text.array("Ports") { list in
                for port in task.hostPorts {
                    list.object {
                        $0.field("Protocol", port.transport)
                        $0.field("TargetPort", port.target)
                        $0.field("PublishedPort", port.published)
                        $0.field("PublishMode", port.mode.rawValue)
                    }
                }
            }
        }
    }

    private static func write(_ attachment: (network: [UInt8], address: String), _ text: inout JSONText) {
        text.field("Network", raw: attachment.network)
        text.field("Addresses", [attachment.address])
    }

    /// The overlay as it stands in each task that is on it.
    static func text(of network: SimNetwork) -> [UInt8] {
        var text = JSONText()
        text.object { text in
            text.field("ID", network.id)
            text.object("Version") { $0.field("Index", network.version) }
            text.time("CreatedAt", network.created)
            text.time("UpdatedAt", network.created)
            text.object("Spec") { text in
                text.field("Name", network.name)
                text.field("Labels", network.labels)
                text.object("DriverConfiguration") { if !network.isIngress { $0.field("Name", network.driver) } }
                if network.isInternal { text.field("Internal", true) }
                if network.isAttachable { text.field("Attachable", true) }
                if network.isIngress { text.field("Ingress", true) }
                text.object("IPAMOptions") { $0.object("Driver") { if !network.isIngress { $0.field("Name", "default") } } }
                text.field("Scope", "swarm")
            }
            text.object("DriverState") { text in
                text.field("Name", network.driver)
                text.field("Options", ["com.docker.network.driver.overlay.vxlanid_list": String(network.vxlan ?? 4096)])
            }
            text.object("IPAMOptions") { text in
                text.object("Driver") { $0.field("Name", "default") }
                text.array("Configs") {
                    $0.object {
                        $0.field("Subnet", network.subnet)
                        $0.field("Gateway", network.gateway)
                    }
                }
            }
        }
        return text.bytes
    }
}
