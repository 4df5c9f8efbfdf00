/// The known name that was most likely meant; nil where none is near. `_` and `-` are free of charge: `api-version` is
/// `api_version`.
public func nearName(_ typed: String, among names: some Sequence<String>) -> String? {
    func letters(of name: String) -> [Unicode.Scalar] { name.lowercased().unicodeScalars.filter { $0 != "_" && $0 != "-" } }
    // Nobody mistypes a name of this length, and the comparison is quadratic.
    guard typed.utf8.count <= 256 else { return nil }
    let typed = letters(of: typed)
    guard typed.count <= 64 else { return nil }
    var best: (name: String, slips: Int)?
    for name in names {
        let target = letters(of: name)
        guard abs(target.count - typed.count) <= 3 else { continue }
        let slips = countSlips(typed, target)
        guard slips <= max(1, target.count / 3), slips < target.count else { continue }
        if let found = best, (found.slips, found.name) <= (slips, name) { continue }
        best = (name, slips)
    }
    return best?.name
}

/// Letters left out, put in, mistaken for another, or swapped with their neighbour.
private func countSlips(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var rows = [Array(0...b.count)]
    for (i, letter) in a.enumerated() {
        var row = [i + 1]
        for (j, other) in b.enumerated() {
            var least = min(rows[i][j] + (letter == other ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, letter == b[j - 1], a[i - 1] == other { least = min(least, rows[i - 1][j - 1] + 1) }
            row.append(least)
        }
        rows.append(row)
    }
    return rows[a.count][b.count]
}
