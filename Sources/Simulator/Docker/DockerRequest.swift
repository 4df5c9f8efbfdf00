internal import Domain
internal import JSON

/// A request of the Engine API, its version taken off.
struct DockerRequest: Sendable {
    let request: ServerRequest
    /// nil where none stands in front: the newest is meant.
    let version: (major: Int, minor: Int)?
    let path: [String]

    init(_ request: ServerRequest) {
        self.request = request
        version = request.segments.first.flatMap(Self.version)
        path = version == nil ? request.segments : Array(request.segments.dropFirst())
    }

    private static func version(_ piece: String) -> (major: Int, minor: Int)? {
        guard piece.hasPrefix("v") else { return nil }
        let numbers = piece.dropFirst().split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let major = numbers[0], let minor = numbers[1], major >= 0, minor >= 0 else { return nil }
        return (major, minor)
    }

    var method: String { request.method }
    var body: [UInt8] { request.body }

    func isGet(_ pieces: String...) -> Bool { method == "GET" && path == pieces }
    func isPost(_ pieces: String...) -> Bool { method == "POST" && path == pieces }

    /// The image's name in `images/shop/web:2.0/json`: it may hold slashes.
    func name(before last: String) -> String? {
        guard path.count > 2, path.last == last else { return nil }
        return path.dropFirst().dropLast().joined(separator: "/")
    }

    // MARK: Query

    func text(_ name: String) -> String { request.queryValue(name) ?? "" }

    /// As the engine reads it: everything but an empty word, 0, no, false and none.
    func flag(_ name: String) -> Bool { !["", "0", "no", "false", "none"].contains(text(name).lowercased()) }

    func integer(_ name: String) throws(OrderRefusal) -> Int? {
        let text = text(name)
        if text.isEmpty { return nil }
        guard let number = Int(text) else { throw OrderRefusal(.serverError, "strconv.Atoi: parsing \"\(text)\": invalid syntax") }
        return number
    }

    /// `1795420975.860350756`; nil where nothing is said.
    func time(_ name: String) throws(OrderRefusal) -> Timestamp? {
        let text = text(name)
        if text.isEmpty || text == "0" { return nil }
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let seconds = Int64(parts[0]), (0...9_000_000_000).contains(seconds) else {
            throw OrderRefusal(.serverError, "strconv.ParseInt: parsing \"\(parts[0])\": invalid syntax")
        }
        guard parts.count == 2 else { return Timestamp(seconds: seconds) }
        let digits = parts[1].prefix(9)
        guard let fraction = Int64(digits + String(repeating: "0", count: 9 - digits.count)), fraction >= 0 else {
            throw OrderRefusal(.serverError, "strconv.ParseInt: parsing \"\(parts[1])\": invalid syntax")
        }
        return Timestamp(nanoseconds: seconds * 1_000_000_000 + fraction)
    }

    /// The version of an object that an update is for.
    func version(of kind: String) throws(OrderRefusal) -> UInt64 {
        let text = text("version")
        guard let version = UInt64(text) else {
            throw OrderRefusal(.badRequest, "invalid \(kind) version '\(text)': strconv.ParseUint: parsing \"\(text)\": invalid syntax")
        }
        return version
    }

    func filters(_ known: Set<String>? = nil) throws(OrderRefusal) -> DockerFilters { try DockerFilters(text("filters"), known: known) }

    // MARK: Body

    /// - Parameter kind: how the engine refuses what is no JSON: it does not always say the same.
    func json(_ kind: OrderRefusal.Kind = .badRequest) throws(OrderRefusal) -> JSONTree {
        if body.isEmpty { throw OrderRefusal(.badRequest, "got EOF while reading request body") }
        do throws(JSONReader.Malformed) { return try JSONTree(body) } catch { throw OrderRefusal(kind, Self.words(body)) }
    }

    /// What Go's decoder says.
    static func words(_ body: [UInt8]) -> String {
        let start = body.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
        guard let start else { return "EOF" }
        let letter = Unicode.Scalar(start)
        return "{[\"-0123456789tfn".unicodeScalars.contains(letter) ? "unexpected EOF" : "invalid character '\(letter)' looking for beginning of value"
    }
}

extension JSONTree {
    /// A flag that is there and says so.
    func flag(_ path: String...) -> Bool { self[path[...]]?.isTrue ?? false }
    func word(_ path: String...) -> String { self[path[...]]?.text ?? "" }
    func words(_ path: String...) -> [String] { self[path[...]]?.texts ?? [] }
    func number(_ path: String...) -> Int64 { self[path[...]]?.integer ?? 0 }
    func table(_ path: String...) -> [String: String] { self[path[...]]?.dictionary ?? [:] }
    /// Nanoseconds.
    func span(_ path: String...) -> Duration { .nanoseconds(self[path[...]]?.integer ?? 0) }
    /// `"sh -c x"` means the one word, a list its words.
    func command(_ key: String) -> [String] { self[key].map { $0.text.map { [$0] } ?? $0.texts } ?? [] }
}
