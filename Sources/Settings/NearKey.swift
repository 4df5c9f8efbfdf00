/// The known key most like a mistyped one.
///
/// Themes has the same idea for its own keys; no target lies below both of them.
func nearKey(_ typed: String, among known: [String]) -> String? {
    let a = Array(typed.lowercased().utf8)
    guard a.count <= 64 else { return nil }
    let nearest = known.map { (name: $0, distance: distance(a, Array($0.utf8))) }
        .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
    guard let nearest, nearest.distance <= max(1, nearest.name.utf8.count / 3) else { return nil }
    return nearest.name
}

/// Insertions, deletions and replacements, with `_` and `-` free of charge: `api-version` is `api_version`.
private func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    func isJoint(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") }
    let a = a.filter { !isJoint($0) }
    let b = b.filter { !isJoint($0) }
    var previous = Array(0...b.count)
    for i in a.indices {
        var row = [i + 1]
        for j in b.indices {
            row.append(min(previous[j] + (a[i] == b[j] ? 0 : 1), previous[j + 1] + 1, row[j] + 1))
        }
        previous = row
    }
    return previous[b.count]
}
