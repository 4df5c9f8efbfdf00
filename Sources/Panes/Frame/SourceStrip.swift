internal import Domain
public import Drawing
internal import Widgets

/// The top line: the program, one item a source with its freshness, the time.
public enum SourceStrip {
    public static func draw(into canvas: inout Canvas, rect: Rect, scene: Scene, isReadOnly: Bool, isPractice: Bool = false) {
        guard rect.height > 0 else { return }
        canvas.fill(rect, .bar)
        let clock = scene.now.clock(offset: scene.utcOffset)
        let end = rect.maxX - TextWidth.of(clock) - 2
        if end > rect.x + 12 { canvas.draw(clock, x: end + 1, y: rect.y, .bar) }
        var x = canvas.draw(" binnacle ", x: rect.x, y: rect.y, limit: rect.width, .title, .bold)
        // Never left out, however narrow: nobody shall take practice for the real thing, or the other way round.
        if isPractice { x = canvas.draw(" PRACTICE ", x: x, y: rect.y, limit: rect.maxX - x, .info, .reversed) + 1 }
        if isReadOnly { x = canvas.draw(" READ-ONLY ", x: x, y: rect.y, limit: max(0, end - x), .warning, .reversed) + 1 }
        let shown = scene.snapshot.sources.filter { isWorthAPlace($0, in: scene.snapshot) }
        for source in shown {
            guard x < end - 6 else {
                canvas.draw("…", x: max(rect.x, end - 1), y: rect.y, .muted)
                return
            }
            let isAlone = shown.filter { $0.kind == source.kind }.count == 1
            x = draw(source, into: &canvas, x: x + 1, y: rect.y, limit: end - x - 1, now: scene.now, isAlone: isAlone) + 1
        }
    }

    /// The host's own files are shown when something is wrong with them, a swarm once there is one; an engine that does not
    /// answer says so itself, and its swarm need not say it again.
    private static func isWorthAPlace(_ source: Source, in snapshot: Snapshot) -> Bool {
        switch source.kind {
        case .host: return source.freshness.trouble != nil
        case .swarm:
            switch source.freshness {
            case .live, .stale: return true
            case .waiting, .connecting, .absent: return false
            case .failed: return snapshot.sources.contains { $0.kind == .docker && $0.name == source.name && $0.freshness.isLive }
            }
        case .docker, .kubernetes, .marathon, .mesos, .helios, .consul, .etcd, .zookeeper, .registry:
            if case .absent = source.freshness { return false }
            return true
        }
    }

    private static func draw(_ source: Source, into canvas: inout Canvas, x: Int, y: Int, limit: Int, now: Timestamp, isAlone: Bool) -> Int {
        let end = x + limit
        var x = x
        if source.isProduction { x = canvas.draw("PRODUCTION ", x: x, y: y, limit: end - x, .production, .bold) }
        if source.kind == .docker || !isAlone { x = canvas.draw(source.name + " ▸ ", x: x, y: y, limit: end - x, .muted) }
        x = canvas.draw(source.title + " ", x: x, y: y, limit: end - x, .bar)
        switch source.freshness {
        case .waiting: x = canvas.draw("○ waiting", x: x, y: y, limit: end - x, .muted)
        case .connecting: x = canvas.draw("◌ connecting", x: x, y: y, limit: end - x, .info)
        case .live: x = canvas.draw("●", x: x, y: y, limit: end - x, .good)
        case .stale(let since, let trouble):
            x = canvas.draw("▲ stale \(Figure.age(now.seconds(since: since)))" + (isAlone ? ": " + trouble.answer : ""), x: x, y: y, limit: end - x, .warning, ellipsis: true)
        case .failed(_, let trouble):
            x = canvas.draw("✖ " + trouble.answer, x: x, y: y, limit: end - x, .bad, ellipsis: true)
        case .absent: break
        }
        for remark in source.remarks.prefix(1) { x = canvas.draw(" (\(remark))", x: x, y: y, limit: end - x, .warning, ellipsis: true) }
        return x
    }
}
