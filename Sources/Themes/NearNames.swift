/// The names most like a mistyped one.
struct NearNames {
    var known: [String]

    /// At most `limit` names, nearest first; none where nothing is like it.
    func like(_ name: String, limit: Int = 3) -> [String] {
        let typed = Array(name.lowercased())
        return known.compactMap { candidate -> (name: String, distance: Int)? in
            let letters = Array(candidate.lowercased())
            let distance = Self.distance(typed, letters)
            // A typed beginning (`harb` for `harbour-night`) is a likeness too, however much is missing.
            if typed.count >= 2, letters.starts(with: typed) { return (candidate, min(distance, 1)) }
            return distance <= max(1, min(typed.count, letters.count) / 3) ? (candidate, distance) : nil
        }
        .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
        .prefix(limit).map(\.name)
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one into the other.
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        // Nobody mistypes a name of this length, and the table below is quadratic.
        guard a.count <= 64, b.count <= 64 else { return Int.max }
        var before: [Int] = []
        var previous = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var best = min(previous[j] + (a[i] == b[j] ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
                row.append(best)
            }
            before = previous
            previous = row
        }
        return previous[b.count]
    }
}
