internal import Domain

/// The rows of a workload's or a node's tasks: all of them where it is opened, else those that something is wrong with.
struct TaskRows {
    /// Tasks with the same in it share a row: fifty replicas without a node have one reason, not fifty.
    private struct Plight: Hashable {
        var workload: Workload.ID?
        var state: WorkloadTask.State
        var word: String
        var reason: String
    }

    let snapshot: Snapshot
    let index: PlacementIndex

    func rows(_ positions: [Int], isOpened: Bool, depth: Int) -> [PlacementRow] {
        if isOpened { return positions.map { PlacementRow(id: .task(snapshot.tasks[$0].id), depth: depth) } }
        var rows: [PlacementRow] = []
        var known: [Plight: Int] = [:]
        for position in positions where index.isNoteworthy(position, in: snapshot) {
            let task = snapshot.tasks[position]
            let plight = Plight(workload: task.workload, state: task.state, word: task.stateWord, reason: task.reason)
            // Tasks that follow a failure each have a story of their own.
            if index.failures(before: task) == nil, let row = known[plight] {
                rows[row].companions.append(position)
            } else {
                known[plight] = rows.count
                rows.append(PlacementRow(id: .task(task.id), depth: depth))
            }
        }
        return rows
    }
}
