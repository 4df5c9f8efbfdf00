/// Programs that were started by exec, by id; the last few hundred.
struct ExecSessions: Sendable {
    struct Session: Sendable {
        let id: String
        let container: String
        let arguments: [String]
        let usesTerminal: Bool
        let takesInput: Bool
        var hasBegun = false
        /// nil while it has not ended.
        var exitCode: Int?
        var pid = 0
        var terminal: (rows: Int, columns: Int) = (24, 80)

        var isRunning: Bool { hasBegun && exitCode == nil }
    }

    private static let limit = 512
    private var sessions: [String: Session] = [:]
    private var order: [String] = []

    subscript(_ id: String) -> Session? { sessions[id] }

    func running(in container: String) -> [String] { order.filter { sessions[$0].map { $0.isRunning && $0.container == container } ?? false } }

    mutating func add(_ session: Session) {
        sessions[session.id] = session
        order.append(session.id)
        while order.count > Self.limit { sessions[order.removeFirst()] = nil }
    }

    /// nil when it has begun before, or is not known.
    mutating func begin(_ id: String, pid: Int) -> Session? {
        guard sessions[id]?.hasBegun == false else { return nil }
        sessions[id]?.hasBegun = true
        sessions[id]?.pid = pid
        return sessions[id]
    }

    mutating func resize(_ id: String, rows: Int, columns: Int) { sessions[id]?.terminal = (rows, columns) }

    mutating func end(_ id: String, code: Int) {
        if sessions[id]?.exitCode == nil { sessions[id]?.exitCode = code }
    }
}
