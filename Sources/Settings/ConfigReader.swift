// That function alone: Yams has a Node, too.
internal import func Domain.nearName
internal import Yams

/// Turns the text of config.yaml into a `ConfigFile`. What is wrong is named with its line and left out; the rest counts.
struct ConfigReader {
    static let keys = ["theme", "readonly", "color", "ascii", "mouse", "interval", "unlock", "state", "production", "keys", "engines", "consul", "registry"]
    static let engineKeys = ["name", "host", "context", "production", "readonly", "api_version", "headers", "tls"]
    static let tlsKeys = ["verify", "folder", "ca", "cert", "key"]

    var file = ConfigFile()
    private let home: String?

    init(path: String, home: String?) {
        file.path = path
        self.home = home
    }

    mutating func read(_ text: String) -> ConfigFile {
        do {
            guard let root = try Yams.compose(yaml: text), !isNull(root) else { return file }
            guard case .mapping(let mapping) = root else {
                report(root, "expected keys with values such as 'theme: binnacle', found \(kind(root))")
                return file
            }
            for (key, value) in mapping { readTop(key, value) }
        } catch {
            file.problems.append("\(file.path)\(Self.words(error)); nothing in the file is used")
        }
        return file
    }

    private mutating func readTop(_ key: Node, _ value: Node) {
        guard let name = known(key, among: Self.keys, in: ""), !isNull(value) else { return }
        let line = value.mark?.line
        switch name {
        case "theme": file.theme = text(value, name).map { .init(value: $0, line: line) }
        case "readonly": file.readOnly = flag(value, name).map { .init(value: $0, line: line) }
        case "mouse": file.mouse = flag(value, name).map { .init(value: $0, line: line) }
        case "interval": file.interval = duration(value, name, unit: 1, 0.2...3600, "seconds").map { .init(value: $0, line: line) }
        case "unlock": file.unlock = duration(value, name, unit: 60, 1...1440, "minutes").map { .init(value: $0, line: line) }
        case "state": file.state = path(value, name).map { .init(value: $0, line: line) }
        case "production": file.production = .init(value: texts(value, name), line: line)
        case "color":
            guard let word = text(value, name) else { return }
            if let color = ColorSetting(rawValue: word) {
                file.color = .init(value: color, line: line)
            } else {
                report(value, "'color' is \(shown(word)); expected \(ColorSetting.allCases.map(\.rawValue).joined(separator: ", "))")
            }
        case "ascii":
            if value.scalar?.string == "auto" {
                file.ascii = .init(value: nil, line: line)
            } else if let isASCII = flag(value, name, or: "auto, ") {
                file.ascii = .init(value: isASCII, line: line)
            }
        case "keys": readKeys(value)
        case "consul": readConsul(value)
        case "registry": readRegistry(value)
        default: readEngines(value)
        }
    }

    private mutating func readKeys(_ node: Node) {
        guard case .mapping(let mapping) = node else {
            return report(node, "'keys' is \(kind(node)); expected commands with their keys, such as 'scale: s'")
        }
        for (key, value) in mapping {
            guard case .scalar(let command) = key else { report(key, "a command's name is expected in 'keys'"); continue }
            // Nothing behind the colon could be a slip; a command loses its keys only by an empty list.
            guard !isNull(value) else { report(key, "'keys.\(command.string)' has no value; to leave it without a key write []"); continue }
            file.keys[command.string] = .init(value: texts(value, "keys.\(command.string)"), line: key.mark?.line)
        }
    }

    private mutating func readEngines(_ node: Node) {
        guard case .sequence(let items) = node else {
            return report(node, "'engines' is \(kind(node)); expected a list: '- host: …' or '- context: …'")
        }
        var engines: [ConfigFile.Engine] = []
        for item in items {
            guard case .mapping(let mapping) = item else {
                report(item, "an engine is \(kind(item)); expected 'host: …' or 'context: …'")
                continue
            }
            var engine = ConfigFile.Engine(line: item.mark?.line)
            for (key, value) in mapping { readEngine(&engine, key, value) }
            if engine.host != nil, engine.context != nil {
                report(item, "an engine has a host or a context, not both; the context is used")
                engine.host = nil
            }
            engines.append(engine)
        }
        if !engines.isEmpty { file.engines = .init(value: engines, line: node.mark?.line) }
    }

    private mutating func readEngine(_ engine: inout ConfigFile.Engine, _ key: Node, _ value: Node) {
        guard let name = known(key, among: Self.engineKeys, in: "engines."), !isNull(value) else { return }
        let path = "engines.\(name)"
        switch name {
        case "name": engine.name = text(value, path)
        case "host": engine.host = text(value, path)
        case "context": engine.context = text(value, path)
        case "production": engine.isProduction = flag(value, path)
        case "readonly": engine.isReadOnly = flag(value, path)
        case "api_version": engine.apiVersion = text(value, path)
        case "headers":
            guard case .mapping(let mapping) = value else { return report(value, "'\(path)' is \(kind(value)); expected names with values") }
            for (header, content) in mapping {
                guard let header = text(header, path), let content = text(content, "\(path).\(header)") else { continue }
                engine.headers[header] = content
            }
        default: engine.tls = tls(value, path)
        }
    }

    private mutating func tls(_ node: Node, _ path: String) -> ConfigFile.TLS? {
        var tls = ConfigFile.TLS()
        guard case .mapping(let mapping) = node else {
            guard let isOn = flag(node, path, or: "folder: …, ") else { return nil }
            tls.isOn = isOn
            return tls
        }
        for (key, value) in mapping {
            guard let name = known(key, among: Self.tlsKeys, in: "\(path)."), !isNull(value) else { continue }
            switch name {
            // What is no answer must not turn the verification off.
            case "verify": tls.verifies = flag(value, "\(path).\(name)") ?? true
            case "folder": tls.folder = self.path(value, "\(path).\(name)")
            case "ca": tls.ca = self.path(value, "\(path).\(name)")
            case "cert": tls.certificate = self.path(value, "\(path).\(name)")
            default: tls.key = self.path(value, "\(path).\(name)")
            }
        }
        return tls
    }

    mutating func known(_ key: Node, among keys: [String], in path: String) -> String? {
        guard case .scalar(let scalar) = key else {
            report(key, "a key is \(kind(key)); known: \(keys.joined(separator: ", "))")
            return nil
        }
        if keys.contains(scalar.string) { return scalar.string }
        let hint = nearName(scalar.string, among: keys).map { "did you mean '\($0)'?" } ?? "known: \(keys.joined(separator: ", "))"
        report(key, "'\(path)\(shown(scalar.string, quotes: false))' is not a key; \(hint)")
        return nil
    }

    mutating func text(_ node: Node, _ key: String) -> String? {
        guard case .scalar(let scalar) = node else {
            report(node, "'\(key)' is \(kind(node)); expected one value")
            return nil
        }
        return scalar.string
    }

    /// One value or a list of them.
    private mutating func texts(_ node: Node, _ key: String) -> [String] {
        guard case .sequence(let items) = node else { return text(node, key).map { [$0] } ?? [] }
        return items.compactMap { text($0, key) }
    }

    mutating func flag(_ node: Node, _ key: String, or alternative: String = "") -> Bool? {
        if case .scalar(let scalar) = node {
            switch scalar.string.lowercased() {
            case "true", "yes", "on": return true
            case "false", "no", "off": return false
            default: report(node, "'\(key)' is \(shown(scalar.string)); expected \(alternative)true or false")
            }
        } else {
            report(node, "'\(key)' is \(kind(node)); expected \(alternative)true or false")
        }
        return nil
    }

    private mutating func duration(_ node: Node, _ key: String, unit: Double, _ range: ClosedRange<Double>, _ units: String) -> Duration? {
        guard let word = text(node, key) else { return nil }
        guard let number = Double(word), range.contains(number) else {
            report(node, "'\(key)' is \(shown(word)); expected a number of \(units), \(plain(range.lowerBound)) to \(plain(range.upperBound))")
            return nil
        }
        return .milliseconds(Int64((number * unit * 1000).rounded()))
    }

    mutating func path(_ node: Node, _ key: String) -> String? {
        guard let word = text(node, key) else { return nil }
        if word.hasPrefix("~/") || word == "~", let home { return home + word.dropFirst() }
        guard word.hasPrefix("/") else {
            report(node, "'\(key)' is \(shown(word)); expected a path that begins with / or ~/")
            return nil
        }
        return word
    }

    private func plain(_ number: Double) -> String { number == number.rounded() ? "\(Int(number))" : "\(number)" }

    func isNull(_ node: Node) -> Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null"].contains(scalar.string)
    }

    func kind(_ node: Node) -> String {
        switch node {
        case .scalar(let scalar): shown(scalar.string)
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    /// Short, and without what a terminal would obey.
    func shown(_ text: String, quotes: Bool = true) -> String {
        let safe = text.unicodeScalars.prefix(60).map { $0.properties.generalCategory == .control ? "?" : $0 }
        let word = String(String.UnicodeScalarView(safe)) + (text.unicodeScalars.count > 60 ? "…" : "")
        return quotes ? "'\(word)'" : word
    }

    mutating func report(_ node: Node, _ message: String) {
        file.problems.append("\(file.path)\(node.mark.map { ":\($0.line)" } ?? ""): \(message)")
    }

    /// `:LINE: what the parser says`.
    private static func words(_ error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            ":\(mark.line): \(problem)"
        case .duplicatedKeysInMapping(let duplicates, let context):
            ":\(context.mark.line): set more than once: \(duplicates.joined(separator: ", "))"
        case .reader(let problem, _, _, _): ": \(problem)"
        default: ": is not YAML"
        }
    }
}
