internal import Domain
internal import Engine
internal import JSON

/// Specifications that were kept, made fit to be sent again: since then others may have changed what they refer to.
enum SwarmReturn {
    /// A service's specification as it was, over what it is now.
    ///
    /// The count of restarts stays what it is: the swarm compares templates whole, so any other count, a lower one too, would by
    /// itself replace every task.
    static func service(_ kept: JSONTree, over now: JSONTree) -> JSONTree {
        var spec = kept
        spec.set(now[SwarmEdit.restartCount[...]], at: SwarmEdit.restartCount)
        return spec
    }

    /// A stack's service with its networks and configs called as they are now. A network that is not among those given is called
    /// by its name, which the engine takes in place of an id; configs have to be called by id.
    static func readdressed(_ spec: JSONTree, kept: JSONTree, networks: [JSONTree], configs: [JSONTree]) -> JSONTree {
        var spec = spec
        if let attached = spec["TaskTemplate", "Networks"]?.elements {
            let there = Set(networks.compactMap(StackHoldings.id))
            let called = attached.map { attachment in
                var attachment = attachment
                guard let target = attachment["Target"]?.text, !there.contains(target),
                    let name = kept["networks"]?.elements.first(where: { StackHoldings.id($0) == target }).map(StackHoldings.name)
                else { return attachment }
                let id = networks.first { StackHoldings.name($0) == name }.flatMap(StackHoldings.id)
                attachment.set(.string(id ?? name), at: ["Target"])
                return attachment
            }
            spec.set(.array(called), at: ["TaskTemplate", "Networks"])
        }
        if let used = spec["TaskTemplate", "ContainerSpec", "Configs"]?.elements {
            let called = used.map { reference in
                var reference = reference
                let id = configs.first { $0["Spec", "Name"] == reference["ConfigName"] }?["ID"]
                if let id { reference.set(id, at: ["ConfigID"]) }
                return reference
            }
            spec.set(.array(called), at: ["TaskTemplate", "ContainerSpec", "Configs"])
        }
        return spec
    }

    /// A network like one that was.
    static func network(_ kept: JSONTree) -> JSONTree {
        var options = kept["Options"]
        // The swarm's own choice, which may be another network's by now.
        options?.set(nil, at: ["com.docker.network.driver.overlay.vxlanid_list"])
        let pools = kept["IPAM", "Config"]?.elements ?? []
        return .object([
            "Name": kept["Name"], "CheckDuplicate": .flag(true), "Driver": kept["Driver"], "Internal": kept["Internal"], "Attachable": kept["Attachable"],
            "EnableIPv4": kept["EnableIPv4"], "EnableIPv6": kept["EnableIPv6"], "Options": options,
            "IPAM": .object(["Driver": kept["IPAM", "Driver"], "Options": kept["IPAM", "Options"], "Config": .array(pools)]), "Labels": kept["Labels"],
        ])
    }

    /// What belongs to a stack now and did not then, services first: nothing else is free before they have gone.
    static func additions(to kept: JSONTree, in there: StackHoldings) -> [(kind: String, path: String, object: JSONTree)] {
        ([("service", "services", there.services)] + there.shared).flatMap { kind, path, objects -> [(kind: String, path: String, object: JSONTree)] in
            // A state that was kept without a word of secrets says nothing against those that are there.
            guard let before = kept[path]?.elements else { return [] }
            let names = Set(before.map { $0["Name"]?.text ?? $0.text ?? "" })
            return objects.filter { !names.contains(StackHoldings.name($0)) }.map { (kind, path, $0) }
        }
    }

    /// The registry that an image names, `registry.example:5000`; nil where it names none.
    static func registry(_ image: String) -> String? {
        guard let cut = image.firstIndex(of: "/") else { return nil }
        let host = image[..<cut]
        return host.contains(".") || host.contains(":") || host == "localhost" ? String(host) : nil
    }

    /// What creating a service anew cannot bring back.
    static func note(_ spec: JSONTree) -> String? {
        guard let image = spec["TaskTemplate", "ContainerSpec", "Image"]?.text, let registry = registry(image) else { return nil }
        return "brought back, \(PlainText.printable(spec["Name"]?.text ?? "it")) has no credentials for \(PlainText.printable(registry)) any more: "
            + "where that asks for some, nodes without the image get it only after docker service update --with-registry-auth"
    }
}
