internal import Domain

/// Why a task is not placed, as far as a row tells it.
struct Explanation: Sendable {
    var summary: String
    var schedulerWords: String
    /// How the scheduler's words and Binnacle's own reckoning disagree; nil where they do not.
    var dispute: String?
    var remedy: String?

    init(_ full: PlacementExplanation) {
        summary = full.summary
        schedulerWords = full.schedulerWords
        if case .disagrees(let how) = full.agreement { dispute = how }
        remedy = full.remedies.first
    }
}

/// Why tasks are not placed: asked of the board once for each picture, and only for rows that are seen.
struct Explanations: Sendable {
    /// Tasks of one workload that the scheduler says the same of have one answer.
    private struct Question: Hashable {
        var workload: Workload.ID?
        var reason: String
    }

    private var boards: [Source.ID: PlacementBoard] = [:]
    private var answers: [Question: Explanation?] = [:]

    mutating func of(_ task: WorkloadTask, in snapshot: Snapshot) -> Explanation? {
        guard task.isUnplaced else { return nil }
        let question = Question(workload: task.workload, reason: task.reason)
        if let known = answers[question] { return known }
        let board = boards[task.id.source] ?? Self.board(of: task.id.source, in: snapshot)
        boards[task.id.source] = board
        let answer = board.explanation(of: task).map(Explanation.init)
        answers[question] = .some(answer)
        return answer
    }

    /// History holds nothing on a node, and there is several times as much of it as of the rest.
    private static func board(of source: Source.ID, in snapshot: Snapshot) -> PlacementBoard {
        PlacementBoard(
            nodes: snapshot.nodes.filter { $0.id.source == source }, workloads: snapshot.workloads.filter { $0.id.source == source },
            tasks: snapshot.tasks.filter { $0.id.source == source && ($0.isCurrent || $0.holdsResources) })
    }
}
