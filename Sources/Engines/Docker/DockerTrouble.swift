internal import Domain
internal import Engine
internal import Transport

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Failures in the words a person needs. `attempt` always reads on after "could not".
enum DockerTrouble {
    static func make(_ error: TransportError, attempt: String, address: Address) -> Trouble {
        func trouble(_ reason: Trouble.Reason, _ answer: String, _ remedy: String? = nil) -> Trouble {
            Trouble(reason, attempt: attempt, answer: PlainText.printable(answer), remedy: remedy)
        }
        let place = address.description
        switch error.reason {
        case .socketMissing(let path):
            return trouble(
                .unreachable, "Docker is not running or its socket is elsewhere: \(path)",
                "start it (systemctl start docker), or name the socket with --host or DOCKER_HOST")
        case .permissionDenied(let path): return permissionDenied(path, attempt: attempt)
        case .refused:
            if case .unix(let path) = address {
                return trouble(
                    .unreachable, "nobody listens on \(path): a socket file left behind by an engine that has ended",
                    "start the engine (systemctl start docker)")
            }
            return trouble(.unreachable, "connection refused by \(place)", "see whether the engine runs and listens there")
        case .unresolved(let host): return trouble(.unreachable, "the name \(host) does not resolve")
        case .unreachable: return trouble(.unreachable, "no route to \(place)")
        case .timedOut(let limit): return trouble(.timedOut, "no answer from \(place) within \(limit)")
        case .cutShort: return trouble(.malformed, "\(place) closed the connection before its answer was complete")
        case .reset: return trouble(.unreachable, "the connection to \(place) broke")
        case .notHTTP(let bytes):
            return trouble(.malformed, "\(place) does not speak HTTP, it sent: \(bytes)", "see whether this is Docker's address")
        case .tooLarge(let limit):
            return trouble(.malformed, "the answer is larger than \(ByteCount.words(UInt64(limit))), the rest was not read")
        case .tls(let words): return tls(words, attempt: attempt)
        case .ssh(let words):
            let isMissing = words.contains("docker: command not found") || words.contains("docker: not found")
            return trouble(
                .unreachable, words,
                isMissing ? "the docker command must be in the PATH of a non-interactive ssh login there" : nil)
        case .badAddress(let words), .badRequest(let words): return trouble(.unsupported, words)
        case .status(let code, let body):
            return make(HTTPResponse(status: code, body: Array(body.utf8)), attempt: attempt, address: address)
        case .cancelled: return trouble(.cancelled, "cancelled")
        case .system(let words): return trouble(.unreachable, words)
        }
    }

    /// An answer that came in good order and says no.
    static func make(_ response: HTTPResponse, attempt: String, address: Address) -> Trouble {
        let message = EngineMessage(response.body)
        let text = message.text.isEmpty ? "status \(response.status) without a word" : message.text
        func trouble(_ reason: Trouble.Reason, _ remedy: String? = nil) -> Trouble {
            Trouble(reason, attempt: attempt, answer: message.isHTML ? "status \(response.status): \(text)" : text, remedy: remedy)
        }
        if text.contains("HTTP request to an HTTPS server") {
            return trouble(.unreachable, "this port wants TLS: set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH")
        }
        if text.contains("is too new") && text.contains("client version") {
            return trouble(.unsupported, "the API version is pinned higher than this engine speaks: unset DOCKER_API_VERSION")
        }
        if text.contains("is too old") && text.contains("client version") {
            return trouble(
                .unsupported,
                "unset DOCKER_API_VERSION if it is set; otherwise this engine needs a newer Binnacle (it speaks up to API \(APIVersion.newest))")
        }
        switch response.status {
        case 400: return trouble(.unsupported)
        case 401: return trouble(.unauthorized)
        case 403:
            // Authorization plugins name themselves in the message; docker-socket-proxy answers 403 in HTML.
            let isPlugin = text.contains("authorization denied by plugin")
            return trouble(
                .forbidden,
                isPlugin ? "ask whoever runs the authorization plugin" : "something between here and the engine forbids this request")
        case 404: return trouble(.notFound)
        case 405, 501: return trouble(.unsupported)
        case 409: return trouble(.conflict)
        case 502, 503, 504: return trouble(.unreachable)
        // 20.10 answers 500 for much that later engines call 400: the message is what counts.
        default: return trouble(.unsupported)
        }
    }

    /// An answer with a good status whose body is not what was asked for.
    static func malformed(_ response: HTTPResponse, reading: String, problem: String, attempt: String) -> Trouble {
        let count = response.body.count
        let start = response.body.drop { $0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0D) }
        let answer =
            if start.isEmpty {
                "the answer is empty where \(reading) was expected"
            } else if start.first == UInt8(ascii: "<") {
                "an HTML page came (\(count) bytes) where \(reading) was expected"
            } else {
                "\(reading) could not be read, \(count) bytes came: \(PlainText.printable(problem))"
            }
        return Trouble(.malformed, attempt: attempt, answer: answer, remedy: "see whether this is really Docker's address, or a proxy")
    }

    private static func tls(_ words: String, attempt: String) -> Trouble {
        let lower = words.lowercased()
        let isOurs = lower.contains("certificate required") || lower.contains("bad certificate") || lower.contains("handshake failure")
        let remedy =
            isOurs
            ? "the engine wants a client certificate it knows: DOCKER_CERT_PATH must hold cert.pem and key.pem"
            : "the engine's certificate must be signed by ca.pem in DOCKER_CERT_PATH and name this host"
        return Trouble(.unauthorized, attempt: attempt, answer: "TLS failed: \(PlainText.printable(words))", remedy: remedy)
    }

    private static func permissionDenied(_ path: String, attempt: String) -> Trouble {
        let answer = "no permission for \(path)"
        guard let owner = SocketOwner(path) else {
            return Trouble(
                .forbidden, attempt: attempt, answer: answer, remedy: "a directory above it is closed to you; see ls -ld \(path)")
        }
        let remedy =
            owner.group == "root"
            ? "only root may open it: start with sudo, or let the engine's socket belong to a group of yours"
            : "join the group \(owner.group): sudo usermod -aG \(owner.group) $USER, then log in again"
        return Trouble(.forbidden, attempt: attempt, answer: answer + ", it belongs to \(owner.user):\(owner.group)", remedy: remedy)
    }
}

/// Who owns a socket, by name.
private struct SocketOwner {
    var user: String
    var group: String

    /// nil where the path cannot even be looked at.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        // getpwuid and getgrgid answer into memory of their own; both are copied at once, and this runs on failures only.
        user = getpwuid(status.st_uid).map { String(cString: $0.pointee.pw_name) } ?? String(status.st_uid)
        group = getgrgid(status.st_gid).map { String(cString: $0.pointee.gr_name) } ?? String(status.st_gid)
    }
}
