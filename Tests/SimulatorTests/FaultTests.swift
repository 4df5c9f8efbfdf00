internal import Synchronization
internal import Testing
internal import Transport
@testable internal import Simulator

@Suite struct FaultTests {
    private struct Yes: RequestHandler {
        static let body = Array((0..<2000).map { UInt8(ascii: "a") + UInt8($0 % 26) })
        func answer(_ request: ServerRequest) async -> ServerReply { .whole(status: 200, headers: [], body: Self.body) }
    }

    private func plan(_ kinds: [Fault.Kind], seed: UInt64 = 7) -> FaultPlan { FaultPlan(seed: seed, share: 1, kinds: kinds) }

    @Test func theSameSeedGivesTheSameFaultsAndTheShareIsKept() {
        var one = FaultPlan(seed: 3, share: 0.25), other = FaultPlan(seed: 3, share: 0.25)
        let faults = (0..<4000).map { _ in one.next() }
        #expect(faults == (0..<4000).map { _ in other.next() })
        #expect((900...1100).contains(faults.count { $0 != nil }))
        #expect(Set(faults.compactMap { $0?.kind }) == Set(Fault.Kind.allCases))
        var none = FaultPlan(seed: 3)
        #expect((0..<4000).allSatisfy { _ in none.next() == nil })
    }

    /// Every kind many times over a socket: the client says what is wrong, or has the whole answer; and is of use afterwards.
    @Test(arguments: Fault.Kind.allCases) func aClientLivesThrough(_ kind: Fault.Kind) async throws {
        let control = FaultControl(plan([kind]))
        let server = try await HTTPServer.start(at: .tcp(host: "127.0.0.1", port: 0), handler: FaultyHandler(handler: Yes(), control: control))
        let client = HTTPClient(address: .tcp(host: "127.0.0.1", port: server.port, prefix: "", tls: nil))
        var isHit = false
        for _ in 0..<10 {
            do throws(TransportError) {
                let response = try await client.send(HTTPRequest(path: "/"), timeout: .milliseconds(300))
                if response.status != 200 || response.body != Yes.body { isHit = true }
            } catch {
                #expect(error.reason != .cancelled)
                isHit = true
            }
        }
        #expect(isHit && (control.done[kind] ?? 0) >= 10)
        control.setShare(0)
        #expect(try await client.send(HTTPRequest(path: "/")).body == Yes.body)
        await server.stop()
    }
}
