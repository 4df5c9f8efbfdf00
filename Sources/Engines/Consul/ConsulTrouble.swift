internal import Domain
internal import Engine
internal import Transport

/// Failures in the words a person needs. `attempt` always reads on after "could not".
enum ConsulTrouble {
    static func make(_ error: TransportError, attempt: String, address: Address) -> Trouble {
        let place = ConsulConnection.place(address)
        func trouble(_ reason: Trouble.Reason, _ answer: String, _ remedy: String? = nil) -> Trouble {
            Trouble(reason, attempt: attempt, answer: PlainText.printable(answer), remedy: remedy)
        }
        switch error.reason {
        case .socketMissing(let path):
            return trouble(.unreachable, "there is no socket at \(path)", "start the agent (systemctl start consul), or name its address with CONSUL_HTTP_ADDR")
        case .permissionDenied(let path): return trouble(.forbidden, "no permission for \(path)", "see ls -l \(path), or use the agent's TCP address")
        case .refused:
            return trouble(
                .unreachable, "connection refused by \(place)", "see whether an agent runs and listens there, or name another address with CONSUL_HTTP_ADDR")
        case .unresolved(let host): return trouble(.unreachable, "the name \(host) does not resolve", "see CONSUL_HTTP_ADDR")
        case .unreachable: return trouble(.unreachable, "no route to \(place)")
        case .timedOut(let limit): return trouble(.timedOut, "no answer from \(place) within \(limit)", "see whether the agent there still answers anybody")
        case .cutShort: return trouble(.malformed, "\(place) closed the connection before its answer was complete")
        case .reset: return trouble(.unreachable, "the connection to \(place) broke")
        case .notHTTP(let bytes):
            return trouble(.malformed, "\(place) does not speak HTTP, it sent: \(bytes)", "see whether this is the agent's HTTP port (8500) or, with https, 8501")
        case .tooLarge(let limit): return trouble(.malformed, "the answer is larger than \(limit >> 20) MB, the rest was not read")
        case .tls(let words):
            let lower = words.lowercased()
            let isOurs = lower.contains("wants a client certificate") || lower.contains("does not accept the client") || lower.contains("(it may want a client")
            return trouble(
                .unauthorized, "TLS failed: \(words)",
                isOurs ? "the agent wants a client certificate it knows: CONSUL_CLIENT_CERT and CONSUL_CLIENT_KEY" : "CONSUL_CACERT must name the authority of the agent's certificate")
        case .ssh(let words), .system(let words): return trouble(.unreachable, words)
        case .badAddress(let words), .badRequest(let words): return trouble(.unsupported, words)
        case .status(let code, let body): return make(HTTPResponse(status: code, body: Array(body.utf8)), attempt: attempt, address: address)
        case .cancelled: return trouble(.cancelled, "cancelled")
        }
    }

    /// An answer that came in good order and says no.
    ///
    /// - Parameter needs: the permission that a write takes, for servers that do not name it.
    static func make(_ response: HTTPResponse, attempt: String, address: Address, needs: String? = nil) -> Trouble {
        let isPage = response.body.first { $0 != 0x20 && !(0x09...0x0D).contains($0) } == UInt8(ascii: "<")
        let said = isPage ? "status \(response.status) with an HTML page" : PlainText.printable(response.body)
        let text = said.isEmpty ? "status \(response.status) without a word" : said
        func trouble(_ reason: Trouble.Reason, _ answer: String, _ remedy: String? = nil) -> Trouble {
            Trouble(reason, attempt: attempt, answer: answer, remedy: remedy)
        }
        if text.contains("HTTP request to an HTTPS server") {
            return trouble(.unreachable, "this port wants TLS", "use https:// in CONSUL_HTTP_ADDR, or CONSUL_HTTP_SSL=true")
        }
        switch response.status {
        case 401: return trouble(.unauthorized, text, "something before the agent asks for a login: CONSUL_HTTP_AUTH=user:password")
        case 403 where text.contains("ACL not found"):
            return trouble(.unauthorized, "the token is not known to this cluster (\(text))", "check CONSUL_HTTP_TOKEN or CONSUL_HTTP_TOKEN_FILE")
        case 403:
            let permission = permission(in: text) ?? needs
            return trouble(.forbidden, text, permission.map { "the token lacks \($0)" } ?? "use a token that may do this: CONSUL_HTTP_TOKEN")
        case 404 where isPage || said.isEmpty: return trouble(.notFound, "\(text): nothing there knows Consul's API", "see CONSUL_HTTP_ADDR")
        case 404: return trouble(.notFound, text)
        case 405, 501: return trouble(.unsupported, text)
        case 409: return trouble(.conflict, text)
        case 429: return trouble(.unreachable, "the agent takes no more requests from here just now: \(text)", "Binnacle asks more slowly and tries again")
        case 500... where isLeaderless(text):
            return trouble(.unreachable, "the cluster has no leader: \(text)", "see consul operator raft list-peers; a majority of the servers must be up")
        case 500... where isServerless(text):
            return trouble(.unreachable, "the agent reaches no server of its cluster: \(text)", "see whether the servers run (consul members on one of them)")
        case 502, 503, 504: return trouble(.unreachable, text)
        default: return trouble(.unsupported, said.isEmpty || isPage ? text : "\(text) (status \(response.status))")
        }
    }

    /// An answer with a good status whose body is not what was asked for.
    static func malformed(_ body: [UInt8], reading: String, problem: String, attempt: String) -> Trouble {
        let count = body.count
        let start = body.first { $0 != 0x20 && !(0x09...0x0D).contains($0) }
        let answer =
            switch start {
            case nil: "the answer is empty where \(reading) was expected"
            case UInt8(ascii: "<"): "an HTML page came (\(count) bytes) where \(reading) was expected"
            default: "\(reading) could not be read, \(count) bytes came: \(PlainText.printable(problem))"
            }
        return Trouble(.malformed, attempt: attempt, answer: answer, remedy: "see whether this is really a Consul agent's address, or a proxy")
    }

    /// Nothing at all is visible. Even an empty cluster shows its servers, so it is a matter of permission.
    static func invisible(attempt: String, hasToken: Bool) -> Trouble {
        hasToken
            ? Trouble(
                .forbidden, attempt: attempt, answer: "no services or nodes are visible: the token may not see any",
                remedy: "use a token with service:read and node:read (CONSUL_HTTP_TOKEN)")
            : Trouble(
                .unauthorized, attempt: attempt, answer: "no services or nodes are visible: a token is probably needed (CONSUL_HTTP_TOKEN)",
                remedy: "a token with service:read and node:read shows them")
    }

    static func unled(attempt: String, said body: [UInt8]) -> Trouble {
        Trouble(
            .unreachable, attempt: attempt, answer: "the agent reaches no leader of its cluster, so it knows no token either (\(PlainText.printable(body)))",
            remedy: "see whether the servers run (consul members on one of them); a majority of them must be up")
    }

    /// Nothing is there at all, or nothing that is Consul.
    static func isAbsence(_ trouble: Trouble) -> Bool {
        switch trouble.reason {
        case .malformed, .notFound: true
        case .unreachable: ["connection refused", "there is no socket", "no route", "the name "].contains { trouble.answer.hasPrefix($0) }
        case .forbidden, .unauthorized, .conflict, .unsupported, .timedOut, .refusedByPlan, .cancelled: false
        }
    }

    static func isLeaderless(_ text: String) -> Bool { text.contains("No cluster leader") }

    private static func isServerless(_ text: String) -> Bool {
        text.contains("No known Consul servers") || text.contains("rpc error") || text.contains("failed to get conn") || text.contains("Raft leader not found")
    }

    /// `service:write on “web”`, from either wording: `Permission denied: Missing service:write on web` (1.8), `… lacks permission
    /// 'service:write' on "web"` (1.13 and later).
    static func permission(in text: String) -> String? {
        if let mark = text.firstRange(of: "Missing ") {
            let words = text[mark.upperBound...].split(separator: " ", maxSplits: 2)
            guard let verb = words.first, verb.contains(":") else { return nil }
            return words.count == 3 && words[1] == "on" ? "\(verb) on “\(words[2])”" : String(verb)
        }
        guard let mark = text.firstRange(of: "lacks permission '") else { return nil }
        let rest = text[mark.upperBound...]
        let verb = rest.prefix { $0 != "'" }
        guard let quote = rest.firstRange(of: "on \"") else { return String(verb) }
        return "\(verb) on “\(rest[quote.upperBound...].prefix { $0 != "\"" })”"
    }
}
