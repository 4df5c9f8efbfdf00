internal import JSON

/// An entry of `/v1/catalog/nodes`.
struct CatalogNode: Sendable, Hashable {
    var name = ""
    var address = ""
    var datacenter = ""
    var meta: [String: String] = [:]

    static func list(_ body: [UInt8]) throws(JSONReader.Malformed) -> [CatalogNode] {
        let all = try JSONReader.list(body) { reader throws(JSONReader.Malformed) in try CatalogNode(&reader) }
        return all.filter { !$0.name.isEmpty }
    }

    private init(_ reader: inout JSONReader) throws(JSONReader.Malformed) {
        // Values of the closure's own: it may not reach into a structure that is being made.
        var name = "", address = "", datacenter = ""
        var meta: [String: String] = [:]
        try reader.object { reader, key throws(JSONReader.Malformed) in
            switch key {
            case "Node": name = try reader.string() ?? ""
            case "Address": address = try reader.string() ?? ""
            case "Datacenter": datacenter = try reader.string() ?? ""
            case "Meta": meta = try reader.dictionary().filter { !$0.value.isEmpty }
            default: try reader.skip()
            }
        }
        self.name = name
        self.address = address
        self.datacenter = datacenter
        self.meta = meta
    }

    /// The names in `/v1/catalog/services`, an object of names and tags.
    static func serviceNames(_ body: [UInt8]) throws(JSONReader.Malformed) -> [String] {
        var reader = JSONReader(body)
        var names: [String] = []
        let isObject = try reader.object { reader, key throws(JSONReader.Malformed) in
            names.append(key)
            try reader.skip()
        }
        try reader.finish()
        guard isObject || body.starts(with: "null".utf8) else { throw JSONReader.Malformed(offset: 0, words: "it is JSON and not an object") }
        return names.sorted()
    }
}
