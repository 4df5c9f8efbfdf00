internal import Domain
internal import Engine
internal import Synchronization
internal import Testing
internal import Transport
@testable internal import DockerEngine

/// Logs, shells and what else is asked of one container, on each engine that the environment names.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: LabEngine.isThere, "BINNACLE_TEST_ENGINE names no engine"))
struct LookingContractTests {
    private func engine(_ lab: LabEngine) -> DockerEngine { WatchedEngine(lab.address).engine }

    private func id(_ engine: DockerEngine, _ raw: String) -> Container.ID { Container.ID(engine.source.id, raw) }

    @Test(arguments: LabEngine.all) func logsKeepTheirStreamsAndTimes(_ lab: LabEngine) async throws {
        try await lab.withContainer("log", ["sh", "-c", "echo one; echo 'zwei 容器' >&2; printf '\\033[31mthree'"]) { raw, _ in
            try await lab.call("POST", "/containers/\(raw)/wait")
            let engine = engine(lab)
            let lines = Lines()
            try await engine.logs(of: .container(id(engine, raw)), LogRequest(tail: nil, follows: true)) { lines.add($0) }
            let all = lines.all.sorted { ($0.at ?? Timestamp(seconds: 0)) < ($1.at ?? Timestamp(seconds: 0)) }
            #expect(Set(all.map(\.text)) == ["one", "zwei 容器", "\u{1b}[31mthree"])
            #expect(all.first { $0.text.hasPrefix("zwei") }?.stream == .error)
            #expect(all.allSatisfy { $0.at != nil })
            let tail = Lines()
            try await engine.logs(of: .container(id(engine, raw)), LogRequest(tail: 1, follows: false)) { tail.add($0) }
            #expect(tail.all.count == 1)
        }
    }

    @Test(arguments: LabEngine.all) func logsOfTerminalsAreRaw(_ lab: LabEngine) async throws {
        let command = ["sh", "-c", "echo hello; echo sick >&2; head -c 40000 /dev/zero | tr '\\0' x; echo; echo end"]
        try await lab.withContainer("tty", command, more: #""Tty":true,"#) { raw, _ in
            try await lab.call("POST", "/containers/\(raw)/wait")
            let engine = engine(lab)
            let lines = Lines()
            try await engine.logs(of: .container(id(engine, raw)), LogRequest(tail: nil, follows: false)) { lines.add($0) }
            #expect(lines.all.map(\.text) == ["hello", "sick", String(repeating: "x", count: 40_000), "end"])
            #expect(lines.all.allSatisfy { $0.at != nil && $0.stream == .output })
        }
    }

    @Test(arguments: LabEngine.all) func longLinesAreJoined(_ lab: LabEngine) async throws {
        try await lab.withContainer("long", ["sh", "-c", "head -c 50000 /dev/zero | tr '\\0' y; echo; echo end"]) { raw, _ in
            try await lab.call("POST", "/containers/\(raw)/wait")
            let engine = engine(lab)
            let lines = Lines()
            try await engine.logs(of: .container(id(engine, raw)), LogRequest(tail: nil, follows: false)) { lines.add($0) }
            #expect(lines.all.map(\.text) == [String(repeating: "y", count: 50_000), "end"])
        }
    }

    @Test(arguments: LabEngine.all) func followingEndsWithTheTaskOrTheContainer(_ lab: LabEngine) async throws {
        try await lab.withContainer("follow", ["sh", "-c", "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.1; done"]) { raw, _ in
            let engine = engine(lab)
            let id = id(engine, raw)
            let lines = Lines()
            let cancelled = Task { try await engine.logs(of: .container(id), LogRequest()) { lines.add($0) } }
            try await lines.wait(for: "ready")
            cancelled.cancel()
            try await cancelled.value
            let again = Lines()
            async let followed: Void = engine.logs(of: .container(id), LogRequest()) { again.add($0) }
            try await again.wait(for: "ready")
            try await lab.call("POST", "/containers/\(raw)/stop?t=5")
            try await followed
            #expect(again.all.last?.text == "bye")
        }
    }

    @Test(arguments: LabEngine.all) func logsOfNobodyAreATrouble(_ lab: LabEngine) async throws {
        let engine = engine(lab)
        let trouble = await trouble { try await engine.logs(of: .container(id(engine, "nosuch")), LogRequest(follows: false)) { _ in } }
        #expect(trouble?.reason == .notFound)
    }

    @Test(arguments: LabEngine.all) func shellsHaveASizeAndAnEnd(_ lab: LabEngine) async throws {
        try await lab.withContainer("shell") { raw, _ in
            let engine = engine(lab)
            let shell = try await engine.shell(in: id(engine, raw), command: ["sh"], size: TerminalSize(columns: 91, rows: 17))
            try await shell.write(Array("stty size\n".utf8))
            try await read(shell, until: "17 91")
            await shell.resize(TerminalSize(columns: 120, rows: 40))
            try await shell.write(Array("stty size\n".utf8))
            try await read(shell, until: "40 120")
            try await shell.write(Array("exit 7\n".utf8))
            while try await shell.read() != nil {}
            let code = await shell.exitCode()
            #expect(code == 7)
            await shell.close()
        }
    }

    @Test(arguments: LabEngine.all) func aCommandThatIsNotThereSaysSo(_ lab: LabEngine) async throws {
        try await lab.withContainer("noshell") { raw, _ in
            let engine = engine(lab)
            var said = ""
            var code: Int?
            do {
                let shell = try await engine.shell(in: id(engine, raw), command: ["/bin/zsh"], size: TerminalSize(columns: 80, rows: 24))
                while let bytes = try await shell.read() { said += String(decoding: bytes, as: UTF8.self) }
                code = await shell.exitCode()
            } catch let refusal as Trouble {
                // Some engines refuse the start instead of saying it in the stream.
                said = refusal.answer
                code = 127
            }
            #expect(said.contains("no such file or directory") || said.contains("not found"), "\(said)")
            #expect(code == 126 || code == 127)
        }
    }

    @Test(arguments: LabEngine.all) func noShellInWhatIsPausedOrStopped(_ lab: LabEngine) async throws {
        try await lab.withContainer("paused") { raw, _ in
            let engine = engine(lab)
            try await lab.call("POST", "/containers/\(raw)/pause")
            let paused = await trouble { _ = try await engine.shell(in: id(engine, raw), command: ["sh"], size: TerminalSize(columns: 80, rows: 24)) }
            #expect(paused?.reason == .conflict && paused?.answer.contains("paused") == true)
            try await lab.call("POST", "/containers/\(raw)/unpause")
        }
    }

    @Test(arguments: LabEngine.all) func describesAndLists(_ lab: LabEngine) async throws {
        try await lab.withContainer("look") { raw, name in
            let engine = engine(lab)
            let json = try await engine.rawJSON(of: .container(id(engine, raw), name: name))
            #expect(json.hasPrefix("{\n  \"Id\": \"\(raw)\",\n  \"Created\": "))
            let processes = try await engine.processes(of: id(engine, raw))
            #expect(processes.titles.contains("PID") && processes.rows.first?.last == "sleep 100000")
            let detail = try await engine.detail(of: id(engine, raw))
            #expect(detail.pid ?? 0 > 0)
            let network = try await engine.rawJSON(of: .network(Network.ID(engine.source.id, "bridge"), name: "bridge"))
            #expect(network.contains("\n  \"Name\": \"bridge\""))
        }
    }

    @Test(arguments: LabEngine.all) func whatHasGoneIsSaidToHaveGone(_ lab: LabEngine) async throws {
        let engine = engine(lab)
        let gone = await trouble { _ = try await engine.detail(of: id(engine, "0123456789abcdef")) }
        #expect(gone?.reason == .notFound && gone?.answer == "it has gone")
        let processes = await trouble { _ = try await engine.processes(of: id(engine, "0123456789abcdef")) }
        #expect(processes?.reason == .notFound)
    }

    private func trouble(_ body: () async throws -> Void) async -> Trouble? {
        do {
            try await body()
            return nil
        } catch {
            return error as? Trouble
        }
    }

    private func read(_ shell: any ShellSession, until text: String) async throws {
        var said = ""
        while !said.contains(text) {
            guard let bytes = try await shell.read() else { throw LabEngine.Refused(description: "the shell ended before “\(text)”: \(said)") }
            said += String(decoding: bytes, as: UTF8.self)
        }
    }
}

/// Log lines as they arrive.
final class Lines: Sendable {
    private let lines = Mutex<[LogLine]>([])
    private let bell = Recorder()

    var all: [LogLine] { lines.withLock { $0 } }

    func add(_ new: [LogLine]) {
        lines.withLock { $0 += new }
        // Any update will do: the recorder only wakes who waits.
        bell.receive(.usage([:]))
    }

    func wait(for text: String) async throws {
        _ = try await bell.first("the line “\(text)”") { _ in all.contains { $0.text == text } ? true : nil }
    }
}
