public import Drawing
internal import Glibc

/// The themes that can be had, by name: those built in, and the `NAME.theme` files of some folders.
///
/// A file of the user's own wins over a built-in theme, and that over the same name elsewhere: the installed
/// `binnacle.theme` is a copy to start from and is never read. Nothing is looked at before a name is asked for.
public struct ThemeLibrary: Sendable {
    /// The user's own folder.
    public var own: String?
    /// Where else to look, first match wins.
    public var folders: [String]

    public init(own: String?, folders: [String] = []) {
        self.own = own
        self.folders = folders
    }

    /// The folders of this machine: `$XDG_CONFIG_HOME/binnacle/themes`, what is installed beside the executable, the
    /// working copy it was built in, and those of `$BINNACLE_THEMES`, which holds folders as `PATH` does.
    public init(environment: [String: String], home: String?) {
        // The XDG specification says that a relative path is to be ignored.
        let configured = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let config = configured ?? home.map { "\($0)/.config" }
        self.init(own: config.map { "\($0)/binnacle/themes" })
        if let executable = Self.executable { folders += Self.folders(besideExecutable: executable) }
        folders += (environment["BINNACLE_THEMES"] ?? "").split(separator: ":").map(String.init)
    }

    /// Names for a list or for `:theme`, sorted, each once, the built-in ones among them.
    public func names() -> [String] {
        var names = Set(Palette.builtIn.map(\.name))
        for folder in [own].compactMap(\.self) + folders { names.formUnion(Self.themes(in: folder)) }
        return names.sorted()
    }

    /// The theme of that name. A file with mistakes throws them all, with what is good in it as `usable`.
    public func palette(named name: String) throws(ThemeError) -> Palette {
        // A name is not a path: `:theme ../../etc/passwd` looks for nothing.
        guard Self.isName(name) else { throw unknown(name) }
        if let own, let palette = try read(name, in: own) { return palette }
        if let palette = Palette.builtIn.first(where: { $0.name == name }) { return palette }
        for folder in folders {
            if let palette = try read(name, in: folder) { return palette }
        }
        throw unknown(name)
    }

    private func read(_ name: String, in folder: String) throws(ThemeError) -> Palette? {
        let path = "\(folder)/\(name).theme"
        switch ThemeText.read(path) {
        case .absent: return nil
        case .unreadable(let reason): throw ThemeError(problems: [ThemeProblem(file: path, line: nil, message: reason)])
        case .text(let text):
            let file = ThemeFile(text: text, path: path)
            let palette = file.palette(named: name)
            guard file.problems.isEmpty else { throw ThemeError(problems: file.problems, usable: palette) }
            return palette
        }
    }

    private func unknown(_ name: String) -> ThemeError {
        let names = names()
        let near = NearNames(known: names).like(name)
        let hint = near.isEmpty ? "known: \(names.joined(separator: ", "))" : "did you mean \(near.joined(separator: " or "))?"
        let shown = String(String.UnicodeScalarView(name.unicodeScalars.prefix(40).map { $0.properties.generalCategory == .control ? "?" : $0 }))
        return ThemeError(problems: [ThemeProblem(file: nil, line: nil, message: "no theme is called '\(shown)'; \(hint)")])
    }

    private static func isName(_ name: some StringProtocol) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && name.utf8.count <= 100
            && name.unicodeScalars.allSatisfy { $0 != "/" && $0.properties.generalCategory != .control }
    }

    private static func themes(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var found: [String] = []
        while let entry = readdir(directory) {
            let file = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            guard file.hasSuffix(".theme") else { continue }
            let name = file.dropLast(".theme".count)
            if isName(name) { found.append(String(name)) }
        }
        return found
    }

    private static var executable: String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    }

    /// `<prefix>/bin/binnacle` has its themes in `<prefix>/share/binnacle/themes`, and
    /// `<package>/.build/<triple>/release/binnacle` in `<package>/themes`.
    static func folders(besideExecutable path: String) -> [String] {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true).dropLast()
        var folders: [String] = []
        if !parts.isEmpty { folders.append("/" + (parts.dropLast() + ["share", "binnacle", "themes"]).joined(separator: "/")) }
        if let build = parts.lastIndex(of: ".build") { folders.append("/" + (parts[..<build] + ["themes"]).joined(separator: "/")) }
        return folders
    }
}
