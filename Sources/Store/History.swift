public import Domain
internal import GRDB
internal import Glibc

/// The events and the checks' changes of earlier runs, in an SQLite file of mode 0600.
///
/// Opened off the start-up path and from then on used by one writer; without it (a full disk, a read-only home) the
/// program goes on and says that the timeline will not survive it.
public final class History: Sendable {
    /// Rows kept; the oldest go first.
    public static let limit = 20_000

    let queue: DatabaseQueue

    public init(path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(2)
        // Created with the right mode from the first byte: SQLite would take the umask's.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw HistoryError(path: path, reason: String(cString: strerror(errno))) }
        fchmod(descriptor, 0o600)
        Glibc.close(descriptor)
        queue = try DatabaseQueue(path: path, configuration: configuration)
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 events") { database in
            try database.create(table: "event") { table in
                table.primaryKey("id", .text)
                table.column("at", .integer).notNull().indexed()
                table.column("origin", .text).notNull()
                table.column("source", .text).notNull()
                table.column("kind", .text).notNull()
                table.column("action", .text).notNull()
                table.column("subject", .text).notNull()
                table.column("subjectID", .text).notNull()
                table.column("detail", .text).notNull()
                table.column("severity", .integer).notNull()
            }
        }
        migrator.registerMigration("2 transitions", migrate: Self.addTransitions)
        try migrator.migrate(queue)
    }

    public func append(_ events: [Event]) throws { try append([], events: events) }

    /// Routine events are not kept: there may be one each second for every health check.
    static func insert(_ events: [Event], into database: Database) throws {
        for event in events where event.severity > .routine || event.origin != .engine {
            try database.execute(
                sql: "INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    event.id, event.at.nanoseconds, event.origin.rawValue, event.source.raw, event.kind, event.action,
                    event.subject, event.subjectID, event.detail, event.severity.rawValue,
                ])
        }
    }

    /// The newest events, newest first.
    public func newest(_ count: Int) throws -> [Event] {
        try queue.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM event ORDER BY at DESC LIMIT ?", arguments: [count]).map { row in
                Event(
                    id: row["id"], at: Timestamp(nanoseconds: row["at"]), origin: Event.Origin(rawValue: row["origin"]) ?? .engine,
                    source: Source.ID(row["source"]), kind: row["kind"], action: row["action"], subject: row["subject"],
                    subjectID: row["subjectID"], detail: row["detail"], severity: Event.Severity(rawValue: row["severity"]) ?? .notice)
            }
        }
    }

    /// Lets the oldest rows go once there are more than `limit` events, or more than `transitions` changes of checks.
    public func trim(to limit: Int = History.limit, transitions: Int = History.transitionLimit) throws {
        try queue.write { database in
            try database.execute(
                sql: "DELETE FROM event WHERE id IN (SELECT id FROM event ORDER BY at DESC LIMIT -1 OFFSET ?)", arguments: [limit])
            try Self.trimTransitions(to: transitions, in: database)
        }
    }
}

/// The history file could not be made.
public struct HistoryError: Error, Sendable, CustomStringConvertible {
    public var path: String
    public var reason: String
    public var description: String { "could not open the timeline's file \(path): \(reason)" }
}
