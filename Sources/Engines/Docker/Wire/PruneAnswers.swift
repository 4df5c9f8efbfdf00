/// Any `POST …/prune` answer: each kind fills its own list and leaves the others out; nothing removed is `null`.
struct PruneAnswer: Decodable, Sendable {
    struct ImageDeletion: Decodable, Sendable {
        var deleted: String?
        var untagged: String?
        enum CodingKeys: String, CodingKey {
            case deleted = "Deleted"
            case untagged = "Untagged"
        }
    }

    var containers: [String]?
    var images: [ImageDeletion]?
    var networks: [String]?
    var volumes: [String]?
    var caches: [String]?
    var reclaimed: UInt64?

    enum CodingKeys: String, CodingKey {
        case containers = "ContainersDeleted"
        case images = "ImagesDeleted"
        case networks = "NetworksDeleted"
        case volumes = "VolumesDeleted"
        case caches = "CachesDeleted"
        case reclaimed = "SpaceReclaimed"
    }

    var count: Int {
        if let images { return images.filter { $0.deleted != nil }.count }
        return (containers ?? networks ?? volumes ?? caches ?? []).count
    }
}

/// One entry of `GET /images/json`.
struct ImageSummary: Decodable, Sendable {
    var id: String?
    var tags: [String]?
    var digests: [String]?
    var size: Int64?
    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case tags = "RepoTags"
        case digests = "RepoDigests"
        case size = "Size"
    }
}

/// `GET /volumes`.
struct VolumeList: Decodable, Sendable {
    struct Volume: Decodable, Sendable {
        var name: String?
        var labels: [String: String]?
        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case labels = "Labels"
        }
    }

    var volumes: [Volume]?
    enum CodingKeys: String, CodingKey { case volumes = "Volumes" }
}

/// The build cache's part of `GET /system/df`.
struct DiskUsage: Decodable, Sendable {
    struct Cache: Decodable, Sendable {
        var id: String?
        var description: String?
        var size: Int64?
        var isInUse: Bool?
        var isShared: Bool?
        enum CodingKeys: String, CodingKey {
            case id = "ID"
            case description = "Description"
            case size = "Size"
            case isInUse = "InUse"
            case isShared = "Shared"
        }
    }

    var buildCache: [Cache]?
    enum CodingKeys: String, CodingKey { case buildCache = "BuildCache" }
}
