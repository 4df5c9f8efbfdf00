internal import Domain
internal import Engine
internal import Transport

/// The swarm's own events. They only ring: what a person is told of them, the engine's source tells.
extension SwarmWatch {
    private static let lineLimit = 1 << 20

    /// Reads until the stream ends, which is always a failure: an engine that stops says nothing, it just hangs up.
    nonisolated func pump(_ stream: HTTPStream) async throws {
        let attempt = connection.attempt("follow the events of the swarm")
        var framing = LineFraming(limit: Self.lineLimit, address: connection.address.description)
        do throws(TransportError) {
            for try await chunk in stream.chunks {
                var kinds = Set<String>()
                for line in try framing.receive(chunk) where !line.isEmpty {
                    // A line that is no event may have been any.
                    guard let wire = try? EventMessage(line), wire.action ?? wire.oldStatus != nil else {
                        kinds.formUnion(["service", "node", "network"])
                        continue
                    }
                    kinds.insert(DockerEvent(wire).kind)
                }
                await ring(for: kinds)
            }
        } catch {
            throw DockerTrouble.make(error, attempt: attempt, address: connection.address)
        }
        throw Trouble(.unreachable, attempt: attempt, answer: "the engine ended the stream: it was stopped, or restarts")
    }

    private func ring(for kinds: Set<String>) {
        for kind in kinds {
            switch kind {
            case "service": servicesCadence.want()
            case "node": nodesCadence.want()
            case "network": wantsNetworks = true
            // Secrets and configs are on no screen.
            default: continue
            }
        }
        if !kinds.isEmpty { work.ring() }
    }

    /// Managers that choose a leader answer nothing for ten seconds and more; a hung engine never does.
    func guardSilence() async throws {
        while true {
            try await Task.sleep(for: pace.hesitation / 5)
            if let asking, ContinuousClock.now - asking > pace.hesitation { tellHesitation() }
        }
    }
}
