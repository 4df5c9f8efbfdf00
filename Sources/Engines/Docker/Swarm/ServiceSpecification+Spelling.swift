internal import Domain

extension ServiceSpecification {
    private static let imageLabel = "com.docker.stack.image"

    /// The same wishes, in `old`'s spelling wherever both mean alike: what the docker command, an engine and a Compose file
    /// leave out, say in full, order or repeat differently is then no change.
    func spelled(like old: ServiceSpecification) -> ServiceSpecification {
        var s = self
        func keep<Field, Meaning: Equatable>(_ field: WritableKeyPath<Self, Field>, _ meaning: (Field) -> Meaning) {
            if meaning(s[keyPath: field]) == meaning(old[keyPath: field]) { s[keyPath: field] = old[keyPath: field] }
        }
        func keepEach<Item, Meaning: Hashable>(_ field: WritableKeyPath<Self, [Item]>, _ meaning: (Item) -> Meaning) {
            let known = Dictionary(old[keyPath: field].map { (meaning($0), $0) }, uniquingKeysWith: { first, _ in first })
            if Set(s[keyPath: field].map(meaning)) == Set(known.keys) {
                s[keyPath: field] = old[keyPath: field]
            } else {
                s[keyPath: field] = s[keyPath: field].map { known[meaning($0)] ?? $0 }
            }
        }
        keep(\.endpointMode) { $0 == "vip" ? "" : $0 }
        keep(\.stopGrace) { $0 ?? .seconds(10) }
        keep(\.restart) { ($0 ?? Restart()).complete }
        keep(\.update) { $0.meaning }
        keep(\.rollback) { $0.meaning }
        keep(\.healthCheck) { $0 ?? HealthCheck(test: []) }
        keep(\.environment, Variables.init)
        keepEach(\.ports) { $0 }
        keepEach(\.mounts, \.meaning)
        // The docker command adds the service's short name whether it is among the aliases or not.
        keepEach(\.networks) { Attachment(network: $0.network, aliases: Set($0.aliases).sorted()) }
        keepEach(\.secrets) { $0 }
        keepEach(\.configs) { $0 }
        // The docker command's note of what the file said; a service made without it needs none: what runs is its image.
        let note = old.labels[Self.imageLabel]
        if let mine = s.labels[Self.imageLabel], note.map({ ImageName($0) == ImageName(mine) }) ?? true { s.labels[Self.imageLabel] = note }
        return s
    }

    /// Variables mean the same in any order, unless one is there twice: then the last counts.
    private enum Variables: Equatable {
        case each([String: String?])
        case inOrder([String])

        init(_ lines: [String]) {
            let pairs = lines.map(Self.pair)
            let each = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
            self = each.count == pairs.count ? .each(each) : .inOrder(lines)
        }

        /// `NAME` alone takes the image's variable away: not the same as an empty value.
        private static func pair(_ line: String) -> (String, String?) {
            guard let cut = line.firstIndex(of: "=") else { return (line, nil) }
            return (String(line[..<cut]), String(line[line.index(after: cut)...]))
        }
    }
}

extension ServiceSpecification.Restart {
    /// With what Swarm takes for parts that are left out.
    var complete: Self {
        Self(condition: condition, delay: delay ?? .seconds(5), maximumAttempts: maximumAttempts ?? 0, window: window ?? .zero)
    }
}

extension ServiceSpecification.Mount {
    /// Without what says no more than saying nothing does.
    var meaning: Self {
        var mount = self
        if propagation == "rprivate" { mount.propagation = "" }
        if size == 0 { mount.size = nil }
        return mount
    }
}

extension Workload.RolloutPolicy? {
    /// The share in the engine's precision; no policy at all is the one of all defaults.
    fileprivate var meaning: Workload.RolloutPolicy {
        var policy = self ?? Workload.RolloutPolicy()
        policy.tolerated = Double(Float(policy.tolerated))
        return policy
    }
}
