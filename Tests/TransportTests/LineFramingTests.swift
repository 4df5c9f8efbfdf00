import Testing
import Transport

/// Small, repeatable, good enough to choose where to cut (Steele's SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// `bytes` cut anywhere, empty pieces included.
    mutating func pieces<Element>(of bytes: [Element]) -> [[Element]] {
        var pieces: [[Element]] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Int.random(in: 0...Int.random(in: 1...12, using: &self), using: &self))
            pieces.append(Array(bytes[start..<end]))
            start = end
        }
        return pieces
    }
}

@Suite struct LineFramingTests {
    private func lines(_ pieces: [[UInt8]]) throws -> [String] {
        var framing = LineFraming()
        var lines: [[UInt8]] = []
        for piece in pieces { lines += try framing.receive(piece) }
        if let last = framing.finish() { lines.append(last) }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\r\nb\n", ["a", "b"]), ("\n\r\n", ["", ""]), ("a\rb\n", ["a\rb"]),
        ("\u{1E}{\"a\":1}\n\u{1E}{}\n", ["{\"a\":1}", "{}"]), ("a\n\u{1E}b\r", ["a", "b"]),
    ])
    func frames(text: String, expected: [String]) throws {
        #expect(try lines([Array(text.utf8)]) == expected)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `any split gives the same lines`(seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
        let alphabet: [UInt8] = [0x0A, 0x0A, 0x0D, 0x1E, 0x41, 0x42, 0xC3, 0xA9]
        let bytes = (0..<Int.random(in: 0...200, using: &generator)).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
        let whole = try lines([bytes])
        #expect(try lines(generator.pieces(of: bytes)) == whole)
        #expect(try lines(bytes.map { [$0] }) == whole)
    }

    @Test func `a line over the limit is refused, in one piece or in many`() throws {
        var framing = LineFraming(limit: 4, address: "unix:///x")
        #expect(try framing.receive(Array("abcd\nab".utf8)).count == 1)
        let expected = TransportError(.tooLarge(limit: 4), address: "unix:///x")
        #expect(throws: expected) { try framing.receive(Array("cde".utf8)) }
        var other = LineFraming(limit: 4, address: "unix:///x")
        #expect(throws: expected) { try other.receive(Array("abcde\n".utf8)) }
    }

    @Test func `ten megabytes in one line arrive whole`() throws {
        var framing = LineFraming()
        let piece = [UInt8](repeating: 0x61, count: 64 << 10)
        for _ in 0..<160 { #expect(try framing.receive(piece).isEmpty) }
        #expect(try framing.receive([0x0A]).map(\.count) == [10 << 20])
    }
}

@Suite struct BackOffTests {
    @Test func `doubles up to the limit`() {
        var backOff = BackOff(first: .milliseconds(100), limit: .seconds(1))
        var generator = SeededGenerator(state: 7)
        for full in [100, 200, 400, 800, 1000, 1000].map({ Duration.milliseconds($0) }) {
            let wait = backOff.next(using: &generator)
            #expect(wait >= full / 2 && wait <= full, "\(wait) of \(full)")
        }
        backOff.reset()
        #expect(backOff.next(using: &generator) <= .milliseconds(100))
    }

    @Test func `the same seed waits the same, another seed does not`() {
        func waits(_ seed: UInt64) -> [Duration] {
            var backOff = BackOff()
            var generator = SeededGenerator(state: seed)
            return (0..<8).map { _ in backOff.next(using: &generator) }
        }
        #expect(waits(1) == waits(1) && waits(1) != waits(2))
    }
}
