public import Domain

public struct SimContainer: Sendable, Identifiable {
    /// Docker's words.
    public enum State: String, Sendable, Hashable { case created, running, paused, restarting, exited, dead }

    /// 64 hexadecimal digits.
    public let id: String
    public let host: String
    /// Without the slash.
    public internal(set) var name: String
    public internal(set) var spec: SimContainerSpec
    public let imageID: String
    public let created: Timestamp
    public internal(set) var state: State = .created
    /// 0 while nothing runs.
    public internal(set) var pid = 0
    public internal(set) var exitCode = 0
    public internal(set) var isOOMKilled = false
    /// Why it could not be started.
    public internal(set) var error = ""
    public internal(set) var startedAt: Timestamp?
    public internal(set) var finishedAt: Timestamp?
    public internal(set) var restartCount = 0
    public internal(set) var endpoints: [SimEndpoint] = []
    /// What is published while it runs, with the host's ports that were given.
    public internal(set) var published: [SimBinding] = []
    /// Everything it exposes: its own and its image's.
    public let exposedPorts: [SimPort]
    /// The image's and its own, `KEY=value`, the later one counts.
    public let environment: [String]
    /// What is run: entry point and command.
    public let arguments: [String]
    public let healthCheck: SimHealthCheck?
    /// Of the swarm, where it is a task's.
    public let task: String?
    public let service: String?

    var health = SimHealthRecord()
    var program: SimProgram
    var work = SimWork()
    var journal = SimJournal()
    /// Rises with every start and end.
    var generation = 0
    /// Somebody asked for the end: no restart policy applies.
    var isStopWanted = false
    /// The end after a kill or stop, while it is under way.
    var endsAt: Timestamp?
    /// What follows the end: `stop` was asked, or `restart`, or `rm -f`.
    var afterwards: Afterwards = .nothing
    enum Afterwards: Sendable { case nothing, stop, restart, remove }
    var leak: Leak?
    /// How long the restart policy waits the next time.
    var restartDelay: Duration = .milliseconds(100)

    public var isRunning: Bool { state == .running || state == .paused }

    /// Who it is inside: given, or the first digits of the id.
    public var hostname: String { spec.hostname.isEmpty ? String(id.prefix(12)) : spec.hostname }

    /// The address that a registrar without other orders tells.
    public var address: String { endpoints.first { !$0.address.isEmpty && $0.networkName != "ingress" }?.address ?? "" }

    /// The value that counts of an environment variable.
    public func variable(_ name: String) -> String? {
        let prefix = name + "="
        return environment.last { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }
}
