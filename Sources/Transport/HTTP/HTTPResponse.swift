/// A whole answer. Any status is an answer; what a 404 means is the caller's business.
public struct HTTPResponse: Sendable {
    public var status: Int
    public var headers: HTTPFields
    /// Without chunk framing; not decompressed, since nothing here asks for compression.
    public var body: [UInt8]

    public init(status: Int, headers: HTTPFields = HTTPFields(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// The part of an answer in front of its body.
struct ResponseHead: Sendable {
    var status: Int
    var headers: HTTPFields
    /// Whether another request may follow on the same connection.
    var keepsAlive: Bool
    /// `Content-Length`, where that is what frames the body.
    var length: Int?
    /// Whether only the end of the connection ends the body.
    var isUnframed: Bool
}
