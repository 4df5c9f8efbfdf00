/// What a container asks a registrar for, read as Registrator reads it: the `SERVICE_…` variables of its environment and its labels.
///
/// Two things differ on purpose. A published port is told at the address that it is published on also where the container is on a
/// network of its own (Registrator pairs the container's address with the host's port there, at which nothing answers), and the check
/// keys are no metadata. `SERVICE_CHECK_CMD` and `SERVICE_CHECK_GRPC` are not run by anything here: they stay visible as metadata.
public struct RegistratorConventions: Sendable {
    /// What is kept of a hostile container's wishes, in bytes and pieces; Consul itself takes no more metadata.
    private static let nameLimit = 255
    private static let valueLimit = 512
    private static let pieceLimit = 64
    private static let portLimit = 256

    /// One port that becomes an instance.
    private struct Offer {
        var inside: Int
        var isUDP: Bool
        var address: String
        var port: Int
    }

    private let container: Container
    private let hostname: String

    /// The instances that Registrator would register, by port: one a published port, none where nothing is published.
    ///
    /// - Parameters:
    ///   - hostname: the node, and the first part of the ids.
    ///   - hostAddress: told for ports that are published on every address of the host.
    ///   - isInternal: the containers' own addresses and ports, as by Registrator's `-internal`.
    public static func registrations(
        of container: Container, hostname: String, hostAddress: String, internal isInternal: Bool = false
    ) -> [ServiceRegistration] {
        let reading = RegistratorConventions(container: container, hostname: hostname)
        return reading.registrations(isInternal ? reading.exposed() : reading.published(at: hostAddress))
    }

    /// The one instance of a container that asks for a name and publishes nothing: at its own address, by its first exposed port,
    /// else by the first that its variables speak of; port 0 where it has none. Registrator makes none of it: this is for a registry
    /// that has no other registrar.
    public static func ownRegistration(of container: Container, hostname: String) -> ServiceRegistration? {
        guard asksForName(container), !isIgnored(container) else { return nil }
        let reading = RegistratorConventions(container: container, hostname: hostname)
        let offer =
            reading.exposed().first
            ?? Offer(inside: reading.namedPorts().first ?? 0, isUDP: false, address: reading.ownAddress, port: reading.namedPorts().first ?? 0)
        return reading.registrations([offer]).first
    }

    /// It carries `SERVICE_NAME` or `SERVICE_<port>_NAME`, in a label or in its environment.
    public static func asksForName(_ container: Container) -> Bool {
        func names(_ variables: [String: String]) -> Bool {
            variables.contains { key, value in
                guard !value.isEmpty, key.hasPrefix("SERVICE_") else { return false }
                let (port, rest) = split(key.dropFirst(8).lowercased())
                return rest == "name" && (port == nil || port.map { (1...65_535).contains($0) } == true)
            }
        }
        return names(container.labels) || names(container.detail?.serviceVariables ?? [:])
    }

    /// It carries `SERVICE_IGNORE`; any value but the empty one says so, even “false”.
    public static func isIgnored(_ container: Container) -> Bool {
        RegistratorConventions(container: container, hostname: "").metadata(nil).values["ignore"]?.isEmpty == false
    }

    // The ports.

    /// Published ports, the first binding of each.
    private func published(at hostAddress: String) -> [Offer] {
        // On the host's network every port is published as it is, and engines list none: only what the variables name is known.
        if container.networkMode == "host" {
            let listed = container.ports.map { (inside: $0.containerPort, isUDP: $0.transport == "udp") }
            let named = namedPorts().filter { port in !listed.contains { $0.inside == port } }.map { (inside: $0, isUDP: false) }
            return ordered((listed + named).map { Offer(inside: $0.inside, isUDP: $0.isUDP, address: hostAddress, port: $0.inside) })
        }
        return ordered(
            container.ports.compactMap { port in
                guard let outside = port.hostPort, outside > 0 else { return nil }
                let isAnywhere = ["", "0.0.0.0", "::"].contains(port.hostAddress)
                return Offer(
                    inside: port.containerPort, isUDP: port.transport == "udp", address: isAnywhere ? hostAddress : port.hostAddress,
                    port: outside)
            })
    }

    private func exposed() -> [Offer] {
        ordered(
            container.ports.map {
                Offer(inside: $0.containerPort, isUDP: $0.transport == "udp", address: ownAddress, port: $0.containerPort)
            })
    }

    private func ordered(_ offers: [Offer]) -> [Offer] {
        var seen = Set<Int>()
        let firsts = offers.filter { (1...65_535).contains($0.inside) && seen.insert($0.inside * 2 + ($0.isUDP ? 1 : 0)).inserted }
        return Array(firsts.sorted { ($0.inside, $0.isUDP ? 1 : 0) < ($1.inside, $1.isUDP ? 1 : 0) }.prefix(Self.portLimit))
    }

    /// The address on the network of its mode, else on the first network that gave it one.
    private var ownAddress: String {
        let named = container.endpoints.first { $0.network == container.networkMode && !$0.address.isEmpty }
        let any = named ?? container.endpoints.first { !$0.address.isEmpty }
        return any?.address ?? container.endpoints.first { !$0.addressIPv6.isEmpty }?.addressIPv6 ?? ""
    }

    /// Ports that keys speak of: 80 by `SERVICE_80_NAME`.
    private func namedPorts() -> [Int] {
        let keys = Array(container.labels.keys) + Array((container.detail?.serviceVariables ?? [:]).keys)
        let ports = keys.compactMap { key in key.hasPrefix("SERVICE_") ? Self.split(key.dropFirst(8).lowercased()).port : nil }
        return Set(ports.filter { (1...65_535).contains($0) }).sorted()
    }

    // The metadata.

    private struct Metadata {
        var values: [String: String] = [:]
        /// Keys that were given for this very port.
        var specific = Set<String>()
    }

    /// `80_name` gives 80 and `name`; a key whose first word is no number belongs to every port.
    private static func split(_ key: String) -> (port: Int?, rest: String) {
        guard let underscore = key.firstIndex(of: "_"), let port = Int(key[..<underscore]) else { return (nil, key) }
        return (port, String(key[key.index(after: underscore)...]))
    }

    /// - Parameter port: nil for what is said of no port in particular.
    private func metadata(_ port: Int?) -> Metadata {
        var found = Metadata()
        // The environment first: a label said of the same thing comes later and wins, and what is said of a port always does.
        for variables in [container.detail?.serviceVariables ?? [:], container.labels] {
            for (key, value) in variables.filter({ $0.key.hasPrefix("SERVICE_") }).sorted(by: { $0.key < $1.key }) {
                let (own, rest) = Self.split(key.dropFirst(8).lowercased())
                if let own {
                    guard own == port else { continue }
                    found.values[rest] = value
                    found.specific.insert(rest)
                } else if !found.specific.contains(rest) {
                    found.values[rest] = value
                }
            }
        }
        return found
    }

    private func registrations(_ offers: [Offer]) -> [ServiceRegistration] {
        offers.compactMap { offer in
            let metadata = metadata(offer.inside)
            let values = metadata.values
            guard values["ignore", default: ""].isEmpty else { return nil }
            var name = Self.clean(values["name"] ?? "", Self.nameLimit)
            if name.isEmpty { name = Self.clean(Self.defaultName(container.image), Self.nameLimit) }
            if name.isEmpty { name = Self.clean(container.name, Self.nameLimit) }
            // The number goes behind the name where one name would stand for several ports.
            if offers.count > 1, !metadata.specific.contains("name") { name += "-\(offer.inside)" }
            var id = Self.clean(values["id"] ?? "", Self.nameLimit)
            if id.isEmpty { id = RegistratorID(host: hostname, container: container.name, port: offer.inside, isUDP: offer.isUDP).description }
            var tags = Self.tags(values["tags"] ?? "")
            if offer.isUDP { tags.append("udp") }
            let check = RegistratorCheck(values: values, address: offer.address, port: offer.port)
            return ServiceRegistration(
                node: hostname, id: id, name: name, address: offer.address, port: offer.port, tags: tags, meta: Self.meta(values),
                checks: check.definition(service: name, serviceID: id).map { [$0] } ?? [], container: container.id.raw)
        }
    }

    /// `nginx` of `registry.example:5000/library/nginx:1.25`.
    static func defaultName(_ image: String) -> String {
        let base = image.split(separator: "/").last ?? ""
        return String(base.split(separator: ":", omittingEmptySubsequences: false).first ?? "")
    }

    /// Split at commas, `\,` being one that does not split.
    static func tags(_ text: String) -> [String] {
        var tags: [String] = []
        var tag = ""
        var isEscaped = false
        for character in text.prefix(pieceLimit * valueLimit) {
            if isEscaped, character != "," { tag.append("\\") }
            if character == ",", !isEscaped {
                tags.append(tag)
                tag = ""
            } else if character != "\\" {
                tag.append(character)
            }
            isEscaped = character == "\\"
        }
        if isEscaped { tag.append("\\") }
        tags.append(tag)
        var seen = Set<String>()
        return Array(tags.map { clean($0, valueLimit) }.filter { !$0.isEmpty && seen.insert($0).inserted }.prefix(pieceLimit))
    }

    private static func meta(_ values: [String: String]) -> [String: String] {
        let kept = values.filter { key, _ in
            !["ignore", "name", "id", "tags", ""].contains(key) && !RegistratorCheck.keys.contains(key)
        }
        let bounded = kept.sorted { $0.key < $1.key }.prefix(pieceLimit).map { (clean($0.key, 128), clean($0.value, valueLimit)) }
        return Dictionary(bounded, uniquingKeysWith: { first, _ in first })
    }

    /// On one line, without control characters, at most so many bytes.
    static func clean(_ text: String, _ limit: Int) -> String {
        var kept = String.UnicodeScalarView()
        var bytes = 0
        for scalar in text.unicodeScalars {
            if scalar.properties.generalCategory == .control { continue }
            bytes += UTF8.width(scalar)
            guard bytes <= limit else { break }
            kept.append(scalar)
        }
        return String(kept)
    }
}
