import Drawing
import Glibc
import Testing

@testable import Curses

/// Curses is global, and so is every test that opens a terminal.
@Suite(.serialized) enum TerminalTests {}

extension TerminalTests {
    @Suite struct Presenting {
        let pty: Pty
        init() throws { pty = try Pty(width: 40, height: 6) }

        @Test func nothingForNothing() throws {
            var terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings())
            var canvas = Canvas(size: terminal.size)
            canvas.draw("hello", x: 2, y: 1, .good)
            canvas.draw("there", x: 2, y: 2, .bad, .selected)
            terminal.present(canvas)
            let first = pty.sent()
            #expect(first.contains("hello") && first.contains("there"))
            #expect(first.contains("\u{1B}[?1049h"))
            #expect(first.contains("\u{1B}[?2026h") && first.contains("\u{1B}[?2026l"))
            for mode in ["2004", "1004", "1000", "1006"] { #expect(first.contains("\u{1B}[?\(mode)h")) }
            terminal.present(canvas)
            #expect(pty.sent() == "")
            var again = Canvas(size: terminal.size)
            again.draw("hello", x: 2, y: 1, .good)
            again.draw("there", x: 2, y: 2, .bad, .selected)
            terminal.present(again)
            #expect(pty.sent() == "")
            // A role that looks the same is drawn anew and still costs nothing, brackets included.
            again.draw("      ", x: 20, y: 3, .heading)
            terminal.present(again)
            #expect(pty.sent() == "")
        }

        @Test func oneCellCostsOneCell() throws {
            var terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings())
            var canvas = Canvas(size: terminal.size)
            for y in 0..<6 { canvas.draw(String(repeating: "abcdefgh", count: 5), x: 0, y: y) }
            terminal.present(canvas)
            _ = pty.sent()
            canvas.draw("X", x: 17, y: 3)
            terminal.present(canvas)
            #expect(pty.sent() == "\u{1B}[?2026h\u{1B}[4;18HX\u{1B}[?2026l")
        }

        @Test func withoutBracketsIfNotWanted() throws {
            var options = TerminalOptions()
            options.synchronized = false
            options.mouse = false
            var terminal = try Terminal(options: options, palette: Sample.palette, surroundings: pty.surroundings())
            terminal.present(Canvas(size: terminal.size))
            let first = pty.sent()
            #expect(!first.contains("2026h") && !first.contains("1000h") && first.contains("2004h"))
        }

        @Test func wideAndCombining() throws {
            var terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings())
            var canvas = Canvas(size: terminal.size)
            canvas.draw("漢字 e\u{301}x 🚀 end", x: 0, y: 0)
            terminal.present(canvas)
            #expect(pty.sent().contains("漢字 e\u{301}x 🚀 end"))
            // What stands behind them is where the widths say: three back from the end, in column 11.
            canvas.draw("E", x: 11, y: 0)
            terminal.present(canvas)
            let change = pty.sent()
            #expect(change == "\u{1B}[?2026h\u{8}\u{8}\u{8}E\u{1B}[?2026l")
            // Half of a wide character is drawn over.
            canvas.draw("|", x: 1, y: 0)
            terminal.present(canvas)
            #expect(pty.sent().contains("|"))
        }

        @Test func disputedWidthsBreakNoRow() throws {
            var terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings())
            var canvas = Canvas(size: terminal.size)
            // Unassigned: this canvas says one cell, the C library says none at all.
            canvas.draw("a\u{378}b", x: 0, y: 0)
            terminal.present(canvas)
            #expect(pty.sent().contains("a?b"))
        }

        @Test func cursor() throws {
            var terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings())
            var canvas = Canvas(size: terminal.size)
            terminal.present(canvas)
            #expect(pty.sent().contains("\u{1B}[?25l"))
            canvas.cursor = (x: 5, y: 2)
            terminal.present(canvas)
            let shown = pty.sent()
            #expect(shown.contains("\u{1B}[3;6H"))
            #expect(shown.contains("\u{1B}[?25h") || shown.contains("\u{1B}[?12l\u{1B}[?25h"))
            #expect(!shown.contains("2026"))
            canvas.cursor = (x: 6, y: 2)
            terminal.present(canvas)
            #expect(!pty.sent().isEmpty)
            terminal.present(canvas)
            #expect(pty.sent() == "")
            canvas.cursor = nil
            terminal.present(canvas)
            #expect(pty.sent().contains("\u{1B}[?25l"))
            canvas.cursor = (x: 99, y: 99)
            terminal.present(canvas)
            #expect(pty.sent() == "")
        }

        @Test func canvasOfAnotherSize() throws {
            var terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings())
            var large = Canvas(size: Size(width: 100, height: 50))
            for y in 0..<50 { large.draw("row \(y) " + String(repeating: "x", count: 100), x: 0, y: y) }
            terminal.present(large)
            #expect(pty.sent().contains("row 5 "))
            var small = Canvas(size: Size(width: 4, height: 1))
            small.draw("tiny", x: 0, y: 0)
            terminal.present(small)
            #expect(pty.sent().contains("tiny"))
            terminal.present(small)
            #expect(pty.sent() == "")
        }

        @Test func redrawPaintsEverything() throws {
            var terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings())
            var canvas = Canvas(size: terminal.size)
            canvas.draw("all of it", x: 0, y: 0)
            terminal.present(canvas)
            _ = pty.sent()
            terminal.redraw()
            terminal.present(canvas)
            let again = pty.sent()
            #expect(again.contains("\u{1B}[2J") && again.contains("all of it"))
        }

        @Test(arguments: [("xterm-256color", 256), ("tmux-256color", 256), ("screen", 8), ("linux", 8), ("xterm", 8), ("vt100", 0)])
        func everyTerminal(term: String, colors: Int) throws {
            var terminal = try Terminal(options: TerminalOptions(), palette: Sample.palette, surroundings: pty.surroundings(term: term))
            #expect(terminal.colors == colors)
            var canvas = Canvas(size: terminal.size)
            for (index, role) in Role.allCases.enumerated() {
                canvas.draw("\(role)", x: index / 6 * 7, y: index % 6, limit: 6, role, index % 3 == 0 ? .selected : [])
            }
            terminal.present(canvas)
            #expect(pty.sent().contains("muted"))
            var other = Sample.palette
            other.background = .ansi(5)
            terminal.apply(other)
            terminal.present(canvas)
            #expect(pty.sent().isEmpty == (colors == 0))
            terminal.present(canvas)
            #expect(pty.sent() == "")
        }

        @Test func colours() throws {
            func bytes(_ mode: ColorMode, refuses: Bool = false) throws -> String {
                var options = TerminalOptions()
                options.color = mode
                var terminal = try Terminal(options: options, palette: Sample.palette, surroundings: pty.surroundings(refusesColor: refuses))
                var canvas = Canvas(size: terminal.size)
                canvas.draw("good", x: 0, y: 0, .good)
                canvas.draw("chosen", x: 0, y: 1, .text, .selected)
                terminal.present(canvas)
                let sent = pty.sent()
                terminal.close()
                _ = pty.sent()
                return sent
            }
            #expect(try bytes(.automatic).contains("\u{1B}[38;5;144mgood") && bytes(.automatic).contains("\u{1B}[48;5;238mchosen"))
            #expect(try bytes(.ansi16).contains("\u{1B}[92mgood"))
            for mono in [try bytes(.never), try bytes(.automatic, refuses: true)] {
                #expect(!mono.contains("[38;5") && mono.contains("good") && mono.contains("7mchosen"))
            }
        }
    }
}
