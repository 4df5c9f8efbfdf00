/// One engine to watch, as the settings name it; what the address means is for Transport to work out.
public struct EngineSetting: Sendable, Hashable {
    /// Tells engines apart on the screen and in `Source.ID`: `local`, a context's name, a host. Unique in the settings.
    public var name: String
    /// In the forms of `DOCKER_HOST`: `unix:///path`, `tcp://host:port`, `ssh://user@host`. Empty where `problem` is set.
    public var address: String
    /// nil: no TLS, and no certificate of anybody's.
    public var tls: TLSSetting?
    public var isProduction = false
    /// No changes: by `--readonly`, by the engine's own setting, or because it is production, until that is unlocked.
    public var isReadOnly = false
    /// `DOCKER_API_VERSION`: this version, without negotiation.
    public var apiVersion: String?
    /// Sent with every request: `HttpHeaders` of docker's config.json, `DOCKER_CUSTOM_HEADERS`, `headers` of our file.
    public var headers: [String: String] = [:]
    public var origin: Settings.Origin
    /// Why there is no address. The engine is shown as failed: to watch another one instead of the one that was asked
    /// for could end in a change to the wrong machine.
    public var problem: String?

    public init(name: String, address: String, tls: TLSSetting? = nil, origin: Settings.Origin, problem: String? = nil) {
        self.name = name
        self.address = address
        self.tls = tls
        self.origin = origin
        self.problem = problem
    }

    /// A name for an address that was given without one.
    ///
    /// `tcp://10.0.0.1:2376/prefix` and `ssh://ops@10.0.0.1` are `10.0.0.1`; `…/docker.sock` is `local`, any other
    /// socket is called by its file.
    public static func name(forAddress address: String) -> String {
        if let path = socketPath(ofAddress: address) {
            let file = path.split(separator: "/").last ?? "local"
            let stem = file.hasSuffix(".sock") ? file.dropLast(".sock".count) : file
            return stem.isEmpty || stem == "docker" ? "local" : String(stem)
        }
        var rest = address[...]
        if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
        rest = rest.prefix { $0 != "/" }
        if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
            rest = rest[rest.index(after: rest.startIndex)..<end]
        } else if let colon = rest.lastIndex(of: ":") {
            rest = rest[..<colon]
        }
        return rest.isEmpty ? "local" : String(rest)
    }

    /// The path of a `unix://` address or of a bare `/path`.
    static func socketPath(ofAddress address: String) -> Substring? {
        if address.hasPrefix("/") { return address[...] }
        guard address.hasPrefix("unix://") else { return nil }
        return address.dropFirst("unix://".count)
    }

    /// Whether TLS can play a part: unix sockets and ssh have their own protection.
    static func takesTLS(_ address: String) -> Bool {
        socketPath(ofAddress: address) == nil && !["ssh://", "npipe://", "fd://"].contains { address.hasPrefix($0) }
    }
}

/// How a connection is encrypted.
public struct TLSSetting: Sendable, Hashable {
    /// false only where the user said so: `DOCKER_TLS` without `DOCKER_TLS_VERIFY`, a context's `SkipTLSVerify`,
    /// `verify: false`. The source strip says that the server is not verified.
    public var verifies: Bool
    /// nil: the system's own certificates.
    public var caPath: String?
    /// Both or neither.
    public var certificatePath: String?
    public var keyPath: String?
    /// The name that the server's certificate must hold, in place of the address's host.
    public var serverName: String?

    public init(verifies: Bool, caPath: String? = nil, certificatePath: String? = nil, keyPath: String? = nil, serverName: String? = nil) {
        self.verifies = verifies
        self.caPath = caPath
        self.certificatePath = certificatePath
        self.keyPath = keyPath
        self.serverName = serverName
    }
}
