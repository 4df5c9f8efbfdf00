internal import Domain

extension World {
    /// nil where there is no health check, or where it never ran.
    public func health(of container: SimContainer) -> SimHealth? {
        guard let check = container.healthCheck, let started = container.startedAt else { return nil }
        let end = container.isRunning ? now : container.finishedAt ?? now
        let last = probes(check, since: started, until: end)
        let log = (max(1, last - 4)...max(1, last)).filter { $0 <= last }.map { probe(number: $0, check, container, started) }
        return SimHealth(status: container.health.status, failingStreak: failingStreak(container, check, started, last), log: log)
    }

    private func probes(_ check: SimHealthCheck, since: Timestamp, until: Timestamp) -> Int {
        Int(max(0, until.nanoseconds - since.nanoseconds) / check.interval.nanoseconds)
    }

    private func time(ofProbe number: Int, _ check: SimHealthCheck, _ started: Timestamp) -> Timestamp {
        Timestamp(nanoseconds: started.nanoseconds + Int64(number) * check.interval.nanoseconds)
    }

    private func phase(_ container: SimContainer, at time: Timestamp) -> SimHealthRecord.Phase? {
        container.health.phases.last { $0.from <= time } ?? container.health.phases.first
    }

    private func probe(number: Int, _ check: SimHealthCheck, _ container: SimContainer, _ started: Timestamp) -> SimHealth.Probe {
        let start = time(ofProbe: number, check, started)
        let fault = phase(container, at: start)?.fault
        let print = Randomness.mixed(Randomness.fingerprint(container.id) &+ UInt64(number))
        return SimHealth.Probe(
            start: start, end: start.adding(.milliseconds(40 + Int(print % 90))), exitCode: fault == nil ? 0 : 1, output: fault ?? container.health.passing)
    }

    /// Failures in a row up to that probe, those within the start period left out.
    private func failingStreak(_ container: SimContainer, _ check: SimHealthCheck, _ started: Timestamp, _ last: Int) -> Int {
        var first = last + 1
        var phases = container.health.phases[...]
        while let phase = phases.popLast(), phase.fault != nil {
            let before = max(0, phase.from.nanoseconds - started.nanoseconds - 1) / check.interval.nanoseconds
            first = min(first, Int(before) + 1)
        }
        let grace = Int(check.startPeriod.nanoseconds / check.interval.nanoseconds)
        return container.health.phases.last?.fault == nil ? 0 : max(0, last - max(first - 1, grace))
    }

    func fault(of container: SimContainer) -> String? {
        afflictions.lazy.compactMap { name, affliction in Self.isMeant(container.name, by: name) ? affliction.fault : nil }.first
            ?? container.program.fault
    }

    /// What the check of a plain image says, whose command is really looked at. nil where it is another's.
    private func verdict(of container: SimContainer) -> SimExecution? {
        guard container.program.role == .plain, let test = container.healthCheck?.test, test.count > 1 else { return nil }
        var shell = Shell(container: container, world: self)
        return shell.run(test[0] == "CMD-SHELL" ? ["/bin/sh", "-c", test[1]] : Array(test.dropFirst()))
    }

    /// - Returns: whether it is another than before.
    private mutating func readFault(of id: String) -> Bool {
        guard let container = containers[id] else { return false }
        let verdict = container.healthCheck == nil ? nil : verdict(of: container)
        let said = verdict.map { $0.output + $0.errors } ?? ""
        if let verdict, verdict.exitCode == 0 { containers[id]?.health.passing = said }
        let fault = fault(of: container) ?? (verdict.map { $0.exitCode != 0 } == true ? said : nil)
        guard container.healthCheck != nil, container.health.phases.last.map({ $0.fault != fault }) ?? true else { return false }
        containers[id]?.health.phases.append(SimHealthRecord.Phase(from: now, fault: fault))
        if container.health.phases.count > 7 { containers[id]?.health.phases.removeFirst() }
        return true
    }

    /// `shop_worker.1` means `shop_worker.1.x6…` and itself, not `shop_worker.12…`.
    static func isMeant(_ name: String, by pattern: String) -> Bool { name == pattern || name.hasPrefix(pattern + ".") }

    /// What its probes say has changed, or its run began.
    mutating func noteFault(of id: String) {
        guard let container = containers[id], container.isRunning else { return }
        if readFault(of: id), container.program.role != .plain || container.health.phases.isEmpty { planProbe(of: id) }
        wakeChecks(of: id)
    }

    /// The next probe that there is anyhow.
    private mutating func planProbe(of id: String) {
        guard let container = containers[id], let check = container.healthCheck, let started = container.startedAt else { return }
        let next = probes(check, since: started, until: now) + 1
        agenda.enter(.probe(container: id, generation: container.generation), at: time(ofProbe: next, check, started))
    }

    mutating func probe(container id: String, generation: Int) {
        guard let before = containers[id], before.generation == generation, before.state == .running || before.program.role == .plain && before.isRunning,
            let check = before.healthCheck, let started = before.startedAt
        else { return }
        if before.program.role == .plain {
            // What it looks at may change unseen.
            if before.state == .running { _ = readFault(of: id) }
            planProbe(of: id)
        }
        guard before.state == .running, let container = containers[id] else { return }
        let last = probes(check, since: started, until: now)
        if phase(container, at: now)?.fault == nil {
            setHealth(.healthy, of: id)
        } else if failingStreak(container, check, started, last) >= max(1, check.retries) {
            setHealth(.unhealthy, of: id)
        } else if container.program.role != .plain {
            planProbe(of: id)
        }
    }

    private mutating func setHealth(_ status: SimHealth.Status, of id: String) {
        guard let container = containers[id], container.health.status != status else { return }
        containers[id]?.health.status = status
        tell(container, .health(status))
        if let task = container.task { taskHealth(task, status) }
    }
}

extension Duration {
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, isOver) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return isOver ? (seconds < 0 ? .min : .max) / 4 : product &+ attoseconds / 1_000_000_000
    }
}
