import Glibc
import Testing

@testable import Transport

/// A stand-in for `ssh`: notes its arguments and process id in a folder of its own, then does what the test wants.
private struct FakeSSH {
    let folder = temporaryDirectory()
    var program: String { "\(folder)/ssh" }

    init(_ body: String) {
        let script = "#!/bin/bash\nprintf '%s\\n' \"$@\" > \(folder)/arguments\necho $$ >> \(folder)/pids\n\(body)\n"
        let file = open(program, O_WRONLY | O_CREAT | O_CLOEXEC, 0o700)
        precondition(write(file, script, script.utf8.count) == script.utf8.count, "cannot write \(program)")
        close(file)
    }

    /// Joins its standard streams to a TCP server with bash alone.
    static func bridging(to port: Int) -> FakeSSH {
        FakeSSH("exec 3<>/dev/tcp/127.0.0.1/\(port)\ncat <&3 3<&- &\ncat >&3\nkill $!")
    }

    func lines(_ name: String) -> [String] {
        guard let file = fopen("\(folder)/\(name)", "r") else { return [] }
        defer { fclose(file) }
        var lines: [String] = []
        var buffer = [CChar](repeating: 0, count: 4096)
        while fgets(&buffer, CInt(buffer.count), file) != nil {
            lines.append(String(decoding: buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        return lines
    }
}

@Suite(.timeLimit(.minutes(1))) struct SSHTests {
    private func client(_ ssh: FakeSSH, _ target: SSHTarget = SSHTarget(host: "h")) -> HTTPClient {
        HTTPClient(address: .ssh(target), sshProgram: ssh.program)
    }

    private func words(_ client: HTTPClient) async throws -> String {
        let error = try await #require(throws: TransportError.self) { try await client.send(HTTPRequest(path: "/"), timeout: .seconds(10)) }
        guard case .ssh(let words) = error.reason else { return "not about ssh: \(error)" }
        return words
    }

    /// Waits until no process of that id is left, not even a zombie.
    private func isGone(_ id: pid_t) async -> Bool {
        let start = ContinuousClock.now
        while kill(id, 0) == 0 {
            if ContinuousClock.now - start > .seconds(10) { return false }
            await Task.yield()
        }
        return true
    }

    @Test func `requests share one process, which does not outlive the client`() async throws {
        let server = ScriptedServer.tcp { peer in
            while let request = peer.request() {
                #expect(request.contains("\r\nHost: docker\r\n"))
                peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            }
        }
        let ssh = FakeSSH.bridging(to: server.port)
        let client = client(ssh, SSHTarget(user: "u", host: "h", port: 2222, socketPath: "/run/d.sock"))
        for _ in 0..<3 { #expect(try await client.send(HTTPRequest(path: "/_ping")).body == Array("ok".utf8)) }
        #expect(
            ssh.lines("arguments") == [
                "-l", "u", "-p", "2222", "-o", "ConnectTimeout=30", "-T", "--", "h", "docker", "--host=unix:///run/d.sock", "system",
                "dial-stdio",
            ])
        let ids = ssh.lines("pids").compactMap { pid_t($0) }
        #expect(ids.count == 1 && server.accepted == 1)
        await client.shutdown()
        for id in ids { #expect(await isGone(id)) }
    }

    @Test func `what ssh said and how it left is the error`() async throws {
        let ssh = FakeSSH("echo 'Warning: first' >&2; echo 'u@h: Permission denied (publickey).' >&2; exit 255")
        let said = try await words(client(ssh))
        #expect(said == "ssh left with status 255: Warning: first; u@h: Permission denied (publickey).")
        for id in ssh.lines("pids").compactMap({ pid_t($0) }) { #expect(await isGone(id)) }
    }

    @Test func `a flood on standard error neither blocks ssh nor fills memory`() async throws {
        let said = try await words(client(FakeSSH("head -c 1000000 /dev/zero | tr '\\0' x >&2; echo >&2; echo 'docker: command not found' >&2; exit 127")))
        #expect(said.hasPrefix("ssh left with status 127: ") && said.hasSuffix("docker: command not found"))
        #expect(said.utf8.count < 5000)
    }

    @Test func `silence, signals and missing programs`() async throws {
        #expect(try await words(client(FakeSSH("exit 3"))) == "ssh left with status 3")
        #expect(try await words(client(FakeSSH("kill -9 $$"))) == "ssh was ended by signal 9")
        let none = HTTPClient(address: .ssh(SSHTarget(host: "h")), sshProgram: "/none/ssh")
        #expect(try await words(none).contains("/none/ssh was not found"))
    }

    @Test func `an ssh that hangs meets the timeout and is ended, deaf or not`() async throws {
        for body in ["exec sleep 1000", "trap '' TERM; while :; do read -r _ <> <(:); done"] {
            let ssh = FakeSSH(body)
            let error = try await #require(throws: TransportError.self) {
                try await client(ssh).send(HTTPRequest(path: "/"), timeout: .seconds(1))
            }
            #expect(error.reason == .timedOut(after: .seconds(1)))
            for id in ssh.lines("pids").compactMap({ pid_t($0) }) { #expect(await isGone(id)) }
        }
    }

    @Test func `an upgrade over ssh ends each direction on its own`() async throws {
        let server = ScriptedServer.tcp { peer in
            _ = peer.request()
            peer.write("HTTP/1.1 101 UPGRADED\r\n\r\nearly ")
            let input = String(decoding: peer.read(4), as: UTF8.self)
            peer.write("late:" + input)
        }
        let connection = try await client(.bridging(to: server.port))
            .upgrade(HTTPRequest(method: "POST", path: "/exec"), timeout: .seconds(10))
        try await connection.write(Array("four".utf8))
        var bytes: [UInt8] = []
        while bytes.count < 15, let piece = try await connection.read() { bytes += piece }
        #expect(bytes == Array("early late:four".utf8))
        await connection.close()
    }

    @Test func `a socket's path is quoted for the shell over there`() {
        let target = SSHTarget(host: "h", socketPath: "/a b/'$(x)")
        #expect(target.arguments.contains("--host=unix://'/a b/'\\''$(x)'"))
    }
}
