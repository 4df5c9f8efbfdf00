internal import Domain

/// A container in the engine's words.
struct ContainerWriting {
    let container: SimContainer
    let world: World

    var root: String { "/var/lib/docker" }

    // MARK: In the list

    /// Up to the status, without the quotation mark at its end.
    var summaryHead: [UInt8] {
        var text = JSONText()
        text.object { text in
            text.field("Id", container.id)
            text.field("Names", ["/" + container.name])
            text.field("Image", container.spec.image)
            text.field("ImageID", container.imageID)
            text.field("Command", command)
            text.field("Created", container.created.seconds)
            text.array("Ports") { ports(&$0) }
            text.field("Labels", container.spec.labels)
            text.field("State", container.state.rawValue)
        }
        return Array(text.bytes.dropLast()) + ",\"Status\":\"".utf8
    }

    /// What follows the status.
    var summaryTail: [UInt8] {
        var text = JSONText()
        text.object { text in
            text.object("HostConfig") { $0.field("NetworkMode", mode) }
            text.object("NetworkSettings") { $0.object("Networks") { networks(&$0, isInspection: false) } }
            mounts(&text)
        }
        return Array("\",".utf8) + Array(text.bytes.dropFirst())
    }

    /// `sh -c 'while true; do …'`.
    private var command: String { container.arguments.map { $0.contains(" ") ? "'\($0)'" : $0 }.joined(separator: " ") }

    /// A task's is the swarm's affair, which the engine has no word for.
    var mode: String { container.spec.networkMode == "swarm" || container.spec.networkMode.isEmpty ? "default" : container.spec.networkMode }

    private func ports(_ list: inout JSONText) {
        guard container.isRunning, container.spec.networkMode != "host" else { return }
        for port in container.exposedPorts {
            let bindings = container.published.filter { $0.port == port }
            if bindings.isEmpty {
                list.object {
                    $0.field("PrivatePort", port.number)
                    $0.field("Type", port.transport)
                }
            }
            for binding in bindings {
                for address in Self.addresses(binding) {
                    list.object {
                        $0.field("IP", address)
                        $0.field("PrivatePort", port.number)
                        $0.field("PublicPort", binding.hostPort)
                        $0.field("Type", port.transport)
                    }
                }
            }
        }
    }

    /// Everywhere is said twice, once for each kind of address.
    static func addresses(_ binding: SimBinding) -> [String] {
        binding.hostAddress.isEmpty || binding.hostAddress == "0.0.0.0" ? ["0.0.0.0", "::"] : [binding.hostAddress]
    }

    /// - Parameter isInspection: the list leaves the aliases out.
    func networks(_ text: inout JSONText, isInspection: Bool) {
        for endpoint in container.endpoints.sorted(by: { $0.networkName < $1.networkName }) {
            let isPlugged = container.isRunning
            text.object(named: endpoint.networkName) { text in
                if container.task != nil, !endpoint.address.isEmpty {
                    text.object("IPAMConfig") { $0.field("IPv4Address", endpoint.address) }
                } else {
                    text.null("IPAMConfig")
                }
                text.null("Links")
                aliases(of: endpoint, &text, isInspection)
                text.field("NetworkID", container.startedAt == nil ? "" : endpoint.network)
                text.field("EndpointID", isPlugged ? endpoint.id : "")
                text.field("Gateway", isPlugged ? endpoint.gateway : "")
                text.field("IPAddress", endpoint.address)
                text.field("IPPrefixLen", endpoint.address.isEmpty ? 0 : endpoint.prefix)
                text.field("IPv6Gateway", "")
                text.field("GlobalIPv6Address", "")
                text.field("GlobalIPv6PrefixLen", 0)
                text.field("MacAddress", endpoint.mac)
                text.null("DriverOpts")
            }
        }
    }

    private func aliases(of endpoint: SimEndpoint, _ text: inout JSONText, _ isInspection: Bool) {
        let isDefault = ["bridge", "host", "none"].contains(endpoint.networkName)
        if !isInspection || isDefault || container.startedAt == nil && endpoint.aliases.isEmpty {
            text.null("Aliases")
        } else {
            text.field("Aliases", endpoint.aliases + [String(container.id.prefix(12))])
        }
    }

    func mounts(_ text: inout JSONText) {
        text.array("Mounts") { list in
            for mount in container.spec.mounts where mount.kind != "tmpfs" {
                list.object {
                    $0.field("Type", mount.kind)
                    if mount.kind == "volume" { $0.field("Name", mount.source) }
                    $0.field("Source", mount.kind == "volume" ? "\(root)/volumes/\(mount.source)/_data" : mount.source)
                    $0.field("Destination", mount.destination)
                    if mount.kind == "volume" { $0.field("Driver", "local") }
                    $0.field("Mode", mount.kind == "volume" ? "z" : mount.isReadOnly ? "ro" : "")
                    $0.field("RW", !mount.isReadOnly)
                    $0.field("Propagation", mount.kind == "volume" ? "" : "rprivate")
                }
            }
        }
    }
}
