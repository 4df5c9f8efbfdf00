/// Containers that ask for a name and that no registry has.
extension Comparison {
    /// Seconds in which a registrar may still come round to it.
    private static let grace: Int64 = 15

    mutating func compareContainers() {
        guard let registry = liveRegistries.first else { return }
        let places = Dictionary(uniqueKeysWithValues: joins.machines.keys.map { ($0, place(of: $0, in: registry)) })
        for container in snapshot.containers where joins.isLive(container.id.source) && !registered.contains(container.id) {
            guard case .running(let since) = container.state, since.map({ snapshot.takenAt.seconds(since: $0) >= Self.grace }) ?? true,
                RegistratorConventions.asksForName(container), !RegistratorConventions.isIgnored(container)
            else { continue }
            if let place = places[container.id.source] { compare(container, with: registry, on: place) }
        }
    }

    private mutating func compare(_ container: Container, with registry: Source, on place: Place) {
        let source = container.id.source
        guard let machine = joins.machines[source] else { return }
        let published = RegistratorConventions.registrations(of: container, hostname: machine.title, hostAddress: place.address)
        let asked = published.isEmpty ? RegistratorConventions.ownRegistration(of: container, hostname: machine.title).map { [$0] } ?? [] : published
        for var registration in asked where !unjoinedNames.contains(registration.name) {
            let endpoint = registration.address.isEmpty ? "" : " at \(registration.address):\(registration.port)"
            var advice = "register it\(endpoint)" + (published.isEmpty ? "; it publishes no port, so that only its own machine reaches it" : "")
            var mend: Operation?
            if let node = place.node, !registration.address.isEmpty {
                registration.node = node
                mend = Operation(.registry(.register(registration)), on: .source(registry.id, name: registry.name))
            } else if place.node == nil {
                advice = "start an agent of \(registry.name.isEmpty ? registry.kind.rawValue : registry.name) on \(machine.title): none is known there that could hold it"
            }
            found.append(
                Disagreement(
                    id: Disagreement.ID(source, "\(Disagreement.Kind.unregistered.rawValue)/\(container.id.raw)/\(registration.id)"), kind: .unregistered,
                    service: registration.name, container: container.id,
                    words: "\(container.name) runs on \(machine.title) and asks for the name \(registration.name), and no registry has it",
                    match: "no entry by its id, by Registrator's id, or by address and port", mend: mend, advice: advice))
        }
    }

    /// Where on an engine's machine an entry would be held, and what it would tell clients to dial.
    private struct Place {
        /// The registry's agent there; nil where there is none.
        var node: String?
        var address: String
    }

    private func place(of engine: Source.ID, in registry: Source) -> Place {
        let machine = joins.machines[engine]
        if registry.kind == .registry { return Place(node: machine?.title, address: ownAddress(of: machine)) }
        let members = snapshot.members.filter {
            $0.id.source == registry.id && $0.status == .alive && joins.engines(ofNode: $0.name, in: registry.id).contains(engine)
        }
        let member = members.first(where: \.isAsked) ?? members.first
        let address = member?.address ?? ""
        return Place(node: member?.name, address: address.isEmpty ? ownAddress(of: machine) : address)
    }

    private func ownAddress(of machine: Joins.Machine?) -> String {
        guard machine?.isLocal == true else { return machine?.addresses.sorted().first ?? "" }
        // The address that the others would dial: that of the way out.
        let uplink = snapshot.hostNetwork.uplink.flatMap { route in snapshot.hostNetwork.links.first { $0.name == route.link } }
        let dotted = uplink?.addresses.first { !$0.contains(":") } ?? uplink?.addresses.first
        return dotted.map { String($0.prefix { $0 != "/" }) } ?? "127.0.0.1"
    }
}
