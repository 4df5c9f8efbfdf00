/// The known name that was most likely meant; nil where none is near.
///
/// Settings looks for its own keys in the same way; no target lies below both.
func nearName(_ typed: String, among names: some Sequence<String>) -> String? {
    let letters = Array(typed.lowercased().unicodeScalars.prefix(65))
    guard letters.count <= 64 else { return nil }
    var best: (name: String, slips: Int)?
    for name in names {
        let target = Array(name.lowercased().unicodeScalars)
        guard abs(target.count - letters.count) <= 3 else { continue }
        let slips = slips(letters, target)
        guard slips <= max(1, target.count / 3), slips < target.count else { continue }
        if let found = best, (found.slips, found.name) <= (slips, name) { continue }
        best = (name, slips)
    }
    return best?.name
}

/// Letters left out, put in, mistaken for another, or swapped with their neighbour.
private func slips(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
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
