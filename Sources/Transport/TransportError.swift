/// Why talking to an engine failed. Nothing in this target throws anything else.
public struct TransportError: Error, Sendable, Hashable {
    public enum Reason: Error, Sendable, Hashable {
        /// Nothing is at the unix socket's path.
        case socketMissing(path: String)
        /// The file system refuses this user the unix socket, or a directory above it.
        case permissionDenied(path: String)
        /// Nobody listens there.
        case refused
        case unresolved(host: String)
        /// No route to that host or network.
        case unreachable
        case timedOut(after: Duration)
        /// The connection ended in good order before the answer did.
        case cutShort
        /// The connection broke.
        case reset
        /// What came is not HTTP/1; its first bytes, made printable.
        case notHTTP(String)
        /// A head, body or line grew over `limit` bytes.
        case tooLarge(limit: Int)
        case tls(String)
        /// The last lines `ssh` wrote to its standard error, or what became of the process.
        case ssh(String)
        case badAddress(String)
        /// The request cannot be put on the wire.
        case badRequest(String)
        /// An upgrade was answered with this status; the body's text, at most 64 KB of it.
        case status(Int, String)
        /// The task was cancelled, or the client shut down.
        case cancelled
        /// Any other error of the operating system, in its words.
        case system(String)
    }

    public var reason: Reason
    /// What was tried, as `Address.description` says it; empty where no address is involved.
    public var address: String

    public init(_ reason: Reason, address: String) {
        self.reason = reason
        self.address = address
    }
}

extension TransportError: CustomStringConvertible {
    /// One sentence: what was tried and what came back.
    public var description: String {
        let place = address.isEmpty ? "the input" : address
        return switch reason {
        case .socketMissing(let path): "could not connect to \(place): there is no socket at \(path)"
        case .permissionDenied(let path): "could not connect to \(place): this user may not open \(path)"
        case .refused: "could not connect to \(place): connection refused, nothing listens there"
        case .unresolved(let host): "could not connect to \(place): the name \(host) does not resolve"
        case .unreachable: "could not connect to \(place): no route to it"
        case .timedOut(let limit): "no answer from \(place) within \(limit)"
        case .cutShort: "\(place) closed the connection before its answer was complete"
        case .reset: "the connection to \(place) broke"
        case .notHTTP(let bytes): "\(place) does not speak HTTP/1, it sent: \(bytes)"
        case .tooLarge(let limit): "\(place) sent more than the \(limit) bytes allowed"
        case .tls(let words): "TLS with \(place) failed: \(words)"
        case .ssh(let words): "could not reach \(place): \(words)"
        case .badAddress(let words): "“\(address)” is not an address: \(words)"
        case .badRequest(let words): "nothing was sent to \(place): \(words)"
        case .status(let code, let body): "\(place) answered \(code)" + (body.isEmpty ? "" : ": \(body)")
        case .cancelled: "the request to \(place) was cancelled"
        case .system(let words): "could not talk to \(place): \(words)"
        }
    }
}
