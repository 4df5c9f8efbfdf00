/// The registry's things as Consul 1.8 writes them.
enum ConsulText {
    /// Consul's build, as its agents tell it.
    static let version = "1.8.7"

    static func value(_ write: (inout JSONText) -> Void) -> [UInt8] {
        var text = JSONText(escapesHTML: true)
        write(&text)
        return text.bytes
    }

    // MARK: Checks

    static func check(_ check: SimCheck, isAgents: Bool = false) -> [UInt8] {
        value { text in
            text.object {
                $0.field("Node", check.node)
                $0.field("CheckID", check.id)
                $0.field("Name", check.name)
                $0.field("Status", check.status.rawValue)
                $0.field("Notes", check.notes)
                $0.field("Output", check.output)
                $0.field("ServiceID", check.serviceID)
                $0.field("ServiceName", check.serviceName)
                $0.field("ServiceTags", check.serviceTags)
                $0.field("Type", check.kind.text)
                // Agents keep to themselves how a check is defined.
                if check.definition.isEmpty { $0.object("Definition") { _ in } } else { $0.field("Definition", raw: Array(check.definition.utf8)) }
                $0.field("CreateIndex", isAgents ? 0 : check.createIndex)
                $0.field("ModifyIndex", isAgents ? 0 : check.modifyIndex)
            }
        }
    }

    // MARK: Nodes

    static func node(_ member: SimMember, in datacenter: String) -> [UInt8] {
        value { text in
            text.object {
                nodeHead(&$0, member, datacenter)
                $0.field("Meta", meta(of: member))
                $0.field("CreateIndex", member.createIndex)
                $0.field("ModifyIndex", member.modifyIndex)
            }
        }
    }

    private static func nodeHead(_ text: inout JSONText, _ member: SimMember, _ datacenter: String) {
        let isExternal = member.host == nil
        text.field("ID", isExternal ? "" : member.id)
        text.field("Node", member.name)
        text.field("Address", member.address)
        text.field("Datacenter", datacenter)
        if isExternal {
            text.null("TaggedAddresses")
        } else {
            text.field("TaggedAddresses", ["lan": member.address, "lan_ipv4": member.address, "wan": member.address, "wan_ipv4": member.address])
        }
    }

    static func meta(of member: SimMember) -> [String: String] {
        member.host == nil ? member.meta : member.meta.merging(["consul-network-segment": ""]) { known, _ in known }
    }

    // MARK: Instances

    /// As it stands within a node or in a list of health.
    static func service(_ instance: SimInstance) -> [UInt8] {
        value { text in
            text.object {
                $0.field("ID", instance.id)
                $0.field("Service", instance.name)
                $0.field("Tags", instance.tags)
                $0.field("Address", instance.address)
                taggedAddresses("TaggedAddresses", &$0, instance)
                if instance.meta.isEmpty { $0.null("Meta") } else { $0.field("Meta", instance.meta) }
                $0.field("Port", instance.port)
                weights("Weights", &$0, instance)
                $0.field("EnableTagOverride", false)
                proxy("Proxy", &$0)
                $0.object("Connect") { _ in }
                $0.field("CreateIndex", instance.createIndex)
                $0.field("ModifyIndex", instance.modifyIndex)
            }
        }
    }

    /// As it stands in `/v1/catalog/service/…`.
    static func catalogService(_ instance: SimInstance, on member: SimMember, in datacenter: String) -> [UInt8] {
        value { text in
            text.object {
                nodeHead(&$0, member, datacenter)
                $0.field("NodeMeta", meta(of: member))
                $0.field("ServiceKind", "")
                $0.field("ServiceID", instance.id)
                $0.field("ServiceName", instance.name)
                $0.field("ServiceTags", instance.tags)
                $0.field("ServiceAddress", instance.address)
                taggedAddresses("ServiceTaggedAddresses", &$0, instance)
                weights("ServiceWeights", &$0, instance)
                $0.field("ServiceMeta", instance.meta)
                $0.field("ServicePort", instance.port)
                $0.field("ServiceEnableTagOverride", false)
                proxy("ServiceProxy", &$0)
                $0.object("ServiceConnect") { _ in }
                $0.field("CreateIndex", instance.createIndex)
                $0.field("ModifyIndex", instance.modifyIndex)
            }
        }
    }

    /// As the agent that holds it tells it.
    static func agentService(_ instance: SimInstance, hash: String? = nil) -> [UInt8] {
        value { text in
            text.object {
                $0.field("ID", instance.id)
                $0.field("Service", instance.name)
                $0.field("Tags", instance.tags)
                $0.field("Meta", instance.meta)
                $0.field("Port", instance.port)
                $0.field("Address", instance.address)
                taggedAddresses("TaggedAddresses", &$0, instance)
                weights("Weights", &$0, instance)
                $0.field("EnableTagOverride", false)
                if let hash { $0.field("ContentHash", hash) }
            }
        }
    }

    private static func taggedAddresses(_ key: StaticString, _ text: inout JSONText, _ instance: SimInstance) {
        guard !instance.address.isEmpty else { return }
        text.object(key) {
            for name in ["lan_ipv4", "wan_ipv4"] {
                $0.object(named: name) {
                    $0.field("Address", instance.address)
                    $0.field("Port", instance.port)
                }
            }
        }
    }

    private static func weights(_ key: StaticString, _ text: inout JSONText, _ instance: SimInstance) {
        text.object(key) {
            $0.field("Passing", instance.passingWeight)
            $0.field("Warning", instance.warningWeight)
        }
    }

    private static func proxy(_ key: StaticString, _ text: inout JSONText) {
        text.object(key) {
            $0.object("MeshGateway") { _ in }
            $0.object("Expose") { _ in }
        }
    }
}
