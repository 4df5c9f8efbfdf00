/// Sizes as `docker` prints them: `1.98 MB`, powers of 1000.
enum ByteCount {
    static func words(_ bytes: UInt64) -> String {
        var value = Double(bytes)
        var index = 0
        let units = ["B", "kB", "MB", "GB", "TB", "PB"]
        while value >= 999.95, index < units.count - 1 {
            value /= 1000
            index += 1
        }
        if index == 0 { return "\(bytes) B" }
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) \(units[index])" : "\(tenths / 10).\(tenths % 10) \(units[index])"
    }
}
