internal import Domain

/// One thing that the cursor can stand on. How many lines it takes is known when it is drawn.
struct PlacementRow: Sendable {
    enum ID: Hashable, Sendable {
        case source(Source.ID)
        case stack(Source.ID, String)
        case workload(Workload.ID)
        case node(Node.ID)
        /// Where tasks stand that no node has.
        case nowhere(Source.ID)
        case task(WorkloadTask.ID)

        var source: Source.ID {
            switch self {
            case .source(let id), .stack(let id, _), .nowhere(let id): id
            case .workload(let id): id.source
            case .node(let id): id.source
            case .task(let id): id.source
            }
        }
    }

    var id: ID
    var depth: Int
    /// Where the further tasks stand that are in the same plight and share the row.
    var companions: [Int] = []
}
