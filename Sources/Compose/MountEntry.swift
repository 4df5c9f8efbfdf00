/// A volume in its short form: `TARGET`, `SOURCE:TARGET` or `SOURCE:TARGET:OPTION,…` (docker/cli, compose/loader/volume.go).
struct MountEntry {
    /// Name of a volume or path on the node; empty for an anonymous volume.
    private(set) var source = ""
    private(set) var target = ""
    private(set) var isReadOnly = false
    /// What is neither `ro` nor `rw`.
    private(set) var otherOptions: [String] = []

    init(_ text: String) throws(Complaint) {
        var parts = Self.parts(text)
        guard !parts.contains("") else { throw Complaint("\(shown(text)) has an empty part", "write SOURCE:TARGET, such as data:/var/lib/data") }
        guard parts.count <= 3 else { throw Complaint("\(shown(text)) has too many colons", "write SOURCE:TARGET:ro at most") }
        let options = parts.count == 3 ? parts.removeLast().split(separator: ",").map(String.init) : []
        target = parts.removeLast()
        source = parts.last ?? ""
        for option in options {
            switch option {
            case "ro": isReadOnly = true
            case "rw": isReadOnly = false
            default: otherOptions.append(option)
            }
        }
    }

    /// A path rather than a volume's name.
    var isBind: Bool { Self.isPath(source) }

    static func isPath(_ source: String) -> Bool {
        guard let first = source.first else { return false }
        return "./~".contains(first) || source.hasPrefix("\\\\") || isDrive(source)
    }

    /// Split at colons, save for that of a Windows drive.
    private static func parts(_ text: String) -> [String] {
        var parts: [String] = []
        for part in text.split(separator: ":", omittingEmptySubsequences: false) {
            if part.first == "\\", let drive = parts.last, drive.count == 1, drive.allSatisfy(\.isLetter) {
                parts[parts.count - 1] = "\(drive):\(part)"
            } else {
                parts.append(String(part))
            }
        }
        return parts
    }

    private static func isDrive(_ path: String) -> Bool {
        let start = Array(path.prefix(3))
        return start.count == 3 && start[0].isLetter && start[1] == ":" && start[2] == "\\"
    }
}
