internal import Domain

/// What is due and when: a binary heap by time, and by the order of entry where the time is the same.
struct Agenda: Sendable {
    struct Entry: Sendable {
        var time: Timestamp
        var order: UInt64
        var deed: Deed

        func isBefore(_ other: Entry) -> Bool { time == other.time ? order < other.order : time < other.time }
    }

    private var heap: [Entry] = []
    private var entered: UInt64 = 0

    var count: Int { heap.count }
    var nextTime: Timestamp? { heap.first?.time }

    mutating func enter(_ deed: Deed, at time: Timestamp) {
        entered += 1
        heap.append(Entry(time: time, order: entered, deed: deed))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].isBefore(heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// The earliest entry that is due by then.
    mutating func take(by time: Timestamp) -> Entry? {
        guard let first = heap.first, first.time <= time else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return first
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].isBefore(heap[least]) { least = child }
            guard least != parent else { return }
            heap.swapAt(least, parent)
            parent = least
        }
    }
}

/// One thing that will happen. Whatever it is about carries a generation; a deed of an older one finds the world changed and does nothing.
enum Deed: Sendable {
    /// The container's program ends.
    case exit(container: String, generation: Int, code: Int, isOutOfMemory: Bool, lastWords: [String])
    /// A script goes on.
    case script(container: String, turn: UInt64)
    /// A restart policy starts it again.
    case restart(container: String, generation: Int)
    /// A health probe whose result may change something.
    case probe(container: String, generation: Int)
    case step(task: String, generation: Int)
    case schedule
    case tend(service: String)
    case heartbeat(node: String, generation: Int)
    case run(check: String, generation: Int)
    case flap(check: String, generation: Int)
    case reconcile(instance: String)
    case gossip(member: String, generation: Int)
    case scenario(step: Int, generation: Int)
    case churn(generation: Int)
}
