/// The lines of an `env_file` (docker/cli, pkg/kvfile): `KEY=value` with nothing expanded, `KEY` for the value it has here, and
/// comments. Quotes around a whole value are taken off; blanks behind it belong to it.
enum VariableFile {
    /// In the file's order; nil where only the name is given.
    static func variables(_ bytes: [UInt8]) throws(Complaint) -> [(name: String, value: String?)] {
        guard let text = String(validating: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...], as: UTF8.self) else {
            throw Complaint("is not UTF-8 text")
        }
        var variables: [(name: String, value: String?)] = []
        // "\r\n" is one character, and one that ends a line too.
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" }).enumerated() {
            let line = line.drop { $0.isWhitespace }
            guard let first = line.first, first != "#" else { continue }
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts[0]
            guard !name.isEmpty else { throw Complaint("line \(index + 1) has no name before its '='") }
            guard !name.contains(where: { $0 == " " || $0 == "\t" }) else {
                throw Complaint("line \(index + 1): the name \(shown(String(name))) has a blank in it", "write NAME=value without 'export'")
            }
            variables.append((String(name), parts.count > 1 ? unquoted(parts[1]) : nil))
        }
        return variables
    }

    private static func unquoted(_ value: Substring) -> String {
        guard value.count >= 2, let first = value.first, first == "'" || first == "\"", value.last == first else { return String(value) }
        return String(value.dropFirst().dropLast())
    }
}
