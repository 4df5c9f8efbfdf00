// `environ` is a variable to Swift, hence unsafe to read; this program starts no thread that calls setenv.
#if canImport(Glibc)
@preconcurrency internal import Glibc
#elseif canImport(Musl)
@preconcurrency internal import Musl
#else
@preconcurrency internal import Darwin
#endif
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A running `ssh … docker system dial-stdio`: its standard input and output are one socket, whose other end is `socket`.
///
/// The environment variable `BINNACLE_SSH` names another program to run in place of `ssh`, with the same arguments.
final class SSHProcess: Sendable {
    typealias Reason = TransportError.Reason

    /// Ours to hand to NIO, which closes it.
    let socket: CInt
    private let id: pid_t
    private let state = Mutex(State())
    /// Succeeds when nobody holds its standard error any more.
    private let silent: EventLoopFuture<Void>
    /// Succeeds when it has left and is no zombie.
    private let left: EventLoopPromise<Void>

    private struct State {
        /// The end of its standard error, at most 4 KB.
        var tail: [UInt8] = []
        /// As `waitpid` gives it.
        var status: CInt?
        var isEnding = false
    }

    private init(id: pid_t, socket: CInt, standardError: CInt) {
        self.id = id
        self.socket = socket
        let loop = EventLoopThread.loop
        left = loop.makePromise()
        let closed = loop.makePromise(of: Void.self)
        silent = closed.futureResult
        ClientBootstrap(group: EventLoopThread.group)
            .channelInitializer { [weak self] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(TailReader { self?.remember($0) })
                }
            }
            .withConnectedSocket(standardError)
            .flatMap { $0.closeFuture }
            .cascade(to: closed)
    }

    static func start(_ target: SSHTarget, program: String?) throws(Reason) -> SSHProcess {
        let program = program ?? getenv("BINNACLE_SSH").map { String(cString: $0) } ?? "ssh"
        let data = try socketPair()
        defer { close(data.theirs) }
        let words: (ours: CInt, theirs: CInt)
        do throws(Reason) {
            words = try socketPair()
        } catch {
            close(data.ours)
            throw error
        }
        defer { close(words.theirs) }
        do throws(Reason) {
            let id = try spawn(program, target.arguments, streams: [data.theirs, data.theirs, words.theirs])
            return SSHProcess(id: id, socket: data.ours, standardError: words.ours)
        } catch {
            close(data.ours)
            close(words.ours)
            throw error
        }
    }

    /// Sockets for standard error, too: unlike pipes they can be made close-on-exec at once without GNU's `pipe2`, which
    /// Swift does not see.
    private static func socketPair() throws(Reason) -> (ours: CInt, theirs: CInt) {
        var pair: [CInt] = [-1, -1]
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &pair) == 0 else { throw Reason(errno: errno) }
        return (pair[0], pair[1])
    }

    /// What it wrote to its standard error, once it has left and said all, or after a second of waiting for that.
    func lastWords() -> EventLoopFuture<String> {
        let loop = EventLoopThread.loop
        let words = loop.makePromise(of: String.self)
        // A shared connection that ssh leaves in the background (ControlPersist) keeps standard error open.
        let patience = loop.scheduleTask(in: .seconds(1)) { words.succeed(self.words()) }
        end()
        left.futureResult.and(silent).whenSuccess { _ in
            patience.cancel()
            words.succeed(self.words())
        }
        return words.futureResult
    }

    /// Its socket is closed, so it will leave by itself; if not, it is told to. Afterwards it is no zombie either.
    func end() {
        let isFirst = state.withLock { state in
            defer { state.isEnding = true }
            return !state.isEnding
        }
        guard isFirst else { return }
        let start = NIODeadline.now()
        EventLoopThread.loop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(10)) { task in
            var status: CInt = 0
            let result = waitpid(self.id, &status, WNOHANG)
            // An error other than EINTR: somebody else has reaped it.
            if result == self.id || (result < 0 && errno != EINTR) {
                task.cancel()
                self.state.withLock { $0.status = result == self.id ? status : nil }
                self.left.succeed(())
                return
            }
            let age = NIODeadline.now() - start
            if age > .seconds(2) { kill(self.id, SIGKILL) } else if age > .milliseconds(250) { kill(self.id, SIGTERM) }
        }
    }

    private func remember(_ bytes: ByteBuffer) {
        state.withLock { state in
            state.tail += bytes.readableBytesView
            if state.tail.count > 4096 { state.tail.removeFirst(state.tail.count - 4096) }
        }
    }

    private func words() -> String {
        let (tail, status) = state.withLock { ($0.tail, $0.status) }
        let lines = String(decoding: tail, as: UTF8.self)
            .split(whereSeparator: \.isNewline).suffix(4).joined(separator: "; ")
        let fate =
            switch status {
            case .none: "ssh gave no answer"
            case .some(let status) where status & 0x7F == 0: "ssh left with status \((status >> 8) & 0xFF)"
            case .some(let status): "ssh was ended by signal \(status & 0x7F)"
            }
        return lines.isEmpty ? fate : "\(fate): \(lines)"
    }
}

/// Hands everything that a channel brings to a closure.
private final class TailReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let receive: (ByteBuffer) -> Void

    init(receive: @escaping (ByteBuffer) -> Void) {
        self.receive = receive
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        receive(unwrapInboundIn(data))
    }
}

extension SSHProcess {
    /// Runs a program found in PATH.
    ///
    /// - Parameter streams: what become the descriptors 0, 1 and 2 over there; all others close on exec.
    private static func spawn(_ program: String, _ arguments: [String], streams: [CInt]) throws(Reason) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, stream) in streams.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, stream, CInt(number))
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // NIO ignores SIGPIPE and that would be inherited. A session of its own keeps ctrl-c away from ssh and ssh from
        // asking for a passphrase in the middle of the screen, as in docker/cli's commandconn.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        // POSIX_SPAWN_SETSID of spawn.h, which glibc shows only to _GNU_SOURCE.
        let newSession: CInt = 0x80
        posix_spawnattr_setflags(&attributes, Int16(CInt(POSIX_SPAWN_SETSIGDEF) | CInt(POSIX_SPAWN_SETSIGMASK) | newSession))

        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        defer { words.forEach { free($0) } }
        words.append(nil)
        var id: pid_t = 0
        let code = posix_spawnp(&id, program, &actions, &attributes, words, environ)
        guard code == 0 else {
            throw code == ENOENT
                ? .ssh("the program \(program) was not found in PATH")
                : .ssh("\(program) could not be started: \(String(cString: strerror(code)))")
        }
        return id
    }
}
