/// One Consul agent to ask, as the settings name it.
public struct ConsulSetting: Sendable, Hashable {
    /// Tells registries apart on the screen and in `Source.ID`: `local`, a host, what the file says. Unique in the settings.
    public var name: String
    /// As it was given, in the forms of `CONSUL_HTTP_ADDR`.
    public var address: String
    /// `http://host:port/prefix`, `https://…` or `unix:///path`. Empty where the address is none.
    public var url: String
    /// What is sent as the ACL token. Never shown or written anywhere.
    public var token: String?
    /// Where the token was read, if it was in a file.
    public var tokenFile: String?
    public var namespace: String?
    public var partition: String?
    /// `user:password`, for a proxy in front of the agent. Never shown or written anywhere.
    public var basicAuth: String?
    /// nil: the agent's own.
    public var datacenter: String?
    /// Exactly where `url` is `https://`.
    public var tls: TLSSetting?
    public var isProduction = false
    /// No changes: by `--readonly`, by the entry's own word, or because it is production, until that is unlocked.
    public var isReadOnly = false
    /// False for the standard address that nobody asked for: that nothing listens there is nothing wrong.
    public var isExpected = true
    public var origin: Settings.Origin
    /// Why it cannot be asked. It is shown as failed: to ask another one, or as somebody else, would show something else.
    public var problem: String?

    public static let standard = "127.0.0.1:8500"

    /// - Parameter usesTLS: `CONSUL_HTTP_SSL` or its like; `https://` needs none, and `http://` does not turn it off.
    public init(name: String? = nil, address: String, usesTLS: Bool = false, origin: Settings.Origin) {
        let reading = ConsulAddress(address, usesTLS: usesTLS)
        self.name = name ?? reading.name
        self.address = reading.shown
        url = reading.url
        tls = reading.url.hasPrefix("https://") ? TLSSetting(verifies: true) : nil
        problem = reading.problem
        self.origin = origin
    }
}

/// The built-in registry, which is for machines without Consul.
public struct RegistrySetting: Sendable, Hashable {
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        /// As long as no Consul answers.
        case auto
        case on
        case off
    }

    public var mode = Mode.auto
    /// Checks that are scripts are run, inside of their containers.
    public var allowsScripts = false

    public init() {}
}

/// An address in the forms of `CONSUL_HTTP_ADDR`: `host:port`, `http://…`, `https://…`, `unix:///path`.
struct ConsulAddress {
    var url = ""
    var name = "local"
    var problem: String?
    /// What may be shown of it: nobody's password.
    let shown: String

    init(_ text: String, usesTLS: Bool) {
        var scheme = usesTLS ? "https" : "http"
        var rest = text[...]
        if text.hasPrefix("/") { scheme = "unix" }
        if let separator = text.firstRange(of: "://") {
            let given = text[..<separator.lowerBound].lowercased()
            rest = text[separator.upperBound...]
            if given != "http" { scheme = given }
        }
        let host = rest.prefix { $0 != "/" }
        if scheme != "unix", host.contains("@") {
            shown = "…@" + (rest.split(separator: "@").last ?? "")
            problem = "a user name does not belong into the address; CONSUL_HTTP_AUTH or 'auth' takes it"
            return
        }
        shown = text
        while scheme != "unix", rest.hasSuffix("/") { rest.removeLast() }
        switch scheme {
        case "unix" where rest.hasPrefix("/") && rest.count > 1: break
        case "unix": problem = "an absolute path is expected behind unix://"
        case "http", "https":
            name = EngineSetting.name(forAddress: "tcp://" + host)
            if ["localhost", "127.0.0.1", "::1"].contains(name) { name = "local" }
            if host.isEmpty { problem = "it has no host; expected host:port, http://…, https://… or unix:///path" }
        default: problem = "'\(scheme)' is not a way to talk to Consul; expected host:port, http://…, https://… or unix:///path"
        }
        if problem == nil { url = "\(scheme)://\(rest)" }
    }

    /// Whether two addresses lead to the same agent, however they are written.
    static func areSame(_ a: String, _ b: String) -> Bool {
        func place(_ text: String) -> Substring {
            let url = ConsulAddress(text, usesTLS: false).url
            return url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        }
        return a == b || (!place(a).isEmpty && place(a) == place(b))
    }
}
