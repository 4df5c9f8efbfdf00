internal import Domain
internal import JSON
internal import Transport

extension SwarmEdit {
    /// This edit once the registry was asked for all these images at once: an image that no registry knows costs its whole
    /// patience, and several services may run the same.
    func knowing(_ images: [String]) async -> SwarmEdit {
        var edit = self
        edit.known = await withTaskGroup(of: (String, RegistryAnswer?).self) { group in
            for image in Set(images.map { ImageName($0).text }) where known[image] == nil { group.addTask { (image, await ask(image)) } }
            return await group.reduce(into: known) { $0.updateValue($1.1, forKey: $1.0) }
        }
        return edit
    }

    private func answer(for image: ImageName) async -> RegistryAnswer? {
        if let known = known[image.text] { return known }
        return await ask(image.text)
    }

    private func ask(_ image: String) async -> RegistryAnswer? {
        let call = DockerCall("GET", ["distribution", image, "json"])
        // No registry is no obstacle: the docker command deploys then without a digest too, and the plan page says so.
        guard let answer = try? await connection.answer(call, timeout: patience, attempt: "ask the registry for \(image)"), answer.status == 200,
            let body = try? JSONTree(answer.body)
        else { return nil }
        return RegistryAnswer(body)
    }

    /// Writes the image where it is another one: by its name, or by the digest that its tag has come to stand for. Where no
    /// registry answers for an unchanged tag, the image stays as it is.
    func putImage(_ wanted: String, over old: String?, into tree: inout JSONTree) async {
        let (new, old) = (ImageName(wanted), old.map(ImageName.init))
        let isSame = new.digest == nil ? old?.tagged == new.tagged : old == new
        if isSame, new.digest != nil { return }
        let answer = await answer(for: new)
        if isSame, answer == nil || answer?.digest == old?.digest { return }
        let pin = new.digest ?? answer?.digest
        tree.set(.string(new.tagged + (pin.map { "@" + $0 } ?? "")), at: Self.imagePath)
        // Those of the image before would keep tasks from nodes that can run this one.
        tree.set(answer.flatMap { $0.platforms.isEmpty ? nil : .array($0.platforms) }, at: ["TaskTemplate", "Placement", "Platforms"])
    }

    private static let imagePath = ["TaskTemplate", "ContainerSpec", "Image"]

    /// Without a tag the digest is all that says which image it is, and stays.
    static func withoutDigest(_ image: String) -> String {
        guard let cut = image.firstIndex(of: "@"), ImageName(image).tag != nil else { return image }
        return String(image[..<cut])
    }

    func imageWords(_ image: String) async -> String {
        let image = ImageName(image)
        if image.digest != nil { return "its image is pinned by its digest" }
        if let answer = await answer(for: image) { return "its image is pinned to \(answer.digest.prefix(19))…" }
        return "no registry tells the digest of its image: each node takes the image it has under that name, or fetches it"
    }
}
