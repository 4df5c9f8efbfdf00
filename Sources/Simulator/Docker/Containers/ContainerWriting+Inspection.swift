internal import Domain

/// `GET /containers/{id}/json`.
extension ContainerWriting {
    /// - Parameter execs: ids of the programs that run in it by exec.
    func inspection(execs: [String], hasSizes: Bool) -> [UInt8] {
        var text = JSONText(reserving: 5000)
        text.object { text in
            text.field("Id", container.id)
            text.time("Created", container.created)
            text.field("Path", container.arguments.first ?? "")
            text.field("Args", Array(container.arguments.dropFirst()))
            text.object("State") { state(&$0) }
            text.field("Image", container.imageID)
            let folder = container.startedAt == nil ? "" : "\(root)/containers/\(container.id)/"
            text.field("ResolvConfPath", folder.isEmpty ? "" : folder + "resolv.conf")
            text.field("HostnamePath", folder.isEmpty ? "" : folder + "hostname")
            text.field("HostsPath", folder.isEmpty ? "" : folder + "hosts")
            text.field("LogPath", folder.isEmpty ? "" : "\(folder)\(container.id)-json.log")
            text.field("Name", "/" + container.name)
            text.field("RestartCount", container.restartCount)
            text.field("Driver", "overlay2")
            text.field("Platform", "linux")
            text.field("MountLabel", "")
            text.field("ProcessLabel", "")
            text.field("AppArmorProfile", "")
            if execs.isEmpty { text.null("ExecIDs") } else { text.field("ExecIDs", execs) }
            text.object("HostConfig") { hostConfiguration(&$0) }
            text.object("GraphDriver") { graph(&$0) }
            if hasSizes {
                text.field("SizeRw", 4096)
                text.field("SizeRootFs", (world.image(container.spec.image)?.size ?? 0) + 4096)
            }
            mounts(&text)
            text.object("Config") { configuration(&$0) }
            text.object("NetworkSettings") { networkSettings(&$0) }
        }
        return text.bytes
    }

    private func state(_ text: inout JSONText) {
        text.field("Status", container.state.rawValue)
        text.field("Running", container.isRunning || container.state == .restarting)
        text.field("Paused", container.state == .paused)
        text.field("Restarting", container.state == .restarting)
        text.field("OOMKilled", container.isOOMKilled)
        text.field("Dead", container.state == .dead)
        text.field("Pid", container.pid)
        text.field("ExitCode", container.exitCode)
        text.field("Error", container.error)
        text.time("StartedAt", container.startedAt)
        text.time("FinishedAt", container.finishedAt)
        guard let health = world.health(of: container) else { return }
        text.object("Health") { text in
            text.field("Status", container.isRunning ? health.status.rawValue : "unhealthy")
            text.field("FailingStreak", health.failingStreak)
            text.array("Log") { list in
                for probe in health.log {
                    list.object {
                        $0.time("Start", probe.start)
                        $0.time("End", probe.end)
                        $0.field("ExitCode", probe.exitCode)
                        $0.field("Output", probe.output)
                    }
                }
            }
        }
    }

    private func graph(_ text: inout JSONText) {
        let layer = "\(root)/overlay2/\(container.id)"
        text.object("Data") {
            $0.field("LowerDir", "\(layer)-init/diff:\(root)/overlay2/\(container.imageID.dropFirst(7))/diff")
            $0.field("MergedDir", layer + "/merged")
            $0.field("UpperDir", layer + "/diff")
            $0.field("WorkDir", layer + "/work")
        }
        text.field("Name", "overlay2")
    }

    private func configuration(_ text: inout JSONText) {
        let spec = container.spec
        let image = world.image(spec.image)
        text.field("Hostname", container.hostname)
        text.field("Domainname", "")
        text.field("User", spec.user)
        for key in ["AttachStdin", "AttachStdout", "AttachStderr"] as [StaticString] { text.field(key, false) }
        if !container.exposedPorts.isEmpty {
            text.object("ExposedPorts") { for port in container.exposedPorts { $0.object(named: port.text) { _ in } } }
        }
        text.field("Tty", spec.usesTerminal)
        text.field("OpenStdin", spec.keepsInputOpen)
        text.field("StdinOnce", false)
        text.list("Env", container.environment)
        text.list("Cmd", spec.command.isEmpty ? image?.command ?? [] : spec.command)
        if let check = spec.healthCheck ?? image?.healthCheck { text.object("Healthcheck") { check.write(&$0) } }
        text.field("Image", spec.image)
        text.null("Volumes")
        text.field("WorkingDir", spec.workingDirectory)
        text.list("Entrypoint", spec.entrypoint.isEmpty ? image?.entrypoint ?? [] : spec.entrypoint)
        text.null("OnBuild")
        text.field("Labels", spec.labels)
        if spec.stopSignal != "SIGTERM" { text.field("StopSignal", spec.stopSignal) }
        if spec.stopGrace != .seconds(10) { text.field("StopTimeout", spec.stopGrace.nanoseconds / 1_000_000_000) }
    }

    private func networkSettings(_ text: inout JSONText) {
        let isPlugged = container.isRunning
        // The default bridge's are told at this level too.
        let bridge = container.endpoints.first { $0.networkName == "bridge" && !$0.address.isEmpty }
        let sandbox = container.startedAt == nil ? "" : container.endpoints.first?.id ?? container.id
        text.field("Bridge", "")
        text.field("SandboxID", sandbox)
        text.field("HairpinMode", false)
        text.field("LinkLocalIPv6Address", "")
        text.field("LinkLocalIPv6PrefixLen", 0)
        text.object("Ports") { text in
            guard isPlugged, container.spec.networkMode != "host" else { return }
            for port in container.exposedPorts {
                let bindings = container.published.filter { $0.port == port }
                guard !bindings.isEmpty else {
                    text.null(named: port.text)
                    continue
                }
                text.array(named: port.text) { list in
                    for binding in bindings {
                        for address in Self.addresses(binding) { Self.write(address, binding.hostPort, &list) }
                    }
                }
            }
        }
        text.field("SandboxKey", sandbox.isEmpty ? "" : "/var/run/docker/netns/\(sandbox.prefix(12))")
        text.null("SecondaryIPAddresses")
        text.null("SecondaryIPv6Addresses")
        text.field("EndpointID", bridge?.id ?? "")
        text.field("Gateway", bridge?.gateway ?? "")
        text.field("GlobalIPv6Address", "")
        text.field("GlobalIPv6PrefixLen", 0)
        text.field("IPAddress", bridge?.address ?? "")
        text.field("IPPrefixLen", bridge?.prefix ?? 0)
        text.field("IPv6Gateway", "")
        text.field("MacAddress", bridge?.mac ?? "")
        text.object("Networks") { networks(&$0, isInspection: true) }
    }

    static func write(_ address: String, _ port: Int, _ list: inout JSONText) {
        list.object {
            $0.field("HostIp", address)
            $0.field("HostPort", port == 0 ? "" : String(port))
        }
    }
}

extension SimHealthCheck {
    func write(_ text: inout JSONText) {
        text.field("Test", test)
        if interval > .zero { text.field("Interval", interval.nanoseconds) }
        if timeout > .zero { text.field("Timeout", timeout.nanoseconds) }
        if startPeriod > .zero { text.field("StartPeriod", startPeriod.nanoseconds) }
        if retries > 0 { text.field("Retries", retries) }
    }
}

extension JSONText {
    /// `null` where there is nothing in it, as Go writes a list that nobody made.
    mutating func list(_ key: StaticString, _ values: [String]) { if values.isEmpty { null(key) } else { field(key, values) } }
}
