internal import Domain
internal import Transport

/// One request of an HTTP check, on a connection of its own. Redirects are not followed: they count by their status.
struct HTTPProbe: Sendable {
    let url: String
    let method: String
    let verifiesTLS: Bool
    let timeout: Duration

    func answer() async -> CheckAnswer {
        await withTaskGroup(of: CheckAnswer?.self) { group in
            group.addTask { await exchanged() }
            group.addTask {
                // Cancelled once the answer is there.
                try? await Task.sleep(for: timeout)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            // Late with the body only: the status is there, and counts.
            let second = await group.next() ?? nil
            return first ?? second ?? CheckAnswer(.critical, "HTTP \(method) \(url): no answer within \(timeout)")
        }
    }

    /// nil when it was cancelled before the head of an answer came.
    private func exchanged() async -> CheckAnswer? {
        do throws(TransportError) {
            return try await exchange()
        } catch {
            return error.reason == .cancelled ? nil : CheckAnswer(.critical, "HTTP \(method) \(url): \(error.description)")
        }
    }

    private func exchange() async throws(TransportError) -> CheckAnswer {
        let (address, path) = try target()
        let client = HTTPClient(address: address, maximumConnections: 1)
        // A stream, not a whole answer: of a body that never ends the beginning is enough.
        let request = HTTPRequest(method: method, path: path, headers: [("Accept", "text/plain, text/*, */*"), ("Connection", "close")])
        let stream = try await client.stream(request, headTimeout: timeout)
        var body: [UInt8] = []
        do throws(TransportError) {
            for try await chunk in stream.chunks {
                body += chunk.prefix(CheckAnswer.limit)
                if body.count >= CheckAnswer.limit { break }
            }
        } catch {
            body += Array("\n(the answer broke off: \(error.description))".utf8)
        }
        let words = Self.phrase(stream.status).map { "\(stream.status) \($0)" } ?? "\(stream.status)"
        return CheckAnswer(Self.judged(stream.status), "HTTP \(method) \(url): \(words) Output: \(String(decoding: body, as: UTF8.self))")
    }

    static func judged(_ status: Int) -> Check.Status {
        switch status {
        case 200..<300: .passing
        case 429: .warning
        default: .critical
        }
    }

    /// The server's address, and the path with its query, in which what may not stand in a request line is percent-encoded.
    func target() throws(TransportError) -> (Address, path: String) {
        let bare = url.prefix { $0 != "#" }
        guard let separator = bare.firstRange(of: "://") else { throw TransportError(.badAddress("it has no scheme, http:// or https://"), address: url) }
        let scheme = bare[..<separator.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else {
            throw TransportError(.badAddress("the scheme \(scheme):// is neither http nor https"), address: url)
        }
        let rest = bare[separator.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let tls = scheme == "https" ? TLSOptions(verifiesServer: verifiesTLS) : nil
        let address = try Address.parse("\(scheme)://\(rest[..<end])", tls: tls)
        let path = String(rest[end...])
        return (address, Self.encoded(path.hasPrefix("/") ? path : "/" + path))
    }

    static func encoded(_ path: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in path.utf8 {
            if byte > 0x20, byte < 0x7F { bytes.append(byte) } else { bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The words that servers put behind the common numbers; what they themselves put there is theirs to choose.
    private static func phrase(_ status: Int) -> String? {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 429: "Too Many Requests"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: nil
        }
    }
}
