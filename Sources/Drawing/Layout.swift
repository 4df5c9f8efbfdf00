/// How wide one column wishes to be.
public enum Extent: Sendable, Hashable {
    case fixed(Int)
    /// At least so much, growing with its weight.
    case flexible(minimum: Int, weight: Int)
}

public enum Layout {
    /// Shares `total` cells, `gap` between neighbours. Columns that do not fit any more get 0, the last ones first.
    public static func share(_ total: Int, among extents: [Extent], gap: Int = 1) -> [Int] {
        var widths = extents.map { extent in
            switch extent {
            case .fixed(let n): n
            case .flexible(let minimum, _): minimum
            }
        }
        func used() -> Int {
            let shown = widths.filter { $0 > 0 }
            return shown.reduce(0, +) + max(0, shown.count - 1) * gap
        }
        var last = widths.count - 1
        while used() > total, last > 0 {
            widths[last] = 0
            last -= 1
        }
        if used() > total, !widths.isEmpty { widths[0] = max(0, total) }
        var spare = total - used()
        let growing = extents.indices.filter { widths[$0] > 0 }.compactMap { index -> (Int, Int)? in
            if case .flexible(_, let weight) = extents[index], weight > 0 { (index, weight) } else { nil }
        }
        var weights = growing.reduce(0) { $0 + $1.1 }
        for (index, weight) in growing where spare > 0 && weights > 0 {
            let part = spare * weight / weights
            widths[index] += part
            spare -= part
            weights -= weight
        }
        return widths
    }
}
