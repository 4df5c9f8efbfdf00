extension Address {
    /// Reads what `DOCKER_HOST` and docker contexts hold: `unix://`, `tcp://`, `http://`, `https://`, `ssh://`, or a bare
    /// absolute path, which is a unix socket.
    ///
    /// As in docker/cli, `tcp://` speaks TLS exactly when `tls` is given, whatever the port; the default port is then 2376,
    /// otherwise 2375. `https://` without `tls` verifies the server against the system's authorities.
    ///
    /// - Throws: `.badAddress` with the reason in words.
    public static func parse(_ text: String, tls: TLSOptions?) throws(TransportError) -> Address {
        do throws(TransportError.Reason) {
            if let problem = tls?.pairProblem { throw TransportError.Reason.badAddress(problem) }
            return try AddressText(text, tls: tls).address()
        } catch {
            throw TransportError(error, address: text)
        }
    }
}

/// One address on its way from text to value.
private struct AddressText {
    typealias Reason = TransportError.Reason

    let scheme: String
    let rest: Substring
    let tls: TLSOptions?

    init(_ text: String, tls: TLSOptions?) throws(Reason) {
        self.tls = tls
        if text.hasPrefix("/") {
            scheme = "unix"
            rest = text[...]
            return
        }
        guard !text.isEmpty else { throw .badAddress("it is empty") }
        guard let separator = text.firstRange(of: "://") else {
            throw .badAddress("it has no scheme such as unix://, tcp:// or ssh://")
        }
        scheme = text[..<separator.lowerBound].lowercased()
        rest = text[separator.upperBound...]
    }

    func address() throws(Reason) -> Address {
        switch scheme {
        case "unix": try unix()
        case "tcp": try tcp(tls: tls, defaultPort: tls == nil ? 2375 : 2376)
        case "http": try tcp(tls: tls, defaultPort: tls == nil ? 80 : 443)
        case "https": try tcp(tls: tls ?? TLSOptions(), defaultPort: 443)
        case "ssh": try ssh()
        case "npipe": throw .badAddress("named pipes (npipe://) exist on Windows only")
        case "fd": throw .badAddress("fd:// is for the engine's own start by systemd, nobody can connect to it")
        default: throw .badAddress("the scheme \(scheme):// is not one of unix, tcp, http, https, ssh")
        }
    }

    private func unix() throws(Reason) -> Address {
        // docker/cli reads a bare "unix://" as the default socket.
        if rest.isEmpty { return .unix(path: "/var/run/docker.sock") }
        guard !rest.utf8.contains(0) else { throw .badAddress("the socket's path holds a NUL byte") }
        return .unix(path: String(rest))
    }

    private func tcp(tls: TLSOptions?, defaultPort: Int) throws(Reason) -> Address {
        let parts = try parts()
        guard parts.user == nil else { throw .badAddress("a user name is not possible here") }
        var prefix = parts.path
        while prefix.hasSuffix("/") { prefix.removeLast() }
        guard prefix.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .badAddress("the path holds a space or a character that must be percent-encoded")
        }
        let host = parts.host.isEmpty ? "localhost" : parts.host
        return .tcp(host: host, port: parts.port ?? defaultPort, prefix: prefix, tls: tls)
    }

    private func ssh() throws(Reason) -> Address {
        let parts = try parts()
        guard !parts.host.isEmpty else { throw .badAddress("the host is missing") }
        guard !parts.host.hasPrefix("-") else { throw .badAddress("a host does not begin with a dash") }
        if let user = parts.user {
            guard !user.contains(":") else {
                throw .badAddress("a password in an ssh address is not supported, use a key or an agent")
            }
            guard !user.isEmpty, !user.hasPrefix("-") else { throw .badAddress("the user name is empty or begins with a dash") }
        }
        let path = parts.path == "/" || parts.path.isEmpty ? nil : try Self.decoded(parts.path)
        let user: String? = if let user = parts.user { try Self.decoded(user) } else { nil }
        return .ssh(SSHTarget(user: user, host: parts.host, port: parts.port, socketPath: path))
    }

    /// `[user@]host[:port][/path]`; an IPv6 host stands in brackets.
    private func parts() throws(Reason) -> (user: String?, host: String, port: Int?, path: String) {
        guard !rest.contains("?") else { throw .badAddress("a query (?…) is not possible here") }
        guard !rest.contains("#") else { throw .badAddress("a fragment (#…) is not possible here") }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        var authority = rest[..<slash]
        var user: String?
        if let at = authority.lastIndex(of: "@") {
            user = String(authority[..<at])
            authority = authority[authority.index(after: at)...]
        }
        var host = authority
        var port: Substring?
        if authority.hasPrefix("[") {
            guard let bracket = authority.firstIndex(of: "]") else { throw .badAddress("a closing ] is missing") }
            host = authority[authority.index(after: authority.startIndex)..<bracket]
            let behind = authority[authority.index(after: bracket)...]
            guard behind.isEmpty || behind.hasPrefix(":") else { throw .badAddress("only :port may follow a ]") }
            port = behind.isEmpty ? nil : behind.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
            if port?.contains(":") == true { throw .badAddress("an IPv6 host must stand in brackets") }
        }
        guard host.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw .badAddress("the host holds a space or a control character")
        }
        return (user, String(host), try port.map(Self.number) ?? nil, String(rest[slash...]))
    }

    private static func number(_ text: Substring) throws(Reason) -> Int? {
        if text.isEmpty { return nil }
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let port = Int(text),
            (1...65535).contains(port)
        else { throw .badAddress("\(text) is not a port number") }
        return port
    }

    private static func decoded(_ text: String) throws(Reason) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let digits = String(rest.prefix(2)), digits.utf8.count == 2, let value = UInt8(digits, radix: 16),
                    value != 0
                else { throw .badAddress("a % is not followed by two hexadecimal digits") }
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
