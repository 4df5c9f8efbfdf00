internal import Domain

/// A container's side of the network: its namespace and the interfaces in it.
struct Sandbox: Hashable {
    var container: String
    var pid: Int32
    var namespace: UInt64?
    /// The container it runs in has a network namespace of its own, so that the other ends are in there.
    var isEnclosed = false
    var interfaces: [NamedInterface]
}

/// Which container's interface is the other end of which of the host's veths.
///
/// The host's end knows the other's index but not its namespace. Docker creates both ends in the host's namespace, so
/// that the index is usually unique; where two namespaces have an interface of that index, the bytes decide: what the
/// host's end has sent, the container has received.
struct VethMap: Hashable {
    struct End: Hashable {
        var container: String
        var interface: String
    }

    private(set) var ends: [String: End] = [:]
    /// Host ends that several containers might be the other end of.
    private(set) var ambiguous: [String] = []

    /// `matches` tells whether the counters of a host's end agree with those of a container's interface; it is asked
    /// only where the index leaves a doubt.
    init(
        veths: [LinkFacts], sandboxes: [Sandbox], ownNamespace: UInt64?,
        matches: (_ veth: String, _ sandbox: Sandbox, _ interface: String) -> Bool
    ) {
        var byIndex: [Int: [(sandbox: Sandbox, interface: String)]] = [:]
        for sandbox in Self.distinct(sandboxes, ownNamespace) {
            for interface in sandbox.interfaces { byIndex[interface.index, default: []].append((sandbox, interface.name)) }
        }
        for veth in veths {
            let candidates = byIndex[veth.peerIndex] ?? []
            if candidates.count == 1 {
                ends[veth.name] = End(container: candidates[0].sandbox.container, interface: candidates[0].interface)
            } else if candidates.count > 1 {
                let agreeing = candidates.filter { matches(veth.name, $0.sandbox, $0.interface) }
                if agreeing.count == 1 {
                    ends[veth.name] = End(container: agreeing[0].sandbox.container, interface: agreeing[0].interface)
                } else {
                    ambiguous.append(veth.name)
                }
            }
        }
        // An interface has one other end: when two host ends claim it by index alone, the bytes decide here too.
        for (end, names) in Dictionary(grouping: ends.keys, by: { ends[$0] }) where names.count > 1 {
            guard let end, let sandbox = sandboxes.first(where: { $0.container == end.container }) else { continue }
            let agreeing = names.filter { matches($0, sandbox, end.interface) }
            for name in names where agreeing != [name] {
                ends[name] = nil
                ambiguous.append(name)
            }
        }
        ambiguous.sort()
    }

    /// One sandbox for each namespace: of those who share it the one that was there first, which is the pod's own
    /// process, or the container that the others were told to join.
    private static func distinct(_ sandboxes: [Sandbox], _ ownNamespace: UInt64?) -> [Sandbox] {
        var first: [UInt64: Sandbox] = [:]
        var unknown: [Sandbox] = []
        for sandbox in sandboxes where !sandbox.isEnclosed && !sandbox.interfaces.isEmpty {
            guard let namespace = sandbox.namespace else {
                unknown.append(sandbox)
                continue
            }
            if namespace == ownNamespace { continue }
            if let known = first[namespace], known.pid <= sandbox.pid { continue }
            first[namespace] = sandbox
        }
        return first.values + unknown
    }
}
