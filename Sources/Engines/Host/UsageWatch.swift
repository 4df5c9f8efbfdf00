internal import Domain
internal import Engine
internal import Glibc

/// Which containers there are, and which of them are read when.
///
/// Rows on the screen are read every interval, all others once in a quarter of a minute, a few at each interval.
struct UsageWatch {
    private static let surveyEvery: UInt64 = 10_000_000_000
    private static let surveyAfreshEvery: UInt64 = 60_000_000_000
    private static let roundOfOthers: UInt64 = 15_000_000_000
    /// A second reading, for the rates, follows the first after this long.
    private static let secondReading: UInt64 = 900_000_000
    /// More than this many containers are never held open at once.
    static let mostHeld = 512
    /// Descriptors left to the rest of the program.
    private static let reserve = 256

    private let root: HostRoot
    private let reader: FileReader
    private let clock: HostClock
    private let interval: UInt64
    private var layout: CgroupLayout?
    private var tree: CgroupTree?
    private var probes: [String: ContainerProbe] = [:]
    private var order: [ContainerProbe] = []
    private var nextOther = 0
    private var surveyedAt: UInt64?
    private var surveyedAfreshAt: UInt64 = 0
    private var wantsSurvey = true
    /// Visible ids that no cgroup belongs to: stopped containers, and those of other machines.
    private var soughtInVain: Set<String> = []
    private var holdingLimit: Int
    private(set) var remarks: Set<Remark> = []
    /// Grows whenever the set of containers changes.
    private(set) var generation = 0

    init(_ root: HostRoot, _ reader: FileReader, _ clock: HostClock, interval: UInt64, holdingLimit: Int? = nil) {
        self.root = root
        self.reader = reader
        self.clock = clock
        self.interval = interval
        self.holdingLimit = holdingLimit ?? Self.affordable
    }

    /// Whether any cgroup tree was found at the last survey.
    var isPossible: Bool { layout != nil }
    /// In the order they were found, outer containers before those in them.
    var containers: [ContainerProbe] { order }
    var heldCount: Int { order.count(where: \.isHolding) }

    func probe(of id: String) -> ContainerProbe? { probes[id] }

    private static var affordable: Int {
        var limits = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0 else { return 0 }
        let descriptors = Int(clamping: limits.rlim_cur)
        return max(0, min(mostHeld, (descriptors - reserve) / ContainerProbe.descriptors))
    }

    /// Everything is listed again at the next look.
    mutating func refresh() {
        wantsSurvey = true
        surveyedAfreshAt = 0
        soughtInVain = []
    }

    /// Looks for containers that have come or gone, as seldom as will do.
    mutating func discover(_ focus: Attention.Focus, now: UInt64, isFull: Bool) {
        let unknown = focus.visible.contains { probes[$0] == nil && !soughtInVain.contains($0) }
        let isOld = surveyedAt.map { now >= $0 &+ Self.surveyEvery } ?? true
        guard wantsSurvey || isOld || unknown || (isFull && tree?.hasChanged() ?? true) else { return }
        if layout == nil || isOld { adopt(CgroupLayout(root)) }
        let afresh = surveyedAfreshAt == 0 || now >= surveyedAfreshAt &+ Self.surveyAfreshEvery
        let found = tree?.survey(afresh: afresh) ?? []
        if afresh { surveyedAfreshAt = now }
        surveyedAt = now
        wantsSurvey = false
        take(found)
        if isOld { soughtInVain = [] }
        for id in focus.visible where probes[id] == nil { soughtInVain.insert(id) }
        if let tree, !tree.denied.isEmpty { remarks.insert(.deniedGroups) }
    }

    private mutating func adopt(_ found: CgroupLayout?) {
        guard found != layout else { return }
        layout = found
        probes = [:]
        order = []
        tree = found.map { CgroupTree(directory: $0.search.directory) }
        guard let found else { return }
        if !found.isWholeMachine { remarks.insert(.partOfMachine) }
        if found.processor == nil { remarks.insert(.noProcessorController) }
        if found.memory == nil { remarks.insert(.noMemoryController) }
    }

    private mutating func take(_ found: [FoundContainer]) {
        guard let layout, found != order.map(\.container) else { return }
        var next: [String: ContainerProbe] = [:]
        next.reserveCapacity(found.count)
        order = found.map { container in
            let known = probes[container.id].flatMap { $0.container == container ? $0 : nil }
            let probe = known ?? ContainerProbe(container, layout)
            next[container.id] = probe
            return probe
        }
        probes = next
        generation += 1
    }

    /// Readings of the containers whose turn it is.
    mutating func sample(_ focus: Attention.Focus, now: UInt64, isFull: Bool, ownNamespace: UInt64?) -> [String: Usage] {
        var usages: [String: Usage] = [:]
        var room = holdingLimit - heldCount
        for probe in watched(focus) where isDue(probe, now: now, isFull: isFull) {
            if !probe.isHolding, room <= 0 { room += letGo(except: focus, atLeast: 1) }
            let holding = probe.isHolding || room > 0
            if holding, !probe.isHolding { room -= 1 }
            read(probe, focus, holding: holding, ownNamespace: ownNamespace, into: &usages)
        }
        if isFull, !focus.wantsAll {
            for probe in someOthers(focus) {
                read(probe, focus, holding: false, ownNamespace: ownNamespace, into: &usages)
            }
        }
        return usages
    }

    private func watched(_ focus: Attention.Focus) -> [ContainerProbe] {
        focus.wantsAll ? order : focus.visible.compactMap { probes[$0] }
    }

    private func isDue(_ probe: ContainerProbe, now: UInt64, isFull: Bool) -> Bool {
        guard let last = probe.sampledAt else { return true }
        let age = now >= last ? now - last : 0
        if isFull || probe.needsAnother { return age >= Self.secondReading }
        // Between the full turns only what has just come into view: read long ago, if at all.
        return age >= interval &+ interval / 2
    }

    /// The next few of those not on the screen, so that each is read once a round.
    private mutating func someOthers(_ focus: Attention.Focus) -> [ContainerProbe] {
        let others = order.count - focus.visible.count(where: { probes[$0] != nil })
        guard others > 0 else { return [] }
        let share = UInt64(others) &* interval
        var wanted = min(others, Int((share &+ Self.roundOfOthers - 1) / Self.roundOfOthers))
        var chosen: [ContainerProbe] = []
        var steps = order.count
        while wanted > 0, steps > 0 {
            if nextOther >= order.count { nextOther = 0 }
            let probe = order[nextOther]
            nextOther += 1
            steps -= 1
            if focus.visible.contains(probe.container.id) { continue }
            chosen.append(probe)
            wanted -= 1
        }
        return chosen
    }

    private mutating func read(
        _ probe: ContainerProbe, _ focus: Attention.Focus, holding: Bool, ownNamespace: UInt64?,
        into usages: inout [String: Usage]
    ) {
        for attempt in 0..<2 {
            switch probe.sample(root, reader, clock, holding: holding && attempt == 0, ownNamespace: ownNamespace) {
            case .usage(let usage):
                usages[probe.container.id] = usage
                remarks.formUnion(probe.troubles)
                return
            case .gone:
                wantsSurvey = true
                return
            case .exhausted:
                // The rest of the program needs descriptors more than we do.
                holdingLimit = heldCount / 2
                _ = letGo(except: Attention.Focus(), atLeast: max(1, heldCount - holdingLimit))
            }
        }
    }

    /// Closes what is held for containers that are not on the screen; answers how many were closed.
    private func letGo(except focus: Attention.Focus, atLeast wanted: Int) -> Int {
        guard !focus.wantsAll else { return 0 }
        var closed = 0
        for probe in order where probe.isHolding && !focus.visible.contains(probe.container.id) {
            probe.release()
            closed += 1
            if closed >= wanted { break }
        }
        return closed
    }
}
