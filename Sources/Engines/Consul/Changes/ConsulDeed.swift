internal import Domain
internal import Engine
internal import JSON
internal import Transport

/// A change worked out: the plan that a person sees, and the requests that it comes to.
///
/// It is worked out again before it is performed. Where the requests are no longer those that were confirmed, nothing is sent.
struct ConsulDeed: Sendable {
    struct Step: Sendable {
        var call: ConsulCall
        var connection: ConsulConnection
        /// The permission it takes, in words, for servers that do not name it.
        var needs: String
        /// Answers that mean that it is so already.
        var tolerates: Set<Int> = []
    }

    /// What must be so afterwards.
    enum Proof: Sendable {
        case agentCheck(ConsulConnection, id: String, isThere: Bool)
        case agentService(ConsulConnection, id: String, isThere: Bool)
        case none
    }

    var plan: Plan
    var steps: [Step] = []
    var proof = Proof.none
    /// What was done, in words.
    var done = ""

    init(_ operation: Operation) { plan = Plan(operation: operation) }

    /// Everything that is sent and where: what was confirmed is recognised by it.
    var fingerprint: String { steps.map { "\($0.connection.place) \($0.connection.text($0.call))" }.joined(separator: "\n") }

    /// The steps as a person reads them; the address stands there where it is not that of the agent asked.
    func texts(asked: ConsulConnection) -> [String] {
        steps.map { step in
            let text = step.connection.text(step.call)
            let whole = step.connection.address == asked.address ? text : text.replacingFirst(" /v1/", with: " \(step.connection.place)/v1/")
            return PlainText.printable(SecretMask.masked(whole))
        }
    }

    func perform(attempt: String) async throws(Trouble) -> String {
        for step in steps {
            let response = try await step.connection.answer(step.call, timeout: .seconds(20), attempt: attempt)
            guard (200..<300).contains(response.status) || step.tolerates.contains(response.status) else {
                throw ConsulTrouble.make(response, attempt: attempt, address: step.connection.address, needs: step.needs)
            }
        }
        try await prove(attempt)
        return done
    }

    private func prove(_ attempt: String) async throws(Trouble) {
        let (connection, call, isThere): (ConsulConnection, ConsulCall, Bool)
        switch proof {
        case .none: return
        case .agentCheck(let agent, let id, let expected):
            let checks = try await agent.ownChecks(source: Source.ID("agent"))
            if checks.contains(where: { $0.id.raw.hasSuffix("/" + id) }) != expected { throw unproven(attempt) }
            return
        case .agentService(let agent, let id, let expected): (connection, call, isThere) = (agent, ConsulCall("GET", ["agent", "service", id]), expected)
        }
        let response = try await connection.answer(call, attempt: attempt)
        // A token that may write and not read proves nothing either way.
        if response.status == 403 { return }
        if (response.status == 200) != isThere { throw unproven(attempt) }
    }

    private func unproven(_ attempt: String) -> Trouble {
        Trouble(.conflict, attempt: attempt, answer: "the agent accepted it, and does not show it", remedy: "look at it again (F5): somebody else may have changed it meanwhile")
    }
}

extension String {
    fileprivate func replacingFirst(_ text: String, with other: String) -> String {
        guard let range = firstRange(of: text) else { return self }
        return self[..<range.lowerBound] + other + self[range.upperBound...]
    }
}
