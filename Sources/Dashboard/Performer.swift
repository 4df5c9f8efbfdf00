public import Domain
internal import Drawing
internal import Engine
internal import Glibc
internal import Panes
internal import Store
internal import Synchronization

/// Reads a stack's file: its name, its path.
public typealias StackFile = @Sendable (String, String) throws(Trouble) -> StackSpecification

/// Does what `update` asked for: each effect is a task that answers by a message under its token.
///
/// All tasks are held, so that a page that is closed ends its task and the end of the program ends them all.
final class Performer: Sendable {
    private let engines: [Source.ID: any Engine]
    private let mailbox: Mailbox
    private let store: SnapshotStore
    private let journal: Journal
    private let user: String
    private let stackFile: StackFile
    private let inquire: Inquiry
    private let now: @Sendable () -> Timestamp
    private let running = Mutex<[Token: [_Concurrency.Task<Void, Never>]]>([:])
    /// One change after another: the order of the journal is the order of the deeds.
    private let lastToken = Mutex<UInt64>(UInt64.max)

    init(engines: [any Engine], mailbox: Mailbox, store: SnapshotStore, journal: Journal, user: String, stackFile: @escaping StackFile, inquire: @escaping Inquiry, now: @escaping @Sendable () -> Timestamp) {
        self.stackFile = stackFile
        self.inquire = inquire
        self.engines = Dictionary(engines.map { ($0.source.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.mailbox = mailbox
        self.store = store
        self.journal = journal
        self.user = user
        self.now = now
    }

    /// Effects that need neither terminal nor theme; the loop does those itself.
    func perform(_ effect: Effect) {
        switch effect {
        case .fetch(let token, let page): start(token) { await $0.fetch(token, page) }
        case .follow(let token, let origins, let request):
            for origin in origins { start(token) { await $0.follow(token, origin, request) } }
        case .ask(let token, let questions):
            for question in questions { start(token) { await $0.ask(token, question) } }
        case .specify(let token, let target): start(token) { await $0.specify(token, target) }
        case .readStack(let token, let target, let name, let path): start(token) { $0.readStack(token, target, name: name, path: path) }
        case .plan(let token, let operations):
            // Another number was typed: nobody waits for the plan of the one before.
            cancel(token)
            start(token) { await $0.plan(token, operations) }
        // A change that was confirmed is not cancelled by closing its page.
        case .perform(let token, let plans): start(freshToken()) { await $0.perform(token, plans) }
        case .cancel(let token): cancel(token)
        case .save(let name, let text): start(freshToken()) { $0.save(name, text) }
        case .refresh:
            for engine in engines.values { start(freshToken()) { _ in await engine.refresh() } }
        case .shell, .copy, .theme, .play, .speed, .redraw, .suspend, .quit: break
        }
    }

    func cancelAll() {
        let tasks = running.withLock { running in
            defer { running = [:] }
            return running.values.flatMap { $0 }
        }
        for task in tasks { task.cancel() }
    }

    func shell(in container: Container, command: [String], size: TerminalSize) async throws(Trouble) -> any ShellSession {
        try await containerEngine(container.id.source, attempt: "open a shell in \(container.name)").shell(in: container.id, command: command, size: size)
    }

    private func freshToken() -> Token {
        Token(
            number: lastToken.withLock { number in
                number -= 1
                return number
            })
    }

    private func start(_ token: Token, _ body: @escaping @Sendable (Performer) async -> Void) {
        let task = _Concurrency.Task { [self] in await body(self) }
        running.withLock { running in
            // Ended tasks of closed pages are let go of here, not by a timer.
            running[token, default: []].append(task)
        }
    }

    private func cancel(_ token: Token) {
        let tasks = running.withLock { $0.removeValue(forKey: token) } ?? []
        for task in tasks { task.cancel() }
    }

    private func containerEngine(_ source: Source.ID, attempt: String) throws(Trouble) -> any ContainerEngine {
        guard let engine = engines[source] as? any ContainerEngine else { throw Trouble(.unsupported, attempt: attempt, answer: "\(source) holds no containers") }
        return engine
    }

    private func fetch(_ token: Token, _ page: Effect.Page) async {
        let content: TextPage.Content
        do throws(Trouble) {
            switch page {
            case .raw(let target):
                guard let engine = engines[target.source] as? any RawEngine else {
                    throw Trouble(.unsupported, attempt: "show \(target.name)", answer: "\(target.source) has no JSON of its own")
                }
                let text = try await engine.rawJSON(of: target)
                content = .lines(SecretMask.masked(text).split(separator: "\n", omittingEmptySubsequences: false).map { (LogText.clean(String($0)), .text) })
            case .processes(let container):
                let table = try await containerEngine(container.source, attempt: "list processes").processes(of: container)
                content = .lines(table.lines)
            case .journal:
                let entries = journal.newest(500)
                content = .lines(entries.isEmpty ? [("You have changed nothing yet. Every change you confirm is written to \(journal.path).", .muted)] : entries.flatMap(\.lines))
            }
        } catch {
            if error.reason == .cancelled { return }
            content = .failed(error)
        }
        mailbox.post(.page(token, content))
    }

    private func readable(_ source: Source.ID, attempt: String) throws(Trouble) -> any ReadableEngine {
        guard let engine = engines[source] as? any ReadableEngine else { throw Trouble(.unsupported, attempt: attempt, answer: "\(source) has nothing to read") }
        return engine
    }

    private func follow(_ token: Token, _ origin: LogOrigin, _ request: LogRequest) async {
        let mailbox = mailbox
        do throws(Trouble) {
            try await readable(origin.source, attempt: "read logs").logs(of: origin, request) { lines in mailbox.post(.logs(token, lines)) }
            mailbox.post(.logsEnded(token, origin, nil))
        } catch {
            if error.reason != .cancelled { mailbox.post(.logsEnded(token, origin, error)) }
        }
    }

    private func ask(_ token: Token, _ question: Evidence.Question) async {
        let answer: Evidence.Answer
        do throws(Trouble) {
            switch question {
            case .connect, .addresses, .services: answer = await inquire(question)
            case .detail(let container): answer = .detail(try await containerEngine(container.source, attempt: "inspect \(container.short)").detail(of: container))
            case .lastLines(let origin): answer = .lines(try await lastLines(of: origin))
            }
        } catch {
            if error.reason == .cancelled { return }
            mailbox.post(.evidence(token, question, .failed(error)))
            return
        }
        if !_Concurrency.Task.isCancelled { mailbox.post(.evidence(token, question, answer)) }
    }

    /// A handful of lines from the end; a service's come from every node and are cut to the newest.
    private func lastLines(of origin: LogOrigin) async throws(Trouble) -> [LogLine] {
        let gathered = Mutex<[LogLine]>([])
        try await readable(origin.source, attempt: "read the last lines").logs(of: origin, LogRequest(tail: 20, follows: false)) { lines in
            gathered.withLock { $0 = Array(($0 + lines).suffix(200)) }
        }
        return Array(gathered.withLock { $0 }.sorted { ($0.at?.nanoseconds ?? 0) < ($1.at?.nanoseconds ?? 0) }.suffix(20))
    }

    private func specify(_ token: Token, _ target: Operation.Target) async {
        let attempt = "read what \(target.name) is now"
        do throws(Trouble) {
            guard case .workload(let id, _) = target, let engine = engines[target.source] as? any PlacementEngine else {
                throw Trouble(.unsupported, attempt: attempt, answer: "\(target.source) places nothing")
            }
            mailbox.post(.specified(token, target, .success(try await engine.specification(of: id))))
        } catch {
            if error.reason != .cancelled { mailbox.post(.specified(token, target, .failure(error))) }
        }
    }

    private func readStack(_ token: Token, _ target: Operation.Target, name: String, path: String) {
        do throws(Trouble) { mailbox.post(.stackRead(token, target, .success(try stackFile(name, path)))) } catch {
            mailbox.post(.stackRead(token, target, .failure(error)))
        }
    }

    private func plan(_ token: Token, _ operations: [Operation]) async {
        var plans: [Plan] = []
        do throws(Trouble) {
            for operation in operations {
                guard let engine = engines[operation.target.source] as? any OperatingEngine else {
                    throw Trouble(.unsupported, attempt: "\(operation.action.verb) \(operation.target.name)", answer: "\(operation.target.source) cannot be changed")
                }
                plans.append(try await engine.plan(operation))
            }
        } catch {
            if error.reason != .cancelled { mailbox.post(.planned(token, .failure(error))) }
            return
        }
        mailbox.post(.planned(token, .success(plans)))
    }

    private func perform(_ token: Token, _ plans: [Plan]) async {
        for plan in plans {
            let operation = plan.operation
            let result: Result<String, Trouble>
            if let engine = engines[operation.target.source] as? any OperatingEngine {
                do throws(Trouble) { result = .success(try await engine.perform(plan)) } catch { result = .failure(error) }
            } else {
                result = .failure(Trouble(.unsupported, attempt: operation.action.verb, answer: "the engine cannot be changed"))
            }
            let outcome = Outcome(operation: operation, result: result)
            record(plan, outcome)
            mailbox.post(.performed(token, plan, outcome))
        }
    }

    /// The journal first, then the timeline.
    private func record(_ plan: Plan, _ outcome: Outcome) {
        let at = now()
        do throws(JournalError) { try journal.append(Journal.Entry(plan: plan, outcome: outcome, at: at, user: user)) } catch {
            mailbox.post(.notice(Notice(error.description, .failure)))
        }
        let target = plan.operation.target
        let (detail, severity): (String, Event.Severity) =
            switch outcome.result {
            case .success(let message): (message, .notice)
            case .failure(let trouble): (trouble.description, .failure)
            }
        store.receive(
            .event(
                Event(
                    id: "own/\(at.nanoseconds)/\(target.raw)/\(plan.operation.action.verb)", at: at, origin: .operation, source: target.source, kind: target.kind,
                    action: plan.operation.action.verb, subject: target.name, subjectID: target.raw, detail: detail, severity: severity)))
    }

    private func save(_ name: String, _ text: String) {
        switch SavedText.write(text, named: name) {
        case .success(let path): mailbox.post(.notice(Notice("Saved to \(path)")))
        case .failure(let error): mailbox.post(.notice(Notice(error.description, .failure)))
        }
    }
}
