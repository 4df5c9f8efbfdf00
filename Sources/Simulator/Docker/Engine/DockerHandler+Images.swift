internal import Domain

/// `/images` and `/distribution`.
extension DockerHandler {
    func images(_ call: DockerRequest) async throws(OrderRefusal) -> ServerReply? {
        if call.path[0] == "distribution" {
            guard call.method == "GET", let name = call.name(before: "json") else { return nil }
            // There is no registry in practice, as on a machine without a way out.
            let registry = Self.registry(of: name)
            throw OrderRefusal(.serverError, "Get \"https://\(registry)/v2/\": dial tcp: lookup \(registry): no such host")
        }
        if call.isGet("images", "json") { return try listImages(call) }
        if call.isPost("images", "create") { return try await pullImage(call) }
        if call.isPost("images", "prune") {
            let isAll = try call.filters().flag("dangling") == false
            let answer = try await order(.pruneImages(all: isAll, host: host))
            return reply(200) { text in
                if answer.removed.isEmpty { text.null("ImagesDeleted") } else { text.array("ImagesDeleted") { deletions(answer.removed, &$0) } }
                text.field("SpaceReclaimed", answer.reclaimed)
            }
        }
        if call.method == "GET", let name = call.name(before: "json") { return try inspectImage(name) }
        if call.method == "DELETE", call.path.count > 1 {
            let name = ImageReference.familiar(call.path.dropFirst().joined(separator: "/"))
            let answer = try await order(.removeImage(name, force: call.flag("force"), host: host))
            var text = JSONText()
            text.array { deletions(answer.removed, &$0) }
            return reply(200, text.bytes)
        }
        return nil
    }

    static func registry(of image: String) -> String {
        let first = image.split(separator: "/").first.map(String.init) ?? ""
        let isNamed = image.contains("/") && (first.contains(".") || first.contains(":") || first == "localhost")
        return isNamed ? first : "registry-1.docker.io"
    }

    private func deletions(_ references: [String], _ list: inout JSONText) {
        let ids = look { world in references.map { world.images[$0]?.id ?? "" } }
        for (reference, id) in zip(references, ids) {
            list.object { $0.field("Untagged", reference) }
            if !id.isEmpty { list.object { $0.field("Deleted", id) } }
        }
    }

    private func listImages(_ call: DockerRequest) throws(OrderRefusal) -> ServerReply {
        let filters = try call.filters(["before", "dangling", "label", "reference", "since"])
        // Everything here has a name.
        let isDangling = try filters.flag("dangling") == true
        let bytes = look { world in
            var text = JSONText(reserving: 4096)
            text.array { list in
                guard !isDangling else { return }
                for image in world.images(on: host).reversed() {
                    guard filters.admits(labels: image.labels), filters.admits("reference", { $0 == image.reference || $0 == image.repository }) else { continue }
                    list.object { Self.write(image, &$0, containers: -1) }
                }
            }
            return text.bytes
        }
        return reply(200, bytes)
    }

    static func write(_ image: SimImage, _ text: inout JSONText, containers: Int) {
        text.field("Containers", containers)
        text.field("Created", image.created.seconds)
        text.field("Id", image.id)
        if image.labels.isEmpty { text.null("Labels") } else { text.field("Labels", image.labels) }
        text.field("ParentId", "")
        text.null("RepoDigests")
        text.field("RepoTags", [image.reference])
        text.field("SharedSize", containers < 0 ? -1 : 0)
        text.field("Size", image.size)
        text.field("VirtualSize", image.size)
    }

    private func inspectImage(_ name: String) throws(OrderRefusal) -> ServerReply {
        let name = ImageReference.familiar(name)
        let found = look { world -> (SimImage, SimHost)? in
            guard let machine = world.hosts[host] else { return nil }
            let own = world.images(on: host)
            let bare = name.hasPrefix("sha256:") ? String(name.dropFirst(7)) : name
            let image = world.image(name) ?? own.first { $0.id.dropFirst(7).hasPrefix(bare) && bare.utf8.count >= 4 }
            return image.flatMap { machine.images.contains($0.reference) ? ($0, machine) : nil }
        }
        guard let (image, machine) = found else {
            let whole = name.contains(":") ? name : name + ":latest"
            throw OrderRefusal(.notFound, "no such image: \(name): No such image: \(whole)")
        }
        return reply(200) { text in
            text.field("Id", image.id)
            text.field("RepoTags", [image.reference])
            text.field("RepoDigests", [String]())
            text.field("Parent", "")
            text.field("Comment", "")
            text.time("Created", image.created)
            text.field("DockerVersion", machine.engineVersion)
            text.field("Author", "")
            text.object("Config") { text in
                text.list("Env", image.environment)
                text.list("Cmd", image.command)
                if !image.exposedPorts.isEmpty {
                    text.object("ExposedPorts") { for port in image.exposedPorts { $0.object(named: port.text) { _ in } } }
                }
                if let check = image.healthCheck { text.object("Healthcheck") { check.write(&$0) } }
                text.field("WorkingDir", "")
                text.list("Entrypoint", image.entrypoint)
                if image.labels.isEmpty { text.null("Labels") } else { text.field("Labels", image.labels) }
            }
            text.field("Architecture", image.architectures.first ?? "")
            text.field("Os", "linux")
            text.field("Size", image.size)
            text.field("VirtualSize", image.size)
            text.object("RootFS") {
                $0.field("Type", "layers")
                $0.field("Layers", [image.id])
            }
        }
    }

    private func pullImage(_ call: DockerRequest) async throws(OrderRefusal) -> ServerReply {
        let (name, tag) = (call.text("fromImage"), call.text("tag"))
        guard !name.isEmpty else { throw OrderRefusal(.badRequest, "invalid reference format") }
        let reference = ImageReference.familiar(tag.isEmpty ? name : "\(name):\(tag)")
        let answer = try await order(.pullImage(reference, host: host))
        let words = ["Pulling from \(name)", "Digest: \(answer.id)", "Status: Downloaded newer image for \(reference)"]
        var body: [UInt8] = []
        for word in words {
            var text = JSONText()
            text.object { $0.field("status", word) }
            body += text.bytes + [0x0D, 0x0A]
        }
        return .whole(status: 200, headers: headers(type: "application/json"), body: body)
    }
}

/// Names of images.
enum ImageReference {
    /// `busybox` for `docker.io/library/busybox`.
    static func familiar(_ name: String) -> String {
        for prefix in ["docker.io/library/", "index.docker.io/library/", "docker.io/", "index.docker.io/"] where name.hasPrefix(prefix) {
            return String(name.dropFirst(prefix.count))
        }
        return name
    }
}
