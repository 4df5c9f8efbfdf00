internal import Domain
internal import Drawing
internal import Widgets

/// The columns of the containers pane: title, width, how it sorts. What stands in a cell is in `ContainerRow`.
enum ContainerColumn: Int, CaseIterable, Hashable, Sendable {
    case name, state, health, cpu, memory, network, block, processes, restarts, ports, uptime, image, project, host

    /// Sorting by it depends on readings, which change every second or two.
    var isUsage: Bool {
        switch self {
        case .cpu, .memory, .network, .block, .processes: true
        default: false
        }
    }

    /// What one looks for first is the largest.
    var isLargestFirst: Bool { isUsage || self == .restarts }

    /// A host column only earns its place where there are several hosts.
    static func columns(hosts: Int) -> [Column] { allCases.map { $0.column(hosts: hosts) } }

    private func column(hosts: Int) -> Column {
        switch self {
        case .name: Column("NAME", .flexible(minimum: 14, weight: 4), rank: 99)
        case .state: Column("STATE", .fixed(10), rank: 90)
        case .health: Column("HEALTH", .fixed(9), rank: 70)
        case .cpu: Column("CPU", .fixed(14), .right, rank: 85)
        case .memory: Column("MEM", .fixed(14), .right, rank: 84)
        case .network: Column("NET ↓/↑", .fixed(13), .right, rank: 60)
        case .block: Column("BLOCK R/W", .fixed(13), .right, rank: 40)
        case .processes: Column("PIDS", .fixed(5), .right, rank: 30)
        case .restarts: Column("RST", .fixed(4), .right, rank: 35)
        case .ports: Column("PORTS", .flexible(minimum: 9, weight: 2), rank: 55)
        case .uptime: Column("UP", .fixed(4), .right, rank: 80)
        case .image: Column("IMAGE", .flexible(minimum: 12, weight: 3), rank: 50)
        case .project: Column("PROJECT", .flexible(minimum: 8, weight: 1), rank: 25)
        case .host: Column("HOST", .flexible(minimum: 8, weight: 1), rank: hosts > 1 ? 88 : 20)
        }
    }

    /// How wide each is. A host's name is told apart by its end, so it comes whole where the others have room to spare.
    static func widths(of columns: [Column], in width: Int, rows: [ContainerRow]) -> [Int] {
        func need(_ index: Int) -> Int {
            rows.reduce(TextWidth.of(columns[index].title) + 1) { max($0, TextWidth.of($1.cell(allCases[index], width: 0).text)) }
        }
        var widths = Table.widths(of: columns, in: width)
        let lenders = [Self.name, .image, .ports, .project].map(\.rawValue)
        Table.lend(to: host.rawValue, need: min(32, need(host.rawValue)), from: lenders, widths: &widths, need: need)
        return widths
    }

    func order(_ indices: inout [Int], _ snapshot: Snapshot, ascending: Bool) {
        let containers = snapshot.containers
        func tie(_ a: Int, _ b: Int) -> Bool { NaturalOrder.precedes(containers[a].name, containers[b].name) }
        func by<Value: Comparable>(_ value: (Int) -> Value) {
            // Keys are worked out once for each row, not once for each comparison.
            let keyed = indices.map { (index: $0, key: value($0)) }
            indices = keyed.sorted { a, b in
                if a.key != b.key { return ascending ? a.key < b.key : a.key > b.key }
                return tie(a.index, b.index)
            }.map(\.index)
        }
        switch self {
        case .name: indices.sort { ascending ? tie($0, $1) : tie($1, $0) }
        case .state: by { Self.stateRank(containers[$0]) }
        case .health: by { Self.healthRank(containers[$0].health) }
        case .cpu: by { snapshot.usage[containers[$0].id.raw]?.latest.cpuPercent ?? -1 }
        case .memory: by { snapshot.usage[containers[$0].id.raw]?.latest.memory ?? 0 }
        case .network: by { snapshot.usage[containers[$0].id.raw].map { ($0.latest.receiveRate ?? 0) + ($0.latest.sendRate ?? 0) } ?? -1 }
        case .block: by { snapshot.usage[containers[$0].id.raw].map { ($0.latest.readRate ?? 0) + ($0.latest.writeRate ?? 0) } ?? -1 }
        case .processes: by { snapshot.usage[containers[$0].id.raw]?.latest.processes ?? 0 }
        case .restarts: by { containers[$0].detail?.restartCount ?? -1 }
        case .ports: by { containers[$0].publishedPorts.first?.hostPort ?? Int.max }
        case .uptime: by { -(containers[$0].since?.nanoseconds ?? 0) }
        case .image: by { containers[$0].image }
        case .project: by { containers[$0].composeProject ?? "~" }
        case .host: by { containers[$0].host.raw }
        }
    }

    /// Problems first, then what runs, then what is stopped.
    private static func stateRank(_ container: Container) -> Int {
        if container.problem != nil { return container.isUp ? 0 : 1 }
        switch container.state {
        case .running: return 3
        case .paused: return 2
        case .restarting: return 0
        case .created: return 5
        case .removing: return 4
        case .exited, .dead, .unknown: return 6
        }
    }

    private static func healthRank(_ health: Container.Health) -> Int {
        switch health {
        case .unhealthy: 0
        case .starting: 1
        case .healthy: 2
        case .none: 3
        }
    }
}

/// Names as people sort them: `web2` before `web10`.
enum NaturalOrder {
    static func precedes(_ a: String, _ b: String) -> Bool {
        var left = a.utf8.makeIterator()
        var right = b.utf8.makeIterator()
        var x = left.next()
        var y = right.next()
        while let l = x, let r = y {
            if isDigit(l), isDigit(r) {
                var m: UInt64 = 0
                var n: UInt64 = 0
                while let d = x, isDigit(d) {
                    m = m &* 10 &+ UInt64(d - 48)
                    x = left.next()
                }
                while let d = y, isDigit(d) {
                    n = n &* 10 &+ UInt64(d - 48)
                    y = right.next()
                }
                if m != n { return m < n }
                continue
            }
            if l != r { return l < r }
            x = left.next()
            y = right.next()
        }
        return x == nil && y != nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
}
