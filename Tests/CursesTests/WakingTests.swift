import CCurses
import Drawing
import Glibc
import Testing

@testable import Curses

extension TerminalTests {
    @Suite struct Waking {
        @Test func inputInPieces() throws {
            let pty = try Pty(width: 80, height: 24)
            var terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings())
            terminal.expectNow([])
            pty.type("j\u{1B}[A\u{1B}[<0;3;2M\u{1B}[200~a\rb\u{1B}[201~\u{1B}[I\u{3}\u{1A}")
            terminal.expect(
                [
                    .key("j"), .key(.up), .mouse(Mouse(action: .press, x: 2, y: 1)), .paste("a\nb"), .focus(true), .key(.control("c")),
                    .key(.control("z")),
                ])
            // What tmux-256color and xterm-256color say in application mode.
            pty.type("\u{1B}OA\u{1B}OP\u{7F}")
            terminal.expect([.key(.up), .key(.function(1)), .key(.backspace)])
        }

        @Test func loneEscapeComesSoon() throws {
            let pty = try Pty(width: 80, height: 24)
            var terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings())
            let wakeup = Wakeup()
            pty.type("\u{1B}")
            terminal.expect(.input, from: wakeup)
            terminal.expectNow([])
            let start = ContinuousClock.now
            terminal.expect(.input, from: wakeup)
            terminal.expectNow([.key(.escape)])
            #expect(ContinuousClock.now - start < .seconds(2))
            terminal.expect(.timeout, from: wakeup, within: .milliseconds(1))
        }

        @Test func messagesFromAnotherThread() async throws {
            let pty = try Pty(width: 80, height: 24)
            var terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings())
            let wakeup = Wakeup()
            terminal.expect(.timeout, from: wakeup, within: .zero)
            // The signal comes from whatever thread runs the task; the loop sees all of them as one wake.
            await withTaskGroup(of: Void.self) { group in for _ in 0..<8 { group.addTask { wakeup.signal() } } }
            terminal.expect(.messages, from: wakeup, within: nil)
            terminal.expect(.timeout, from: wakeup, within: .zero)
            wakeup.signal()
            pty.type("x")
            var seen: Wake = []
            while !seen.isSuperset(of: [.input, .messages]) { seen.formUnion(terminal.poll(wakeup: wakeup, timeout: .seconds(5))) }
            #expect(seen == [.input, .messages])
        }

        @Test func hangup() throws {
            var ends: (Int32, Int32) = (-1, -1)
            #expect(openpty(&ends.0, &ends.1, nil, nil, nil) == 0)
            var surroundings = TerminalSurroundings()
            (surroundings.input, surroundings.output, surroundings.term, surroundings.ownsProcess) = (ends.1, ends.1, "xterm-256color", false)
            var terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: surroundings)
            close(ends.0)
            for _ in 0..<2 {
                let wake = terminal.poll(wakeup: Wakeup(), timeout: .seconds(5))
                #expect(wake.contains(.hangup))
                terminal.expectNow([])
            }
            terminal.close()
            close(ends.1)
        }

        /// In one test, since signals belong to the whole process.
        @Test func signals() throws {
            let pty = try Pty(width: 80, height: 24)
            let wakeup = Wakeup()
            func disposition(_ number: Int32) -> UInt {
                var action = sigaction()
                sigaction(number, nil, &action)
                return unsafeBitCast(action.__sigaction_handler.sa_handler, to: UInt.self)
            }
            let before = [SIGTERM, SIGSEGV, SIGWINCH, SIGTSTP].map(disposition)
            var terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings(ownsProcess: true))
            #expect(Signals.quit == nil)
            terminal.present(Canvas(size: terminal.size))
            _ = pty.sent()

            kill(getpid(), SIGWINCH)
            terminal.expect(.resized, from: wakeup)
            kill(getpid(), SIGCONT)
            terminal.expect(.resized, from: wakeup)
            // Others may have written on the screen meanwhile: it is left, taken again and painted.
            let taken = pty.sent()
            #expect(taken.contains("?1049l") && taken.contains("?1049h") && taken.contains("?2004h"))
            kill(getpid(), SIGTSTP)
            terminal.expect(.suspend, from: wakeup)

            terminal.lend { _, _ in
                kill(getpid(), SIGINT)
                // Another thread may be the one that takes it.
                #expect(wait_for(-1, -1, signals_descriptor(), 5_000_000_000) != 0)
            }
            #expect(Signals.quit == nil)
            terminal.expect(.resized, from: wakeup)

            // It may come while nobody waits for it, and its wakeup be taken for another's: it is said all the same.
            terminal.present(Canvas(size: terminal.size))
            _ = pty.sent()
            terminal.lend { _, _ in
                kill(getpid(), SIGTERM)
                #expect(wait_for(-1, -1, signals_descriptor(), 5_000_000_000) != 0)
            }
            for _ in 0..<2 { terminal.expect(.quit, from: wakeup) }
            #expect(Signals.quit == SIGTERM)
            // The screen is not taken again to be left at once.
            pty.type("x")
            terminal.present(Canvas(size: terminal.size))
            terminal.expectNow([])
            terminal.close()
            #expect(!pty.sent().contains("?1049h"))
            #expect([SIGTERM, SIGSEGV, SIGWINCH, SIGTSTP].map(disposition) == before)
        }

        /// On a descriptor of our own: the test's standard error is left alone.
        @Test func capturedOutputIsReplayed() throws {
            var ends: [Int32] = [0, 0]
            #expect(pipe(&ends) == 0)
            defer { close(ends[0]) }
            #expect(capture_begin(ends[1]))
            #expect(!capture_begin(ends[1]))
            say("first\n", ends[1])
            var waiting = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
            #expect(poll(&waiting, 1, 0) == 0)
            capture_pause()
            say("between\n", ends[1])
            capture_resume()
            for _ in 0..<2000 { say(String(repeating: "x", count: 1023) + "\n", ends[1]) }
            capture_trim()
            say("last\n", ends[1])
            capture_end()
            close(ends[1])
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while case let count = read(ends[0], &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.hasPrefix("between\n") && text.hasSuffix("x\nlast\n") && !text.contains("first"))
            #expect(text.utf8.count == "between\n".utf8.count + 16 * 1024)
        }

        private func say(_ text: String, _ descriptor: Int32) {
            let bytes = Array(text.utf8)
            _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        }
    }
}
