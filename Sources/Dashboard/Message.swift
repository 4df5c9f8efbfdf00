internal import Domain
internal import Drawing
internal import Panes

/// Ties an answer to the question it belongs to: an answer for a page that was closed meanwhile is dropped.
struct Token: Sendable, Hashable {
    let number: UInt64
}

/// A line for the person, at the bottom of the screen until the next key.
struct Notice: Sendable, Hashable {
    enum Kind: Sendable, Hashable { case info, warning, failure }
    var text: String
    var kind: Kind
    init(_ text: String, _ kind: Kind = .info) {
        self.text = text
        self.kind = kind
    }
}

/// Everything that can happen to the dashboard.
enum Message: Sendable {
    case input(Input)
    case snapshot(Snapshot)
    case resized(Size)
    case tick(Timestamp)
    case page(Token, TextPage.Content)
    case logs(Token, [LogLine])
    case logsEnded(Token, LogOrigin, Trouble?)
    case planned(Token, Result<[Plan], Trouble>)
    /// What a workload is now, for the form that was opened to change it.
    case specified(Token, Operation.Target, Result<ServiceSpecification, Trouble>)
    /// A stack's file was read, or why it cannot be.
    case stackRead(Token, Operation.Target, Result<StackSpecification, Trouble>)
    case evidence(Token, Evidence.Question, Evidence.Answer)
    case performed(Token, Plan, Outcome)
    case notice(Notice)
    case themed(String)
    case played(String)
}

/// Everything that the dashboard wants done outside itself. `update` only says so; the performer does it.
enum Effect: Sendable {
    enum Page: Sendable {
        case raw(Operation.Target)
        case processes(Container.ID)
        case journal
    }
    case fetch(Token, Page)
    case follow(Token, [LogOrigin], LogRequest)
    case plan(Token, [Operation])
    /// Asks what a workload is now.
    case specify(Token, Operation.Target)
    /// Reads a stack's file.
    case readStack(Token, Operation.Target, name: String, path: String)
    /// Finds out what a trace or a description wants to know beyond the snapshot.
    case ask(Token, [Evidence.Question])
    case perform(Token, [Plan])
    /// What was asked for under this token is not wanted any more.
    case cancel(Token)
    case shell(Container, command: [String])
    case save(name: String, text: String)
    case copy(String)
    case theme(String)
    /// In the practice cluster: a scenario by its name, how fast the clock runs.
    case play(String)
    case speed(Double)
    case refresh, redraw, suspend, quit
}
