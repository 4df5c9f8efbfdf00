internal import Domain
internal import Engine

/// Who a node's services and checks belong to. Its own agent puts back within a minute what others take out of the catalog,
/// and takes out what others put in: so changes go to that agent as long as it lives.
enum OwningAgent: Sendable {
    /// Reached, and it is that node's.
    case reached(ConsulConnection, AgentSelf?)
    /// It lives, and cannot be reached from here; what was tried and what to do.
    case beyond(String)
    /// No agent speaks for the node any more, or ever did.
    case none(Member.Status)
}

/// Finds the agent of a node: the one asked, or another one at the same port of the address that the members know it by.
struct AgentFinder: Sendable {
    /// An agent on another machine is tried for so long.
    private static let patience = Duration.seconds(5)

    let connection: ConsulConnection

    /// - Parameter node: empty for the node of the agent asked.
    func owner(of node: String) async throws(Trouble) -> OwningAgent {
        let asked = try await connection.agentSelf()
        if node.isEmpty { return .reached(connection, asked) }
        let name = try await identity(connection, asked)
        if name == node { return .reached(connection, asked) }
        let isElsewhere = connection.datacenter.map { $0 != asked?.datacenter } ?? false
        if isElsewhere {
            return .beyond("\(words(node)) is in another datacenter than the agent asked: point CONSUL_HTTP_ADDR at the agent of \(words(node))")
        }
        guard let members = try await connection.members(), !members.isEmpty else {
            return .beyond("the token may not list the agents, so that the one of \(words(node)) cannot be found: point CONSUL_HTTP_ADDR at it")
        }
        guard let member = members.first(where: { $0.name == node }) else { return .none(.external) }
        switch member.status {
        case .left, .failed, .external: return .none(member.status)
        case .alive, .leaving, .unknown: return await dial(member)
        }
    }

    private func dial(_ member: AgentMember) async -> OwningAgent {
        let node = words(member.name)
        let advice = "point CONSUL_HTTP_ADDR at the agent of \(node)"
        guard let neighbour = connection.neighbour(at: member.address) else {
            return .beyond("\(node) has an agent of its own, and the one asked is reached by a unix socket: \(advice)")
        }
        do throws(Trouble) {
            let found = try await neighbour.agentSelf(within: Self.patience)
            let name = try await identity(neighbour, found)
            guard name == member.name else {
                let answer = name.map { "node \(words($0))" } ?? "an agent that does not say which node it is (agent:read is missing)"
                return .beyond("at \(neighbour.place), where the agent of \(node) was looked for, answers \(answer): \(advice)")
            }
            return .reached(neighbour, found)
        } catch {
            return .beyond("the agent of \(node) was tried at \(neighbour.place): \(error.answer); \(advice)")
        }
    }

    /// A token without `agent:read` still sees checks of the agent, and each says whose it is.
    private func identity(_ connection: ConsulConnection, _ known: AgentSelf?) async throws(Trouble) -> String? {
        if let known { return known.node }
        return try await connection.ownChecks(source: Source.ID("agent"), within: Self.patience).first { !$0.node.isEmpty }?.node
    }

    private func words(_ name: String) -> String { PlainText.printable(name) }
}
