internal import Domain
internal import Testing
@testable internal import DockerEngine

/// The log of a service: each message says which task it is of, after its time stamp (bytes as measured with 20.10).
@Suite struct SwarmLogTests {
    private static let origin = LogOrigin.workload(Workload.ID(SwarmFixture.source, "s1"))

    private static func frame(_ kind: UInt8, _ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        return [kind, 0, 0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: bytes.count >> (24 - 8 * $0)) } + bytes
    }

    private static func head(_ task: String, _ second: Int = 41) -> String {
        "2026-11-24T11:20:\(second).564390596Z com.docker.swarm.node.id=s1v65v5w167lgoekh3rlqkd2w,com.docker.swarm.service.id=s1,com.docker.swarm.task.id=\(task) "
    }

    private func task(_ raw: String) -> LogOrigin { .task(WorkloadTask.ID(SwarmFixture.source, raw)) }

    @Test func eachLineIsItsTasks() throws {
        let stream = Self.frame(1, Self.head("t1") + "line 56 from 565d17d08993\n") + Self.frame(2, Self.head("t1") + "err 56\n") + Self.frame(1, Self.head("t2", 42) + "a b=c, d\n")
        for split in 0...stream.count {
            var reader = LogReader(origin: Self.origin, isRaw: nil, hasDetails: true)
            let lines = try reader.receive(Array(stream[..<split])) + reader.receive(Array(stream[split...])) + reader.finish()
            #expect(lines.map(\.text) == ["line 56 from 565d17d08993", "err 56", "a b=c, d"], "split at \(split)")
            #expect(lines.map(\.origin) == [task("t1"), task("t1"), task("t2")] && lines.map(\.stream) == [.output, .error, .output])
            #expect(lines[2].at == Timestamp(rfc3339: "2026-11-24T11:20:42.564390596Z"))
        }
    }

    /// The engine cuts lines at 16 KiB and begins each part with stamp and details; parts of other tasks come between them.
    @Test func longLinesOfSeveralTasksDoNotMix() throws {
        let part = String(repeating: "y", count: 16 << 10)
        var reader = LogReader(origin: Self.origin, isRaw: nil, hasDetails: true)
        var lines: [LogLine] = []
        for (task, text) in [("t1", part), ("t2", part), ("t1", part), ("t2", "two\n"), ("t1", "one\n")] {
            lines += try reader.receive(Self.frame(1, Self.head(task) + text))
        }
        #expect(lines.map(\.text) == [part + "two", part + part + "one"] && lines.map(\.origin) == [task("t2"), task("t1")])
    }

    @Test(arguments: [1, 7, 1000, 1 << 20]) func terminalsHaveNoFrames(_ size: Int) throws {
        let part = String(repeating: "y", count: 16 << 10)
        let raw = Array((Self.head("t1") + "tty line\r\n" + Self.head("t2") + part + Self.head("t2") + "rest\r\n" + Self.head("t1") + "end").utf8)
        var reader = LogReader(origin: Self.origin, isRaw: nil, hasDetails: true)
        var lines: [LogLine] = []
        for start in stride(from: 0, to: raw.count, by: size) { lines += try reader.receive(Array(raw[start..<min(raw.count, start + size)])) }
        lines += reader.finish()
        #expect(lines.map(\.text) == ["tty line", part + "rest", "end"] && lines.map(\.origin) == [task("t1"), task("t2"), task("t1")])
    }

    /// Labels and variables that the log's options ask for stand among the details.
    @Test func otherDetailsArePassedOver() throws {
        var reader = LogReader(origin: Self.origin, isRaw: false, hasDetails: true)
        let lines = try reader.receive(Self.frame(1, "2026-11-24T11:20:41.5Z com.docker.swarm.task.id=t9,region=eu%20west x y\n"))
        #expect(lines.map(\.text) == ["x y"] && lines[0].origin == task("t9"))
    }

    @Test func withoutDetailsALineStaysAsItIs() throws {
        var reader = LogReader(origin: Self.origin, isRaw: false, hasDetails: true)
        let lines = try reader.receive(Self.frame(1, "2026-11-24T11:20:41.5Z just words here\n") + Self.frame(1, "no stamp\n"))
        #expect(lines.map(\.text) == ["just words here", "no stamp"] && lines.allSatisfy { $0.origin == Self.origin })
        var single = LogReader(origin: task("t1"), isRaw: nil)
        let own = try single.receive(Self.frame(2, "2026-11-24T11:20:41.296990525Z com.docker.swarm.task.id=x is what it printed\n"))
        #expect(own.map(\.text) == ["com.docker.swarm.task.id=x is what it printed"] && own[0].origin == task("t1"))
    }

    private static let fault =
        "Error grabbing logs: rpc error: code = Unknown desc = warning: incomplete log stream. some logs could not be retrieved for the following reasons: node de2srxpox7wpqojz77x7tfg84 is not available, task wi2oku7o82c9ngr7nu8raenem has not been scheduled\n"

    @Test func whatCouldNotBeHadIsSaidInWords() throws {
        var framed = LogReader(origin: Self.origin, isRaw: nil, hasDetails: true)
        #expect(try framed.receive(Self.frame(3, Self.fault)).isEmpty)
        var raw = LogReader(origin: Self.origin, isRaw: nil, hasDetails: true)
        #expect(try raw.receive(Array((Self.head("t1") + "hello\r\n" + Self.fault).utf8)).map(\.text) == ["hello"])
        for words in [framed.engineError, raw.engineError] {
            let names = ["de2srxpox7wpqojz77x7tfg84": "lab-n3", "wi2oku7o82c9ngr7nu8raenem": "web.5"]
            let trouble = SwarmTrouble.incompleteLog(try #require(words), attempt: "read the log", names: names)
            #expect(trouble.answer == "not all of it could be had: node lab-n3 is not available, task web.5 has not been scheduled")
        }
        #expect(SwarmTrouble.incompleteLog("Error grabbing logs: EOF", attempt: "read", names: [:]).answer == "Error grabbing logs: EOF")
    }
}
