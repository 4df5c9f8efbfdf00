/// Stands before another handler and spoils some of its answers.
struct FaultyHandler: RequestHandler {
    let handler: any RequestHandler
    let control: FaultControl

    func answer(_ request: ServerRequest) async -> ServerReply {
        guard let fault = control.next() else { return await handler.answer(request) }
        switch fault {
        case .drop: return .dropped
        case .failure(let status): return Self.failure(status)
        case .delay(let pause):
            // Cancelled: then nobody waits for the answer, and the handler finds that out.
            try? await Task.sleep(for: pause)
            return await handler.answer(request)
        case .truncate, .garbage, .trickle:
            switch await handler.answer(request) {
            case .whole(let status, let headers, let body):
                return spoiled(fault, WholeAnswer(status: status, headers: headers, body: body, isHead: request.method == "HEAD"))
            case .stream(let status, let headers, let chunks):
                let head = ResponseHead(status: status, headers: headers, framing: .chunks, isClosing: true).bytes
                return .bytes(Following.stream(FaultyStream(chunks: chunks, fault: fault, control: control, head: head)))
            case let other: return other
            }
        }
    }

    private func spoiled(_ fault: Fault, _ answer: WholeAnswer) -> ServerReply {
        let bytes = answer.bytes
        switch fault {
        case .truncate(let part): return Self.once(Array(bytes.prefix(Int(Double(bytes.count) * part))))
        case .trickle(let count, let pause): return .bytes(Following.stream(Trickle(bytes: bytes[...], count: count, pause: pause, control: control)))
        case .garbage(.noise): return Self.once(control.noise(200))
        case .garbage(.noisyBody): return answer.reply(control.noise(answer.body.count))
        case .garbage(.cutText): return answer.reply(Array(answer.body.prefix(answer.body.count / 2)))
        case .garbage(.otherJSON): return answer.reply(Array(#"{"unexpected":[1,null,{"x":"\u0000"}]}"#.utf8))
        case .garbage(.hugeLength): return Self.once(answer.head(.length(1 << 50)) + answer.body)
        case .garbage(.badLength): return Self.once(Array("HTTP/1.1 200 OK\r\nContent-Length: 0x10\r\n\r\n".utf8) + answer.body)
        case .drop, .delay, .failure: return .dropped
        }
    }

    private static func once(_ bytes: [UInt8]) -> ServerReply { .bytes(Following.stream(Once(bytes: bytes))) }

    private static func failure(_ status: Int) -> ServerReply {
        // Engines answer in JSON, proxies with a page.
        let isProxy = status != 500
        return .whole(
            status: status, headers: [("Content-Type", isProxy ? "text/html" : "application/json")],
            body: Array((isProxy ? "<html><body><h1>\(status) \(ResponseHead.phrase(status))</h1></body></html>\n" : "{\"message\":\"a fault by intent\"}\n").utf8))
    }
}

/// An answer of known length, as it would go out.
private struct WholeAnswer {
    let status: Int
    let headers: [(String, String)]
    let body: [UInt8]
    let isHead: Bool

    var bytes: [UInt8] { head(.length(body.count)) + (isHead ? [] : body) }

    func head(_ framing: ResponseHead.Framing) -> [UInt8] { ResponseHead(status: status, headers: headers, framing: framing, isClosing: true).bytes }

    func reply(_ body: [UInt8]) -> ServerReply { .whole(status: status, headers: headers, body: body) }
}

private struct Once: Follower {
    var bytes: [UInt8]?

    mutating func next() async -> [UInt8]? {
        defer { bytes = nil }
        return bytes
    }
}

/// Bytes that come a few at a time.
private struct Trickle: Follower {
    var bytes: ArraySlice<UInt8>
    let count: Int
    let pause: Duration
    let control: FaultControl

    mutating func next() async -> [UInt8]? {
        // Whoever waits for something that never comes to an end is let go when all is to be well again.
        guard !bytes.isEmpty, pause == .zero || !control.isOff else { return nil }
        do { if pause > .zero { try await Task.sleep(for: pause) } } catch { return nil }
        defer { bytes = bytes.dropFirst(count) }
        return Array(bytes.prefix(count))
    }
}

/// An answer that goes on, with something wrong with it.
private struct FaultyStream: Follower {
    let chunks: AsyncStream<[UInt8]>
    let fault: Fault
    let control: FaultControl
    /// Goes out first.
    var head: [UInt8]?
    private var number = 0
    private var isCut = false
    private var trickle: Trickle?

    init(chunks: AsyncStream<[UInt8]>, fault: Fault, control: FaultControl, head: [UInt8]) {
        self.chunks = chunks
        self.fault = fault
        self.control = control
        self.head = head
    }

    mutating func next() async -> [UInt8]? {
        if isCut { return nil }
        if let head {
            self.head = nil
            return head
        }
        if let piece = await trickle?.next() { return piece }
        trickle = nil
        var iterator = chunks.makeAsyncIterator()
        guard let chunk = await iterator.next() else {
            isCut = true
            return Task.isCancelled ? nil : Self.framed([])
        }
        // Nothing for now.
        guard !chunk.isEmpty else { return [] }
        number += 1
        switch fault {
        case .truncate(let part):
            // After a while, in the middle of a chunk.
            guard number > Int(part * 40) else { return Self.framed(chunk) }
            isCut = true
            return Array(Self.framed(chunk).prefix(max(1, chunk.count / 2)))
        case .trickle(let count, let pause):
            // Slower than things happen, it would fall behind for ever.
            if pause > .zero, control.isOff { return nil }
            trickle = Trickle(bytes: Self.framed(chunk)[...], count: count, pause: pause, control: control)
            return []
        case .garbage(let kind):
            guard number % 5 == 0, !control.isOff else { return Self.framed(chunk) }
            return spoiled(chunk, kind)
        case .drop, .delay, .failure: return Self.framed(chunk)
        }
    }

    /// One chunk is lost, and there is something else in its place.
    private mutating func spoiled(_ chunk: [UInt8], _ kind: Fault.Garbage) -> [UInt8] {
        switch kind {
        case .noise:
            isCut = true
            return control.noise(64)
        case .noisyBody: return Self.framed(control.noise(chunk.count).map { $0 == 0x0A ? 0x20 : $0 } + [0x0A])
        case .cutText: return Self.framed(Array(chunk.prefix(chunk.count / 2)) + [0x0A])
        case .otherJSON: return Self.framed(Array(#"{"unexpected":[1,null,{"x":"\u0000"}]}"#.utf8) + [0x0A])
        case .hugeLength: return Array("7fffffffffffffff\r\n".utf8) + chunk
        case .badLength:
            isCut = true
            return Array("-1\r\n".utf8) + chunk
        }
    }

    /// Empty: the last one.
    private static func framed(_ chunk: [UInt8]) -> [UInt8] { Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + [0x0D, 0x0A] }
}
