internal import Commands
internal import Domain
internal import Panes

/// A trace on the screen: where it began, what was found out for it, and what is still being asked.
struct Tracing: Sendable {
    let start: Trace.Place
    var page: TracePage
    var evidence = Evidence()
    private var asked: Set<Evidence.Question> = []
    private var basis: Snapshot.Revisions

    init(_ start: Trace.Place, in snapshot: Snapshot) {
        self.start = start
        page = TracePage(Trace.of(start, in: snapshot, evidence: evidence))
        basis = snapshot.revisions
    }

    /// Works the chain out anew if anything it rests on has changed.
    mutating func follow(_ snapshot: Snapshot) {
        var now = snapshot.revisions
        // Readings and events say nothing that a link stands on.
        now.usage = basis.usage
        now.events = basis.events
        guard now != basis else { return }
        basis = now
        page.replace(Trace.of(start, in: snapshot, evidence: evidence))
    }

    mutating func learn(_ question: Evidence.Question, _ answer: Evidence.Answer, in snapshot: Snapshot) {
        evidence[question] = answer
        page.replace(Trace.of(start, in: snapshot, evidence: evidence))
    }

    /// What the chain wants to know and nobody has been asked yet.
    mutating func freshQuestions() -> [Evidence.Question] { page.trace.questions.filter { asked.insert($0).inserted } }
}

/// Where Esc comes back to after Enter on a link of a trace.
struct Return: Sendable {
    var layers: [Layer]
    var focus: PaneID
    var subject: Subject
}
