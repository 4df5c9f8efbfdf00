internal import Domain
internal import Glibc

/// The host's links and routes, and which container each veth leads to.
///
/// The picture is looked at every ten seconds, and at once when containers come or go; the files of a link are read again
/// only when its flags or its index changed. Rates are worked out only while somebody looks at the links.
struct NetworkWatch {
    private static let lookEvery: UInt64 = 10_000_000_000

    private struct Count {
        var at: UInt64
        var counters: InterfaceCounters
        var receiveRate = 0.0
        var sendRate = 0.0
    }

    private let root: HostRoot
    private let reader: FileReader
    private let hostName: String
    private let readAddresses: () throws(FileFailure) -> InterfaceAddress.Table
    private var facts: [String: LinkFacts] = [:]
    private var addresses: InterfaceAddress.Table = [:]
    private var routes: [Route] = []
    private var counts: [String: Count] = [:]
    private var sandboxes: [String: Sandbox] = [:]
    private var map = VethMap(veths: [], sandboxes: [], ownNamespace: nil) { _, _, _ in false }
    private var lookedAt: UInt64?
    private var generation = -1
    private var wantsLook = true
    private var remarks: [String] = []
    private var told: HostNetwork?

    init(
        _ root: HostRoot, _ reader: FileReader, hostName: String,
        addresses: @escaping () throws(FileFailure) -> InterfaceAddress.Table
    ) {
        self.root = root
        self.reader = reader
        self.hostName = hostName
        readAddresses = addresses
    }

    mutating func refresh() { wantsLook = true }

    /// The network if it differs from what was answered last.
    mutating func look(_ usage: UsageWatch, wantsLinks: Bool, now: UInt64, ownNamespace: UInt64?) -> HostNetwork? {
        var isDue = wantsLook || lookedAt.map { now >= $0 &+ Self.lookEvery } ?? true || generation != usage.generation
        if wantsLinks || isDue {
            let table = readCounters()
            if !isDue, wantsLinks, Set(table.keys) != Set(facts.keys) { isDue = true }
            if isDue { lookAround(usage, table, now: now, ownNamespace: ownNamespace) }
            take(table, now: now, wantsLinks: wantsLinks)
        } else {
            return nil
        }
        let network = HostNetwork(hostName: hostName, links: links(), routes: routes, remarks: remarks)
        guard network != told else { return nil }
        told = network
        return network
    }

    private mutating func lookAround(
        _ usage: UsageWatch, _ table: [String: InterfaceCounters], now: UInt64, ownNamespace: UInt64?
    ) {
        remarks = []
        let changed = refreshFacts()
        let news = changed || generation != usage.generation || wantsLook
        // Without a veth here nothing leads to any container: their files need not be read.
        if !veths.isEmpty || !map.ends.isEmpty || !map.ambiguous.isEmpty, news || !map.ambiguous.isEmpty || hasUnassigned {
            refreshSandboxes(usage, now: now, ownNamespace: ownNamespace, afresh: news && hasUnassigned)
            map = assigned(usage, ownNamespace: ownNamespace, before: table, now: now)
            // An interface added to a container that was known before is found by reading all of them again.
            if news, hasUnassigned {
                refreshSandboxes(usage, now: now, ownNamespace: ownNamespace, afresh: true)
                map = assigned(usage, ownNamespace: ownNamespace, before: table, now: now)
            }
        }
        if !map.ambiguous.isEmpty {
            remarks.append(
                "several containers may be behind \(map.ambiguous.joined(separator: ", ")): "
                    + "their interfaces have the same index, and too little traffic to tell them apart")
        }
        routes = readRoutes()
        if let ownNamespace, let first = ProcessEntry.namespace(of: "1", root), first != ownNamespace {
            remarks.append("these are the links of the network namespace that Binnacle runs in, not of the machine (--net=host)")
        }
        generation = usage.generation
        lookedAt = now
        wantsLook = false
    }

    private var veths: [LinkFacts] {
        let byIndex = Dictionary(facts.values.map { ($0.index, $0) }, uniquingKeysWith: { first, _ in first })
        return facts.values.filter { link in
            // Both ends on the host: no container is behind it.
            link.kind == .veth && byIndex[link.peerIndex]?.peerIndex != link.index
        }
    }

    private var hasUnassigned: Bool { facts.values.contains { $0.kind == .veth && map.ends[$0.name] == nil } }

    /// Reads the files of the links that are new or whose flags changed; answers whether links have come or gone.
    private mutating func refreshFacts() -> Bool {
        do throws(FileFailure) {
            addresses = try readAddresses()
        } catch {
            addresses = [:]
            remarks.append("addresses cannot be read: \(String(cString: strerror(error.code)))")
        }
        let names: [String]
        do throws(FileFailure) {
            names = try Directory.entries(root.links).map(\.name)
        } catch {
            remarks.append("links cannot be read: \(root.links): \(String(cString: strerror(error.code)))")
            names = []
        }
        var next: [String: LinkFacts] = [:]
        for name in names {
            if var known = facts[name], let address = addresses[name], address.index == known.index,
                UInt64(address.flags & 0xFFFF) == known.flags & 0xFFFF, wantsLook == false
            {
                if known.master == nil, known.kind == .veth || known.kind == .physical {
                    known.master = LinkFacts.master(of: name, in: root)
                }
                next[name] = known
            } else {
                next[name] = LinkFacts(name, in: root, reader)
            }
        }
        let changed = next.count != facts.count || next.contains { facts[$0.key]?.index != $0.value.index }
        facts = next
        return changed
    }

    private mutating func refreshSandboxes(_ usage: UsageWatch, now: UInt64, ownNamespace: UInt64?, afresh: Bool) {
        var next: [String: Sandbox] = [:]
        for probe in usage.containers {
            let id = probe.container.id
            if !afresh, let known = sandboxes[id], !known.interfaces.isEmpty {
                next[id] = known
            } else if var sandbox = sandbox(of: probe, now: now) {
                if let outer = probe.container.outer, let around = next[outer] {
                    sandbox.isEnclosed = around.isEnclosed || (around.namespace != nil && around.namespace != ownNamespace)
                }
                next[id] = sandbox
            }
        }
        sandboxes = next
    }

    private func sandbox(of probe: ContainerProbe, now: UInt64) -> Sandbox? {
        defer { probe.settle() }
        do throws(FileFailure) {
            guard let process = try probe.currentProcess(root, reader, at: now) else { return nil }
            var interfaces = try reader.read("net/igmp", in: process.directory, NetworkText.interfaces)
            if interfaces.isEmpty {
                interfaces = try reader.read("net/dev_mcast", in: process.directory, NetworkText.interfaces)
            }
            return Sandbox(
                container: probe.container.id, pid: process.pid, namespace: process.namespace, interfaces: interfaces)
        } catch {
            return nil  // it has ended meanwhile, or is not for us; its readings say so
        }
    }

    private func assigned(
        _ usage: UsageWatch, ownNamespace: UInt64?, before: [String: InterfaceCounters], now: UInt64
    ) -> VethMap {
        VethMap(veths: veths, sandboxes: usage.containers.compactMap { sandboxes[$0.container.id] }, ownNamespace: ownNamespace) {
            veth, sandbox, interface in
            guard let earlier = before[veth], let probe = usage.probe(of: sandbox.container) else { return false }
            defer { probe.settle() }
            do throws(FileFailure) {
                guard let process = try probe.currentProcess(root, reader, at: now) else { return false }
                let inside = try reader.read("net/dev", in: process.directory, NetworkText.counters)[interface]
                guard let inside, let later = readCounters()[veth] else { return false }
                return Self.agree(earlier, inside, later)
            } catch {
                return false
            }
        }
    }

    /// Whether what a container's interface counted lies between two readings of the host's end; silence proves nothing.
    static func agree(_ before: InterfaceCounters, _ inside: InterfaceCounters, _ after: InterfaceCounters) -> Bool {
        guard inside.received > 0 || inside.sent > 0 else { return false }
        return before.sent <= inside.received && inside.received <= after.sent && before.received <= inside.sent
            && inside.sent <= after.received
    }

    private func readCounters() -> [String: InterfaceCounters] {
        do throws(FileFailure) {
            return try reader.read(root.ownNetwork + "/dev", NetworkText.counters)
        } catch {
            return [:]  // links are then shown without counters
        }
    }

    private mutating func readRoutes() -> [Route] {
        var routes: [Route] = []
        do throws(FileFailure) {
            routes = try reader.read(root.ownNetwork + "/route", RouteTable.routes4)
        } catch {
            remarks.append("routes cannot be read: \(root.ownNetwork)/route: \(String(cString: strerror(error.code)))")
        }
        do throws(FileFailure) {
            routes += try reader.read(root.ownNetwork + "/ipv6_route", RouteTable.defaultRoutes6)
        } catch {
            // No such file: the machine has no IPv6.
        }
        return routes
    }

    private mutating func take(_ table: [String: InterfaceCounters], now: UInt64, wantsLinks: Bool) {
        var next: [String: Count] = [:]
        next.reserveCapacity(table.count)
        for (name, counters) in table {
            guard let before = counts[name] else {
                next[name] = Count(at: now, counters: counters)
                continue
            }
            // Nobody looks: old counters stay, so that traffic alone does not make a new picture.
            guard wantsLinks, now >= before.at &+ UsageMeter.shortest else {
                next[name] = before
                continue
            }
            let seconds = Double(now - before.at) / 1e9
            func rate(_ earlier: UInt64, _ later: UInt64) -> Double {
                later >= earlier ? Double(later - earlier) / seconds : 0
            }
            next[name] = Count(
                at: now, counters: counters, receiveRate: rate(before.counters.received, counters.received),
                sendRate: rate(before.counters.sent, counters.sent))
        }
        counts = next
    }

    private func links() -> [Link] {
        facts.values.sorted { $0.index < $1.index }.map { link in
            let count = counts[link.name]
            let end = map.ends[link.name]
            return Link(
                name: link.name, index: link.index, peerIndex: link.peerIndex, kind: link.kind, isUp: link.isUp,
                operState: link.operState, hardwareAddress: link.hardwareAddress, mtu: link.mtu, master: link.master,
                addresses: addresses[link.name]?.addresses ?? [], container: end?.container, containerInterface: end?.interface,
                receiveRate: count?.receiveRate ?? 0, sendRate: count?.sendRate ?? 0, received: count?.counters.received ?? 0,
                sent: count?.counters.sent ?? 0,
                errors: (count?.counters.receiveErrors ?? 0) &+ (count?.counters.sendErrors ?? 0))
        }
    }
}
