internal import Domain
internal import FoundationEssentials
internal import GRDB
internal import Glibc

/// What the registry keeps between runs, in an SQLite file of mode 0600: services, checks, their last results, who is under maintenance.
///
/// Everything but the opening runs on the database's own queue.
final class RegistryFile: Sendable {
    /// Rows kept; the oldest go first.
    static let serviceLimit = Holdings.serviceLimit
    static let resultLimit = Holdings.checkLimit

    struct Contents: Sendable {
        var services: [ServiceRegistration] = []
        var checks: [Holdings.AddedCheck] = []
        /// By `NODE/CHECK-ID`.
        var results: [String: CheckBoard.Memory] = [:]
        /// By `NODE/SERVICE-ID` or `NODE`.
        var maintenance: [String: Holdings.Maintenance] = [:]
    }

    /// What is to be written at once, or not at all.
    struct Batch: Sendable {
        var services: [String: (registration: ServiceRegistration, isHandmade: Bool)] = [:]
        var goneServices = Set<String>()
        var checks: [String: Holdings.AddedCheck] = [:]
        var goneChecks = Set<String>()
        var results: [String: CheckBoard.Memory] = [:]
        /// nil ends it.
        var maintenance: [String: Holdings.Maintenance?] = [:]

        var isEmpty: Bool {
            services.isEmpty && goneServices.isEmpty && checks.isEmpty && goneChecks.isEmpty && results.isEmpty && maintenance.isEmpty
        }

        /// A later batch over an earlier one.
        mutating func add(_ later: Batch) {
            for id in later.goneServices { services[id] = nil }
            goneServices.formUnion(later.goneServices)
            goneServices.subtract(later.services.keys)
            services.merge(later.services) { _, new in new }
            for id in later.goneChecks { checks[id] = nil }
            goneChecks.formUnion(later.goneChecks)
            goneChecks.subtract(later.checks.keys)
            checks.merge(later.checks) { _, new in new }
            results.merge(later.results) { _, new in new }
            maintenance.merge(later.maintenance) { _, new in new }
        }
    }

    private let queue: DatabaseQueue

    init(path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(2)
        // Created with the right mode from the first byte: SQLite would take the umask's.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw RegistryFileError(path: path, reason: String(cString: strerror(errno))) }
        fchmod(descriptor, 0o600)
        Glibc.close(descriptor)
        queue = try DatabaseQueue(path: path, configuration: configuration)
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 services, checks, results") { database in
            try database.create(table: "service") { table in
                table.primaryKey("id", .text)
                table.column("registration", .text).notNull()
                table.column("isHandmade", .boolean).notNull()
                table.column("at", .integer).notNull().indexed()
            }
            try database.create(table: "check") { table in
                table.primaryKey("id", .text)
                table.column("node", .text).notNull()
                table.column("serviceID", .text).notNull()
                table.column("definition", .text).notNull()
                table.column("at", .integer).notNull()
            }
            try database.create(table: "check_result") { table in
                table.primaryKey("id", .text)
                table.column("status", .integer).notNull()
                table.column("output", .text).notNull()
                table.column("since", .integer).notNull()
                table.column("ranAt", .integer).notNull().indexed()
                table.column("flips", .integer).notNull()
            }
            try database.create(table: "maintenance") { table in
                table.primaryKey("id", .text)
                table.column("reason", .text).notNull()
                table.column("at", .integer).notNull()
            }
        }
        try migrator.migrate(queue)
    }

    /// Services made from containers: those that still run are made again as soon as their engine tells of them.
    func forgetMade() async throws {
        try await queue.write { database in try database.execute(sql: "DELETE FROM service WHERE NOT isHandmade") }
    }

    /// What was registered by hand, and what was last known of every check.
    func load() async throws -> Contents {
        try await queue.read { database in
            var contents = Contents()
            for row in try Row.fetchAll(database, sql: "SELECT registration FROM service WHERE isHandmade ORDER BY at DESC LIMIT ?", arguments: [Self.serviceLimit]) {
                // A row that this version cannot read is left alone.
                if let service: ServiceRegistration = Self.decoded(row["registration"]) { contents.services.append(service) }
            }
            for row in try Row.fetchAll(
                database, sql: #"SELECT node, serviceID, definition FROM "check" ORDER BY at DESC LIMIT ?"#, arguments: [Self.resultLimit])
            {
                guard let definition: CheckDefinition = Self.decoded(row["definition"]) else { continue }
                contents.checks.append(Holdings.AddedCheck(node: row["node"], serviceID: row["serviceID"], definition: definition))
            }
            for row in try Row.fetchAll(database, sql: "SELECT * FROM check_result ORDER BY ranAt DESC LIMIT ?", arguments: [Self.resultLimit]) {
                guard let status = Check.Status(rawValue: row["status"]) else { continue }
                contents.results[row["id"]] = CheckBoard.Memory(
                    status: status, output: row["output"], since: Timestamp(nanoseconds: row["since"]), ranAt: Timestamp(nanoseconds: row["ranAt"]),
                    flips: row["flips"])
            }
            for row in try Row.fetchAll(database, sql: "SELECT * FROM maintenance LIMIT ?", arguments: [Self.serviceLimit]) {
                contents.maintenance[row["id"]] = Holdings.Maintenance(reason: row["reason"], since: Timestamp(nanoseconds: row["at"]))
            }
            return contents
        }
    }

    func write(_ batch: Batch, at now: Timestamp) async throws {
        try await queue.write { database in
            let at = now.nanoseconds
            for id in batch.goneServices { try database.execute(sql: "DELETE FROM service WHERE id = ?", arguments: [id]) }
            for (id, entry) in batch.services {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO service VALUES (?, ?, ?, ?)",
                    arguments: [id, Self.encoded(entry.registration), entry.isHandmade, at])
            }
            for id in batch.goneChecks { try database.execute(sql: #"DELETE FROM "check" WHERE id = ?"#, arguments: [id]) }
            for (id, check) in batch.checks {
                try database.execute(
                    sql: #"INSERT OR REPLACE INTO "check" VALUES (?, ?, ?, ?, ?)"#,
                    arguments: [id, check.node, check.serviceID, Self.encoded(check.definition), at])
            }
            for (id, result) in batch.results {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO check_result VALUES (?, ?, ?, ?, ?, ?)",
                    arguments: [id, result.status.rawValue, result.output, result.since.nanoseconds, result.ranAt.nanoseconds, result.flips])
            }
            for (id, maintenance) in batch.maintenance {
                if let maintenance {
                    try database.execute(
                        sql: "INSERT OR REPLACE INTO maintenance VALUES (?, ?, ?)", arguments: [id, maintenance.reason, maintenance.since.nanoseconds])
                } else {
                    try database.execute(sql: "DELETE FROM maintenance WHERE id = ?", arguments: [id])
                }
            }
            try Self.trim(database)
        }
    }

    private static func trim(_ database: Database) throws {
        for (table, age, limit) in [("service", "at", serviceLimit), ("\"check\"", "at", resultLimit), ("check_result", "ranAt", resultLimit), ("maintenance", "at", serviceLimit)] {
            try database.execute(
                sql: "DELETE FROM \(table) WHERE id IN (SELECT id FROM \(table) ORDER BY \(age) DESC LIMIT -1 OFFSET ?)", arguments: [limit])
        }
    }

    /// How many services and results the file holds.
    func counts() async throws -> (services: Int, results: Int) {
        try await queue.read { database in
            (
                try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM service") ?? 0,
                try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM check_result") ?? 0
            )
        }
    }

    private static func encoded(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private static func decoded<Value: Decodable>(_ text: String) -> Value? {
        // nil is the answer: it cannot be read.
        try? JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }
}

/// The registry's file could not be made.
struct RegistryFileError: Error, Sendable, CustomStringConvertible {
    var path: String
    var reason: String
    var description: String { "could not open \(path): \(reason)" }
}
