internal import Domain
internal import Drawing
internal import Widgets

/// The columns of a service's line.
enum ServiceColumn: Int, CaseIterable {
    case name, mode, tasks, rollout, image, ports, updated

    /// A column for rollouts only earns its place while there is one.
    static func columns(hasRollouts: Bool) -> [ServiceColumn] { allCases.filter { $0 != .rollout || hasRollouts } }

    var column: Column {
        switch self {
        case .name: Column("SERVICE", .flexible(minimum: 15, weight: 3), rank: 99)
        case .mode: Column("MODE", .fixed(10), rank: 50)
        case .tasks: Column("RUNNING", .flexible(minimum: 15, weight: 1), rank: 95)
        case .rollout: Column("ROLLOUT", .flexible(minimum: 12, weight: 1), rank: 90)
        case .image: Column("IMAGE", .flexible(minimum: 14, weight: 3), rank: 70)
        case .ports: Column("PORTS", .flexible(minimum: 9, weight: 1), rank: 40)
        case .updated: Column("UPDATED", .fixed(8), .right, rank: 60)
        }
    }

    /// Which column carries the arrow.
    static func column(of order: ServiceOrder) -> ServiceColumn {
        switch order {
        case .name: .name
        case .tasks: .tasks
        case .updated: .updated
        }
    }
}

/// The text of one service's cells, made while its row is drawn.
struct ServiceLine {
    let workload: Workload
    /// Its current tasks.
    let tasks: [WorkloadTask]
    /// Some of them follow ones that failed.
    let isFailing: Bool
    let depth: Int
    let now: Timestamp

    private var unplaced: Int { tasks.reduce(0) { $0 + ($1.isUnplaced ? 1 : 0) } }
    private var starting: Int { tasks.reduce(0) { $0 + ($1.state == .starting ? 1 : 0) } }
    private var failed: Int {
        tasks.reduce(0) { count, task in
            switch task.state {
            case .failed, .rejected, .lost, .unknown: count + 1
            case .pending, .starting, .running, .stopping, .finished: count
            }
        }
    }

    var glyph: (text: String, role: Role) {
        switch workload.rollout {
        case .paused, .failed, .rollingBack: return ("✖", .bad)
        case .settled, .progressing, .rolledBack: break
        }
        if failed > 0 { return ("✖", .bad) }
        if isFailing { return ("↻", .bad) }
        if unplaced > 0 { return ("▲", .warning) }
        if workload.isJob { return workload.isConverged ? ("✓", .good) : ("◌", .info) }
        if workload.rollout == .progressing { return ("◌", .info) }
        if workload.running < workload.desired { return starting > 0 ? ("◌", .info) : ("✖", .bad) }
        return workload.desired == 0 ? ("○", .muted) : ("●", .good)
    }

    func cell(_ column: ServiceColumn, width: Int) -> CellText {
        switch column {
        case .name:
            let name = depth > 0 ? workload.nameInStack : workload.name
            let role = glyph.role
            return CellText(String(repeating: "  ", count: depth) + name, role == .bad || role == .warning ? role : .text)
        case .mode: return CellText(workload.mode.word, .muted)
        case .tasks: return tasksCell(width)
        case .rollout: return rolloutCell(width)
        case .image: return CellText(workload.image(width: width), .muted)
        case .ports: return CellText(workload.ports.map(\.description).joined(separator: " "), .info)
        case .updated: return CellText(workload.updated.map { Figure.age(now.seconds(since: $0)) } ?? "–", .muted)
        }
    }

    private func tasksCell(_ width: Int) -> CellText {
        let remarks = [("✖", failed, "failed", Role.bad), ("▲", unplaced, "pending", .warning), ("▨", starting, "starting", .info)].filter { $0.1 > 0 }
        guard let worst = remarks.first else {
            return CellText(workload.tally, workload.isConverged ? (workload.desired == 0 ? .muted : .good) : workload.problem == nil ? .info : .bad)
        }
        let forms = [
            remarks.map { "\($0.0) \($0.1) \($0.2)" }.joined(separator: " "), "\(worst.0) \(worst.1) \(worst.2)", remarks.map { "\($0.0)\($0.1)" }.joined(separator: " "),
        ]
        let text = forms.map { workload.tally + " " + $0 }.first { $0.count <= width } ?? workload.tally
        return CellText(text, worst.3)
    }

    private func rolloutCell(_ width: Int) -> CellText {
        let role: Role =
            switch workload.rollout {
            case .settled: .muted
            case .progressing: .info
            case .paused, .rollingBack, .failed: .bad
            case .rolledBack: .warning
            }
        let age = workload.rolloutSince.map { " " + Figure.age(now.seconds(since: $0)) } ?? ""
        let full = workload.rolloutWord + (workload.rollout == .settled ? "" : age)
        return CellText(full.count <= width ? full : workload.rolloutWord, role)
    }
}
