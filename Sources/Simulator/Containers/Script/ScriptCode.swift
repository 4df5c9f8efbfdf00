/// A script of the practice shell, made ready to be run step by step: what a container's program is doing can be kept between two moments.
struct ScriptCode: Sendable, Hashable {
    enum Step: Sendable, Hashable {
        case run(Pipeline)
        case jump(Int)
        /// A loop's way back to its beginning.
        case again(Int)
        case jumpOnFailure(Int)
        case jumpOnSuccess(Int)
        case invert
        case succeed
        /// A loop over words begins.
        case list(variable: String, words: [String])
        /// The next of its words, or the way out.
        case next(Int)
        case endOfList
    }

    /// Commands of which each reads what the one before wrote.
    struct Pipeline: Sendable, Hashable {
        var commands: [Command]
        var isBackground = false
    }

    struct Command: Sendable, Hashable {
        /// As they were written: quotes and dollars are seen to when it is run.
        var words: [String] = []
        var assignments: [(name: String, value: String)] = []
        var redirections: [Redirection] = []
        /// `( … )`, or a compound command in a pipe, in place of words.
        var inner: ScriptCode?

        static func == (a: Command, b: Command) -> Bool {
            a.words == b.words && a.redirections == b.redirections && a.inner == b.inner && a.assignments.elementsEqual(b.assignments, by: ==)
        }

        func hash(into hasher: inout Hasher) { hasher.combine(words) }
    }

    struct Redirection: Sendable, Hashable {
        enum Way: Sendable, Hashable { case read, write, append, same }

        var stream: Int
        var way: Way
        /// A file, or the number of a stream.
        var target: String
    }

    var steps: [Step] = []
}

/// What the shell says of a script that it cannot read.
struct ScriptError: Error {
    let words: String
}
