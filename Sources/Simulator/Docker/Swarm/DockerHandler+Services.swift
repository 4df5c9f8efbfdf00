internal import Domain
internal import JSON
internal import Synchronization

/// `/services`.
extension DockerHandler {
    func services(_ call: DockerRequest) async throws(OrderRefusal) -> ServerReply? {
        switch (call.method, call.path.count) {
        case ("GET", 1): return try listServices(call)
        case ("POST", 2) where call.path[1] == "create": return try await createService(call)
        case ("GET", 2):
            return reply(
                200,
                try look { world throws(OrderRefusal) in
                    let service = try world.service(call.path[1])
                    return ledger.texts.withLock { $0.one(service, world) }
                })
        case ("DELETE", 2):
            try await order(.removeService(call.path[1]))
            return reply(200)
        case ("POST", 3) where call.path[2] == "update": return try await updateService(call)
        case ("GET", 3) where call.path[2] == "logs":
            let wish = try LogWish(call)
            let service = try look { world throws(OrderRefusal) in try world.service(call.path[1]) }
            return logs(.service(service.id), wish)
        default: return nil
        }
    }

    private func listServices(_ call: DockerRequest) throws(OrderRefusal) -> ServerReply {
        let filters = try call.filters(["id", "label", "mode", "name", "runtime"])
        let isCounted = call.flag("status")
        let bytes = look { world in
            func wanted() -> [SimService] {
                world.swarm.services.values.filter { service in
                    filters.admits("id", beginning: service.id) && filters.admits("name", beginning: service.spec.name) && filters.admits(labels: service.spec.labels)
                        && filters.admits("mode", exactly: Self.word(service.spec.mode))
                }.sorted { $0.id < $1.id }
            }
            return ledger.texts.withLock { texts in
                guard filters.isEmpty else { return texts.list(wanted(), world, counted: isCounted) }
                return texts.answer(isCounted ? "services counted" : "services", world) { $0.list(wanted(), world, counted: isCounted) }
            }
        }
        return reply(200, bytes)
    }

    private static func word(_ mode: SimServiceSpec.Mode) -> String {
        switch mode {
        case .replicated: "replicated"
        case .global: "global"
        case .replicatedJob: "replicated-job"
        case .globalJob: "global-job"
        }
    }

    private func specification(_ call: DockerRequest) throws(OrderRefusal) -> SimServiceSpec {
        let tree = try call.json()
        return try look { world throws(OrderRefusal) in
            try ServiceSpecText.received(tree) { reference throws(OrderRefusal) in
                do throws(OrderRefusal) { return try world.overlay(reference).id } catch {
                    // 20.10 says this with a 500.
                    throw OrderRefusal(.serverError, error.message)
                }
            }
        }
    }

    private func createService(_ call: DockerRequest) async throws(OrderRefusal) -> ServerReply {
        let answer = try await order(.createService(try specification(call)))
        return reply(201) {
            $0.field("ID", answer.id)
            if !answer.warnings.isEmpty { $0.field("Warnings", answer.warnings) }
        }
    }

    private func updateService(_ call: DockerRequest) async throws(OrderRefusal) -> ServerReply {
        let version = try call.version(of: "service")
        let answer: Answer
        switch call.text("rollback") {
        case "": answer = try await order(.updateService(call.path[1], version: version, try specification(call)))
        case "previous": answer = try await order(.rollBackService(call.path[1], version: version))
        default: throw OrderRefusal(.badRequest, "unrecognized rollback option \(call.text("rollback"))")
        }
        return reply(200) { $0.list("Warnings", answer.warnings) }
    }

    func logs(_ origin: SwarmLogFollower.Origin, _ wish: LogWish) -> ServerReply {
        .stream(status: 200, headers: headers(type: nil), Following.stream(SwarmLogFollower(cluster: cluster, origin: origin, wish: wish)))
    }
}
