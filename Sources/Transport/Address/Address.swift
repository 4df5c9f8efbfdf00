/// Where an engine listens.
public enum Address: Sendable, Hashable {
    /// A unix stream socket. The path may be of any length.
    case unix(path: String)
    /// HTTP over TCP, or HTTPS when `tls` is there. `prefix` is put in front of every request's path: "" or "/something".
    case tcp(host: String, port: Int, prefix: String, tls: TLSOptions?)
    /// HTTP over the standard streams of `ssh … docker system dial-stdio`; one process a connection.
    case ssh(SSHTarget)
}

extension Address: CustomStringConvertible {
    /// What a person reads, and what every `TransportError` names.
    public var description: String {
        switch self {
        case .unix(let path): "unix://\(path)"
        case .tcp(_, _, let prefix, .none): "tcp://\(authority)\(prefix)"
        case .tcp(_, _, let prefix, .some(let tls)):
            "tcp://\(authority)\(prefix) (TLS\(tls.verifiesServer ? "" : ", server not verified"))"
        case .ssh(let target): target.description
        }
    }
}

extension Address {
    /// The value of the `Host` header. Unix sockets and ssh have no host of their own, and Go servers answer 400 to an
    /// empty or percent-encoded one, so those send a fixed name.
    var authority: String {
        switch self {
        case .unix, .ssh: "docker"
        case .tcp(let host, let port, _, _): (host.contains(":") ? "[\(host)]" : host) + ":\(port)"
        }
    }

    /// What stands in front of every request's path.
    var pathPrefix: String {
        switch self {
        case .unix, .ssh: ""
        case .tcp(_, _, let prefix, _): prefix
        }
    }
}
