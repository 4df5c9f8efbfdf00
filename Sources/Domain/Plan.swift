/// What an operation would do, worked out by the engine before anything is changed.
public struct Plan: Sendable, Hashable {
    /// One thing that changes: its name, how it is, how it will be.
    public struct Change: Sendable, Hashable {
        public var subject: String
        public var before: String
        public var after: String
        public init(subject: String, before: String, after: String) {
            self.subject = subject
            self.before = before
            self.after = after
        }
    }

    public var operation: Operation
    public var changes: [Change]
    /// What is worth knowing and no reason to hesitate: where new tasks would land.
    public var notes: [String]
    /// What the operator should weigh: "published port 8080 stops answering".
    public var warnings: [String]
    /// Why it cannot be done at all; a plan with one offers no Apply.
    public var obstacle: String?
    /// Why nothing would happen, which is no failure: it is so already. Such a plan offers no Apply either.
    public var idle: String?
    /// The exact calls, in order: `POST /v1.41/containers/web/stop?t=10`.
    public var calls: [String]
    /// The same by the system's own command line: `docker stop -t 10 web`.
    public var commandLine: String
    /// How the state before could be had back: "start it again"; nil where it could not.
    public var wayBack: String?
    /// What the target was before, for the journal: the engine's own JSON.
    public var previous: String?
    /// What it was, as the engine itself needs it to perform the plan: kept in memory, never shown or written anywhere.
    public var base: String?
    /// What takes the change back, where something does.
    public var undo: Operation?
    /// The revision that the plan was made from: an engine that holds another one when the plan is performed looks again.
    public var revision: UInt64?

    public init(
        operation: Operation, changes: [Change] = [], notes: [String] = [], warnings: [String] = [], obstacle: String? = nil, idle: String? = nil,
        calls: [String] = [], commandLine: String = "", wayBack: String? = nil, previous: String? = nil, base: String? = nil, undo: Operation? = nil,
        revision: UInt64? = nil
    ) {
        self.operation = operation
        self.changes = changes
        self.notes = notes
        self.warnings = warnings
        self.obstacle = obstacle
        self.idle = idle
        self.calls = calls
        self.commandLine = commandLine
        self.wayBack = wayBack
        self.previous = previous
        self.base = base
        self.undo = undo
        self.revision = revision
    }
}

/// How an operation ended, in words: "stopped web in 1.2 s", "reclaimed 12 MB".
public struct Outcome: Sendable, Hashable {
    public var operation: Operation
    public var result: Result<String, Trouble>
    public init(operation: Operation, result: Result<String, Trouble>) {
        self.operation = operation
        self.result = result
    }
}
