internal import Domain
internal import JSON

extension ServiceForm {
    /// A new service's specification.
    func tree(_ new: ServiceSpecification) -> JSONTree {
        var tree = JSONTree.object(["Name": .string(new.name), "TaskTemplate": .object(["ContainerSpec": .object(["Image": .string(new.image)])])])
        var blank = ServiceSpecification(name: new.name, image: new.image)
        // Whatever the mode is, it has to be said.
        blank.mode = .pinned
        put(new, over: blank, into: &tree)
        return tree
    }

    /// Writes the fields in which `new` means something else than `old` and touches nothing else.
    func write(_ new: ServiceSpecification, over old: ServiceSpecification, into tree: inout JSONTree) {
        put(new.spelled(like: old), over: old, into: &tree)
    }

    private func put(_ new: ServiceSpecification, over old: ServiceSpecification, into tree: inout JSONTree) {
        let container = ["TaskTemplate", "ContainerSpec"]
        func set(_ value: JSONTree?, _ path: [String], if differs: Bool) { if differs { tree.set(value, at: path) } }
        func texts(_ path: String..., field: KeyPath<ServiceSpecification, [String]>) {
            set(Self.strings(new[keyPath: field]), container + path, if: new[keyPath: field] != old[keyPath: field])
        }
        func text(_ key: String, _ field: KeyPath<ServiceSpecification, String>) {
            set(new[keyPath: field].isEmpty ? nil : .string(new[keyPath: field]), container + [key], if: new[keyPath: field] != old[keyPath: field])
        }
        text("Image", \.image)
        texts("Command", field: \.command)
        texts("Args", field: \.arguments)
        texts("Env", field: \.environment)
        text("Hostname", \.hostName)
        text("User", \.user)
        text("Dir", \.workingFolder)
        text("StopSignal", \.stopSignal)
        texts("Groups", field: \.groups)
        texts("Hosts", field: \.hosts)
        texts("CapabilityAdd", field: \.capabilitiesAdded)
        texts("CapabilityDrop", field: \.capabilitiesDropped)
        set(new.stopGrace.map { .number($0.inNanoseconds) }, container + ["StopGracePeriod"], if: new.stopGrace != old.stopGrace)
        set(.flag(new.isReadOnlyRoot), container + ["ReadOnly"], if: new.isReadOnlyRoot != old.isReadOnlyRoot)
        set(.flag(new.usesTerminal), container + ["TTY"], if: new.usesTerminal != old.usesTerminal)
        set(new.usesInit.map { .flag($0) }, container + ["Init"], if: new.usesInit != old.usesInit)
        texts("DNSConfig", "Nameservers", field: \.nameServers)
        texts("DNSConfig", "Search", field: \.searchDomains)
        set(.dictionary(new.sysctls), container + ["Sysctls"], if: new.sysctls != old.sysctls)
        set(.dictionary(new.containerLabels), container + ["Labels"], if: new.containerLabels != old.containerLabels)
        let inContainer = tree["TaskTemplate", "ContainerSpec"] ?? .null
        set(new.healthCheck.map { Self.wire($0, over: inContainer["Healthcheck"]) }, container + ["Healthcheck"], if: new.healthCheck != old.healthCheck)
        let mounts = inContainer["Mounts"]
        set(Self.list(new.mounts, over: mounts, reading: Self.mount) { Self.wire($0, over: mounts) }, container + ["Mounts"], if: new.mounts != old.mounts)
        let secrets = Self.list(new.secrets, over: inContainer["Secrets"], reading: { Self.handed($0, name: "SecretName") }) {
            Self.wire($0, "Secret", directory.secretIDs[$0.name])
        }
        set(secrets, container + ["Secrets"], if: new.secrets != old.secrets)
        let configs = Self.list(new.configs, over: inContainer["Configs"], reading: { Self.handed($0, name: "ConfigName") }) {
            Self.wire($0, "Config", directory.configIDs[$0.name])
        }
        set(configs, container + ["Configs"], if: new.configs != old.configs)
        writePlacement(new, over: old, into: &tree)
        set(.dictionary(new.labels), ["Labels"], if: new.labels != old.labels)
        set(Self.wire(mode: new, over: tree["Mode"]), ["Mode"], if: new.mode != old.mode || new.replicas != old.replicas)
        set(new.update.map { Self.wire($0, over: tree["UpdateConfig"]) }, ["UpdateConfig"], if: new.update != old.update)
        set(new.rollback.map { Self.wire($0, over: tree["RollbackConfig"]) }, ["RollbackConfig"], if: new.rollback != old.rollback)
        set(new.endpointMode.isEmpty ? nil : .string(new.endpointMode), ["EndpointSpec", "Mode"], if: new.endpointMode != old.endpointMode)
        set(Self.list(new.ports, over: tree["EndpointSpec", "Ports"], reading: Self.port, writing: Self.wire), ["EndpointSpec", "Ports"], if: new.ports != old.ports)
    }

    private func writePlacement(_ new: ServiceSpecification, over old: ServiceSpecification, into tree: inout JSONTree) {
        func set(_ value: JSONTree?, _ path: [String], if differs: Bool) { if differs { tree.set(value, at: ["TaskTemplate"] + path) } }
        set(Self.strings(new.constraints), ["Placement", "Constraints"], if: new.constraints != old.constraints)
        let preferences = new.spreadOver.map { JSONTree.object(["Spread": .object(["SpreadDescriptor": .string($0)])]) }
        set(preferences.isEmpty ? nil : .array(preferences), ["Placement", "Preferences"], if: new.spreadOver != old.spreadOver)
        set(new.maximumPerNode.map { .number($0) }, ["Placement", "MaxReplicas"], if: new.maximumPerNode != old.maximumPerNode)
        for (key, now, before) in [("Limits", new.limits, old.limits), ("Reservations", new.reservations, old.reservations)] {
            let path = ["Resources", key]
            set(now.nanoCPUs.map { .number($0) }, path + ["NanoCPUs"], if: now.nanoCPUs != before.nanoCPUs)
            set(now.memory.map { .number($0) }, path + ["MemoryBytes"], if: now.memory != before.memory)
            set(now.slots.map { .number($0) }, path + ["Pids"], if: now.slots != before.slots)
            let generic = path + ["GenericResources"]
            let counted = now.others.sorted { $0.key < $1.key }.map { Counted(kind: $0.key, value: Int64(exactly: $0.value.rounded()) ?? .max) }
            set(Self.list(counted, over: tree["TaskTemplate"]?[generic[...]], reading: Counted.init, writing: Self.wire), generic, if: now.others != before.others)
        }
        set(new.restart.map { Self.wire($0, over: tree["TaskTemplate", "RestartPolicy"]) }, ["RestartPolicy"], if: new.restart != old.restart)
        let attached = tree["TaskTemplate", "Networks"]
        set(Self.list(new.networks, over: attached, reading: attachment) { wire($0, over: attached) }, ["Networks"], if: new.networks != old.networks)
        set(
            new.logDriver.isEmpty ? nil : .object(["Name": .string(new.logDriver), "Options": new.logOptions.isEmpty ? nil : .dictionary(new.logOptions)]),
            ["LogDriver"], if: new.logDriver != old.logDriver || new.logOptions != old.logOptions)
    }
}
