public import Domain
internal import FoundationEssentials
internal import Glibc
internal import Synchronization

/// What the operator changed: one JSON object a line, appended, never rewritten, in a file of mode 0600.
public final class Journal: Sendable {
    /// One change that was asked for and confirmed, and how it ended.
    public struct Entry: Sendable, Hashable, Codable {
        public var at: String
        public var user: String
        public var source: String
        public var action: String
        public var target: String
        public var targetID: String
        public var commandLine: String
        public var calls: [String]
        /// `done` or `failed`.
        public var result: String
        public var message: String
        /// What the target was before, as the engine described it; environment values masked.
        public var previous: String?

        public init(plan: Plan, outcome: Outcome, at: Timestamp, user: String) {
            self.at = at.rfc3339
            self.user = user
            source = plan.operation.target.source.raw
            action = plan.operation.action.verb
            target = plan.operation.target.name
            targetID = plan.operation.target.raw
            commandLine = SecretMask.masked(plan.commandLine)
            calls = plan.calls.map { SecretMask.masked($0) }
            previous = plan.previous.map { SecretMask.masked($0) }
            switch outcome.result {
            case .success(let message):
                result = "done"
                self.message = message
            case .failure(let trouble):
                result = "failed"
                message = trouble.description
            }
        }
    }

    public let path: String
    private let lock = Mutex<Void>(())

    public init(path: String) { self.path = path }

    /// Written and flushed to the disk before it returns: an entry is never lost to a crash that follows.
    public func append(_ entry: Entry) throws(JournalError) {
        let line: [UInt8]
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            line = Array(try encoder.encode(entry)) + [10]
        } catch {
            throw JournalError(path: path, reason: "\(error)")
        }
        let failure: Int32 = lock.withLock { _ in
            let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { return errno }
            defer { close(descriptor) }
            var sent = 0
            while sent < line.count {
                let n = line[sent...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                if n < 0 {
                    if errno == EINTR { continue }
                    return errno
                }
                sent += n
            }
            return fsync(descriptor) == 0 ? 0 : errno
        }
        if failure != 0 { throw JournalError(path: path, reason: String(cString: strerror(failure))) }
    }

    /// The newest entries, newest first. Lines that are not entries (a torn write, a hand edit) are skipped.
    public func newest(_ count: Int) -> [Entry] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        let decoder = JSONDecoder()
        var entries: [Entry] = []
        for line in data.split(separator: 10).reversed() {
            // A torn line is not an entry: absence is the answer.
            if let entry = try? decoder.decode(Entry.self, from: Data(line)) { entries.append(entry) }
            if entries.count == count { break }
        }
        return entries
    }
}

/// The journal could not be written; the change it should have recorded has been made all the same.
public struct JournalError: Error, Sendable, CustomStringConvertible {
    public var path: String
    public var reason: String
    public var description: String { "could not write the journal \(path): \(reason)" }
}
