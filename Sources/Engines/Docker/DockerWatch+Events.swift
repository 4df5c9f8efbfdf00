internal import Domain
internal import Engine
internal import Transport

/// The event stream: read, understood, folded in.
extension DockerWatch {
    /// Labels travel inside events, so a line may be as large as they are.
    private static let lineLimit = 64 << 20

    /// Reads until the stream ends, which is always a failure: an engine that stops says nothing, it just hangs up.
    nonisolated func pump(_ stream: HTTPStream) async throws {
        let attempt = connection.attempt("follow the events")
        var framing = LineFraming(limit: Self.lineLimit, address: connection.address.description)
        do throws(TransportError) {
            for try await chunk in stream.chunks {
                var events: [DockerEvent] = []
                var isGarbled = false
                for line in try framing.receive(chunk) where !line.isEmpty && !DockerEvent.isNoise(line) {
                    // A line that is no event may have been one: only a list tells what it meant.
                    guard let wire = try? EventMessage(line), wire.action ?? wire.oldStatus != nil else {
                        isGarbled = true
                        continue
                    }
                    events.append(DockerEvent(wire))
                }
                await receive(events, isGarbled: isGarbled)
            }
        } catch {
            throw DockerTrouble.make(error, attempt: attempt, address: connection.address)
        }
        throw Trouble(.unreachable, attempt: attempt, answer: "the engine ended the stream: it was stopped, or restarts")
    }

    func receive(_ events: [DockerEvent], isGarbled: Bool = false) {
        lastSign = .now
        if isGarbled { hasMissed = true }
        for event in events { receive(event) }
        if !events.isEmpty { work.ring() }
    }

    private func receive(_ event: DockerEvent) {
        if event.at.nanoseconds > 0 { lastEvent = max(lastEvent ?? event.at, event.at) }
        guard isFirstTelling(of: event) else { return }
        let shown = picture.apply(event, at: now(), lag: pace.settling)
        if let shown { sink(.container(shown)) }
        switch event.effect {
        case .nothing: break
        case .container(let id):
            // What is shown already is confirmed once its burst is over; the rest cannot wait.
            if shown == nil || event.action == "start" { dirty.mark(id) }
            dirty.settle(id, at: .now + pace.settling)
            settle.ring()
        case .containerGone(let id):
            departed.insert(id, at: .now)
            gone(id)
        case .networks: wantsNetworks = true
        }
        if event.wantsInspection, picture.containers[event.id] != nil || event.action == "start" {
            unfathomable.remove(event.id)
            inspections.mark(event.id)
        }
        if let told = event.told(by: source.id) { sink(.event(told)) }
    }

    func gone(_ id: String) {
        dirty.forget(id)
        inspections.forget(id)
        unfathomable.remove(id)
        previousReadings[id] = nil
        // Told even when it was not known: a list under way may have shown it a moment ago.
        _ = picture.remove(id)
        sink(.containerGone(mapping.containerID(id)))
    }

    /// Asks once more about what events spoke of, when the engine has had the time to write it down everywhere.
    func confirm() async throws {
        let bell = settle
        for await _ in bell.rings {
            while let next = dirty.promote(at: .now) {
                work.ring()
                try await Task.sleep(until: next)
            }
            work.ring()
        }
    }

    /// Asks a silent engine whether it lives. A hung engine keeps its connections open and says nothing on them.
    func guardSilence() async throws {
        while true {
            let silence = ContinuousClock.now - lastSign
            guard silence >= pace.watchdog else {
                try await Task.sleep(for: pace.watchdog - silence)
                continue
            }
            try await connection.ping(timeout: pace.ping)
            lastSign = .now
        }
    }

    /// Instead of events, where there are none.
    func poll() async throws {
        while true {
            try await Task.sleep(for: pace.poll)
            dirty.markEverything()
            wantsNetworks = true
            work.ring()
        }
    }
}
