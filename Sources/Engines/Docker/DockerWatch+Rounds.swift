internal import Domain
internal import Engine

/// What happens by the clock: looking into what is on the screen, and statistics of remote engines.
extension DockerWatch {
    private static let poolSize = 4
    /// Looks a round: 150 rows scrolled past must not become 150 inspections in a row.
    private static let looksARound = 16
    /// Containers a round that are looked into for their `SERVICE_…` variables: 150 are known within four seconds, and 10,000 do not
    /// keep an engine busy with nothing else.
    private static let variablesARound = 48

    /// Containers whose probes or reason of death belong on the Health pane, seen or not.
    func markTroubled() {
        for container in picture.containers.values where container.detail == nil && container.health != .none {
            inspections.mark(container.id.raw)
        }
    }

    func lookAround() async throws {
        var lastRound = ContinuousClock.now - pace.statistics
        while true {
            try await Task.sleep(for: pace.background)
            if hasMissed { catchUp() }
            let focus = attention.focus
            for id in curiosities(focus) + unreadVariables(beside: focus) {
                await inspect(id)
                try Task.checkCancellation()
            }
            // A round that takes longer than its interval delays the next: never two under way.
            let started = ContinuousClock.now
            guard started - lastRound >= pace.statistics else { continue }
            lastRound = started
            await sample(focus)
        }
    }

    private func catchUp() {
        hasMissed = false
        dirty.markEverything()
        wantsNetworks = true
        work.ring()
    }

    /// Rows on the screen nobody has looked into, and what ended badly.
    private func curiosities(_ focus: Attention.Focus) -> [String] {
        var ids: [String] = []
        for id in focus.visible where ids.count < Self.looksARound {
            guard let container = picture.containers[id], container.detail == nil, !unfathomable.contains(id) else { continue }
            ids.append(id)
        }
        for (id, container) in picture.containers where ids.count < Self.looksARound {
            guard container.detail == nil, !unfathomable.contains(id), case .exited(let code?, _) = container.state, code != 0 else { continue }
            ids.append(id)
        }
        return ids
    }

    /// Running containers whose environment nobody has read yet, while somebody wants it.
    private func unreadVariables(beside focus: Attention.Focus) -> [String] {
        guard attention.wantsServiceVariables else { return [] }
        return Array(
            picture.containers.values.lazy
                .filter { [unfathomable] in $0.state.isRunning && $0.detail == nil && !focus.visible.contains($0.id.raw) && !unfathomable.contains($0.id.raw) }
                .map(\.id.raw).prefix(Self.variablesARound))
    }

    private func sample(_ focus: Attention.Focus) async {
        let here = attention.measuredHere
        let ids = focus.visible.filter { !here.contains($0) && picture.containers[$0]?.state.isRunning == true }
        guard !ids.isEmpty, let greeting = try? await connection.acquaintance() else { return }
        // One-shot answers at once from API 1.41 on; before, the engine takes two samples and a second or two.
        let oneShot = greeting.apiVersion >= APIVersion(1, 41) || greeting.isPodman
        var readings: [String: UsageCounters] = [:]
        let connection = connection
        await withTaskGroup(of: (String, UsageCounters?).self) { group in
            var waiting = Array(ids)[...]
            func start() {
                guard let id = waiting.popFirst() else { return }
                group.addTask {
                    // Gone, stopped or refused: the row simply has no reading this round.
                    (id, (try? await connection.statistics(id, oneShot: oneShot)).flatMap(UsageCounters.init))
                }
            }
            for _ in 0..<Self.poolSize { start() }
            for await (id, counters) in group {
                if let counters { readings[id] = counters }
                start()
            }
        }
        guard !readings.isEmpty, !Task.isCancelled else { return }
        sink(
            .usage(
                Dictionary(uniqueKeysWithValues: readings.map { id, counters in
                    (id, counters.usage(since: previousReadings[id], wallClock: greeting.isPodman))
                })))
        previousReadings.merge(readings) { _, new in new }
        // Those that went while nobody followed, or during this round, were told by no event.
        previousReadings = previousReadings.filter { picture.containers[$0.key] != nil }
    }
}
