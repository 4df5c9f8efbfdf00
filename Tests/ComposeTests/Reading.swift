@testable import Compose
import Domain

/// Reads a text as the file /srv/shop/compose.yaml, with other files by their whole path.
func read(_ text: String, environment: [String: String] = [:], files: [String: String] = [:]) throws(Trouble) -> StackSpecification {
    try ComposeFile.stack(named: "shop", text: text, path: "/srv/shop/compose.yaml", environment: environment) { path throws(Complaint) in
        guard let file = files[path] else { throw Complaint("cannot be read: no such file or directory", reason: .notFound) }
        return Array(file.utf8)
    }
}

/// The one service of a text: `lines` stand under it, beside an image.
func service(_ lines: String, top: String = "", environment: [String: String] = [:], files: [String: String] = [:]) throws -> ServiceSpecification {
    try read(web(lines, top: top), environment: environment, files: files).services[0]
}

/// What keeps a text from being read; nil where nothing does.
func trouble(_ text: String, environment: [String: String] = [:], files: [String: String] = [:]) -> Trouble? {
    do {
        _ = try read(text, environment: environment, files: files)
        return nil
    } catch {
        return error
    }
}

/// A file with the service `web` of the image `nginx`.
func web(_ lines: String, top: String = "") -> String {
    let inner = lines.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }.joined(separator: "\n")
    return "services:\n  web:\n    image: nginx\n\(inner)\n\(top)\n"
}
