/// The body of `POST /containers/{id}/exec`.
struct ExecCreation: Encodable, Sendable {
    var attachStandardInput = true
    var attachStandardOutput = true
    var attachStandardError = true
    var usesTerminal = true
    var command: [String]
    /// Rows, then columns; understood from API 1.42 on, refused by nobody.
    var consoleSize: [Int]?

    enum CodingKeys: String, CodingKey {
        case attachStandardInput = "AttachStdin"
        case attachStandardOutput = "AttachStdout"
        case attachStandardError = "AttachStderr"
        case usesTerminal = "Tty"
        case command = "Cmd"
        case consoleSize = "ConsoleSize"
    }
}

/// The body of `POST /exec/{id}/start`. `Tty` must equal that of the creation.
struct ExecStart: Encodable, Sendable {
    var detaches = false
    var usesTerminal = true
    var consoleSize: [Int]?

    enum CodingKeys: String, CodingKey {
        case detaches = "Detach"
        case usesTerminal = "Tty"
        case consoleSize = "ConsoleSize"
    }
}

/// `GET /exec/{id}/json`.
struct ExecInspection: Decodable, Sendable {
    var isRunning: Bool?
    /// Null while it runs.
    var exitCode: Int?
    enum CodingKeys: String, CodingKey {
        case isRunning = "Running"
        case exitCode = "ExitCode"
    }
}

/// Answers that only name what was made.
struct CreatedAnswer: Decodable, Sendable {
    var id: String?
    var warnings: [String]?
    /// The network creation's form of it.
    var warning: String?

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case warnings = "Warnings"
        case warning = "Warning"
    }
}

/// `GET /containers/{id}/top`.
struct TopAnswer: Decodable, Sendable {
    var titles: [String]?
    var processes: [[String]]?
    enum CodingKeys: String, CodingKey {
        case titles = "Titles"
        case processes = "Processes"
    }
}
