internal import Domain
internal import Engine
internal import Transport

/// A command without a terminal in a container, by exec: its output, and how it ended.
struct ContainerCommand: Sendable {
    let command: [String]
    let container: Container.ID
    let limit: Duration
    let connection: DockerConnection

    private var attempt: String { "run \(PlainText.printable(CommandLineText(command).description)) in \(container.short)" }

    func run() async throws(Trouble) -> CommandResult {
        guard !command.isEmpty else { throw Trouble(.unsupported, attempt: "run a command in \(container.short)", answer: "no command was given") }
        let result = await withTaskGroup(of: Result<CommandResult, Trouble>.self) { group in
            group.addTask { await exchanged() }
            group.addTask {
                // Cancelled when the command has ended, or with the whole: either way nobody reads what this answers.
                try? await Task.sleep(for: limit)
                return .failure(late)
            }
            // Two children, so there is a first.
            let first = await group.next() ?? .failure(late)
            group.cancelAll()
            return first
        }
        return try result.get()
    }

    private var late: Trouble {
        Task.isCancelled
            ? Trouble(.cancelled, attempt: attempt, answer: "cancelled")
            : Trouble(
                .timedOut, attempt: attempt, answer: "it had not ended after \(limit)",
                remedy: "engines cannot end such a command: it may still run in the container")
    }

    private func exchanged() async -> Result<CommandResult, Trouble> {
        do throws(Trouble) {
            return .success(try await exchange())
        } catch {
            return .failure(error)
        }
    }

    private func exchange() async throws(Trouble) -> CommandResult {
        let creation = ExecCreation(attachStandardInput: false, usesTerminal: false, command: command)
        let response = try await connection.perform(DockerCall("POST", ["containers", container.raw, "exec"], json: creation), attempt: attempt)
        let created = try connection.decode(CreatedAnswer.self, response, reading: "the id of an exec", attempt: attempt)
        guard let id = created.id, !id.isEmpty else { throw Trouble(.malformed, attempt: attempt, answer: "the engine named no id for it") }
        let stream = try await connection.upgrade(DockerCall("POST", ["exec", id, "start"], json: ExecStart(usesTerminal: false)), attempt: attempt)
        let output = try await output(of: stream)
        await stream.close()
        return CommandResult(exitCode: await connection.exitCode(ofExec: id), output: output)
    }

    /// All is read, so that a command that talks much is not held up by us; only the beginning is kept.
    private func output(of stream: UpgradedConnection) async throws(Trouble) -> String {
        var collected = CommandOutput()
        do throws(TransportError) {
            while let bytes = try await stream.read() { collected.receive(bytes) }
        } catch {
            // Engines end an exec's connection either way.
            guard error.reason == .reset || error.reason == .cutShort else {
                throw DockerTrouble.make(error, attempt: attempt, address: connection.address)
            }
        }
        return collected.text
    }
}

/// The beginning of what a command wrote, its frames taken off.
struct CommandOutput: Sendable {
    private var framing: LogFraming? = LogFraming()
    private var kept: [UInt8] = []

    mutating func receive(_ bytes: [UInt8]) {
        guard kept.count < CommandResult.limit else { return }
        guard framing != nil else { return keep(bytes) }
        do throws(LogFraming.Malformed) {
            // Not nil: asked two lines above, and nothing comes between.
            for frame in try framing?.receive(bytes) ?? [] { keep(frame.payload) }
        } catch {
            // Some engines write the runtime's own failure without frames: it is text, and worth reading.
            framing = nil
            keep(bytes)
        }
    }

    var text: String {
        var kept = kept
        if var framing, let rest = framing.finish() { kept += rest.payload.prefix(CommandResult.limit - kept.count) }
        return String(decoding: kept, as: UTF8.self)
    }

    private mutating func keep(_ bytes: [UInt8]) { kept += bytes.prefix(CommandResult.limit - kept.count) }
}

extension DockerConnection {
    /// nil where the engine does not say.
    func exitCode(ofExec id: String) async -> Int? {
        let call = DockerCall("GET", ["exec", id, "json"])
        for attempt in 0..<6 {
            // Unknown is an answer here: nil says so.
            guard let exec = try? await get(ExecInspection.self, call, timeout: .seconds(5), reading: "an exec") else { return nil }
            if exec.isRunning != true, let code = exec.exitCode { return code }
            // The stream ends a moment before the engine has noted the code.
            guard (try? await Task.sleep(for: .milliseconds(20 << attempt))) != nil else { return nil }
        }
        return nil
    }
}
