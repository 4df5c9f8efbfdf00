internal import Domain

extension ContainerInspection {
    /// `8081 (80/tcp)`, each mapping once: the engine repeats it for every address it listens on.
    var publishedPorts: [String] {
        var texts: [String] = []
        for (inside, bindings) in (networkSettings?.ports ?? [:]).sorted(by: { $0.key < $1.key }) {
            for binding in bindings ?? [] {
                guard let port = binding.hostPort, !port.isEmpty else { continue }
                let text = "\(port) (\(inside))"
                if !texts.contains(text) { texts.append(text) }
            }
        }
        return texts
    }

    /// Volumes without a name of their own: the engine gives them 64 hexadecimal digits.
    var anonymousVolumes: [String] {
        (mounts ?? []).compactMap { mount in
            guard mount.type == "volume", let name = mount.name, name.utf8.count == 64, name.allSatisfy(\.isHexDigit) else { return nil }
            return name
        }
    }
}

extension Container {
    /// `running, unhealthy`, `exited (137)`.
    var stateInWords: String {
        var words = state.word
        if case .exited(let code?, _) = state { words += " (\(code))" }
        if health != .none, isUp { words += ", \(health.rawValue)" }
        return words
    }
}

/// What the engine accepts as a container's name (moby, `names.RestrictedNamePattern`).
enum ContainerName {
    static func isValid(_ name: String) -> Bool {
        guard let first = name.utf8.first, isAlphanumeric(first), name.utf8.count >= 2 else { return false }
        return name.utf8.dropFirst().allSatisfy { isAlphanumeric($0) || "_.-".utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }
}

extension String {
    /// The engine ends its JSON with a newline.
    var trimmedOfLineEnd: String { last == "\n" ? String(dropLast()) : self }
}
