/// How SwarmKit shares a batch of new tasks of one workload out over the nodes that take them.
///
/// The rules are those of swarmkit `scheduler/scheduler.go` (`scheduleNTasksOnSubtree`, `scheduleNTasksOnNodes`), seen in
/// a swarm of three nodes of engine 20.10. They are not quite "the emptiest node next": over nodes with 0, 0 and 5 tasks,
/// four more land as 1, 3 and 5, because a node is left only once the next in line has fewer. Nodes that are equal are
/// taken by name here; SwarmKit's own choice among equals is arbitrary.
struct SpreadTree {
    /// One node and how it stands. Numbers are wide: a forecast may be asked for any count, and they add up.
    struct Seat {
        let node: Node.ID
        var room: Int128
        var tasksOfWorkload: Int128
        var tasks: Int128
        /// The node's value of each label that tasks are spread over.
        let branch: [String]
        var landed: Int128 = 0

        init(node: Node.ID, room: Int, tasksOfWorkload: Int, tasks: Int, branch: [String] = []) {
            self.node = node
            self.room = Int128(room)
            self.tasksOfWorkload = Int128(tasksOfWorkload)
            self.tasks = Int128(tasks)
            self.branch = branch
        }

        mutating func take(_ count: Int128) {
            room -= count
            tasksOfWorkload += count
            tasks += count
            landed += count
        }
    }

    /// Tasks of the workload on all nodes below before the batch, those that take no more included.
    private let tasks: Int128
    private var branches: [SpreadTree] = []
    /// Of a leaf, in order of name; empty where there are branches.
    private var seats: [Seat] = []

    /// `seats` in order of name.
    init(_ seats: [Seat]) { self.init(seats, depth: 0) }

    private init(_ seats: [Seat], depth: Int) {
        tasks = seats.reduce(0) { $0 + $1.tasksOfWorkload }
        if let first = seats.first, depth < first.branch.count {
            branches = Dictionary(grouping: seats) { $0.branch[depth] }.sorted { $0.key < $1.key }
                .map { SpreadTree($0.value, depth: depth + 1) }
        } else {
            self.seats = seats
        }
    }

    /// The values by which a node is sorted into branches. SwarmKit spreads over labels only, and passes over the rest.
    static func branch(of node: Node, over descriptors: [String]) -> [String] {
        descriptors.compactMap { descriptor in
            if let label = Constraint.label(descriptor, Constraint.nodeLabelPrefix) { return node.labels[label] ?? "" }
            if let label = Constraint.label(descriptor, Constraint.engineLabelPrefix) { return node.engineLabels[label] ?? "" }
            return nil
        }
    }

    /// Places up to `count` tasks, as many as there is room for, and tells how many each node got.
    mutating func land(_ count: Int) -> [Node.ID: Int] {
        var left = Int128(max(0, count))
        _ = land(left, of: &left)
        return Dictionary(leaves.filter { $0.landed > 0 }.map { ($0.node, Int(clamping: $0.landed)) }, uniquingKeysWith: max)
    }

    private var leaves: [Seat] { seats + branches.flatMap(\.leaves) }

    /// `wanted` may be more than is left of the batch: what a branch should get is rounded up.
    private mutating func land(_ wanted: Int128, of left: inout Int128) -> Int128 {
        branches.isEmpty ? fill(min(wanted, left), of: &left) : share(wanted, of: &left)
    }

    /// Evens the branches out until all are full or all is placed.
    private mutating func share(_ wanted: Int128, of left: inout Int128) -> Int128 {
        var placed: Int128 = 0
        var tasksInUsable = tasks
        var full: Set<Int> = []
        var converges = true
        while placed != wanted, left > 0, full.count < branches.count, converges {
            converges = false
            let (even, rest) = (tasksInUsable + wanted - placed).quotientAndRemainder(dividingBy: Int128(branches.count - full.count))
            var remainder = rest
            for index in branches.indices where !full.contains(index) {
                // As before the batch: SwarmKit does not count what it placed in this round.
                let has = branches[index].tasks
                guard has < even || (has == even && remainder > 0) else { continue }
                converges = true
                let portion = even - has + (remainder > 0 ? 1 : 0)
                let landed = branches[index].land(portion, of: &left)
                if landed < portion {
                    full.insert(index)
                    tasksInUsable -= has
                } else if remainder > 0 {
                    remainder -= 1
                }
                placed += landed
            }
        }
        return placed
    }

    /// First each node in line until it has more than the next one, then one each in turn.
    private mutating func fill(_ count: Int128, of left: inout Int128) -> Int128 {
        let line = Self.line(seats)
        guard let last = line.last else { return 0 }
        var waiting = count
        for (index, next) in zip(line, line.dropFirst()) where waiting > 0 {
            let gap = seats[next].tasksOfWorkload - seats[index].tasksOfWorkload
            // With as many of the workload on both, the one with fewer tasks in all comes first.
            let isPassedWhenEven = gap > 0 && seats[next].tasks < seats[index].tasks + gap
            let portion = min(isPassedWhenEven ? gap : gap + 1, seats[index].room, waiting)
            seats[index].take(portion)
            waiting -= portion
        }
        var turn = ([last] + line.dropLast()).filter { seats[$0].room > 0 }
        while waiting > 0, let rounds = turn.map({ seats[$0].room }).min() {
            let portion = min(rounds, waiting / Int128(turn.count))
            if portion == 0 {
                for index in turn.prefix(Int(waiting)) { seats[index].take(1) }
                waiting = 0
            } else {
                for index in turn { seats[index].take(portion) }
                waiting -= portion * Int128(turn.count)
            }
            turn.removeAll { seats[$0].room == 0 }
        }
        let landed = count - waiting
        left -= landed
        return landed
    }

    /// Those with room: fewest tasks of the workload first, then fewest in all, then by the order given.
    private static func line(_ seats: [Seat]) -> [Int] {
        seats.indices.filter { seats[$0].room > 0 }.sorted {
            (seats[$0].tasksOfWorkload, seats[$0].tasks, $0) < (seats[$1].tasksOfWorkload, seats[$1].tasks, $1)
        }
    }
}
