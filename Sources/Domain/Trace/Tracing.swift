/// Puts a chain into words: what each link is like, what is wrong with it, and which of the faults the others follow from.
struct Tracing {
    /// What kinds of fault follow from which: of two, the later one is the cause. A container that was killed explains a refused
    /// connection, never the other way round.
    enum Depth: Int, Comparable {
        case staleRegistry, staleEngine, checkCannotRun, silentPort, unhealthy, wrongEndpoint, leftNetwork, deadAgent, container, placement, onPurpose
        static func < (a: Depth, b: Depth) -> Bool { a.rawValue < b.rawValue }
    }

    struct Fault {
        var depth: Depth
        /// The verdict, without a full stop.
        var sentence: String
        /// Somebody meant it: then nothing is broken.
        var isOnPurpose = false

        /// It explains a red check by itself, whatever else there is.
        var isCertain: Bool { depth == .checkCannotRun || depth == .deadAgent || depth == .onPurpose }
    }

    struct Piece {
        var link: Trace.Link
        var fault: Fault?
    }

    let start: Trace.Place
    let snapshot: Snapshot
    let joins: Joins
    let evidence: Evidence
    let chain: Chain
    private(set) var pieces: [Piece] = []
    private(set) var questions: [Evidence.Question] = []

    /// Every answer costs a request, and a page has only so much room for them.
    static let questionLimit = 12

    init(_ start: Trace.Place, _ snapshot: Snapshot, _ evidence: Evidence) {
        self.start = start
        self.snapshot = snapshot
        self.evidence = evidence
        joins = Joins(snapshot)
        var chain = Chain(start, joins)
        // What was asked just now is newer than what the picture has.
        if let id = chain.container?.entity.id, case .detail(let detail) = evidence[.detail(id)] { chain.container?.entity.detail = detail }
        self.chain = chain
        addChecks()
        addInstance()
        addMember()
        addSources()
        addPlacement()
        addContainer()
        addNetworks()
        addPath()
    }

    var now: Timestamp { snapshot.takenAt }

    mutating func add(_ link: Trace.Link, _ fault: Fault? = nil) { pieces.append(Piece(link: link, fault: fault)) }

    /// The answer, or nil while it is still to be asked.
    mutating func ask(_ question: Evidence.Question) -> Evidence.Answer? {
        if let answer = evidence[question] { return answer }
        if !questions.contains(question), questions.count < Self.questionLimit { questions.append(question) }
        return nil
    }

    // The outcome.

    var trace: Trace {
        var links = pieces.map(\.link)
        let faults = pieces.indices.compactMap { index in pieces[index].fault.map { (index: index, fault: $0) } }
        let firstGuess = links.firstIndex { $0.joint?.certainty == .guess } ?? links.endIndex
        let isSettled = faults.contains { $0.index < firstGuess && $0.fault.isCertain }
        // Behind a guess stands perhaps something else altogether: it does not outrank what is certain before it.
        func weight(_ entry: (index: Int, fault: Fault)) -> (Int, Depth, Int) {
            // The very check that was asked about is red for its own sake while it cannot run: no path to anywhere explains it better.
            let isOwn = entry.fault.depth == .checkCannotRun && links[entry.index].place == start
            // Of equals the one further down the chain: what stands behind explains what stands before.
            return (isSettled && entry.index >= firstGuess ? 0 : 1, isOwn ? .leftNetwork : entry.fault.depth, isOwn ? links.count : entry.index)
        }
        let cause = faults.max { weight($0) < weight($1) }
        for (index, _) in faults { links[index].state = .doubtful }
        guard let cause else {
            return Trace(start: start, title: chain.title, links: links, cause: nil, verdict: allInOrder(links), questions: questions)
        }
        if !cause.fault.isOnPurpose { links[cause.index].state = .broken }
        var verdict = cause.fault.sentence
        if cause.fault.depth == .onPurpose, let other = faults.filter({ $0.fault.depth != .onPurpose }).max(by: { $0.fault.depth < $1.fault.depth }) {
            verdict += "; besides, " + other.fault.sentence
        }
        return Trace(start: start, title: chain.title, links: links, cause: cause.index, verdict: verdict + doubt(links, upTo: cause.index), questions: questions)
    }

    /// A chain is as sure as the weakest joint on the way to the cause.
    private func doubt(_ links: [Trace.Link], upTo cause: Int) -> String {
        guard let guess = links[...cause].first(where: { $0.joint?.certainty == .guess }) else { return "" }
        return " (if it is the right \(guess.kind.rawValue): it was found \(guess.joint?.words ?? ""))"
    }

    private func allInOrder(_ links: [Trace.Link]) -> String {
        let isAsking = !questions.isEmpty
        let missing = links.first { $0.state == .missing }
        let looked = links.contains { $0.state != .missing }
        guard looked else { return missing?.facts.first?.text ?? "there is nothing to look at" }
        var verdict = isAsking ? "so far everything that could be looked at is in order" : "everything that could be looked at is in order"
        if let missing, let why = missing.facts.first?.text { verdict += ", but \(why)" }
        if let check = chain.checks.first(where: { $0.entity.status > .passing })?.entity ?? (chain.checks.count == 1 ? chain.checks[0].entity : nil) {
            if check.status == .passing { return verdict }
            let output = Words.lastLine(check.output)
            verdict += output.map { "; the check \(check.name) says: \($0)" } ?? "; the check \(check.name) is \(check.status.word) and says nothing"
        }
        return verdict
    }
}
