internal import Domain
internal import Drawing
internal import Widgets

/// The columns of the view by service, which its instances and their checks share.
enum RollUpColumn: Int, CaseIterable {
    case name, registry, status, passing, since, decider

    var column: Column {
        switch self {
        case .name: Column("SERVICE", .flexible(minimum: 16, weight: 3), rank: 99)
        case .registry: Column("REGISTRY", .flexible(minimum: 8, weight: 1), rank: 20)
        case .status: Column("STATUS", .fixed(11), rank: 90)
        case .passing: Column("PASSING", .fixed(7), .right, rank: 80)
        case .since: Column("SINCE", .fixed(8), .right, rank: 40)
        case .decider: Column("DECIDED BY", .flexible(minimum: 16, weight: 5), rank: 60)
        }
    }
}

/// A row of the view by service.
enum RollUpLine {
    case service(ServiceHealth, isOpen: Bool)
    case instance(InstanceHealth, isOpen: Bool)
    case check(Check)

    var status: Check.Status {
        switch self {
        case .service(let service, _): service.status
        case .instance(let health, _): health.status
        case .check(let check): check.status
        }
    }

    func cell(_ column: RollUpColumn, _ scene: Scene) -> CellText {
        switch column {
        case .name: return name
        case .status: return CellText(status.word, CheckGlyph.of(status).role)
        case .registry:
            guard case .service(let service, _) = self else { return CellText("") }
            return CellText(scene.snapshot.source(service.source)?.name ?? service.source.raw, .muted)
        case .passing:
            switch self {
            case .service(let service, _): return Self.share(service.passing, of: service.instances.count)
            case .instance(let health, _): return Self.share(health.checks.reduce(0) { $0 + ($1.status == .passing ? 1 : 0) }, of: health.checks.count)
            case .check: return CellText("")
            }
        case .since: return decider.map { CheckColumn.since($0, scene) } ?? CellText("–", .muted)
        case .decider:
            switch self {
            case .check(let check): return CellText(CheckWords.firstLine(check.output), .muted)
            case .service, .instance: return decider.map { CellText(Self.words($0), status >= .warning ? .text : .muted) } ?? CellText("no check", .muted)
            }
        }
    }

    private var decider: Check? {
        switch self {
        case .service(let service, _): service.decider
        case .instance(let health, _): health.decider
        case .check(let check): check
        }
    }

    private var name: CellText {
        switch self {
        case .service(let service, let isOpen): CellText((isOpen ? "▾ " : "▸ ") + service.name, status >= .warning ? .bad : .title, .bold)
        case .instance(let health, let isOpen): CellText((isOpen ? "  ▾ " : "  ▸ ") + Self.words(health.instance), status >= .warning ? .bad : .text)
        case .check(let check): CellText("      " + check.name, check.status >= .warning ? .bad : .muted)
        }
    }

    private static func words(_ instance: ServiceInstance) -> String { instance.endpoint.isEmpty ? instance.node : "\(instance.node) \(instance.endpoint)" }

    private static func words(_ check: Check) -> String {
        let output = CheckWords.firstLine(check.output)
        return output.isEmpty ? check.name : check.name + ": " + output
    }

    private static func share(_ part: Int, of whole: Int) -> CellText { CellText("\(part)/\(whole)", part == whole ? .muted : .warning) }
}
