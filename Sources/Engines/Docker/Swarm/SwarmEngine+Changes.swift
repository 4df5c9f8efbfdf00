public import Domain
internal import JSON

/// Changes: first the plan, then, once confirmed, the deed.
extension SwarmEngine {
    public func plan(_ operation: Operation) async throws(Trouble) -> Plan {
        let plans = SwarmPlans(
            connection: connection, source: source.id, isReadOnly: docker.configuration.isReadOnly,
            engineArguments: DockerPlans(connection: connection, mapping: docker.mapping, isReadOnly: false).engineArguments,
            board: { [self] () async throws(Trouble) in try await boardNow() })
        return try await plans.plan(operation)
    }

    public func perform(_ plan: Plan) async throws(Trouble) -> String {
        guard !docker.configuration.isReadOnly else {
            throw Trouble(.refusedByPlan, attempt: SwarmPlans.attempt(plan.operation), answer: DockerPlans.readOnly)
        }
        let result: Result<String, Trouble>
        do throws(Trouble) { result = .success(try await SwarmDeeds(connection: connection, operation: plan.operation).perform(plan)) } catch { result = .failure(error) }
        // What fails halfway has changed something too.
        await refresh()
        return try result.get()
    }

    public func specification(of workload: Workload.ID) async throws(Trouble) -> ServiceSpecification {
        let operation = Operation(.workload(.restart), on: .workload(workload, name: workload.short))
        let attempt = connection.attempt("read service \(workload.short)")
        let service = try await connection.tree(["services", workload.raw], attempt: attempt, gone: "the service has gone")
        let directory = try await SwarmEdit(connection: connection).directory(for: nil, operation)
        var specification = ServiceForm(directory: directory).specification(service["Spec"] ?? .null)
        specification.image = SwarmEdit.withoutDigest(specification.image)
        return specification
    }

    /// What a plan is made from is asked for anew: the picture on the screen may be a second old.
    func boardNow() async throws(Trouble) -> PlacementBoard {
        var picture = SwarmPicture(source: source.id)
        picture.answering = await answering
        let isCounted = try await connection.acquaintance().apiVersion >= APIVersion(1, 41)
        picture.take(networks: try await connection.swarmNetworks())
        _ = picture.take(nodes: try await connection.swarmNodes())
        let services = try connection.serviceResources(try await connection.swarmServices(counted: isCounted))
        picture.take(services: services, at: .now)
        picture.take(tasks: try await connection.swarmTasks(), at: .now)
        _ = picture.news()
        return picture.board
    }
}
