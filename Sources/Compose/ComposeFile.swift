public import Domain

/// Reads Compose files the way `docker stack deploy -c FILE NAME` does, with what the Compose specification has added since.
///
/// What differs on purpose: unquoted numbers keep their spelling (`VERSION: 1.10`, `UMASK: 0022`, which Docker makes 1.1 and 18);
/// `v:/data` mounts the volume v, where Docker sees a Windows drive; keys of the newer specification are ignored with a sentence
/// where Docker refuses the file; words that only the engine would refuse are refused here, with their place.
public enum ComposeFile {
    /// Reads a file and what it points to: env_file, the files of configs and secrets, relative to its folder.
    /// - Parameter environment: for `${VARIABLE}`, for variables that a service names without a value, and for `~`. A file `.env`
    ///   beside the Compose file is not read: `docker stack deploy` does not either.
    public static func stack(named name: String, path: String, environment: [String: String]) throws(Trouble) -> StackSpecification {
        let bytes: [UInt8]
        do {
            bytes = try PointedFiles.fromDisk(path)
        } catch {
            let isMissing = error.reason == .notFound
            throw Place.trouble(
                error.reason, file: path, line: nil, trail: .root, isMissing ? "there is no such file" : "it \(error.answer)",
                isMissing ? "see whether the path is right; one without / in front begins where binnacle was started" : error.remedy)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Place.trouble(.malformed, file: path, line: nil, trail: .root, "it is not UTF-8 text", nil)
        }
        return try stack(named: name, text: text, path: path, environment: environment, read: PointedFiles.fromDisk)
    }

    /// - Parameter read: gives the bytes of the file at an absolute path.
    static func stack(
        named name: String, text: String, path: String, environment: [String: String],
        read: @escaping (String) throws(Complaint) -> [UInt8]
    ) throws(Trouble) -> StackSpecification {
        guard isName(name) else {
            throw Place.trouble(.malformed, file: path, line: nil, trail: .root, "\(shown(name)) is not a name for a stack", "use letters, digits, '_', '-' and '.'")
        }
        var document = Document(file: path, environment: environment)
        let root = try document.read(text)
        var reader = StackReader(name: name, file: path, environment: environment, files: PointedFiles(beside: path, read: read))
        reader.noteUnset(document.interpolation.unset)
        return try reader.read(root)
    }

    /// Letters, digits, `_`, `-` and `.`: what Docker's schemas allow as names of services, networks and the rest.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.unicodeScalars.allSatisfy {
                switch $0 {
                case "A"..."Z", "a"..."z", "0"..."9", "_", "-", ".": true
                default: false
                }
            }
    }
}
