internal import Domain

/// Runs to come, the next first: a binary heap. What was changed after it was queued stays in it until its time, and is then passed over.
struct DueQueue: Sendable {
    struct Item: Sendable {
        var due: ContinuousClock.Instant
        var check: Check.ID
        var generation: UInt64
    }

    private var heap: [Item] = []

    var first: Item? { heap.first }

    mutating func push(_ item: Item) {
        heap.append(item)
        var index = heap.count - 1
        while index > 0 {
            let parent = (index - 1) / 2
            guard heap[index].due < heap[parent].due else { return }
            heap.swapAt(index, parent)
            index = parent
        }
    }

    mutating func pop(dueBy clock: ContinuousClock.Instant) -> Item? {
        guard let first = heap.first, first.due <= clock else { return nil }
        heap[0] = heap[heap.count - 1]
        heap.removeLast()
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count && heap[child].due < heap[least].due { least = child }
            guard least != index else { return first }
            heap.swapAt(index, least)
            index = least
        }
    }
}
