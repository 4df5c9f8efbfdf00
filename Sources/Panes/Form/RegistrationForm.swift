public import Domain

/// The forms of a registered service and of a check.
public enum RegistrationForm {
    public typealias Mistake = DeployForm.Mistake

    private static let kinds = ["none", "http", "tcp", "script", "ttl"]

    public static func fields() -> [Form.Field] {
        [
            Form.Field("Name", hint: "required"), Form.Field("ID", hint: "empty: the name"), Form.Field("Address", hint: "empty: the node's own"),
            Form.Field("Port", hint: "empty: none"), Form.Field("Tags", hint: "words, with spaces between"),
            Form.Field("Check", hint: "← → choose", choices: kinds), Form.Field("Check target", hint: targetHint), Form.Field("Interval", hint: "10s"),
        ]
    }

    public static func checkFields() -> [Form.Field] {
        [
            Form.Field("Name", hint: "required"), Form.Field("Check", hint: "← → choose", choices: Array(kinds.dropFirst())), Form.Field("Target", hint: targetHint),
            Form.Field("Interval", hint: "10s"), Form.Field("Notes", hint: "others read it in the registry"),
        ]
    }

    private static let targetHint = "http: URL; tcp: host:port; script: words; ttl: 30s"

    public static func registration(_ values: [String]) throws(Mistake) -> ServiceRegistration {
        let texts = values.map(\.trimmed)
        let (name, address) = (texts[0], texts[2])
        if name.isEmpty { throw Mistake(words: "A name is needed") }
        var port = 0
        if !texts[3].isEmpty {
            guard let number = Int(texts[3]), (1...65535).contains(number) else { throw Mistake(words: "“\(texts[3])” is not a port: 1 to 65535") }
            port = number
        }
        var registration = ServiceRegistration(id: texts[1].isEmpty ? name : texts[1], name: name, address: address, port: port, tags: texts[4].split(separator: " ").map(String.init))
        guard texts[5] != "none" else { return registration }
        // What stands in the form already need not be typed again.
        var target = texts[6]
        if target.isEmpty, port != 0 {
            let host = address.isEmpty ? "127.0.0.1" : address
            if texts[5] == "tcp" { target = "\(host):\(port)" }
            if texts[5] == "http" { target = "http://\(host):\(port)/" }
        }
        registration.checks = [try check(name: "\(name) \(texts[5])", kind: texts[5], target: target, interval: texts[7], notes: "")]
        return registration
    }

    public static func check(_ values: [String]) throws(Mistake) -> CheckDefinition {
        let texts = values.map(\.trimmed)
        if texts[0].isEmpty { throw Mistake(words: "A name is needed") }
        return try check(name: texts[0], kind: texts[1], target: texts[2], interval: texts[3], notes: texts[4])
    }

    private static func check(name: String, kind: String, target: String, interval: String, notes: String) throws(Mistake) -> CheckDefinition {
        let period = try seconds(interval.isEmpty ? "10s" : interval, "interval")
        let probe: CheckDefinition.Probe
        switch kind {
        case "http":
            guard target.hasPrefix("http://") || target.hasPrefix("https://") else { throw Mistake(words: "An HTTP check wants a URL: http://10.0.0.2:8080/health") }
            probe = .http(url: target, method: "GET", verifiesTLS: true)
        case "tcp":
            guard let colon = target.lastIndex(of: ":"), colon != target.startIndex, let port = Int(target[target.index(after: colon)...]), (1...65535).contains(port) else {
                throw Mistake(words: "A TCP check wants host:port")
            }
            probe = .tcp(target)
        case "script":
            guard let words = Words.split(target), !words.isEmpty else { throw Mistake(words: "A script check wants a command; quotes have to be closed") }
            probe = .script(words)
        default:
            probe = .ttl(try seconds(target.isEmpty ? "30s" : target, "time to live"))
        }
        return CheckDefinition(name: name, notes: notes, probe: probe, interval: period)
    }

    private static func seconds(_ text: String, _ what: String) throws(Mistake) -> Double {
        guard let duration = Amount.duration(text), duration >= .seconds(1) else { throw Mistake(words: "“\(text)” is no \(what): 10s, 1m30s, at least 1s") }
        return duration / .seconds(1)
    }
}
