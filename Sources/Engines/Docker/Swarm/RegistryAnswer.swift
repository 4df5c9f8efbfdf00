internal import JSON

/// What a registry tells of an image, by way of the engine's `/distribution/{name}/json`.
struct RegistryAnswer: Sendable, Hashable {
    /// `sha256:…`.
    let digest: String
    /// Where the image can run, as `TaskTemplate.Placement.Platforms` has it.
    let platforms: [JSONTree]

    /// nil for what is no whole SHA-256: a service must not be pinned to it.
    init?(_ answer: JSONTree) {
        guard let digest = answer["Descriptor", "digest"]?.text, digest.hasPrefix("sha256:") else { return nil }
        let digits = digest.utf8.dropFirst(7)
        guard digits.count == 64, digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else { return nil }
        self.digest = digest
        platforms = (answer["Platforms"]?.elements ?? []).map { platform in
            let architecture = platform["architecture"]?.text ?? ""
            // Nodes and registries name ARM's variants differently: Docker lets every architecture in then (moby/swarmkit#2294).
            let isNamed = !architecture.isEmpty && architecture.lowercased() != "arm"
            return .object(["Architecture": isNamed ? .string(architecture) : nil, "OS": platform["os"]?.text.flatMap { $0.isEmpty ? nil : .string($0) }])
        }
    }
}
