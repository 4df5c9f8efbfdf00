#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

extension TransportError.Reason {
    /// What an `errno` means to somebody who connects or reads. `path` is the unix socket's, where there is one.
    init(errno code: CInt, path: String? = nil) {
        self =
            switch (code, path) {
            case (ENOENT, .some(let path)), (ENOTDIR, .some(let path)): .socketMissing(path: path)
            case (EACCES, .some(let path)), (EPERM, .some(let path)): .permissionDenied(path: path)
            // A file that is no socket refuses, too.
            case (ECONNREFUSED, _): .refused
            case (ECONNRESET, _), (EPIPE, _), (ENOTCONN, _), (ECONNABORTED, _): .reset
            case (ENETUNREACH, _), (EHOSTUNREACH, _), (ENETDOWN, _), (EHOSTDOWN, _), (EADDRNOTAVAIL, _): .unreachable
            case (EPROTOTYPE, .some(let path)): .system("\(path) is a socket of another kind")
            default: .system(Self.words(for: code))
            }
    }

    /// Any error NIO hands to a channel or a connection attempt.
    init(_ error: any Error, path: String? = nil) {
        switch error {
        case let reason as TransportError.Reason: self = reason
        case let error as IOError: self.init(errno: error.errnoCode, path: path)
        case let error as NIOConnectionError: self.init(error)
        case ChannelError.connectTimeout(let limit): self = .timedOut(after: Duration(limit))
        case ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed, ChannelError.eof, ChannelError.inputClosed,
            ChannelError.outputClosed:
            self = .reset
        // Without close_notify nobody can tell a complete stream from one that was cut.
        case NIOSSLError.uncleanShutdown: self = .cutShort
        case let error as NIOSSLError: self = .tls(Self.words(for: String(describing: error)))
        case let error as BoringSSLError: self = .tls(Self.words(for: String(describing: error)))
        case let error as NIOSSLExtraError: self = .tls(Self.words(for: String(describing: error)))
        default: self = .system(String(describing: error))
        }
    }

    /// Of several attempts (one an address of the host) the one that got furthest speaks for all.
    private init(_ error: NIOConnectionError) {
        guard let last = error.connectionErrors.last else {
            self = .unresolved(host: error.host)
            return
        }
        let reasons = error.connectionErrors.map { Self($0.error) }
        self = reasons.contains(.refused) ? .refused : Self(last.error)
    }

    private static func words(for code: CInt) -> String {
        guard let text = strerror(code) else { return "error \(code)" }
        return String(cString: text)
    }

    /// BoringSSL's reason codes in plain words; the original follows for those who search for it.
    private static func words(for text: String) -> String {
        let known: [(code: String, words: String)] = [
            ("CERTIFICATE_VERIFY_FAILED", "the server's certificate is not signed by a trusted authority"),
            ("failedToValidateHostname", "the server's certificate is for another host"),
            ("Couldn't find", "the server's certificate is for another host"),
            ("unableToValidateCertificate", "the server's certificate could not be validated"),
            ("CERTIFICATE_REQUIRED", "the server wants a client certificate"),
            ("ALERT_BAD_CERTIFICATE", "the server does not accept the client certificate (or wants one)"),
            ("ALERT_HANDSHAKE_FAILURE", "the server broke off the handshake (it may want a client certificate)"),
            ("ALERT_UNKNOWN_CA", "the server does not trust the client certificate's authority"),
            ("ALERT_CERTIFICATE_EXPIRED", "the client certificate is expired"),
            ("ALERT_CERTIFICATE_UNKNOWN", "the server does not accept the client certificate"),
            ("ALERT_PROTOCOL_VERSION", "the server speaks no TLS version in common"),
            ("WRONG_VERSION_NUMBER", "the server does not speak TLS on this port"),
            ("HTTP_REQUEST", "the server does not speak TLS on this port"),
            ("EOF during handshake", "the server closed the connection during the handshake"),
        ]
        guard let match = known.first(where: { text.contains($0.code) }) else { return text }
        return "\(match.words) [\(match.code)]"
    }
}
