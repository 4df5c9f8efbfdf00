internal import Domain
internal import Engine
internal import Glibc
internal import Synchronization

/// Joins the lent terminal to a command in a container until the command ends: keys go there, its output comes here,
/// a resize is passed on.
struct ShellRelay {
    let input: Int32
    let output: Int32

    /// Runs on the loop's thread, which has nothing else to do while the terminal is lent.
    /// - Returns: what to tell the person afterwards, and whether it went well.
    func run(in container: Container, open: @escaping @Sendable (TerminalSize) async throws(Trouble) -> any ShellSession) -> Notice {
        var saved = termios()
        tcgetattr(output, &saved)
        let ending = Mutex<Notice?>(nil)
        // Closed by the session's task when it has ended, so that the key reader wakes up.
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return Notice("could not open a pipe: \(String(cString: strerror(errno)))", .failure) }
        let (readEnd, writeEnd) = (ends[0], ends[1])
        defer { close(readEnd) }
        var raw = saved
        cfmakeraw(&raw)
        tcsetattr(output, TCSADRAIN, &raw)
        defer { tcsetattr(output, TCSADRAIN, &saved) }
        announce("binnacle: shell in \(container.name); exit or ctrl-d comes back\r\n")
        let keys = KeyPipe()
        let output = output
        let size = Self.size(output)
        let task = _Concurrency.Task {
            let notice = await Self.relay(container, size, open: open, keys: keys, output: output)
            ending.withLock { $0 = notice }
            close(writeEnd)
        }
        pump(keys: keys, until: readEnd)
        task.cancel()
        return ending.withLock { $0 } ?? Notice("Back from \(container.name)")
    }

    /// Moves keys and resizes into the pipe of the session until it ends.
    private func pump(keys: KeyPipe, until end: Int32) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        var lastSize = Self.size(output)
        while true {
            var descriptors = [pollfd(fd: input, events: Int16(POLLIN), revents: 0), pollfd(fd: end, events: Int16(POLLIN), revents: 0)]
            // A resize interrupts nothing here, as any thread may get the signal: the size is looked at four times a second.
            let ready = poll(&descriptors, 2, 250)
            if ready < 0, errno != EINTR { break }
            let size = Self.size(output)
            if size != lastSize {
                lastSize = size
                keys.post(.size(size))
            }
            if descriptors[1].revents != 0 { break }
            if descriptors[0].revents & Int16(POLLIN) != 0 {
                let n = read(input, &buffer, buffer.count)
                if n <= 0 { break }
                keys.post(.bytes(Array(buffer[..<n])))
            } else if descriptors[0].revents != 0 {
                break
            }
        }
        keys.finish()
    }

    private static func relay(
        _ container: Container, _ size: TerminalSize, open: @Sendable (TerminalSize) async throws(Trouble) -> any ShellSession, keys: KeyPipe, output: Int32
    ) async -> Notice {
        let session: any ShellSession
        do throws(Trouble) { session = try await open(size) } catch { return Notice(error.description, .failure) }
        let input = _Concurrency.Task {
            for await item in keys.items {
                switch item {
                // A key that cannot be sent any more means the command has ended: the reader below says how.
                case .bytes(let bytes): do { try await session.write(bytes) } catch { return }
                case .size(let size): await session.resize(size)
                }
            }
        }
        var notice: Notice?
        do throws(Trouble) {
            while let bytes = try await session.read() { write(bytes, to: output) }
        } catch { notice = Notice(error.description, .failure) }
        input.cancel()
        let code = await session.exitCode()
        await session.close()
        if let notice { return notice }
        switch code {
        case 126?, 127?: return Notice("The shell in \(container.name) could not be started (exit \(code ?? 0)): the image may have none", .warning)
        case let code?: return Notice("The shell in \(container.name) ended with exit \(code)")
        case nil: return Notice("Back from \(container.name)")
        }
    }

    private func announce(_ text: String) { Self.write(Array(text.utf8), to: output) }

    private static func write(_ bytes: [UInt8], to output: Int32) {
        var sent = 0
        while sent < bytes.count {
            let n = bytes[sent...].withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
            if n < 0, errno == EINTR { continue }
            if n < 0, errno == EAGAIN {
                var descriptor = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
                _ = poll(&descriptor, 1, 1000)
                continue
            }
            if n < 0 { return }
            sent += n
        }
    }

    static func size(_ descriptor: Int32) -> TerminalSize {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return TerminalSize(columns: 80, rows: 24) }
        return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }
}

/// Keys on their way from the blocking reader to the session's task.
final class KeyPipe: Sendable {
    enum Item: Sendable {
        case bytes([UInt8])
        case size(TerminalSize)
    }

    let items: AsyncStream<Item>
    private let continuation: AsyncStream<Item>.Continuation

    init() { (items, continuation) = AsyncStream.makeStream() }

    func post(_ item: Item) { continuation.yield(item) }
    func finish() { continuation.finish() }
}
