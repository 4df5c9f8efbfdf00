public import Domain

/// Changes: first the plan, then, once confirmed, the deed.
extension ConsulEngine {
    public func plan(_ operation: Operation) async throws(Trouble) -> Plan {
        try await changes().deed(operation).plan
    }

    public func perform(_ plan: Plan) async throws(Trouble) -> String {
        let attempt = ConsulChanges.attempt(plan.operation)
        guard !configuration.isReadOnly else { throw Trouble(.refusedByPlan, attempt: attempt, answer: ConsulChanges.readOnly) }
        // Worked out again: the agent that was found may be another by now, and what was confirmed may have no sense any more.
        let deed = try await changes().deed(plan.operation)
        if let reason = deed.plan.obstacle ?? deed.plan.idle { throw Trouble(.refusedByPlan, attempt: attempt, answer: reason) }
        guard deed.fingerprint == plan.base else {
            throw Trouble(.conflict, attempt: attempt, answer: "since the plan was made things have changed, and other requests would be needed", remedy: "look at the plan again")
        }
        let result: Result<String, Trouble>
        do throws(Trouble) { result = .success(try await deed.perform(attempt: attempt)) } catch { result = .failure(error) }
        // What fails halfway may have changed something too.
        await refresh()
        return try result.get()
    }

    private func changes() async -> ConsulChanges {
        ConsulChanges(connection: connection, source: source.id, isReadOnly: configuration.isReadOnly, picture: await picture)
    }
}
