internal import Domain

/// Every check of the registry: how it is, and when it is due. Pure: what time it is and what came of a run is given.
struct CheckBoard {
    /// What an earlier run of Binnacle knew of a check.
    struct Memory: Sendable, Hashable {
        var status: Check.Status
        var output: String
        var since: Timestamp
        var ranAt: Timestamp
        var flips: Int
    }

    /// One run that is to be made now.
    struct Errand: Sendable {
        var check: Check.ID
        var definition: CheckDefinition
        var container: Container.ID?
        /// Tells a run of a check that was meanwhile replaced by another of the same id.
        var generation: UInt64
        var started: ContinuousClock.Instant
    }

    private struct Entry {
        var wanted: Holdings.WantedCheck
        var generation: UInt64
        var status: Check.Status
        var output: String
        var since: Timestamp?
        var isSinceAtLeast = false
        var flips = 0
        var ranAt: Timestamp?
        var isUnderWay = false
        /// nil for what is never due again.
        var due: ContinuousClock.Instant?
        /// What the file has of it.
        var kept: (status: Check.Status, at: ContinuousClock.Instant)?
    }

    /// How old the file's idea of a check may become whose status does not change.
    private static let keepInterval = Duration.seconds(60)

    private let source: Source.ID
    private var entries: [Check.ID: Entry] = [:]
    private var generation: UInt64 = 0
    private var queue = DueQueue()
    private(set) var underWay = 0
    /// Bounded by what the file hands out, and emptied as checks appear.
    var memories: [Check.ID: Memory] = [:]

    init(source: Source.ID) { self.source = source }

    var count: Int { entries.count }

    /// The checks are now these.
    ///
    /// - Parameter delay: how long the first run of a check waits, so that not all run at once.
    mutating func replace(
        with wanted: [Check.ID: Holdings.WantedCheck], at clock: ContinuousClock.Instant, now: Timestamp,
        delay: (_ interval: Duration) -> Duration
    ) -> (changed: [Check.ID], gone: [Check.ID]) {
        let gone = entries.keys.filter { wanted[$0] == nil }
        for id in gone { entries[id] = nil }
        var changed: [Check.ID] = []
        for (id, check) in wanted {
            if var known = entries[id], known.wanted.body == check.body, known.wanted.container == check.container {
                guard known.wanted != check else { continue }
                known.wanted = check
                entries[id] = known
            } else {
                entries[id] = fresh(id, check, at: clock, now: now, delay: delay)
            }
            changed.append(id)
        }
        return (changed, gone)
    }

    private mutating func fresh(
        _ id: Check.ID, _ check: Holdings.WantedCheck, at clock: ContinuousClock.Instant, now: Timestamp, delay: (Duration) -> Duration
    ) -> Entry {
        generation += 1
        let memory = memories.removeValue(forKey: id)
        switch check.body {
        case .maintenance(let maintenance):
            return Entry(
                wanted: check, generation: generation, status: .maintenance, output: maintenance.reason, since: maintenance.since, ranAt: now)
        case .probe(let definition):
            var entry = Entry(wanted: check, generation: generation, status: Self.initialStatus(definition), output: "not run yet")
            if let memory {
                entry.flips = memory.flips
                entry.output =
                    "not run yet since Binnacle was started; \(Self.age(now.seconds(since: memory.ranAt))) ago it was \(memory.status.word): \(memory.output)"
            }
            if case .ttl(let seconds) = definition.probe {
                entry.due = clock + .seconds(Self.clamped(seconds))
            } else {
                entry.due = clock + delay(definition.pause)
            }
            enqueue(id, entry)
            return entry
        }
    }

    /// Up to so many runs that are due, the longest overdue first; none of a check that still runs.
    mutating func take(at clock: ContinuousClock.Instant, atMost count: Int) -> [Errand] {
        guard count > 0 else { return [] }
        var errands: [Errand] = []
        while errands.count < count, let item = queue.pop(dueBy: clock) {
            // What was put off, brought forward or replaced since it was queued is queued anew.
            guard let entry = entries[item.check], entry.generation == item.generation, entry.due == item.due, !entry.isUnderWay,
                case .probe(let definition) = entry.wanted.body
            else { continue }
            entries[item.check]?.isUnderWay = true
            underWay += 1
            errands.append(
                Errand(check: item.check, definition: definition, container: entry.wanted.container, generation: entry.generation, started: clock))
        }
        return errands
    }

    private mutating func enqueue(_ id: Check.ID, _ entry: Entry) {
        guard let due = entry.due else { return }
        queue.push(DueQueue.Item(due: due, check: id, generation: entry.generation))
    }

    /// - Returns: whether what is to be told of the check changed by it; false also for one that has gone meanwhile.
    mutating func finish(_ errand: Errand, _ answer: CheckAnswer, at clock: ContinuousClock.Instant, now: Timestamp) -> Bool {
        underWay -= 1
        guard var entry = entries[errand.check], entry.generation == errand.generation else { return false }
        let isFirst = entry.ranAt == nil
        let old = (entry.status, entry.output)
        entry.isUnderWay = false
        entry.ranAt = now
        if case .ttl = errand.definition.probe {
            entry.due = nil
        } else {
            entry.due = max(clock, errand.started + errand.definition.pause)
        }
        if isFirst || answer.status != entry.status {
            entry.since = now
            // What it was before the first look is not known.
            entry.isSinceAtLeast = isFirst
            if !isFirst { entry.flips = min(entry.flips + 1, 1_000_000) }
        }
        entry.status = answer.status
        entry.output = answer.output
        entries[errand.check] = entry
        enqueue(errand.check, entry)
        return isFirst || old != (entry.status, entry.output)
    }

    /// Everything is run as soon as there is room.
    mutating func hurry(at clock: ContinuousClock.Instant) {
        for (id, var entry) in entries {
            guard entry.due != nil, !entry.isUnderWay, case .probe(let definition) = entry.wanted.body else { continue }
            if case .ttl = definition.probe { continue }
            entry.due = clock
            entries[id] = entry
            enqueue(id, entry)
        }
    }

    /// The next moment at which something may be due.
    var nextDue: ContinuousClock.Instant? { queue.first?.due }

    /// Each has run once, but those that wait for their TTL.
    var hasAllRun: Bool {
        entries.values.allSatisfy { entry in
            if case .probe(let definition) = entry.wanted.body, case .ttl = definition.probe { return true }
            return entry.ranAt != nil
        }
    }

    var all: [Check] { entries.keys.compactMap { check($0) } }

    func check(_ id: Check.ID) -> Check? {
        guard let entry = entries[id] else { return nil }
        let wanted = entry.wanted
        var check = Check(
            id: id, name: wanted.name, status: entry.status, output: entry.output, service: wanted.service, serviceID: wanted.serviceID,
            node: wanted.node, since: entry.since, isSinceAtLeast: entry.isSinceAtLeast, tags: wanted.tags)
        switch wanted.body {
        case .probe(let definition):
            check.kind = definition.kind
            check.notes = [definition.notes, wanted.notes].filter { !$0.isEmpty }.joined(separator: "; ")
            check.definition = definition.words
        case .maintenance(let maintenance):
            check.kind = "maintenance"
            check.notes = maintenance.reason
        }
        return check
    }

    /// All checks are gone for now; what was known of them stays for their return.
    mutating func clear() {
        for (id, entry) in entries { if let memory = Self.memory(entry) { memories[id] = memory } }
        entries = [:]
        queue = DueQueue()
    }

    /// What the next run of Binnacle shall know of a check; nil while the file has it nearly so.
    mutating func memoryToKeep(_ id: Check.ID, at clock: ContinuousClock.Instant) -> Memory? {
        guard let entry = entries[id] else { return nil }
        if let kept = entry.kept, kept.status == entry.status, clock - kept.at < Self.keepInterval { return nil }
        entries[id]?.kept = (entry.status, clock)
        return Self.memory(entry)
    }

    private static func memory(_ entry: Entry) -> Memory? {
        guard let ranAt = entry.ranAt else { return nil }
        return Memory(status: entry.status, output: entry.output, since: entry.since ?? ranAt, ranAt: ranAt, flips: entry.flips)
    }

    /// Until it has run: what was asked for, else that it is starting; Consul would say critical.
    private static func initialStatus(_ definition: CheckDefinition) -> Check.Status {
        switch definition.initialStatus {
        case "passing": .passing
        case "warning": .warning
        case "critical": .critical
        default: .starting
        }
    }

    private static func age(_ seconds: Int64) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) days"
        }
    }

    static func clamped(_ seconds: Double) -> Double { seconds.isFinite ? min(max(seconds, 1), 86_400) : 86_400 }
}

extension CheckDefinition {
    /// The interval as it is kept: from one second to one day, whatever was asked for.
    var pause: Duration { .seconds(CheckBoard.clamped(interval)) }

    /// At most a minute: one that hangs holds up a place that others wait for.
    var patience: Duration {
        let asked = timeout.flatMap { $0.isFinite ? $0 : nil } ?? min(CheckBoard.clamped(interval), 10)
        return .seconds(min(max(asked, 0.05), 60))
    }
}
