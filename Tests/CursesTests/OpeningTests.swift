import Drawing
import Glibc
import Testing

@testable import Curses

extension TerminalTests {
    @Suite struct Opening {
        @Test func givesBackWhatItTook() throws {
            let pty = try Pty(width: 80, height: 24)
            let before = pty.modes
            for _ in 0..<3 {
                var terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings())
                #expect(terminal.size == Size(width: 80, height: 24))
                #expect(pty.modes != before)
                terminal.present(Canvas(size: terminal.size))
                _ = pty.sent()
                terminal.close()
                let last = pty.sent()
                for end in ["?1000l", "?1006l", "?1004l", "?2004l", "?1049l", "?25h"] { #expect(last.contains(end), "\(end)") }
                #expect(pty.modes == before)
            }
        }

        @Test func lettingGoIsClosing() throws {
            let pty = try Pty(width: 80, height: 24)
            let before = pty.modes
            do {
                let terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings())
                _ = terminal.size
            }
            #expect(pty.modes == before)
            #expect(pty.sent().contains("?1049l"))
        }

        @Test(arguments: [
            (nil, "TERM is not set; try TERM=xterm-256color"), ("binnacle-unknown", "TERM=binnacle-unknown is not known here; try TERM=xterm-256color"),
            ("dumb", "TERM=dumb cannot place a cursor; use --once"),
        ] as [(String?, String)])
        func refuses(term: String?, message: String) throws {
            let pty = try Pty(width: 80, height: 24)
            let before = pty.modes
            do throws(TerminalError) {
                let terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings(term: term))
                Issue.record("opened with \(terminal.colors) colours")
            } catch {
                #expect(error.description == message)
            }
            #expect(pty.modes == before)
            // It leaves nothing behind that keeps a good terminal from opening.
            let terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings())
            #expect(terminal.colors == 256)
        }

        @Test func refusesAPipe() throws {
            let pty = try Pty(width: 80, height: 24)
            var ends: [Int32] = [0, 0]
            #expect(pipe(&ends) == 0)
            defer { for end in ends { close(end) } }
            for (input, output, name) in [(pty.slave, ends[1], "output"), (ends[0], pty.slave, "input")] {
                var surroundings = pty.surroundings()
                surroundings.input = input
                surroundings.output = output
                do throws(TerminalError) {
                    let terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: surroundings)
                    Issue.record("opened with \(terminal.colors) colours")
                } catch {
                    #expect(error.description == "standard \(name) is not a terminal; use --once")
                }
            }
        }

        @Test func onlyOne() throws {
            let pty = try Pty(width: 80, height: 24)
            let terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings())
            do throws(TerminalError) {
                let second = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings())
                Issue.record("opened with \(second.colors) colours")
            } catch {
                #expect(error.reason == .busy)
            }
            #expect(terminal.colors == 256)
        }

        @Test(arguments: [(20, 5), (1, 1), (2, 1), (500, 200)]) func anySize(width: Int, height: Int) throws {
            let pty = try Pty(width: width, height: height)
            var terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings())
            #expect(terminal.size == Size(width: width, height: height))
            var canvas = Canvas(size: terminal.size)
            canvas.frame(canvas.bounds, title: "title", note: "note")
            canvas.draw("漢字", x: width - 1, y: height - 1)
            canvas.cursor = (x: width - 1, y: height - 1)
            terminal.present(canvas)
            #expect(!pty.sent().isEmpty)
        }

        @Test func resizing() throws {
            let pty = try Pty(width: 80, height: 24)
            var terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings())
            for (width, height) in [(100, 40), (20, 5), (1, 1), (160, 48)] {
                pty.resize(width: width, height: height)
                let size = terminal.resized()
                #expect(size == Size(width: width, height: height))
                #expect(terminal.size == Size(width: width, height: height))
                var canvas = Canvas(size: terminal.size)
                for y in 0..<height { canvas.draw(String(repeating: "z", count: width), x: 0, y: y) }
                terminal.present(canvas)
                let sent = pty.sent()
                #expect(sent.contains("\u{1B}[2J"))
                #expect(sent.filter { $0 == "z" }.count >= width * height - 1)
                terminal.present(canvas)
                #expect(pty.sent() == "")
            }
        }

        @Test func lending() throws {
            let pty = try Pty(width: 80, height: 24)
            let before = pty.modes
            var terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings())
            var canvas = Canvas(size: terminal.size)
            canvas.draw("mine", x: 0, y: 0)
            terminal.present(canvas)
            _ = pty.sent()
            let during = terminal.lend { input, output in
                #expect(input == pty.slave && output == pty.slave)
                return (pty.modes, pty.sent())
            }
            #expect(during.0 == before)
            #expect(during.1.contains("?1049l") && during.1.contains("?2004l"))
            #expect(pty.modes != before)
            let taken = pty.sent()
            #expect(taken.contains("?1049h") && taken.contains("?2004h"))
            terminal.expect(.resized)
            terminal.present(canvas)
            #expect(pty.sent().contains("mine"))
        }

        @Test func copying() throws {
            let pty = try Pty(width: 80, height: 24)
            var terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings())
            terminal.present(Canvas(size: terminal.size))
            _ = pty.sent()
            let fits = terminal.copy("hello")
            #expect(fits)
            #expect(pty.sent() == "\u{1B}]52;c;aGVsbG8=\u{7}")
            let tooLong = terminal.copy(String(repeating: "x", count: 60_000))
            #expect(!tooLong)
            terminal.ring()
            #expect(pty.sent() == "\u{7}")
        }
    }
}

@Suite struct ClipboardTests {
    @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"), ("é\u{0}ÿ", "w6kAw78=")])
    func base64(text: String, encoded: String) {
        #expect(String(decoding: Clipboard.base64(Array(text.utf8)), as: UTF8.self) == encoded)
    }

    @Test func onlyWhereItIsUnderstood() {
        #expect(Clipboard.sequence(for: "x", term: "linux") == nil)
        #expect(Clipboard.sequence(for: "x", term: "vt100") == nil)
        #expect(Clipboard.sequence(for: "x", term: "xterm") != nil)
        #expect(Clipboard.sequence(for: String(repeating: "x", count: Clipboard.limit), term: "xterm") == nil)
    }
}
