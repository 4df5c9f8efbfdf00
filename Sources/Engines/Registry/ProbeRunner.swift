internal import Domain
internal import Engine
internal import Transport

/// Makes one run of a check: HTTP and TCP from here, scripts inside the container.
struct ProbeRunner: Sendable {
    let allowsScripts: Bool
    let run: CommandRunner

    /// Always answers, within the check's own time-out and a moment.
    func answer(_ errand: CheckBoard.Errand) async -> CheckAnswer {
        let definition = errand.definition
        switch definition.probe {
        case .http(let url, let method, let verifies):
            return await HTTPProbe(url: url, method: method, verifiesTLS: verifies, timeout: definition.patience).answer()
        case .tcp(let endpoint): return await connect(endpoint, definition.patience)
        case .script(let arguments): return await script(arguments, in: errand.container, definition.patience)
        case .docker(let raw, let shell, let arguments):
            // By its own id only: an id of another container would be a way into it.
            let container = errand.container.flatMap { $0.raw.hasPrefix(raw) && raw.utf8.count >= 12 ? $0 : nil }
            return await script([shell] + arguments, in: container, definition.patience)
        case .ttl(let seconds):
            return CheckAnswer(
                .critical,
                "TTL of \(CheckDefinition.seconds(CheckBoard.clamped(seconds))) expired: nobody can report to the built-in registry; "
                    + "an HTTP, TCP or script check would be run by Binnacle itself")
        }
    }

    private func connect(_ endpoint: String, _ limit: Duration) async -> CheckAnswer {
        guard let (host, port) = Self.split(endpoint) else {
            return CheckAnswer(.critical, "TCP connect \(endpoint): this is no address and port; write host:port")
        }
        do throws(TransportError) {
            // How long it took is not told: a text that changes with every run would be news each time.
            _ = try await TCPProbe.connect(host: host, port: port, timeout: limit)
            return CheckAnswer(.passing, "TCP connect \(endpoint): Success")
        } catch {
            return CheckAnswer(.critical, "TCP connect \(endpoint): \(error.description)")
        }
    }

    private func script(_ arguments: [String], in container: Container.ID?, _ limit: Duration) async -> CheckAnswer {
        guard allowsScripts else {
            return CheckAnswer(
                .warning, "not run: scripts are not allowed; “registry: {scripts: true}” in the configuration lets them run inside their containers")
        }
        guard let container else {
            return CheckAnswer(.warning, "not run: a script runs inside the container of its service, and no running container is known for it")
        }
        do throws(Trouble) {
            let result = try await run(arguments, container, limit)
            switch result.exitCode {
            case 0: return CheckAnswer(.passing, result.output)
            case 1: return CheckAnswer(.warning, result.output)
            case let code?: return CheckAnswer(.critical, result.output.isEmpty ? Exit.words(code) : result.output + "\n" + Exit.words(code))
            case nil: return CheckAnswer(.critical, result.output + "\nthe engine did not say how it ended")
            }
        } catch {
            // Refused by us is not the service's fault.
            return CheckAnswer(error.reason == .refusedByPlan ? .warning : .critical, error.description)
        }
    }

    /// `host:port`, `[::1]:port`.
    static func split(_ endpoint: String) -> (host: String, port: Int)? {
        guard let colon = endpoint.lastIndex(of: ":"), let port = Int(endpoint[endpoint.index(after: colon)...]), (1...65_535).contains(port)
        else { return nil }
        var host = endpoint[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        return host.isEmpty ? nil : (String(host), port)
    }
}
