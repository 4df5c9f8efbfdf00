internal import Domain
internal import Transport

/// `1.41`: what an engine and its client agree to speak.
struct APIVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The newest this code was written against.
    static let newest = APIVersion(1, 51)
    /// Assumed where nothing else is said; every engine since 1.12 speaks it, or says why not.
    static let oldest = APIVersion(1, 24)

    var major: Int
    var minor: Int

    init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// nil unless it is two numbers and a dot; a leading `v` is forgiven.
    init?(_ text: String) {
        let parts = (text.hasPrefix("v") ? text.dropFirst() : text[...]).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]), major >= 0, minor >= 0 else { return nil }
        self.init(major, minor)
    }

    var description: String { "\(major).\(minor)" }

    static func < (a: APIVersion, b: APIVersion) -> Bool { (a.major, a.minor) < (b.major, b.minor) }
}

/// What `/_ping` told: who answers, which version will be spoken, what the engine's clock says.
struct Greeting: Sendable, Hashable {
    var apiVersion: APIVersion
    /// Whether the engine named a version at all; if not, `/version` or the oldest decides.
    var namesVersion: Bool
    /// `Docker`, `Podman`.
    var engineName: String
    /// `20.10.24+dfsg1`; empty where a proxy hides it.
    var engineVersion: String
    /// Engine 23 and later say it here: `inactive`, `active/manager`.
    var swarm: String
    /// The engine's own clock, whole seconds: events are asked for from here on.
    var clock: Timestamp?

    init(_ headers: HTTPFields, pinned: APIVersion?) {
        let offered = headers["Api-Version"].flatMap(APIVersion.init)
        namesVersion = offered != nil
        apiVersion = pinned ?? min(offered ?? .oldest, .newest)
        swarm = headers["Swarm"] ?? "inactive"
        clock = headers["Date"].flatMap(HTTPDate.timestamp)
        // `Docker/20.10.24+dfsg1 (linux)`, `Libpod/4.3.1 (linux)`.
        let product = (headers["Server"] ?? "").split(separator: " ").first?.split(separator: "/", maxSplits: 1) ?? []
        let libpod = headers["Libpod-Api-Version"]
        engineName = libpod != nil || product.first == "Libpod" ? "Podman" : "Docker"
        let isEngine = product.first == "Docker" || product.first == "Libpod"
        engineVersion = isEngine && product.count == 2 ? String(product[1]) : libpod ?? ""
    }

    var isPodman: Bool { engineName == "Podman" }

    /// `docker 20.10`, `podman 4.3`; without a number while none is known.
    var title: String { Self.title(engineName, engineVersion) }

    static func title(_ name: String, _ version: String) -> String {
        let parts = version.split(separator: ".").prefix(2)
        return ([name.lowercased()] + (parts.isEmpty ? [] : [parts.joined(separator: ".")])).joined(separator: " ")
    }
}

/// The one date form HTTP/1.1 servers send: `Mon, 23 Nov 2026 08:09:24 GMT` (RFC 9110 §5.6.7).
enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func timestamp(_ text: String) -> Timestamp? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])), parts[1].count == 2 else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return Timestamp(rfc3339: "\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
    }
}
