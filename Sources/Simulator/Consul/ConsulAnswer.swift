internal import JSON

/// What is said to a request that is carried out.
struct ConsulAnswer: Sendable {
    var status = 200
    /// nil where there is no body.
    var type: String?
    var headers: [(String, String)] = []
    var body: [UInt8] = []

    static func json(_ body: [UInt8], status: Int = 200, headers: [(String, String)] = []) -> ConsulAnswer {
        ConsulAnswer(status: status, type: "application/json", headers: headers, body: body)
    }

    mutating func indent() {
        if type == "application/json" { body = Array(JSONIndenter.indented(body).utf8) + [0x0A] }
    }
}
