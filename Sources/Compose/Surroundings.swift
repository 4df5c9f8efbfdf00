internal import Domain

/// What all services of a stack share: its name, its declarations, and the machine the file is read on.
struct Surroundings {
    static let namespaceLabel = "com.docker.stack.namespace"
    static let imageLabel = "com.docker.stack.image"

    /// Something that is declared at the top level and named in services.
    struct Declaration {
        /// In the orchestrator.
        let name: String
        let isExternal: Bool
        /// Of a volume of the stack's own, for the node that has to make it.
        var driver = ""
        var driverOptions: [String: String] = [:]
        var labels: [String: String] = [:]
    }

    let stack: String
    let environment: [String: String]
    let files: PointedFiles
    var networks: [String: Declaration] = [:]
    var volumes: [String: Declaration] = [:]
    var secrets: [String: Declaration] = [:]
    var configs: [String: Declaration] = [:]

    func scoped(_ name: String) -> String { "\(stack)_\(name)" }

    /// With the label that tells whose it is.
    func labelled(_ labels: [String: String]) -> [String: String] {
        labels.merging([Self.namespaceLabel: stack]) { $1 }
    }

    /// What `place` names among things declared under `section`.
    func declaration(_ name: String, _ place: Place, among declared: [String: Declaration], section: String) throws(Trouble) -> Declaration {
        if let declaration = declared[name] { return declaration }
        let near = nearName(name, among: declared.keys).map { "did you mean '\($0)'?" }
        throw place.trouble("\(shown(name)) is not declared", near ?? "declare it under the top-level \(section)")
    }
}
