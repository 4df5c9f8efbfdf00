/// The one check that a port's `SERVICE_CHECK_…` keys ask for: the first of HTTP, HTTPS, script, TTL, TCP.
struct RegistratorCheck {
    /// Seconds: nothing is checked oftener than each second, and nothing is worth checking that is checked less than daily.
    static let intervals = 1.0...86_400.0
    private static let textLimit = 4096

    static let keys: Set<String> = [
        "check_http", "check_http_method", "check_https", "check_https_method", "check_tcp", "check_script", "check_ttl", "check_interval",
        "check_timeout", "check_initial_status", "check_deregister_after", "check_tls_skip_verify",
    ]

    /// Lower-case, without `SERVICE_`.
    let values: [String: String]
    let address: String
    let port: Int

    func definition(service: String, serviceID: String) -> CheckDefinition? {
        guard let probe else { return nil }
        let interval = seconds("check_interval") ?? 10
        let status = values["check_initial_status"]?.lowercased()
        return CheckDefinition(
            id: "service:\(serviceID)", name: "Service “\(service)” check", probe: probe, interval: interval, timeout: seconds("check_timeout", from: 0.05),
            initialStatus: status.flatMap { ["passing", "warning", "critical"].contains($0) ? $0 : nil },
            // Consul takes nothing out within its first minute either.
            deregistersAfter: seconds("check_deregister_after").map { max(60, $0) })
    }

    private var probe: CheckDefinition.Probe? {
        if let path = text("check_http") { return .http(url: url("http", path), method: method("check_http_method"), verifiesTLS: true) }
        if let path = text("check_https") {
            return .http(url: url("https", path), method: method("check_https_method"), verifiesTLS: !isSaid("check_tls_skip_verify"))
        }
        // As it is, for its lines matter; and whole or not at all: a script cut in the middle is another script.
        if let script = values["check_script"], !script.isEmpty, script.utf8.count <= Self.textLimit {
            return .script(["/bin/sh", "-c", filledIn(script)])
        }
        if let ttl = seconds("check_ttl") { return .ttl(ttl) }
        // Any value asks for it; “false” is taken at its word.
        return isSaid("check_tcp") ? .tcp("\(host):\(port)") : nil
    }

    private var host: String { address.contains(":") ? "[\(address)]" : address }

    private func url(_ scheme: String, _ path: String) -> String {
        "\(scheme)://\(host):\(port)" + (path.hasPrefix("/") ? path : "/" + path)
    }

    private func method(_ key: String) -> String {
        guard let method = values[key]?.uppercased(), (1...16).contains(method.utf8.count), method.utf8.allSatisfy({ (65...90).contains($0) })
        else { return "GET" }
        return method
    }

    private func filledIn(_ script: String) -> String {
        script.split(separator: "$SERVICE_IP", omittingEmptySubsequences: false).joined(separator: address)
            .split(separator: "$SERVICE_PORT", omittingEmptySubsequences: false).joined(separator: String(port))
    }

    private func text(_ key: String) -> String? {
        guard let value = values[key] else { return nil }
        let clean = RegistratorConventions.clean(value, Self.textLimit)
        return clean.isEmpty ? nil : clean
    }

    private func isSaid(_ key: String) -> Bool {
        guard let value = values[key]?.lowercased() else { return false }
        return !["", "false", "0", "no"].contains(value)
    }

    private func seconds(_ key: String, from least: Double = intervals.lowerBound) -> Double? {
        guard let value = values[key], let seconds = DurationText.seconds(value) else { return nil }
        return min(max(seconds, least), Self.intervals.upperBound)
    }
}

/// Spans of time as Go writes them: `10s`, `1m30s`, `500ms`.
enum DurationText {
    private static let units: [(String, Double)] = [("ms", 1e-3), ("us", 1e-6), ("µs", 1e-6), ("ns", 1e-9), ("h", 3600), ("m", 60), ("s", 1)]

    /// nil for anything else; a bare number is taken for seconds, which Go refuses.
    static func seconds(_ text: String) -> Double? {
        guard !text.isEmpty, text.utf8.count <= 64 else { return nil }
        var rest = text[...]
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            guard let number = Double(digits), number.isFinite else { return nil }
            rest = rest.dropFirst(digits.count)
            if rest.isEmpty, digits.count == text.count { return number }
            guard let unit = units.first(where: { rest.hasPrefix($0.0) }) else { return nil }
            rest = rest.dropFirst(unit.0.count)
            total += number * unit.1
        }
        return total.isFinite ? total : nil
    }
}
