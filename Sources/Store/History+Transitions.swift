public import Domain
internal import GRDB

/// The changes of checks, and when Binnacle was there to see them.
extension History {
    /// Changes kept. The last one of a check goes only when there are as many checks: it is what a restart goes on from.
    public static let transitionLimit = 50_000
    /// Spans of watching kept.
    static let spanLimit = 2000

    /// Something that happened to a check.
    public enum CheckNote: Sendable, Hashable {
        case changed(CheckTransition)
        /// It was no longer there: what comes under its id later begins anew.
        case gone(Check.ID, Timestamp)
    }

    public func append(transitions: [CheckTransition]) throws { try append(transitions.map(CheckNote.changed)) }

    /// All of it or nothing, by one write.
    public func append(_ notes: [CheckNote], events: [Event] = []) throws {
        guard !notes.isEmpty || !events.isEmpty else { return }
        try queue.write { database in
            try Self.insert(events, into: database)
            for note in notes {
                switch note {
                case .changed(let transition):
                    try database.execute(
                        sql: "INSERT INTO transition (source, checkID, at, before, after, unwatched) VALUES (?, ?, ?, ?, ?, ?)",
                        arguments: [
                            transition.check.source.raw, transition.check.raw, transition.at.nanoseconds, transition.from?.word,
                            transition.to.word, transition.wasUnwatched,
                        ])
                case .gone(let check, let moment):
                    try database.execute(
                        sql: "UPDATE transition SET gone = ? WHERE source = ? AND checkID = ? AND gone IS NULL",
                        arguments: [moment.nanoseconds, check.source.raw, check.raw])
                }
            }
        }
    }

    /// From that moment on, oldest first.
    public func transitions(since moment: Timestamp) throws -> [CheckTransition] {
        try queue.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM transition WHERE at >= ? ORDER BY at, id", arguments: [moment.nanoseconds])
                .compactMap(Self.transition)
        }
    }

    /// The last one of every check that was there when it was last looked at.
    public func latestTransitions() throws -> [CheckTransition] {
        try queue.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM (\(Self.ranked)) WHERE place = 1 AND gone IS NULL").compactMap(Self.transition)
        }
    }

    /// Newest first.
    public func watchSpans() throws -> [WatchSpan] {
        try queue.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM watch ORDER BY until DESC").map { row in
                WatchSpan(source: Source.ID(row["source"]), from: Timestamp(nanoseconds: row["began"]), until: Timestamp(nanoseconds: row["until"]))
            }
        }
    }

    /// Writes down until when the sources were watched: a new span, or more of one that is known by its beginning.
    public func extendWatch(_ spans: [WatchSpan]) throws {
        guard !spans.isEmpty else { return }
        try queue.write { database in
            for span in spans {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO watch (source, began, until) VALUES (?, ?, ?)",
                    arguments: [span.source.raw, span.from.nanoseconds, span.until.nanoseconds])
            }
        }
    }

    /// All that a run needs to go on from those before it.
    public func pastChecks(at now: Timestamp) throws -> PastChecks {
        PastChecks(latest: try latestTransitions(), recent: try transitions(since: now.adding(.seconds(-3600))), watched: try watchSpans())
    }
}

extension History {
    static func addTransitions(to database: Database) throws {
        try database.create(table: "transition") { table in
            table.autoIncrementedPrimaryKey("id")
            table.column("source", .text).notNull()
            table.column("checkID", .text).notNull()
            table.column("at", .integer).notNull().indexed()
            table.column("before", .text)
            table.column("after", .text).notNull()
            table.column("unwatched", .boolean).notNull()
            table.column("gone", .integer)
        }
        try database.create(index: "transition of check", on: "transition", columns: ["source", "checkID", "at"])
        try database.create(table: "watch") { table in
            table.primaryKey {
                table.column("source", .text)
                table.column("began", .integer)
            }
            table.column("until", .integer).notNull()
        }
    }

    /// Place 1 is the last one of each check.
    private static let ranked = "SELECT *, ROW_NUMBER() OVER (PARTITION BY source, checkID ORDER BY at DESC, id DESC) AS place FROM transition"

    static func trimTransitions(to limit: Int, in database: Database) throws {
        if let count = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM transition"), count > limit {
            try database.execute(
                sql: "DELETE FROM transition WHERE id IN (SELECT id FROM (\(ranked)) ORDER BY place = 1 DESC, at DESC LIMIT -1 OFFSET ?)",
                arguments: [limit])
        }
        try database.execute(
            sql: "DELETE FROM watch WHERE rowid IN (SELECT rowid FROM watch ORDER BY until DESC LIMIT -1 OFFSET ?)", arguments: [spanLimit])
    }

    /// nil for a word that only a later version writes.
    private static func transition(_ row: Row) -> CheckTransition? {
        let before: String? = row["before"]
        let after: String = row["after"]
        guard let to = Check.Status(word: after) else { return nil }
        return CheckTransition(
            check: Check.ID(Source.ID(row["source"]), row["checkID"]), at: Timestamp(nanoseconds: row["at"]),
            from: before.flatMap { Check.Status(word: $0) }, to: to, wasUnwatched: row["unwatched"])
    }
}

extension Check.Status {
    fileprivate init?(word: String) {
        guard let status = Self.allCases.first(where: { $0.word == word }) else { return nil }
        self = status
    }
}
