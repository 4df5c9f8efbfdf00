/// What an agent says of itself, of what it holds, and of the others.
extension ConsulHandler {
    func look(_ route: ConsulRoute, _ request: ServerRequest) throws(ConsulFault) -> ConsulAnswer {
        let isFiltered = route == .agentServices || route == .agentChecks
        let query: ConsulQuery
        do throws(ConsulFault) {
            query = try ConsulQuery(request, datacenter: cluster.with { $0.registry.datacenter }, isFiltered: isFiltered)
        } catch {
            // Only reads of the servers' tables come with those headers.
            throw ConsulFault(status: error.status, text: error.text)
        }
        let isText = request.queryValue("format") == "text"
        return try cluster.with { world throws(ConsulFault) in try look(route, world.registry, query.filter, isText: isText) }
    }

    private func look(_ route: ConsulRoute, _ registry: SimRegistry, _ filter: FilterExpression?, isText: Bool) throws(ConsulFault) -> ConsulAnswer {
        switch route {
        case .leader: return .json(ConsulText.value { $0.element(registry.leader) })
        case .peers: return .json(ConsulText.value { $0.array { $0.elements(registry.members.values.filter(\.isServer).map(\.raftAddress)) } })
        case .datacenters: return .json(ConsulText.value { $0.array { $0.element(registry.datacenter) } })
        case .raft: return .json(raft(registry))
        case .agentSelf: return .json(try description(registry))
        case .members: return .json(ConsulText.value { text in text.array { for member in registry.agents { $0.raw(ConsulText.member(member, in: registry)) } } })
        case .agentServices: return .json(dictionary(ownInstances(registry).map { ($0.id, ConsulText.agentService($0)) }, filter))
        case .agentChecks: return .json(dictionary(ownChecks(registry).map { ($0.id, ConsulText.check($0, isAgents: true)) }, filter))
        case .agentService(let id):
            guard let instance = ownInstances(registry).first(where: { $0.id == id }) else { throw ConsulFault(status: 404, text: "unknown service ID: \(id)") }
            let hash = Self.hash(of: instance)
            return .json(ConsulText.agentService(instance, hash: hash), headers: [("X-Consul-Contenthash", hash)])
        case .agentHealth(let id): return health(of: ownInstances(registry).filter { $0.id == id }, registry, isOne: true, missing: "ServiceId \(id) not found", isText)
        case .agentHealthByName(let name):
            return health(of: ownInstances(registry).filter { $0.name == name }, registry, isOne: false, missing: "ServiceName \(name) Not Found", isText)
        default: throw ConsulFault(status: 404, text: "")
        }
    }

    /// The servers register themselves with each other, not with their agents.
    private func ownInstances(_ registry: SimRegistry) -> [SimInstance] { registry.instances(on: agent).filter { $0.name != "consul" && !$0.isOrphan } }

    private func ownChecks(_ registry: SimRegistry) -> [SimCheck] {
        registry.checks(on: agent).filter { if case .serf = $0.kind { false } else { true } }
    }

    private func dictionary(_ items: [(String, [UInt8])], _ filter: FilterExpression?) -> [UInt8] {
        ConsulText.value { text in
            text.object {
                for (key, item) in items.sorted(by: { $0.0 < $1.0 }) where accepts(item, filter) { $0.field(named: key, raw: item) }
            }
        }
    }

    private static func hash(of instance: SimInstance) -> String {
        let digits = String(Randomness.fingerprint(String(decoding: ConsulText.agentService(instance), as: UTF8.self)), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private func raft(_ registry: SimRegistry) -> [UInt8] {
        ConsulText.value { text in
            text.object {
                $0.array("Servers") {
                    for member in registry.members.values where member.isServer {
                        $0.object {
                            $0.field("ID", member.id)
                            $0.field("Node", member.name)
                            $0.field("Address", member.raftAddress)
                            $0.field("Leader", member.raftAddress == registry.leader)
                            $0.field("ProtocolVersion", "3")
                            $0.field("Voter", true)
                        }
                    }
                }
                $0.field("Index", 0)
            }
        }
    }

    // MARK: Health of what the agent holds

    private func health(of instances: [SimInstance], _ registry: SimRegistry, isOne: Bool, missing: String, _ isText: Bool) -> ConsulAnswer {
        let entries = instances.map { instance in (instance, registry.nodeChecks(on: agent).filter { $0.id != "serfHealth" } + registry.checks(of: instance)) }
        let checks = entries.flatMap(\.1)
        let isMaintained = checks.contains { if case .maintenance = $0.kind { true } else { false } }
        let word =
            isMaintained
            ? "maintenance" : checks.contains { $0.status == .critical } ? "critical" : checks.contains { $0.status == .warning } ? "warning" : "passing"
        let status = instances.isEmpty ? 404 : word == "passing" ? 200 : word == "warning" ? 429 : 503
        let reason = instances.isEmpty ? missing : word
        if isText {
            return ConsulAnswer(status: status, type: "text/plain", headers: [("X-Consul-Reason", reason)], body: Array((instances.isEmpty ? missing : word).utf8))
        }
        let items = entries.map { instance, checks in
            ConsulText.value { text in
                text.object {
                    $0.field("AggregatedStatus", word)
                    $0.field("Service", raw: ConsulText.agentService(instance))
                    $0.array("Checks") { for check in checks { $0.raw(ConsulText.check(check, isAgents: true)) } }
                }
            }
        }
        let body =
            isOne ? items.first ?? Array(#"{"AggregatedStatus":"critical","Service":null,"Checks":null}"#.utf8)
            : ConsulText.value { text in text.array { for item in items { $0.raw(item) } } }
        return .json(body, status: status, headers: [("X-Consul-Reason", reason)])
    }

    // MARK: The agent itself

    private func description(_ registry: SimRegistry) throws(ConsulFault) -> [UInt8] {
        guard let member = registry.members[agent] else { throw ConsulFault(status: 500, text: "the agent has left") }
        let agents = registry.agents
        return ConsulText.value { text in
            text.object {
                $0.object("Config") {
                    $0.field("Datacenter", registry.datacenter)
                    $0.field("NodeName", member.name)
                    $0.field("NodeID", member.id)
                    $0.field("Revision", "")
                    $0.field("Server", member.isServer)
                    $0.field("Version", ConsulText.version)
                }
                $0.object("DebugConfig") {
                    $0.field("ACLsEnabled", false)
                    $0.field("AEInterval", "1m0s")
                    $0.field("AdvertiseAddrLAN", member.address)
                    $0.field("CheckUpdateInterval", "5m0s")
                    $0.field("DNSAddrs", ["tcp://127.0.0.1:\(dnsPort)", "udp://127.0.0.1:\(dnsPort)"])
                    $0.field("DNSAllowStale", true)
                    $0.field("DNSDomain", "consul.")
                    $0.field("DNSEnableTruncate", false)
                    $0.field("DNSOnlyPassing", false)
                    $0.field("DNSPort", dnsPort)
                    $0.field("DNSUDPAnswerLimit", NameLookup.shortAnswer)
                    $0.field("Datacenter", registry.datacenter)
                    $0.field("EnableLocalScriptChecks", true)
                    $0.field("EnableRemoteScriptChecks", true)
                    $0.field("NodeName", member.name)
                    $0.field("ServerMode", member.isServer)
                    $0.field("Version", ConsulText.version)
                }
                $0.field("Member", raw: ConsulText.member(member, in: registry))
                $0.object("Stats") {
                    $0.field("agent", ["checks": "\(ownChecks(registry).count)", "services": "\(ownInstances(registry).count)"])
                    $0.field("build", ["prerelease": "", "revision": "", "version": ConsulText.version])
                    $0.field(
                        "consul",
                        ["known_datacenters": "1", "leader": "\(member.raftAddress == registry.leader)", "leader_addr": registry.leader, "server": "\(member.isServer)"])
                    $0.field(
                        "serf_lan",
                        [
                            "failed": "\(agents.count { $0.status == .failed })", "left": "\(agents.count { $0.status == .left })",
                            "members": "\(agents.count)",
                        ])
                }
                $0.field("Meta", ConsulText.meta(of: member))
            }
        }
    }
}

extension SimMember {
    /// As the servers know each other, and as the leader is named.
    fileprivate var raftAddress: String { "\(address):8300" }
}

extension SimRegistry {
    /// Nodes with an agent, all others of the catalog left out.
    fileprivate var agents: [SimMember] { members.values.filter { $0.host != nil } }
}

extension ConsulText {
    /// As gossip has it.
    fileprivate static func member(_ member: SimMember, in registry: SimRegistry) -> [UInt8] {
        var tags = [
            "acls": "0", "build": "\(version):", "dc": registry.datacenter, "id": member.id, "role": "node", "segment": "", "vsn": "2", "vsn_max": "3",
            "vsn_min": "2",
        ]
        if member.isServer { tags.merge(["ft_fs": "1", "port": "8300", "raft_vsn": "3", "role": "consul"]) { $1 } }
        return value { text in
            text.object {
                $0.field("Name", member.name)
                $0.field("Addr", member.address)
                $0.field("Port", 8301)
                $0.field("Tags", tags)
                $0.field("Status", member.status.rawValue)
                $0.field("ProtocolMin", 1)
                $0.field("ProtocolMax", 5)
                $0.field("ProtocolCur", 2)
                $0.field("DelegateMin", 2)
                $0.field("DelegateMax", 5)
                $0.field("DelegateCur", 4)
            }
        }
    }
}
