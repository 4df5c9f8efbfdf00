internal import Domain
internal import JSON

/// Secrets and configs. The world knows nothing of them: they are only kept.
struct SwarmBlobs: Sendable {
    enum Kind: String, Sendable { case secret, config }

    private struct Blob: Sendable {
        let id: String
        var version: UInt64
        let created: Timestamp
        var updated: Timestamp
        let name: String
        var labels: [String: String]
        /// Base64, as it came.
        let data: String
    }

    /// Swarm's own: half a megabyte each.
    private static let sizeLimit = 700 << 10
    private static let countLimit = 512
    private var blobs: [Kind: [Blob]] = [:]
    private var origin: Timestamp?

    /// Another world begins without any.
    mutating func begin(_ start: Timestamp) {
        if origin != start { blobs = [:] }
        origin = start
    }

    /// The id.
    mutating func create(_ kind: Kind, _ tree: JSONTree, _ world: inout World) throws(OrderRefusal) -> String {
        let name = tree.word("Name")
        let all = blobs[kind] ?? []
        if name.isEmpty { throw OrderRefusal(.badRequest, "rpc error: code = InvalidArgument desc = invalid name, only 64 [a-zA-Z0-9-_.] characters allowed, and the start and end character must be [a-zA-Z0-9]") }
        if all.contains(where: { $0.name == name }) { throw OrderRefusal(.conflict, "rpc error: code = AlreadyExists desc = \(kind.rawValue) \(name) already exists") }
        let data = tree.word("Data")
        if data.utf8.count > Self.sizeLimit { throw OrderRefusal(.badRequest, "rpc error: code = InvalidArgument desc = \(kind.rawValue) data must be larger than 0 and less than 512000 bytes") }
        guard all.count < Self.countLimit else { throw OrderRefusal(.serverError, "rpc error: code = Unknown desc = raft: raft message is too large and can't be sent") }
        let blob = Blob(
            id: world.random.swarmID(), version: world.swarmChanged(), created: world.now, updated: world.now, name: name, labels: tree.table("Labels"), data: data)
        blobs[kind, default: []].append(blob)
        return blob.id
    }

    private func index(_ kind: Kind, _ reference: String) throws(OrderRefusal) -> Int {
        let all = blobs[kind] ?? []
        guard let index = all.firstIndex(where: { $0.id == reference }) ?? all.firstIndex(where: { $0.name == reference }) ?? all.firstIndex(where: { $0.id.hasPrefix(reference) })
        else { throw OrderRefusal(.notFound, "\(kind.rawValue) \(reference) not found") }
        return index
    }

    mutating func remove(_ kind: Kind, _ reference: String, _ world: World) throws(OrderRefusal) {
        let index = try index(kind, reference)
        guard let blob = blobs[kind]?[index] else { return }
        let mark = "\"\(kind == .secret ? "SecretID" : "ConfigID")\":\"\(blob.id)\""
        let users = world.swarm.services.values.filter { $0.spec.task.passthrough.contains(mark) }.map(\.spec.name)
        if !users.isEmpty {
            let plural = users.count == 1 ? "service" : "services"
            throw OrderRefusal(
                .badRequest,
                "rpc error: code = InvalidArgument desc = \(kind.rawValue) '\(blob.name)' is in use by the following \(plural): \(users.joined(separator: ", "))")
        }
        blobs[kind]?.remove(at: index)
    }

    mutating func update(_ kind: Kind, _ reference: String, version: UInt64, _ tree: JSONTree, _ world: inout World) throws(OrderRefusal) {
        let index = try index(kind, reference)
        guard blobs[kind]?[index].version == version else { throw OrderRefusal(.serverError, "rpc error: code = Unknown desc = update out of sequence") }
        blobs[kind]?[index].labels = tree.table("Labels")
        blobs[kind]?[index].updated = world.now
        blobs[kind]?[index].version = world.swarmChanged()
    }

    func list(_ kind: Kind, _ filters: DockerFilters) -> [UInt8] {
        var text = JSONText()
        text.array { list in
            for blob in blobs[kind] ?? [] {
                guard filters.admits("id", beginning: blob.id), filters.admits("name", beginning: blob.name), filters.admits(labels: blob.labels) else { continue }
                list.object { Self.write(blob, kind, &$0) }
            }
        }
        return text.bytes
    }

    func one(_ kind: Kind, _ reference: String) throws(OrderRefusal) -> [UInt8] {
        let index = try index(kind, reference)
        var text = JSONText()
        text.object { if let blob = blobs[kind]?[index] { Self.write(blob, kind, &$0) } }
        return text.bytes
    }

    /// What a secret holds is never told again.
    private static func write(_ blob: Blob, _ kind: Kind, _ text: inout JSONText) {
        text.field("ID", blob.id)
        text.object("Version") { $0.field("Index", blob.version) }
        text.time("CreatedAt", blob.created)
        text.time("UpdatedAt", blob.updated)
        text.object("Spec") {
            $0.field("Name", blob.name)
            $0.field("Labels", blob.labels)
            if kind == .config { $0.field("Data", blob.data) }
        }
    }
}
