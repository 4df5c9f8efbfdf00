internal import Domain
internal import Engine
internal import Transport

/// A command with a terminal in a container, by exec.
final class DockerShell: ShellSession {
    private let id: String
    private let connection: DockerConnection
    private let stream: UpgradedConnection
    private let attempt: String

    private init(id: String, connection: DockerConnection, stream: UpgradedConnection, attempt: String) {
        self.id = id
        self.connection = connection
        self.stream = stream
        self.attempt = attempt
    }

    static func start(
        _ command: [String], in container: Container.ID, size: TerminalSize, over connection: DockerConnection
    ) async throws(Trouble) -> DockerShell {
        let words = CommandLineText(command).description
        let attempt = "run \(PlainText.printable(words)) in \(container.short)"
        guard !command.isEmpty else { throw Trouble(.unsupported, attempt: "open a shell", answer: "no command was given") }
        let version = try await connection.acquaintance().apiVersion
        // Before API 1.42 the terminal starts 0x0 and has to be resized (moby/moby#35407).
        let takesSize = version >= APIVersion(1, 42)
        let consoleSize = takesSize ? [max(1, size.rows), max(1, size.columns)] : nil
        let creation = DockerCall("POST", ["containers", container.raw, "exec"], json: ExecCreation(command: command, consoleSize: consoleSize))
        let response = try await connection.perform(creation, attempt: attempt)
        let created = try connection.decode(CreatedAnswer.self, response, reading: "the id of an exec", attempt: attempt)
        guard let id = created.id, !id.isEmpty else {
            throw Trouble(.malformed, attempt: attempt, answer: "the engine named no id for it")
        }
        let start = DockerCall("POST", ["exec", id, "start"], json: ExecStart(consoleSize: consoleSize))
        let stream = try await connection.upgrade(start, attempt: attempt)
        let shell = DockerShell(id: id, connection: connection, stream: stream, attempt: attempt)
        if !takesSize { await shell.resize(size) }
        return shell
    }

    func read() async throws(Trouble) -> [UInt8]? {
        do throws(TransportError) {
            return try await stream.read()
        } catch {
            // Engines end an exec's connection either way.
            if error.reason == .reset || error.reason == .cutShort { return nil }
            throw DockerTrouble.make(error, attempt: attempt, address: connection.address)
        }
    }

    func write(_ bytes: [UInt8]) async throws(Trouble) {
        do throws(TransportError) {
            try await stream.write(bytes)
        } catch {
            throw DockerTrouble.make(error, attempt: attempt, address: connection.address)
        }
    }

    /// Tried again for a moment: before the process has started the engine answers 404, 409 or 500 (moby/moby#31223).
    func resize(_ size: TerminalSize) async {
        let call = DockerCall(
            "POST", ["exec", id, "resize"], [("h", String(max(1, size.rows))), ("w", String(max(1, size.columns)))])
        for attempt in 0..<6 {
            // A size that could not be set is no reason to end the shell, and there is nowhere to tell of it.
            guard let response = try? await connection.answer(call, timeout: .seconds(5), attempt: self.attempt) else { return }
            if response.status < 300 { return }
            guard (try? await Task.sleep(for: .milliseconds(20 << attempt))) != nil else { return }
        }
    }

    func exitCode() async -> Int? { await connection.exitCode(ofExec: id) }

    func close() async { await stream.close() }
}
