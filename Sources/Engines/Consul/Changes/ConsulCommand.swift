internal import Domain
internal import Engine
internal import Transport

/// The same by hand: the consul command where it can, curl where it cannot. Tokens are left to the environment.
struct ConsulCommand: Sendable {
    let connection: ConsulConnection

    /// `consul maint -enable -service=web-1`, addressed to the agent concerned.
    func consul(_ command: [String], _ arguments: [String]) -> String {
        Self.text(["consul"] + command + addressing + arguments)
    }

    /// - Parameter call: written in full, with its body.
    func curl(_ call: ConsulCall) -> String {
        var words = ["curl", "-X", call.method]
        if case .unix(let path) = connection.address { words += ["--unix-socket", path] }
        if case .tcp(_, _, _, .some(let tls)) = connection.address {
            if let file = tls.caFile { words += ["--cacert", file] }
            if let file = tls.certificateFile { words += ["--cert", file] }
            if let file = tls.keyFile { words += ["--key", file] }
            if !tls.verifiesServer { words.append("-k") }
        }
        // The shell fills it in: in single quotation marks it would not.
        let token = connection.hasToken ? " -H \"X-Consul-Token: $CONSUL_HTTP_TOKEN\"" : ""
        var rest: [String] = []
        if let body = call.body, !body.isEmpty {
            rest += ["-H", "Content-Type: application/json", "-d", String(decoding: body, as: UTF8.self)]
        }
        let place = if case .unix = connection.address { "http://consul" } else { connection.place }
        rest.append(place + connection.target(call))
        return Self.text(words) + token + " " + Self.text(rest)
    }

    private var addressing: [String] {
        guard case .tcp(let host, let port, _, let tls) = connection.address else { return ["-http-addr=" + connection.place] }
        if host == "127.0.0.1", port == 8500, tls == nil { return [] }
        return ["-http-addr=" + connection.place]
            + [tls?.caFile.map { "-ca-file=" + $0 }, tls?.certificateFile.map { "-client-cert=" + $0 }, tls?.keyFile.map { "-client-key=" + $0 }, tls?.serverName.map { "-tls-server-name=" + $0 }].compactMap(\.self)
    }

    /// Each word is masked by itself: once they are in quotation marks, where a value ends is a guess.
    private static func text(_ words: [String]) -> String {
        words.map { CommandLineText.quoted(PlainText.printable(SecretMask.masked($0))) }.joined(separator: " ")
    }
}
