/// `HostConfig`: what a container asks of its host. What the world does not know stands here as the engine has it by default.
extension ContainerWriting {
    func hostConfiguration(_ text: inout JSONText) {
        let spec = container.spec
        let isTask = container.task != nil
        let binds = spec.mounts.filter { $0.kind != "tmpfs" }.map { "\($0.source):\($0.destination)\($0.isReadOnly ? ":ro" : "")" }
        text.list("Binds", isTask ? [] : binds)
        text.field("ContainerIDFile", "")
        text.object("LogConfig") {
            $0.field("Type", "json-file")
            $0.object("Config") { _ in }
        }
        text.field("NetworkMode", mode)
        text.object("PortBindings") { bindings(&$0) }
        text.object("RestartPolicy") {
            $0.field("Name", isTask ? "" : spec.restart.rawValue)
            $0.field("MaximumRetryCount", spec.restart == .onFailure ? spec.maximumRetries : 0)
        }
        text.field("AutoRemove", spec.removesItself)
        text.field("VolumeDriver", "")
        for key in ["VolumesFrom", "CapAdd", "CapDrop"] as [StaticString] { text.null(key) }
        text.field("CgroupnsMode", "host")
        for key in ["Dns", "DnsOptions", "DnsSearch"] as [StaticString] { if isTask { text.null(key) } else { text.field(key, [String]()) } }
        for key in ["ExtraHosts", "GroupAdd"] as [StaticString] { text.null(key) }
        text.field("IpcMode", "private")
        text.field("Cgroup", "")
        text.null("Links")
        text.field("OomScoreAdj", 0)
        text.field("PidMode", "")
        for key in ["Privileged", "PublishAllPorts", "ReadonlyRootfs"] as [StaticString] { text.field(key, false) }
        text.null("SecurityOpt")
        text.field("UTSMode", "")
        text.field("UsernsMode", "")
        text.field("ShmSize", 67_108_864)
        text.field("Runtime", "runc")
        text.array("ConsoleSize") {
            $0.element(0)
            $0.element(0)
        }
        text.field("Isolation", isTask ? "default" : "")
        limits(&text)
        text.field("MaskedPaths", Self.masked)
        text.field("ReadonlyPaths", ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"])
    }

    private func bindings(_ text: inout JSONText) {
        for port in container.spec.bindings.map(\.port).uniqued() {
            text.array(named: port.text) { list in
                for binding in container.spec.bindings where binding.port == port { Self.write(binding.hostAddress, binding.hostPort, &list) }
            }
        }
    }

    private func limits(_ text: inout JSONText) {
        let spec = container.spec
        text.field("CpuShares", 0)
        text.field("Memory", spec.memory)
        text.field("NanoCpus", spec.nanoCPUs)
        text.field("CgroupParent", "")
        text.field("BlkioWeight", 0)
        for key in ["BlkioWeightDevice", "BlkioDeviceReadBps", "BlkioDeviceWriteBps", "BlkioDeviceReadIOps", "BlkioDeviceWriteIOps"] as [StaticString] {
            text.null(key)
        }
        for key in ["CpuPeriod", "CpuQuota", "CpuRealtimePeriod", "CpuRealtimeRuntime"] as [StaticString] { text.field(key, 0) }
        text.field("CpusetCpus", "")
        text.field("CpusetMems", "")
        for key in ["Devices", "DeviceCgroupRules", "DeviceRequests"] as [StaticString] { text.null(key) }
        for key in ["KernelMemory", "KernelMemoryTCP", "MemoryReservation"] as [StaticString] { text.field(key, 0) }
        text.field("MemorySwap", spec.memory * 2)
        text.null("MemorySwappiness")
        text.field("OomKillDisable", false)
        if spec.processLimit > 0 { text.field("PidsLimit", spec.processLimit) } else { text.null("PidsLimit") }
        text.field("Ulimits", [String]())
        for key in ["CpuCount", "CpuPercent", "IOMaximumIOps", "IOMaximumBandwidth"] as [StaticString] { text.field(key, 0) }
    }

    private static let masked = [
        "/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug",
        "/proc/scsi", "/sys/firmware",
    ]
}
