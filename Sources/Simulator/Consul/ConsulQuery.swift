/// Why a request is not carried out: a status and a line of plain text.
struct ConsulFault: Error, Sendable, Hashable {
    var status: Int
    var text: String
    /// Failed reads of the tables come with headers that say nothing, whatever the index in them looks like.
    var hasHeaders = false
}

/// How a table is to be read: what stands behind the question mark.
struct ConsulQuery {
    var isStale = false
    var isConsistent = false
    /// Wait until the index has passed this one.
    var index: UInt64?
    var wait = Duration.seconds(300)
    var isPassing = false
    var tags: [String] = []
    var filter: FilterExpression?

    private static let longestWait = Duration.seconds(600)

    init(_ request: ServerRequest, datacenter: String, isFiltered: Bool) throws(ConsulFault) {
        isStale = request.queryValue("stale") != nil
        isConsistent = request.queryValue("consistent") != nil
        if isStale, isConsistent { throw ConsulFault(status: 400, text: "Cannot specify ?stale with ?consistent, conflicting semantics.") }
        if let text = request.queryValue("wait"), !text.isEmpty {
            guard let duration = GoText.duration(text) else { throw ConsulFault(status: 400, text: "Invalid wait time") }
            wait = max(.zero, min(duration, Self.longestWait))
        }
        if let text = request.queryValue("index"), !text.isEmpty {
            guard let number = UInt64(text), text.utf8.first != UInt8(ascii: "+") else { throw ConsulFault(status: 400, text: "Invalid index") }
            index = number > 0 ? number : nil
        }
        if let wanted = request.queryValue("dc"), !wanted.isEmpty, wanted != datacenter {
            throw ConsulFault(status: 500, text: "No path to datacenter", hasHeaders: true)
        }
        if let text = request.queryValue("passing") {
            guard let value = text.isEmpty ? true : GoText.bool(text) else { throw ConsulFault(status: 400, text: "Invalid value for ?passing") }
            isPassing = value
        }
        tags = request.query.filter { $0.name == "tag" }.map(\.value)
        guard isFiltered, let text = request.queryValue("filter"), !text.isEmpty else { return }
        do throws(FilterExpression.Malformed) {
            filter = try FilterExpression(text)
        } catch {
            throw ConsulFault(status: 500, text: "Failed to create boolean expression evaluator: \(error.words)", hasHeaders: true)
        }
    }

    var consistency: String { isStale ? "stale" : isConsistent ? "consistent" : "leader" }
}

/// Values as Go's standard library reads them.
enum GoText {
    static func bool(_ text: String) -> Bool? {
        switch text {
        case "1", "t", "T", "true", "TRUE", "True": true
        case "0", "f", "F", "false", "FALSE", "False": false
        default: nil
        }
    }

    /// `1h2m3.5s`, `-5s`, `0`.
    static func duration(_ text: String) -> Duration? {
        var rest = text.utf8[...]
        var sign = 1.0
        if let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            sign = first == UInt8(ascii: "-") ? -1 : 1
            rest = rest.dropFirst()
        }
        if rest.elementsEqual("0".utf8) { return .zero }
        guard !rest.isEmpty else { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { isDigit($0) || $0 == UInt8(ascii: ".") }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { !isDigit($0) && $0 != UInt8(ascii: ".") }
            rest = rest.dropFirst(unit.count)
            guard let number = Double(String(Substring(digits))) ?? trailing(digits), let scale = units[String(Substring(unit))] else { return nil }
            total += number * scale
        }
        // Go's own limit: 63 bits of nanoseconds.
        guard total < 9.2e18 else { return nil }
        return .nanoseconds(Int64(sign * total.rounded()))
    }

    /// `5.` and `.5` are numbers to Go.
    private static func trailing(_ digits: Substring.UTF8View) -> Double? {
        let text = String(Substring(digits))
        guard text.contains(where: \.isNumber) else { return nil }
        return Double("0" + text + "0")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static let units: [String: Double] = ["ns": 1, "us": 1e3, "µs": 1e3, "μs": 1e3, "ms": 1e6, "s": 1e9, "m": 6e10, "h": 3.6e12]
}
