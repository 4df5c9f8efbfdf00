/// What a check does and when: how one is registered, and how one is described.
public struct CheckDefinition: Sendable, Hashable, Codable {
    public enum Probe: Sendable, Hashable, Codable {
        /// Passing by 2xx, warning by 429, critical else.
        case http(url: String, method: String, verifiesTLS: Bool)
        /// `host:port`; passing when a connection opens.
        case tcp(String)
        /// Passing by exit 0, warning by 1, critical else. Where it runs is the registry's matter.
        case script([String])
        /// Seconds within which somebody has to say that all is well.
        case ttl(Double)
        /// Runs in the container by the shell given.
        case docker(container: String, shell: String, arguments: [String])
    }

    /// Empty lets the registry choose.
    public var id: String
    public var name: String
    public var notes: String
    public var probe: Probe
    /// Seconds.
    public var interval: Double
    /// Seconds; nil for the registry's default.
    public var timeout: Double?
    /// What it counts as until it has run; nil for critical, as Consul has it.
    public var initialStatus: String?
    /// Seconds in which the service may be critical before it is taken out of the registry; nil for never.
    public var deregistersAfter: Double?

    public init(
        id: String = "", name: String = "", notes: String = "", probe: Probe, interval: Double = 10, timeout: Double? = nil, initialStatus: String? = nil,
        deregistersAfter: Double? = nil
    ) {
        self.id = id
        self.name = name
        self.notes = notes
        self.probe = probe
        self.interval = interval
        self.timeout = timeout
        self.initialStatus = initialStatus
        self.deregistersAfter = deregistersAfter
    }

    /// `http`, `tcp`, `script`, `ttl`, `docker`.
    public var kind: String {
        switch probe {
        case .http: "http"
        case .tcp: "tcp"
        case .script: "script"
        case .ttl: "ttl"
        case .docker: "docker"
        }
    }

    /// `GET http://10.0.0.2:80/health every 10 s`.
    public var words: String {
        switch probe {
        case .http(let url, let method, let verifies): "\(method) \(url) every \(Self.seconds(interval))" + (verifies || !url.hasPrefix("https") ? "" : ", certificate not verified")
        case .tcp(let endpoint): "connect to \(endpoint) every \(Self.seconds(interval))"
        case .script(let arguments): "run \(arguments.joined(separator: " ")) every \(Self.seconds(interval))"
        case .ttl(let seconds): "somebody has to report within \(Self.seconds(seconds))"
        case .docker(let container, let shell, let arguments): "run \(([shell] + arguments).joined(separator: " ")) in container \(container.prefix(12)) every \(Self.seconds(interval))"
        }
    }

    /// `10 s`, `1.5 s`, `2 m`.
    public static func seconds(_ value: Double) -> String {
        if value >= 60, value.truncatingRemainder(dividingBy: 60) == 0, value < 1e9 { return "\(Int(value / 60)) m" }
        return value == value.rounded() && abs(value) < 1e9 ? "\(Int(value)) s" : "\((value * 1000).rounded() / 1000) s"
    }
}
