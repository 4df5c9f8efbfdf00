import Drawing
import Foundation
import Testing
import Themes

/// What every file in `themes/` promises.
@Suite struct ShippedThemesTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("themes").path

    static let names: [String] = {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { $0.hasSuffix(".theme") }.map { String($0.dropLast(6)) }.sorted()
        } catch {
            Issue.record(error)
            return []
        }
    }()

    private func file(_ name: String) throws -> ThemeFile {
        let path = "\(Self.folder)/\(name).theme"
        return ThemeFile(text: try String(contentsOfFile: path, encoding: .utf8), path: path)
    }

    private func palette(_ name: String) throws -> Palette { try file(name).palette(named: name) }

    /// The terminals a theme has to be readable on; where it paints its own ground they are all one.
    private func terminals(_ name: String, isLight: Bool) -> [Contrast] {
        switch name {
        // Somebody who gives the sixteen to a program has a black among them.
        case "ansi16": [.blackTerminal]
        case "mono": [.blackTerminal, .darkTerminal, .lightTerminal]
        default: isLight ? [.lightTerminal] : [.blackTerminal, .darkTerminal]
        }
    }

    @Test func thereAreEnough() {
        #expect(Self.names.count >= 12)
    }

    @Test(arguments: names) func loadsWithoutProblemAndSaysEverything(_ name: String) throws {
        let file = try file(name)
        #expect(file.problems.map(\.description) == [])
        #expect(file.name == name)
        #expect(Set(ThemeFile.knownKeys).subtracting(file.keys).sorted() == [])
    }

    @Test(arguments: Palette.builtIn) func theBuiltInThemesAreShippedAsTheyAre(_ builtIn: Palette) throws {
        let shipped = try palette(builtIn.name)
        for role in Role.allCases { #expect(shipped[role] == builtIn[role], "\(role.name)") }
        #expect(shipped == builtIn)
    }

    @Test(arguments: names) func everyRoleCanBeRead(_ name: String) throws {
        let file = try file(name)
        let palette = file.palette(named: name)
        let faint: Set<Role> = [.border, .borderFocused, .dialogBorder, .muted, .stale, .graph]
        for terminal in terminals(name, isLight: file.isLight) {
            for role in Role.allCases {
                let needed = name.hasPrefix("high-contrast") ? (faint.contains(role) ? 4.5 : 7) : (faint.contains(role) ? 3 : 4.5)
                let ratio = terminal.ratio(palette.style(role, []))
                #expect(ratio >= needed, "\(role.name) has \(ratio) of \(needed)")
            }
        }
    }

    @Test(arguments: names) func theSelectedRowCanBeRead(_ name: String) throws {
        let file = try file(name)
        let palette = file.palette(named: name)
        let frames: Set<Role> = [.border, .borderFocused, .dialogBorder]
        for terminal in terminals(name, isLight: file.isLight) {
            for overlay in [Overlay.selected, .selectedElsewhere] {
                // Roles with a background of their own stand in dialogs, tabs and badges, not in rows.
                for role in Role.allCases where !frames.contains(role) && palette[role].background == nil {
                    let ratio = terminal.ratio(palette.style(role, overlay))
                    #expect(ratio >= (role == .text ? 4.5 : 3), "\(role.name) has \(ratio) under \(overlay)")
                }
            }
        }
    }

    /// The one theme that cannot know what it is drawn on.
    @Test func theDefaultCanBeReadOnAWhiteTerminalToo() {
        for role in Role.allCases {
            let ratio = Contrast.lightTerminal.ratio(Palette.binnacle.style(role, []))
            #expect(ratio >= 3, "\(role.name) has \(ratio)")
        }
        #expect(Palette.binnacle.background == .terminal)
    }

    @Test(arguments: names) func whatDiffersInMeaningDiffersInLooks(_ name: String) throws {
        let palette = try palette(name)
        let pairs: [(Role, Role)] = [
            (.good, .warning), (.warning, .bad), (.good, .bad), (.good, .stale), (.text, .bad), (.text, .title), (.text, .match),
            (.border, .borderFocused), (.tab, .tabActive), (.button, .buttonFocused), (.button, .danger), (.key, .keyLabel),
            (.gaugeLow, .gaugeMiddle), (.gaugeMiddle, .gaugeHigh), (.text, .heading), (.text, .mark), (.text, .production),
        ]
        for (a, b) in pairs { #expect(palette.style(a, []) != palette.style(b, []), "\(a.name) and \(b.name)") }
        let rows = [palette.style(.text, []), palette.style(.text, .selected), palette.style(.text, .selectedElsewhere), palette.style(.text, .marked), palette.style(.text, .dimmed)]
        #expect(Set(rows).count == rows.count)
    }

    @Test func monoHasNoColor() throws {
        let mono = try palette("mono")
        #expect(Role.allCases.allSatisfy { mono[$0].foreground == .terminal && mono[$0].background == nil })
        #expect(mono.background == .terminal && mono.selection == nil && mono.selectionElsewhere == nil && mono.selectionText == nil)
    }

    @Test func ansi16HasOnlyTheTerminalsColors() throws {
        let palette = try palette("ansi16")
        let colors = Role.allCases.flatMap { [palette[$0].foreground, palette[$0].background ?? .terminal] } + [palette.background]
        for color in colors { if case .rgb = color { Issue.record("\(color)") } }
    }

    @Test(arguments: ["deuteranopia", "tritanopia"]) func statesDifferInLightness(_ name: String) throws {
        let palette = try palette(name)
        let light = [Role.good, .warning, .bad].map { Contrast.darkTerminal.luminance(palette[$0].foreground) }.sorted()
        #expect(Contrast.ratio(light[0], light[1]) >= 1.4)
        #expect(Contrast.ratio(light[1], light[2]) >= 1.4)
    }
}
