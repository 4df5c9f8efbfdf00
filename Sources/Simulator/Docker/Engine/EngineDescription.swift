internal import Domain

/// `GET /version` and `GET /info`.
struct EngineDescription {
    let world: World
    let host: SimHost?

    init(world: World, host: String) {
        self.world = world
        self.host = world.hosts[host]
    }

    /// As the registries say it.
    private var architecture: String { host?.architecture == "aarch64" ? "arm64" : "amd64" }

    func version() -> [UInt8] {
        var text = JSONText(reserving: 1200)
        let version = host?.engineVersion ?? ""
        let built = "2023-05-26T14:04:13.000000000+00:00"
        text.object { text in
            text.object("Platform") { $0.field("Name", "") }
            text.array("Components") { list in
                list.object {
                    $0.field("Name", "Engine")
                    $0.field("Version", version)
                    $0.object("Details") {
                        $0.field("ApiVersion", "1.41")
                        $0.field("Arch", architecture)
                        $0.field("BuildTime", built)
                        $0.field("Experimental", "false")
                        $0.field("GitCommit", "5d6db84")
                        $0.field("GoVersion", "go1.19.8")
                        $0.field("KernelVersion", host?.kernel ?? "")
                        $0.field("MinAPIVersion", "1.12")
                        $0.field("Os", "linux")
                    }
                }
            }
            text.field("Version", version)
            text.field("ApiVersion", "1.41")
            text.field("MinAPIVersion", "1.12")
            text.field("GitCommit", "5d6db84")
            text.field("GoVersion", "go1.19.8")
            text.field("Os", "linux")
            text.field("Arch", architecture)
            text.field("KernelVersion", host?.kernel ?? "")
            text.field("BuildTime", built)
        }
        return text.bytes
    }

    func info() -> [UInt8] {
        guard let host else { return Array("{}".utf8) }
        var text = JSONText(reserving: 4000)
        text.object { text in
            counts(host, &text)
            text.field("Driver", "overlay2")
            text.array("DriverStatus") { list in
                for pair in [["Backing Filesystem", "extfs"], ["Supports d_type", "true"], ["Native Overlay Diff", "true"], ["userxattr", "false"]] {
                    list.array { $0.elements(pair) }
                }
            }
            text.object("Plugins") {
                $0.field("Volume", ["local"])
                $0.field("Network", EnginePlugins.networks)
                $0.null("Authorization")
                $0.field("Log", EnginePlugins.logs)
            }
            for key in Self.abilities { text.field(key, true) }
            text.field("Debug", false)
            text.field("NFd", 42)
            text.field("OomKillDisable", true)
            text.field("NGoroutines", 173)
            text.time("SystemTime", world.now)
            text.field("LoggingDriver", "json-file")
            text.field("CgroupDriver", "cgroupfs")
            text.field("CgroupVersion", "1")
            text.field("NEventsListener", 0)
            machine(host, &text)
            text.object("Swarm") { SwarmMembership(world: world, host: host).write(&$0) }
            text.field("LiveRestoreEnabled", false)
            text.field("Isolation", "")
            text.field("InitBinary", "docker-init")
            for key in ["ContainerdCommit", "RuncCommit", "InitCommit"] as [StaticString] {
                text.object(key) {
                    $0.field("ID", "")
                    $0.field("Expected", "")
                }
            }
            text.field("SecurityOptions", ["name=seccomp,profile=default"])
            text.null("Warnings")
        }
        return text.bytes
    }

    private func counts(_ host: SimHost, _ text: inout JSONText) {
        var (all, running, paused) = (0, 0, 0)
        for id in host.containers {
            guard let state = world.containers[id]?.state else { continue }
            all += 1
            if state == .running || state == .restarting { running += 1 }
            if state == .paused { paused += 1 }
        }
        text.field("ID", host.engineID)
        text.field("Containers", all)
        text.field("ContainersRunning", running)
        text.field("ContainersPaused", paused)
        text.field("ContainersStopped", all - running - paused)
        text.field("Images", host.images.count)
    }

    private func machine(_ host: SimHost, _ text: inout JSONText) {
        text.field("KernelVersion", host.kernel)
        text.field("OperatingSystem", host.operatingSystem)
        text.field("OSVersion", "12")
        text.field("OSType", host.os)
        text.field("Architecture", host.architecture)
        text.field("IndexServerAddress", "https://index.docker.io/v1/")
        text.object("RegistryConfig") {
            $0.field("AllowNondistributableArtifactsCIDRs", [String]())
            $0.field("AllowNondistributableArtifactsHostnames", [String]())
            $0.field("InsecureRegistryCIDRs", ["127.0.0.0/8"])
            $0.object("IndexConfigs") { _ in }
            $0.field("Mirrors", [String]())
        }
        text.field("NCPU", host.cpus)
        text.field("MemTotal", host.memory)
        text.null("GenericResources")
        text.field("DockerRootDir", "/var/lib/docker")
        for key in ["HttpProxy", "HttpsProxy", "NoProxy"] as [StaticString] { text.field(key, "") }
        text.field("Name", host.name)
        text.field("Labels", host.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
        text.field("ExperimentalBuild", false)
        text.field("ServerVersion", host.engineVersion)
        text.object("Runtimes") { $0.object("runc") { $0.field("path", "runc") } }
        text.field("DefaultRuntime", "runc")
    }

    private static let abilities: [StaticString] = [
        "MemoryLimit", "SwapLimit", "KernelMemory", "KernelMemoryTCP", "CpuCfsPeriod", "CpuCfsQuota", "CPUShares", "CPUSet", "PidsLimit", "IPv4Forwarding",
        "BridgeNfIptables", "BridgeNfIp6tables",
    ]
}

/// What an engine of this make can do by itself.
enum EnginePlugins {
    static let networks = ["bridge", "host", "ipvlan", "macvlan", "null", "overlay"]
    static let logs = ["awslogs", "fluentd", "gcplogs", "gelf", "journald", "json-file", "local", "logentries", "splunk", "syslog"]
}
