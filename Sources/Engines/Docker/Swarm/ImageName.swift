/// The name of an image taken apart, in the form that Docker calls familiar: without `docker.io/` and `library/`, and with
/// `:latest` where neither a tag nor a digest says which (distribution/reference, normalize.go).
struct ImageName: Sendable, Hashable {
    let repository: String
    let tag: String?
    /// `sha256:…`.
    let digest: String?

    init(_ text: String) {
        let cut = text.firstIndex(of: "@")
        digest = cut.map { String(text[text.index(after: $0)...]) }
        let name = text[..<(cut ?? text.endIndex)]
        // A colon before the last slash belongs to a registry's port.
        let leaf = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
        if let colon = name[leaf...].lastIndex(of: ":") {
            repository = Self.familiar(name[..<colon])
            tag = String(name[name.index(after: colon)...])
        } else {
            repository = Self.familiar(name)
            tag = cut != nil || Self.isID(name) ? nil : "latest"
        }
    }

    var tagged: String { repository + (tag.map { ":" + $0 } ?? "") }
    var text: String { tagged + (digest.map { "@" + $0 } ?? "") }

    private static func familiar(_ repository: Substring) -> String {
        var parts = repository.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count > 1, parts[0] == "docker.io" || parts[0] == "index.docker.io" { parts.removeFirst() }
        if parts.count == 2, parts[0] == "library" { parts.removeFirst() }
        return parts.joined(separator: "/")
    }

    /// An image's own id is no name and takes no tag.
    private static func isID(_ text: Substring) -> Bool { text.utf8.count == 64 && text.allSatisfy(\.isHexDigit) }
}
