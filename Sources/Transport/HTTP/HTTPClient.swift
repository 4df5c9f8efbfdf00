/// An HTTP/1.1 client for one address. Cheap to make: nothing is opened before the first request.
///
/// Cancelling the task that waits for any of its functions closes the connection concerned and throws `.cancelled`.
public final class HTTPClient: Sendable {
    public let address: Address
    private let pool: ConnectionPool

    /// - Parameter maximumConnections: how many requests `send` may have under way at once; more wait for their turn.
    ///   Streams and upgraded connections are not counted.
    public convenience init(address: Address, maximumConnections: Int = 6) {
        self.init(address: address, maximumConnections: maximumConnections, sshProgram: nil)
    }

    init(address: Address, maximumConnections: Int = 6, sshProgram: String?) {
        self.address = address
        pool = ConnectionPool(dialer: Dialer(address: address, sshProgram: sshProgram), maximum: maximumConnections)
    }

    deinit {
        pool.closeIdle()
    }

    /// Sends a request and collects the whole answer, whatever its status.
    ///
    /// A kept connection that turns out to be closed before any byte of the answer is replaced by a fresh one, once, for GET
    /// and HEAD.
    ///
    /// - Parameters:
    ///   - timeout: for everything: waiting for a connection, connecting, sending and the whole answer.
    ///   - bodyLimit: in bytes; a longer body throws `.tooLarge`.
    public func send(
        _ request: HTTPRequest, timeout: Duration = .seconds(30), bodyLimit: Int = 64 << 20
    ) async throws(TransportError) -> HTTPResponse {
        let deadline = Deadline(timeout)
        let bytes = try request.bytes(for: address, upgrading: false)
        let lease = try await pool.take(until: deadline)
        var kept: Connection?
        defer { pool.giveBack(kept) }
        if let lease {
            do throws(TransportError) {
                let (response, keeps) = try await exchange(bytes, request.method, on: lease, deadline, bodyLimit)
                kept = keeps ? lease : nil
                return response
            } catch {
                guard request.isRepeatable, !lease.hasHeard, error.reason == .reset || error.reason == .cutShort else {
                    throw error
                }
            }
        }
        let fresh = try await pool.dial(until: deadline)
        let (response, keeps) = try await exchange(bytes, request.method, on: fresh, deadline, bodyLimit)
        kept = keeps ? fresh : nil
        return response
    }

    /// Sends a request on a connection of its own and returns as soon as the head of the answer is there, whatever its
    /// status; the body comes through `HTTPStream.chunks`.
    ///
    /// - Parameter headTimeout: for connecting and the head. The body may take for ever.
    public func stream(
        _ request: HTTPRequest, headTimeout: Duration = .seconds(30)
    ) async throws(TransportError) -> HTTPStream {
        let bytes = try request.bytes(for: address, upgrading: false)
        let (head, connection) = try await open(bytes, request.method, upgrading: false, Deadline(headTimeout))
        return HTTPStream(status: head.status, headers: head.headers, connection: connection)
    }

    /// Asks for the connection itself, as docker's exec and attach do (`Connection: Upgrade`, `Upgrade: tcp`).
    ///
    /// - Parameter timeout: for connecting and the head.
    /// - Throws: `.status` for anything but 101, or 200 with neither length nor chunks, which is how engines answer that
    ///   ignore the upgrade.
    public func upgrade(
        _ request: HTTPRequest, timeout: Duration = .seconds(30)
    ) async throws(TransportError) -> UpgradedConnection {
        let deadline = Deadline(timeout)
        let bytes = try request.bytes(for: address, upgrading: true)
        let (head, connection) = try await open(bytes, request.method, upgrading: true, deadline)
        if head.status == 101 || (head.status == 200 && head.isUnframed) {
            return UpgradedConnection(connection: connection, status: head.status, headers: head.headers)
        }
        defer { connection.abandon(.cancelled) }
        let body = try await refusal(on: connection)
        throw TransportError(.status(head.status, String(decoding: body, as: UTF8.self)), address: address.description)
    }

    /// Closes every connection, streams and upgraded ones included, and fails what is under way with `.cancelled`. The
    /// client is of no more use.
    public func shutdown() async {
        await pool.shutdown()
    }
}

extension HTTPClient {
    /// One exchange; closes the connection when it fails.
    private func exchange(
        _ bytes: [UInt8], _ method: String, on connection: Connection, _ deadline: Deadline, _ bodyLimit: Int
    ) async throws(TransportError) -> (HTTPResponse, keeps: Bool) {
        let alarm = connection.begin(bytes, method: method, deadline: deadline)
        defer { alarm.cancel() }
        do throws(TransportError) {
            let head = try await connection.head()
            var body: [UInt8] = []
            let tooLarge = TransportError(.tooLarge(limit: bodyLimit), address: address.description)
            if let length = head.length {
                guard length <= bodyLimit else { throw tooLarge }
                body.reserveCapacity(length)
            }
            while case .bytes(let piece) = try await connection.next() {
                guard body.count + piece.count <= bodyLimit else { throw tooLarge }
                body += piece
            }
            connection.end()
            if !head.keepsAlive { connection.abandon(.reset) }
            return (HTTPResponse(status: head.status, headers: head.headers, body: body), head.keepsAlive)
        } catch {
            connection.abandon(error.reason)
            throw error
        }
    }

    /// A fresh connection with a request sent and the head of its answer read.
    private func open(
        _ bytes: [UInt8], _ method: String, upgrading: Bool, _ deadline: Deadline
    ) async throws(TransportError) -> (ResponseHead, Connection) {
        let connection = try await pool.dial(until: deadline)
        let alarm = connection.begin(bytes, method: method, upgrading: upgrading, deadline: deadline)
        defer { alarm.cancel() }
        do throws(TransportError) {
            let head = try await connection.head()
            // From here on the alarm would be too early even if it went off between here and its cancellation.
            connection.end()
            return (head, connection)
        } catch {
            connection.abandon(error.reason)
            throw error
        }
    }

    /// At most 64 KB of what a server said instead of upgrading.
    private func refusal(on connection: Connection) async throws(TransportError) -> [UInt8] {
        var body: [UInt8] = []
        let limit = 64 << 10
        do throws(TransportError) {
            while body.count < limit, case .bytes(let piece) = try await connection.next() { body += piece }
        } catch {
            // The status is worth more than the fault that cut its explanation short.
            if error.reason == .cancelled { throw error }
        }
        return Array(body.prefix(limit))
    }
}
