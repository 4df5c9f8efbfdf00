import Drawing
import Foundation
import Testing
@testable import Themes

@Suite struct ThemeLibraryTests {
    /// A folder with theme files, gone when the test is over.
    private func withFolder<R>(_ files: [String: String], _ body: (String) throws -> R) throws -> R {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("themes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) } }
        for (name, text) in files { try text.write(to: folder.appendingPathComponent(name), atomically: false, encoding: .utf8) }
        return try body(folder.path)
    }

    @Test func builtInThemesNeedNoFolder() throws {
        let library = ThemeLibrary(own: nil)
        #expect(library.names() == ["binnacle", "binnacle-light", "mono"])
        for name in library.names() {
            let palette = try library.palette(named: name)
            #expect(palette.name == name)
        }
    }

    @Test func namesAreSortedAndEachOnce() throws {
        try withFolder(["a.theme": "", "binnacle.theme": "", ".hidden.theme": "", "notes.txt": ""]) { first in
            try withFolder(["z.theme": "", "a.theme": ""]) { second in
                let library = ThemeLibrary(own: first, folders: [second, "/nonexistent"])
                #expect(library.names() == ["a", "binnacle", "binnacle-light", "mono", "z"])
            }
        }
    }

    @Test func theUsersFolderWinsOverTheBuiltInAndThatOverTheInstalled() throws {
        try withFolder(["x.theme": "good = red", "mono.theme": "good = red"]) { own in
            try withFolder(["x.theme": "good = blue", "mono.theme": "good = blue", "binnacle.theme": "good = blue", "y.theme": "good = blue"]) { installed in
                let library = ThemeLibrary(own: own, folders: [installed])
                let x = try library.palette(named: "x"), mono = try library.palette(named: "mono")
                let binnacle = try library.palette(named: "binnacle"), y = try library.palette(named: "y")
                #expect(x[.good].foreground == .ansi(1))
                #expect(mono[.good].foreground == .ansi(1))
                #expect(binnacle == .binnacle)
                #expect(y[.good].foreground == .ansi(4))
                #expect(y.name == "y")
            }
        }
    }

    @Test func aBrokenFileIsNamedWithItsLineAndStillUsable() throws {
        try withFolder(["broken.theme": "text = white\ngood = green blod\n"]) { folder in
            let library = ThemeLibrary(own: nil, folders: [folder])
            let error = #expect(throws: ThemeError.self) { try library.palette(named: "broken") }
            #expect(error?.description == "\(folder)/broken.theme:2: 'blod' is not a trait; known: bold, dim, italic, underline, reverse")
            #expect(error?.usable?[.text].foreground == .ansi(7))
            #expect(error?.usable?[.good].foreground == .ansi(2))
            #expect(error?.usable?.name == "broken")
        }
    }

    @Test func whatIsNoThemeFileIsRefused() throws {
        try withFolder(["big.theme": String(repeating: "# x\n", count: 20_000)]) { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/folder.theme", withIntermediateDirectories: false)
            try Data([0x74, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: "\(folder)/bytes.theme"))
            #expect(mkfifo("\(folder)/pipe.theme", 0o600) == 0)
            let library = ThemeLibrary(own: folder)
            for (name, reason) in [
                ("big", "is larger than 64 KiB: not a theme"), ("folder", "is not a regular file"),
                ("bytes", "is not UTF-8 text"), ("pipe", "is not a regular file"),
            ] {
                let error = #expect(throws: ThemeError.self) { try library.palette(named: name) }
                #expect(error?.description == "\(folder)/\(name).theme: \(reason)")
                #expect(error?.usable == nil)
            }
        }
    }

    @Test(arguments: [
        ("harb", "no theme is called 'harb'; did you mean harbour-night?"),
        ("hi-contrast", "no theme is called 'hi-contrast'; did you mean high-contrast?"),
        ("papre", "no theme is called 'papre'; did you mean paper?"),
        ("qqqq", "no theme is called 'qqqq'; known: binnacle, binnacle-light, harbour-night, high-contrast, mono, paper"),
        ("../paper", "no theme is called '../paper'; known: binnacle, binnacle-light, harbour-night, high-contrast, mono, paper"),
        ("", "no theme is called ''; known: binnacle, binnacle-light, harbour-night, high-contrast, mono, paper"),
    ])
    func anUnknownNameGetsNearOnes(_ name: String, _ message: String) throws {
        try withFolder(["harbour-night.theme": "", "paper.theme": "", "high-contrast.theme": ""]) { folder in
            let library = ThemeLibrary(own: nil, folders: [folder])
            let error = #expect(throws: ThemeError.self) { try library.palette(named: name) }
            #expect(error?.description == message)
            #expect(error?.usable == nil)
        }
    }

    @Test func theFoldersOfAMachine() {
        let configured = ThemeLibrary(environment: ["XDG_CONFIG_HOME": "/c", "BINNACLE_THEMES": "/a:/b"], home: "/home/u")
        #expect(configured.own == "/c/binnacle/themes")
        #expect(configured.folders.suffix(2) == ["/a", "/b"])
        #expect(ThemeLibrary(environment: [:], home: "/home/u").own == "/home/u/.config/binnacle/themes")
        #expect(ThemeLibrary(environment: ["XDG_CONFIG_HOME": "relative"], home: nil).own == nil)
        #expect(ThemeLibrary.folders(besideExecutable: "/usr/local/bin/binnacle") == ["/usr/local/share/binnacle/themes"])
        #expect(ThemeLibrary.folders(besideExecutable: "/w/main/.build/x86_64-unknown-linux-gnu/release/binnacle").contains("/w/main/themes"))
    }
}
