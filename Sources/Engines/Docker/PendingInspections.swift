/// Which containers are to be looked into, in order: the urgent (it died, its health changed) before the curious.
struct PendingInspections: Sendable {
    private static let urgentConcurrency = 2

    private var urgent: [String] = []
    private var waiting = Set<String>()
    private var underWay = Set<String>()
    private var again = Set<String>()

    mutating func mark(_ id: String) {
        if underWay.contains(id) {
            again.insert(id)
        } else if waiting.insert(id).inserted {
            urgent.append(id)
        }
    }

    mutating func forget(_ id: String) {
        again.remove(id)
        if waiting.remove(id) != nil { urgent.removeAll { $0 == id } }
    }

    mutating func next() -> String? {
        guard underWay.count < Self.urgentConcurrency, !urgent.isEmpty else { return nil }
        let id = urgent.removeFirst()
        waiting.remove(id)
        underWay.insert(id)
        return id
    }

    mutating func finished(_ id: String) {
        underWay.remove(id)
        if again.remove(id) != nil { mark(id) }
    }
}
