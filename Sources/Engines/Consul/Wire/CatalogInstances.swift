internal import Domain
internal import JSON

/// Instances of services, from the two lists that have their addresses.
enum CatalogInstances {
    /// `/v1/catalog/node/NAME`: a node and, by id, the services on it; `null` for a node that is not there.
    static func ofNode(_ body: [UInt8], source: Source.ID) throws(JSONReader.Malformed) -> [ServiceInstance] {
        var reader = JSONReader(body)
        var node = "", address = ""
        var services: [Service] = []
        try reader.object { reader, key throws(JSONReader.Malformed) in
            switch key {
            case "Node":
                try reader.object { reader, key throws(JSONReader.Malformed) in
                    switch key {
                    case "Node": node = try reader.string() ?? ""
                    case "Address": address = try reader.string() ?? ""
                    default: try reader.skip()
                    }
                }
            case "Services":
                try reader.object { reader, _ throws(JSONReader.Malformed) in services.append(try Service(&reader, prefix: "")) }
            default: try reader.skip()
            }
        }
        try reader.finish()
        return services.filter { !$0.id.isEmpty }.map { $0.instance(source, node: node, address: address) }
    }

    /// `/v1/catalog/service/NAME`: one flat entry for each instance.
    static func ofService(_ body: [UInt8], source: Source.ID) throws(JSONReader.Malformed) -> [ServiceInstance] {
        let all = try JSONReader.list(body) { reader throws(JSONReader.Malformed) in try Service(&reader, prefix: "Service") }
        return all.filter { !$0.id.isEmpty }.map { $0.instance(source, node: $0.node, address: $0.nodeAddress) }
    }

    private struct Service {
        var id = "", name = "", address = "", node = "", nodeAddress = ""
        var port = 0
        var tags: [String] = []
        var meta: [String: String] = [:]

        init(_ reader: inout JSONReader, prefix: String) throws(JSONReader.Malformed) {
            var id = "", name = "", address = "", node = "", nodeAddress = ""
            var port = 0
            var tags: [String] = []
            var meta: [String: String] = [:]
            let isFlat = !prefix.isEmpty
            try reader.object { reader, key throws(JSONReader.Malformed) in
                switch key {
                case prefix + "ID": id = try reader.string() ?? ""
                case isFlat ? "ServiceName" : "Service": name = try reader.string() ?? ""
                case prefix + "Address": address = try reader.string() ?? ""
                // A port beyond 65535 is none.
                case prefix + "Port": port = try reader.integer().flatMap { (0...65535).contains($0) ? Int($0) : nil } ?? 0
                case prefix + "Tags": tags = try reader.strings()
                case prefix + "Meta": meta = try reader.dictionary()
                case "Node" where isFlat: node = try reader.string() ?? ""
                case "Address" where isFlat: nodeAddress = try reader.string() ?? ""
                default: try reader.skip()
                }
            }
            self.id = id
            self.name = name
            self.address = address
            self.node = node
            self.nodeAddress = nodeAddress
            self.port = port
            self.tags = tags
            self.meta = meta
        }

        func instance(_ source: Source.ID, node: String, address nodeAddress: String) -> ServiceInstance {
            ServiceInstance(
                id: ServiceInstance.id(source, node: node, serviceID: id), service: name, serviceID: id, node: node,
                address: address.isEmpty ? nodeAddress : address, port: port, tags: tags, meta: meta)
        }
    }
}
