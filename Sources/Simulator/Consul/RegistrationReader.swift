internal import JSON

/// Services, checks and nodes out of the bodies of writes.
enum RegistrationReader {
    // MARK: By an agent

    static func service(_ bytes: [UInt8]) throws(ConsulFault) -> (instance: SimInstance, checks: [SimCheck]) {
        let body = try ConsulBody(bytes, serviceFields)
        let name = body.text("name")
        if name.isEmpty { throw ConsulFault(status: 400, text: "Missing service name") }
        var instance = SimInstance(node: "", id: body.text("id").isEmpty ? name : body.text("id"), name: name)
        fill(&instance, body)
        var checks: [SimCheck] = []
        for tree in [body.inner("check")].compactMap(\.self) + body.list("checks") {
            let definition = try ConsulBody(tree, checkFields, name: "Check")
            let check = try check(definition, id: definition.text("checkid").isEmpty ? definition.text("id") : definition.text("checkid"))
            guard isStatus(definition.text("status")) else { throw ConsulFault(status: 400, text: "Status for checks must 'passing', 'warning', 'critical'") }
            checks.append(check)
        }
        return (instance, checks)
    }

    static func check(_ bytes: [UInt8]) throws(ConsulFault) -> SimCheck {
        let body = try ConsulBody(bytes, checkFields)
        if body.text("name").isEmpty { throw ConsulFault(status: 400, text: "Missing check name") }
        guard isStatus(body.text("status")) else { throw ConsulFault(status: 400, text: "Bad check status") }
        var check = try check(body, id: body.text("id").isEmpty ? body.text("checkid") : body.text("id"))
        if check.id.isEmpty { check.id = check.name }
        check.serviceID = body.text("serviceid")
        return check
    }

    private static func isStatus(_ text: String) -> Bool { text.isEmpty || SimCheck.Status(rawValue: text).map { $0 != .unknown } ?? false }

    private static func check(_ body: ConsulBody, id: String) throws(ConsulFault) -> SimCheck {
        func refusal(_ words: String) -> ConsulFault { ConsulFault(status: 400, text: "Invalid check: \(words)") }
        let interval = try body.duration("interval"), timeout = try body.duration("timeout"), ttl = try body.duration("ttl")
        let arguments = body.texts("args") + body.texts("scriptargs")
        let kind: SimCheck.Kind? =
            if !body.text("http").isEmpty {
                .http(url: body.text("http"), method: body.text("method").isEmpty ? "GET" : body.text("method"))
            } else if !body.text("tcp").isEmpty {
                .tcp(body.text("tcp"))
            } else if !body.text("grpc").isEmpty {
                .grpc(body.text("grpc"))
            } else if !body.text("dockercontainerid").isEmpty, !arguments.isEmpty {
                .docker(container: body.text("dockercontainerid"), shell: body.text("shell"), arguments: arguments)
            } else if !arguments.isEmpty {
                .script(arguments)
            } else {
                nil
            }
        let isAlias = !body.text("aliasnode").isEmpty || !body.text("aliasservice").isEmpty
        if interval > .zero, ttl > .zero { throw refusal("Interval and TTL cannot both be specified") }
        if kind != nil, interval <= .zero { throw refusal("Interval must be > 0 for Script, HTTP, or TCP checks") }
        if kind != nil, isAlias { throw refusal("Interval cannot be set for Alias checks") }
        if isAlias, ttl > .zero { throw refusal("TTL must be not be set for Alias checks") }
        if kind == nil, !isAlias, ttl <= .zero { throw refusal("TTL must be > 0 for TTL checks") }
        var check = SimCheck(
            node: "", id: id, name: body.text("name"),
            kind: kind ?? (isAlias ? .alias(node: body.text("aliasnode"), service: body.text("aliasservice")) : .ttl(ttl)))
        check.notes = body.text("notes")
        check.status = SimCheck.Status(rawValue: body.text("status")) ?? .critical
        if interval > .zero { check.interval = interval }
        if timeout > .zero { check.timeout = timeout }
        check.deregisterAfter = try body.duration("deregistercriticalserviceafter")
        return check
    }

    private static func fill(_ instance: inout SimInstance, _ body: ConsulBody) {
        instance.tags = body.texts("tags")
        instance.address = body.text("address")
        instance.port = body.number("port")
        instance.meta = body.dictionary("meta")
        if let weights = body.inner("weights") {
            instance.passingWeight = weights["Passing"]?.integer.map { Int(clamping: $0) } ?? 1
            instance.warningWeight = weights["Warning"]?.integer.map { Int(clamping: $0) } ?? 1
        }
    }

    // MARK: Into the catalog

    struct CatalogEntry {
        var node: String
        var address: String
        var meta: [String: String]
        var keepsNode: Bool
        var instance: SimInstance?
        var checks: [SimCheck]
        var datacenter: String
    }

    static func catalogEntry(_ bytes: [UInt8]) throws(ConsulFault) -> CatalogEntry {
        let body = try ConsulBody(bytes, entryFields)
        var entry = CatalogEntry(
            node: body.text("node"), address: body.text("address"), meta: body.dictionary("nodemeta"), keepsNode: body.flag("skipnodeupdate"), instance: nil,
            checks: [], datacenter: body.text("datacenter"))
        if let tree = body.inner("service") {
            let service = try ConsulBody(tree, serviceFields, name: "Service")
            var instance = SimInstance(node: entry.node, id: service.text("id").isEmpty ? service.text("service") : service.text("id"), name: service.text("service"))
            if instance.name.isEmpty, !instance.id.isEmpty { throw ConsulFault(status: 500, text: "Must provide service name with ID") }
            fill(&instance, service)
            if !instance.name.isEmpty { entry.instance = instance }
        }
        for tree in [body.inner("check")].compactMap(\.self) + body.list("checks") {
            let told = try ConsulBody(tree, healthFields, name: "Check")
            let id = told.text("checkid").isEmpty ? told.text("name") : told.text("checkid")
            var check = SimCheck(node: entry.node, id: id, name: told.text("name"), kind: .none)
            check.status = SimCheck.Status(rawValue: told.text("status")) ?? .critical
            check.notes = told.text("notes")
            if let definition = told.inner("definition"), !definition.members.isEmpty { check.definition = definition.json }
            check.output = told.text("output")
            check.serviceID = told.text("serviceid")
            entry.checks.append(check)
        }
        return entry
    }

    static func removal(_ bytes: [UInt8]) throws(ConsulFault) -> (node: String, service: String, check: String, datacenter: String) {
        let body = try ConsulBody(bytes, ["datacenter": .text, "node": .text, "serviceid": .text, "checkid": .text, "address": .text, "namespace": .text])
        return (body.text("node"), body.text("serviceid"), body.text("checkid"), body.text("datacenter"))
    }

    static func told(_ bytes: [UInt8]) throws(ConsulFault) -> (status: SimCheck.Status, output: String) {
        let body = try ConsulBody(bytes, ["status": .text, "output": .text])
        guard let status = SimCheck.Status(rawValue: body.text("status")), status != .unknown else {
            throw ConsulFault(status: 400, text: "Invalid check status: '\(body.text("status"))'")
        }
        return (status, body.text("output"))
    }

    // MARK: Fields

    private static let serviceFields: [String: ConsulBody.Kind] = [
        "id": .text, "name": .text, "service": .text, "kind": .text, "tags": .texts, "address": .text, "taggedaddresses": .ignored, "port": .number,
        "meta": .dictionary, "enabletagoverride": .flag, "weights": .inner, "check": .inner, "checks": .list, "proxy": .ignored, "connect": .ignored,
        "token": .text, "namespace": .text, "createindex": .ignored, "modifyindex": .ignored,
    ]

    private static let checkFields: [String: ConsulBody.Kind] = [
        "id": .text, "checkid": .text, "name": .text, "notes": .text, "serviceid": .text, "status": .text, "http": .text, "method": .text, "header": .ignored,
        "body": .text, "tcp": .text, "grpc": .text, "grpcusetls": .flag, "args": .texts, "scriptargs": .texts, "dockercontainerid": .text, "shell": .text,
        "aliasnode": .text, "aliasservice": .text, "tlsskipverify": .flag, "ttl": .duration, "interval": .duration, "timeout": .duration,
        "deregistercriticalserviceafter": .duration, "outputmaxsize": .number, "successbeforepassing": .number, "failuresbeforecritical": .number,
        "token": .text, "namespace": .text,
    ]

    private static let healthFields: [String: ConsulBody.Kind] = [
        "node": .text, "checkid": .text, "name": .text, "status": .text, "notes": .text, "output": .text, "serviceid": .text, "servicename": .text,
        "servicetags": .texts, "type": .text, "definition": .ignored, "namespace": .text, "createindex": .ignored, "modifyindex": .ignored,
    ]

    private static let entryFields: [String: ConsulBody.Kind] = [
        "datacenter": .text, "id": .text, "node": .text, "address": .text, "taggedaddresses": .ignored, "nodemeta": .dictionary, "service": .inner,
        "check": .inner, "checks": .list, "skipnodeupdate": .flag, "namespace": .text,
    ]
}
