internal import Domain
import JSON
internal import Testing
@testable internal import DockerEngine

@Suite struct LogFramingTests {
    private static func frame(_ kind: UInt8, _ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        let length = UInt32(bytes.count)
        return [kind, 0, 0, 0, UInt8(length >> 24), UInt8(length >> 16 & 255), UInt8(length >> 8 & 255), UInt8(length & 255)] + bytes
    }

    private static let container = LogOrigin.container(Container.ID(Source.ID("docker:local"), "abc"))

    /// As in samples/docker/logs-multiplexed-SYNTHETIC.bin: a line in parts, UTF-8, an empty frame, no newline at the end.
    private static let stream =
        frame(1, "2026-11-23T08:02:56.134530914Z hello stdout\n") + frame(2, "2026-11-23T08:02:56.200000000Z warn: on stderr\n")
        + frame(1, "partial ") + frame(1, "line joined\n") + frame(1, "café 你好\n") + frame(2, "") + frame(1, "no newline at end")

    @Test func everySplitReadsTheSame() throws {
        for split in 0...Self.stream.count {
            var reader = LogReader(origin: Self.container, isRaw: false)
            var lines = try reader.receive(Array(Self.stream[..<split]))
            lines += try reader.receive(Array(Self.stream[split...]))
            lines += reader.finish()
            #expect(lines.map(\.text) == ["hello stdout", "warn: on stderr", "partial line joined", "café 你好", "no newline at end"], "split at \(split)")
            #expect(lines.map(\.stream) == [.output, .error, .output, .output, .output])
            #expect(lines[0].at == Timestamp(rfc3339: "2026-11-23T08:02:56.134530914Z") && lines[2].at == nil)
        }
    }

    @Test func byteByByte() throws {
        var framing = LogFraming()
        var frames: [LogFraming.Frame] = []
        for byte in Self.stream { frames += try framing.receive([byte]) }
        #expect(frames.count == 7 && framing.isBetweenFrames)
        #expect(frames[5] == LogFraming.Frame(kind: .error, payload: []))
    }

    @Test func aHugeFrameIsPassedOnAndNotHeld() throws {
        var framing = LogFraming()
        let length = 3 << 20
        let header: [UInt8] = [1, 0, 0, 0, 0, UInt8(length >> 16), 0, 0]
        #expect(try framing.receive(header).isEmpty)
        let first = try framing.receive([UInt8](repeating: 65, count: 1000))
        #expect(first.map(\.payload.count) == [1000] && first[0].isBeginning)
        let rest = try framing.receive([UInt8](repeating: 65, count: length - 1000) + Self.frame(2, "x"))
        #expect(rest.map(\.payload.count) == [length - 1000, 1] && !rest[0].isBeginning)
    }

    @Test(arguments: [[9, 0, 0, 0, 0, 0, 0, 1], [1, 1, 0, 0, 0, 0, 0, 1], Array("HTTP/1.1".utf8)] as [[UInt8]])
    func brokenHeadersThrow(_ header: [UInt8]) {
        #expect(throws: LogFraming.Malformed.self) {
            var framing = LogFraming()
            _ = try framing.receive(header)
        }
    }

    @Test func theEnginesOwnErrorIsKept() throws {
        var reader = LogReader(origin: Self.container, isRaw: false)
        #expect(try reader.receive(Self.frame(3, "error from daemon in stream")).isEmpty)
        #expect(reader.engineError == "error from daemon in stream")
    }

    @Test func stampsInTheMiddleOfLongLinesAreTakenOut() throws {
        let stamp = "2026-11-23T08:02:56.134530914Z "
        let part = String(repeating: "a", count: 16 << 10)
        var framed = LogReader(origin: Self.container, isRaw: false)
        let lines = try framed.receive(Self.frame(1, stamp + part) + Self.frame(1, stamp + part) + Self.frame(1, stamp + "end\n"))
        #expect(lines.map(\.text) == [part + part + "end"])
        let raw = Array((stamp + part + stamp + part + stamp + "end\r\n" + stamp + "next\r\n").utf8)
        for size in [1, 7, 16 << 10, raw.count] {
            var reader = LogReader(origin: Self.container, isRaw: true)
            var found: [LogLine] = []
            for start in stride(from: 0, to: raw.count, by: size) { found += try reader.receive(Array(raw[start..<min(raw.count, start + size)])) }
            #expect(found.map(\.text) == [part + part + "end", "next"])
            #expect(found.allSatisfy { $0.at == Timestamp(rfc3339: "2026-11-23T08:02:56.134530914Z") })
        }
    }

    @Test func endlessLinesAreCut() throws {
        var reader = LogReader(origin: Self.container, isRaw: false)
        var lines: [LogLine] = []
        for _ in 0..<40 { lines += try reader.receive(Self.frame(1, String(repeating: "x", count: 10_000))) }
        lines += reader.finish()
        #expect(lines.map(\.text.utf8.count).reduce(0, +) == 400_000)
        #expect(lines.allSatisfy { $0.text.utf8.count <= LogLines.lineLimit + 36 })
    }

    @Test func terminalsAndEscapesStayAsPrinted() throws {
        var reader = LogReader(origin: Self.container, isRaw: true)
        let lines = try reader.receive(Array("\u{1b}[32mok\u{1b}[0m\r\n$ ls\r\n\r\nbin  etc\r\n".utf8))
        #expect(lines.map(\.text) == ["\u{1b}[32mok\u{1b}[0m", "$ ls", "", "bin  etc"])
    }
}
