internal import FoundationEssentials

/// `$DOCKER_CONFIG`: what the docker command line keeps about engines.
struct DockerFolder {
    struct Context: Sendable, Hashable {
        var name: String
        var address: String
        var tls: TLSSetting?
        /// The meta.json it was read from.
        var file: String
    }

    let path: String
    /// `currentContext` of config.json.
    private(set) var currentContext: String?
    /// `HttpHeaders` of config.json.
    private(set) var headers: [String: String] = [:]
    private(set) var problems: [String] = []

    var configFile: String { "\(path)/config.json" }

    /// Reads config.json, where there is one. Contexts are read when one is asked for.
    init(path: String) {
        self.path = path
        switch Disk.read(configFile) {
        case .absent: break
        case .unreadable(let reason): problems.append("\(configFile): \(reason); its current context and headers are not known")
        case .text(let text):
            // Mostly it holds credentials only, and the decoder is not worth starting for those.
            guard text.contains("\"currentContext\"") || text.contains("\"HttpHeaders\"") else { return }
            do {
                let config = try JSONDecoder().decode(Config.self, from: Data(text.utf8))
                currentContext = config.currentContext.flatMap { $0.isEmpty ? nil : $0 }
                headers = config.HttpHeaders ?? [:]
            } catch {
                problems.append("\(configFile): \(Self.words(error)); its current context and headers are not known")
            }
        }
    }

    /// The contexts on disk by name, and what is wrong with those that cannot be read.
    ///
    /// The folder's name is the SHA-256 of the context's name, but its meta.json says the name in plain and the TLS
    /// folder is called the same, so nothing needs to be hashed.
    func contexts() -> (contexts: [Context], problems: [String]) {
        var contexts: [Context] = []
        var problems: [String] = []
        walk("", depth: 0) { relative in
            let file = "\(path)/contexts/meta/\(relative)/meta.json"
            switch Disk.read(file) {
            case .absent: return false
            case .unreadable(let reason): problems.append("\(file): \(reason)")
            case .text(let text):
                do {
                    let meta = try JSONDecoder().decode(Meta.self, from: Data(text.utf8))
                    guard let endpoint = meta.Endpoints?.docker else { break }
                    let address = endpoint.Host ?? ""
                    let tls = tls(in: "\(path)/contexts/tls/\(relative)/docker", skipsVerification: endpoint.SkipTLSVerify ?? false)
                    contexts.append(Context(name: meta.Name, address: address, tls: EngineSetting.takesTLS(address) ? tls : nil, file: file))
                } catch {
                    problems.append("\(file): \(Self.words(error)); this context is left out")
                }
            }
            return true
        }
        return (contexts.sorted { $0.name < $1.name }, problems)
    }

    /// Docker walks the folders for meta.json, nested ones too; a loop of links ends at the depth.
    private func walk(_ relative: String, depth: Int, _ visit: (String) -> Bool) {
        guard depth <= 6 else { return }
        for name in Disk.names(in: "\(path)/contexts/meta/\(relative)") where name != "meta.json" {
            let next = relative.isEmpty ? name : "\(relative)/\(name)"
            if !visit(next) { walk(next, depth: depth + 1, visit) }
        }
    }

    /// As the docker CLI does: a context has TLS when it has any TLS material, or skips verification in so many words.
    private func tls(in folder: String, skipsVerification: Bool) -> TLSSetting? {
        func file(_ name: String) -> String? { Disk.exists("\(folder)/\(name)") ? "\(folder)/\(name)" : nil }
        let tls = TLSSetting(
            verifies: !skipsVerification, caPath: file("ca.pem"), certificatePath: file("cert.pem"), keyPath: file("key.pem"))
        let hasMaterial = tls.caPath != nil || tls.certificatePath != nil || tls.keyPath != nil
        return hasMaterial || skipsVerification ? tls : nil
    }

    private static func words(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context):
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            return "\(path.isEmpty ? "the file" : "'\(path)'") is not as docker writes it"
        default: return "is not JSON"
        }
    }

    // The names are docker's own.
    private struct Config: Decodable {
        var currentContext: String?
        var HttpHeaders: [String: String]?
    }

    private struct Meta: Decodable {
        struct Endpoints: Decodable { var docker: Endpoint? }
        struct Endpoint: Decodable {
            var Host: String?
            var SkipTLSVerify: Bool?
        }
        var Name: String
        var Endpoints: Endpoints?
    }
}
