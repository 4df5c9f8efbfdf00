internal import Domain

/// Who belongs to whom, worked out once for each picture of the orchestrators. Holds positions in the snapshot's arrays.
struct PlacementIndex: Sendable {
    /// What went wrong in a task's place just before it.
    struct Failures: Sendable {
        var count: Int
        /// Where the newest of the failed tasks stands.
        var last: Int
    }

    /// The place that tasks follow each other in: a slot, or a node where there are no slots.
    private struct Place: Hashable {
        var workload: Workload.ID
        var slot: Int
        var node: Node.ID?

        init?(_ position: Int, _ snapshot: Snapshot) {
            guard let workload = snapshot.tasks[position].workload else { return nil }
            self.workload = workload
            slot = snapshot.tasks[position].slot
            node = slot > 0 ? nil : snapshot.tasks[position].node
        }
    }

    /// Sources that have told of nodes or workloads, in the order of the source strip.
    private(set) var sources: [Source.ID] = []
    private(set) var workloads: [Workload.ID: Int] = [:]
    private(set) var nodes: [Node.ID: Int] = [:]
    /// Current ones only.
    private(set) var tasks: [WorkloadTask.ID: Int] = [:]
    private(set) var stacks: [Workload.ID: String] = [:]
    private(set) var hasRollouts = false
    private var current: [Workload.ID: [Int]] = [:]
    private var onNode: [Node.ID: [Int]] = [:]
    private var nowhere: [Source.ID: [Int]] = [:]
    private var loose: [Source.ID: [Int]] = [:]
    private var failed: [Int: Failures] = [:]
    private var names: [Node.ID: String] = [:]

    init() {}

    init(_ snapshot: Snapshot) {
        for (position, node) in snapshot.nodes.enumerated() { nodes[node.id] = position }
        for (position, workload) in snapshot.workloads.enumerated() {
            workloads[workload.id] = position
            if !workload.group.isEmpty { stacks[workload.id] = workload.group }
            if workload.rollout != .settled { hasRollouts = true }
        }
        let told = Set(snapshot.nodes.map(\.id.source)).union(snapshot.workloads.map(\.id.source)).union(snapshot.tasks.map(\.id.source))
        sources = snapshot.sources.map(\.id).filter(told.contains)
        sources += told.subtracting(sources).sorted()
        sortTasks(snapshot)
        shortenNames(snapshot.nodes)
    }

    // Fields are read in place: copying a whole task to look at it costs several times as much as looking.

    private mutating func sortTasks(_ snapshot: Snapshot) {
        for position in snapshot.tasks.indices where snapshot.tasks[position].isCurrent {
            let id = snapshot.tasks[position].id
            tasks[id] = position
            if let workload = snapshot.tasks[position].workload, workloads[workload] != nil {
                current[workload, default: []].append(position)
            } else {
                loose[id.source, default: []].append(position)
            }
            if let node = snapshot.tasks[position].node, nodes[node] != nil {
                onNode[node, default: []].append(position)
            } else {
                nowhere[id.source, default: []].append(position)
            }
        }
        func isNamedBefore(_ a: Int, _ b: Int) -> Bool { NaturalOrder.precedes(snapshot.tasks[a].name, snapshot.tasks[b].name) }
        func precedes(_ a: Int, _ b: Int) -> Bool {
            let (left, right) = (snapshot.tasks[a].slot, snapshot.tasks[b].slot)
            return left == right ? isNamedBefore(a, b) : left < right
        }
        current = current.mapValues { $0.sorted(by: precedes) }
        onNode = onNode.mapValues { $0.sorted(by: isNamedBefore) }
        nowhere = nowhere.mapValues { $0.sorted(by: isNamedBefore) }
        rememberFailures(snapshot)
    }

    /// Most swarms have none: then their history is not looked at any further.
    private mutating func rememberFailures(_ snapshot: Snapshot) {
        func age(_ position: Int) -> Int64 { (snapshot.tasks[position].created ?? snapshot.tasks[position].since)?.nanoseconds ?? 0 }
        let history = snapshot.tasks.indices.filter { !snapshot.tasks[$0].isCurrent }
        var before: [Place: Failures] = [:]
        for position in history where snapshot.tasks[position].state == .failed || snapshot.tasks[position].state == .rejected {
            guard let place = Place(position, snapshot) else { continue }
            var failures = before[place] ?? Failures(count: 0, last: position)
            failures.count += 1
            if age(position) > age(failures.last) { failures.last = position }
            before[place] = failures
        }
        guard !before.isEmpty else { return }
        // Where something else came after the failure, it is over.
        for position in history {
            guard let place = Place(position, snapshot), let failures = before[place], age(position) > age(failures.last) else { continue }
            before[place] = nil
        }
        for position in snapshot.tasks.indices where snapshot.tasks[position].isCurrent {
            if let place = Place(position, snapshot), let failures = before[place] { failed[position] = failures }
        }
    }

    /// Node names up to the first dot, where that still tells them apart.
    private mutating func shortenNames(_ all: [Node]) {
        func short(_ name: String) -> String {
            guard let dot = name.firstIndex(of: "."), name.first?.isNumber == false else { return name }
            return String(name[..<dot])
        }
        let counts = Dictionary(all.map { (short($0.name), 1) }, uniquingKeysWith: +)
        for node in all {
            let name = short(node.name)
            names[node.id] = counts[name] == 1 ? name : node.name
        }
    }

    /// Current tasks by slot; history is left out.
    func tasks(of workload: Workload.ID) -> [Int] { current[workload] ?? [] }
    /// Current tasks on a node, by name.
    func tasks(on node: Node.ID) -> [Int] { onNode[node] ?? [] }
    /// Current tasks that no known node has.
    func tasksNowhere(of source: Source.ID) -> [Int] { nowhere[source] ?? [] }
    /// Current tasks of no known workload.
    func looseTasks(of source: Source.ID) -> [Int] { loose[source] ?? [] }
    /// What failed right before a current task in its place; nil where nothing did.
    func failures(before task: WorkloadTask) -> Failures? { failed.isEmpty ? nil : tasks[task.id].flatMap { failed[$0] } }

    func name(of node: Node.ID) -> String { names[node] ?? String(node.raw.prefix(12)) }

    func workload(of task: WorkloadTask, in snapshot: Snapshot) -> Workload? {
        task.workload.flatMap { workloads[$0] }.map { snapshot.workloads[$0] }
    }

    /// A task follows one that failed and has not proved itself yet: it does not run, or has hardly begun to.
    func hasFailedBefore(_ position: Int, in snapshot: Snapshot) -> Bool {
        guard failed[position] != nil else { return false }
        switch snapshot.tasks[position].state {
        case .running: return snapshot.tasks[position].since.map { snapshot.takenAt.seconds(since: $0) < 60 } ?? false
        case .pending, .starting: return true
        case .stopping, .finished, .failed, .rejected, .lost, .unknown: return false
        }
    }

    /// A task deserves a row of its own even where tasks are folded away.
    func isNoteworthy(_ position: Int, in snapshot: Snapshot) -> Bool {
        switch snapshot.tasks[position].state {
        case .running, .starting: hasFailedBefore(position, in: snapshot)
        case .finished, .stopping: false
        case .pending, .failed, .rejected, .lost, .unknown: hasFailedBefore(position, in: snapshot) || snapshot.tasks[position].problem != nil
        }
    }
}
