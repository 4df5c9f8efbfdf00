internal import Synchronization

/// What an engine's view keeps between requests: texts that need not be written again, and programs that run by exec.
final class DockerState: Sendable {
    let list = Mutex(ContainerListTexts())
    let execs = Mutex(ExecSessions())
}

/// What the managers of a swarm have in common: each of them answers the same.
final class SwarmLedger: Sendable {
    let texts = Mutex(SwarmTexts())
    let blobs = Mutex(SwarmBlobs())

    init() {}
}
