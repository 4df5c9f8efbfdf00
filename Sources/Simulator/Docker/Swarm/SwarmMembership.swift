internal import Domain

/// Where a machine stands in the swarm, and the swarm as its managers describe it.
struct SwarmMembership {
    let world: World
    let host: SimHost

    private var node: SimNode? { world.swarm.nodes[host.id] }
    private var managers: [SimNode] { world.swarm.nodes.values.filter { $0.spec.role == .manager } }

    /// The part of `GET /info`.
    func write(_ text: inout JSONText) {
        let isManager = node?.spec.role == .manager
        text.field("NodeID", node?.id ?? "")
        text.field("NodeAddr", node == nil ? "" : host.address)
        text.field("LocalNodeState", node == nil ? "inactive" : "active")
        text.field("ControlAvailable", isManager)
        text.field("Error", isManager && !world.swarm.hasLeader ? SimSwarm.noLeaderMessage : "")
        guard node != nil else {
            text.null("RemoteManagers")
            return
        }
        text.array("RemoteManagers") { list in
            for manager in managers {
                list.object {
                    $0.field("NodeID", manager.id)
                    $0.field("Addr", "\(manager.address):2377")
                }
            }
        }
        guard isManager, world.swarm.hasLeader else { return }
        text.field("Nodes", world.swarm.nodes.count)
        text.field("Managers", managers.count)
        text.object("Cluster") { cluster(&$0) }
    }

    /// `GET /swarm`, but for the tokens.
    func cluster(_ text: inout JSONText) {
        text.field("ID", world.swarm.id)
        text.object("Version") { $0.field("Index", 10) }
        text.time("CreatedAt", world.swarm.created)
        text.time("UpdatedAt", world.swarm.created)
        text.object("Spec") { text in
            text.field("Name", "default")
            text.field("Labels", [String: String]())
            text.object("Orchestration") { $0.field("TaskHistoryRetentionLimit", world.swarm.taskHistoryLimit) }
            text.object("Raft") {
                $0.field("SnapshotInterval", 10_000)
                $0.field("KeepOldSnapshots", 0)
                $0.field("LogEntriesForSlowFollowers", 500)
                $0.field("ElectionTick", 10)
                $0.field("HeartbeatTick", 1)
            }
            text.object("Dispatcher") { $0.field("HeartbeatPeriod", 5_000_000_000) }
            text.object("CAConfig") { $0.field("NodeCertExpiry", 7_776_000_000_000_000) }
            text.object("TaskDefaults") { _ in }
            text.object("EncryptionConfig") { $0.field("AutoLockManagers", false) }
        }
        text.object("TLSInfo") { _ in }
        text.field("RootRotationInProgress", false)
        text.null("DefaultAddrPool")
        text.field("SubnetSize", 24)
        text.field("DataPathPort", 4789)
    }

    /// Nobody can join with these.
    func tokens(_ text: inout JSONText) {
        text.object("JoinTokens") {
            $0.field("Worker", "SWMTKN-1-practice-worker")
            $0.field("Manager", "SWMTKN-1-practice-manager")
        }
    }
}

/// A node in the words of the managers.
struct NodeWriting {
    let node: SimNode

    func write(_ text: inout JSONText) {
        text.field("ID", node.id)
        text.object("Version") { $0.field("Index", node.version) }
        text.time("CreatedAt", node.created)
        text.time("UpdatedAt", node.updated)
        text.object("Spec") {
            if !node.spec.name.isEmpty { $0.field("Name", node.spec.name) }
            $0.field("Labels", node.spec.labels)
            $0.field("Role", node.spec.role.rawValue)
            $0.field("Availability", node.spec.availability.rawValue)
        }
        text.object("Description") { text in
            text.field("Hostname", node.hostname)
            text.object("Platform") {
                $0.field("Architecture", node.platform.architecture)
                $0.field("OS", node.platform.os)
            }
            text.object("Resources") {
                $0.field("NanoCPUs", node.resources.nanoCPUs)
                $0.field("MemoryBytes", node.resources.memory)
            }
            text.object("Engine") { text in
                text.field("EngineVersion", node.engineVersion)
                if !node.engineLabels.isEmpty { text.field("Labels", node.engineLabels) }
                text.array("Plugins") { list in
                    for (kind, names) in [("Log", EnginePlugins.logs), ("Network", EnginePlugins.networks), ("Volume", ["local"])] {
                        for name in names {
                            list.object {
                                $0.field("Type", kind)
                                $0.field("Name", name)
                            }
                        }
                    }
                }
            }
            text.object("TLSInfo") { _ in }
        }
        text.object("Status") {
            $0.field("State", node.state.rawValue)
            if !node.message.isEmpty { $0.field("Message", node.message) }
            $0.field("Addr", node.address)
        }
        guard node.spec.role == .manager else { return }
        text.object("ManagerStatus") {
            if node.isLeader { $0.field("Leader", true) }
            $0.field("Reachability", node.isReachable ? "reachable" : "unreachable")
            $0.field("Addr", "\(node.address):2377")
        }
    }
}
