internal import Commands
public import Curses
public import Domain
public import Drawing
public import Engine
internal import Glibc
internal import Panes
internal import Store
internal import Synchronization

/// The one synchronous loop: waits for keys, answers and news, updates the state, draws, presents. It owns the
/// terminal and the state; everything else happens in the engines' tasks and reaches it through the mailbox.
public struct Loop {
    /// Data is drawn at most so often in the long run; keys are drawn at once.
    static let frameInterval = Duration.milliseconds(50)
    /// Drawing takes no more than this part of the time: what is costly to work out is drawn less often.
    static let share = 14
    /// After a quiet while so many frames may follow each other at once: the first list, an event and its consequences.
    static let burst = 8

    public struct Parts {
        public var engines: [any Engine]
        public var attention: Attention
        public var journalPath: String
        public var historyPath: String
        public var user: String
        public var stackFile: StackFile
        public var inquire: Inquiry
        public var palette: (String) -> Result<Palette, ThemeFailure>
        public init(engines: [any Engine], attention: Attention, journalPath: String, historyPath: String, user: String, stackFile: @escaping StackFile, inquire: @escaping Inquiry, palette: @escaping (String) -> Result<Palette, ThemeFailure>) {
            self.engines = engines
            self.attention = attention
            self.journalPath = journalPath
            self.historyPath = historyPath
            self.user = user
            self.stackFile = stackFile
            self.inquire = inquire
            self.palette = palette
        }
    }

    /// Why a theme could not be used, and the palette that can be used of it all the same.
    public struct ThemeFailure: Error {
        public var message: String
        public var usable: Palette?
        public init(message: String, usable: Palette?) {
            self.message = message
            self.usable = usable
        }
    }

    private let mailbox: Mailbox
    private let store: SnapshotStore
    private let history: HistoryKeeper
    private let parts: Parts
    private let performer: Performer
    private let watching: _Concurrency.Task<Void, Never>

    public static func wallClock() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Starts the engines at once: their first answers are on the way before the terminal is opened.
    public init(parts: Parts) {
        self.parts = parts
        let mailbox = Mailbox()
        self.mailbox = mailbox
        let history = HistoryKeeper(path: parts.historyPath) { mailbox.post(.notice(Notice($0, .warning))) }
        self.history = history
        let store = SnapshotStore(
            now: Loop.wallClock, onChange: { mailbox.announce() }, record: { history.record($0) }, recordTransition: { history.record($0) },
            recordGone: { history.recordGone($0, at: $1) })
        self.store = store
        for engine in parts.engines { store.receive(.source(engine.source)) }
        performer = Performer(
            engines: parts.engines, mailbox: mailbox, store: store, journal: Journal(path: parts.journalPath), user: parts.user, stackFile: parts.stackFile, inquire: parts.inquire, now: Loop.wallClock)
        let fleet = Fleet(parts.engines)
        let attention = parts.attention
        watching = _Concurrency.Task { await fleet.watch(into: { store.receive($0) }, attention: attention) }
    }

    /// Runs until the person leaves or the terminal goes away.
    /// - Returns: the signal that ended it, if one did.
    public func run(options: Dashboard.Options, terminalOptions: TerminalOptions, palette: Palette) throws(TerminalError) -> Int32? {
        var terminal: Terminal
        do throws(TerminalError) { terminal = try Terminal(options: terminalOptions, palette: palette) } catch {
            stop()
            throw error
        }
        var options = options
        options.hasUnicode = terminal.hasUnicode
        var dashboard = Dashboard(options: options, snapshot: store.snapshot(), size: terminal.size)
        var canvas = Canvas(size: terminal.size, hasUnicode: terminal.hasUnicode)
        present(&dashboard, &canvas, &terminal)
        let store = store
        history.open(events: { store.restore($0) }, checks: { store.restore($0) }, watched: { store.watchSpans() })
        let clock = ContinuousClock()
        var nextFrame = clock.now - Self.frameInterval * Self.burst
        var nextTick = clock.now + Self.untilNextSecond()
        var isDirty = false
        var hasFacts = false
        while true {
            let due = isDirty ? min(nextTick, nextFrame) : nextTick
            let wake = terminal.poll(wakeup: mailbox.wakeup, timeout: max(.zero, due - clock.now))
            if wake.contains(.hangup) || wake.contains(.quit) { break }
            var isUrgent = false
            var effects: [Effect] = []
            if wake.contains(.suspend) { terminal.suspend() }
            if wake.contains(.resized) {
                effects += dashboard.update(.resized(terminal.resized()))
                isUrgent = true
            }
            if wake.contains(.input) {
                for input in terminal.readInput() {
                    effects += dashboard.update(.input(input))
                    isUrgent = true
                }
            }
            let (messages, hasNews) = mailbox.drain()
            for message in messages { effects += dashboard.update(message) }
            if !messages.isEmpty { isDirty = true }
            if hasNews { (hasFacts, isDirty) = (true, true) }
            // Taken for a frame only: as long as somebody holds a snapshot, the store's next change copies what it changes.
            if hasFacts, clock.now >= nextFrame {
                effects += dashboard.update(.snapshot(store.snapshot()))
                hasFacts = false
            }
            if clock.now >= nextTick {
                effects += dashboard.update(.tick(Loop.wallClock()))
                nextTick = clock.now + Self.untilNextSecond()
                isDirty = true
            }
            var shallQuit = false
            for effect in effects { if perform(effect, &dashboard, &terminal) { shallQuit = true } }
            if shallQuit { break }
            if isUrgent || (isDirty && clock.now >= nextFrame) {
                let start = clock.now
                present(&dashboard, &canvas, &terminal)
                let cost = clock.now - start
                nextFrame = max(nextFrame, clock.now - Self.frameInterval * Self.burst) + Self.frameInterval
                // A key is answered at once whatever it costs; news wait the longer the more of them there are.
                nextFrame = max(nextFrame, clock.now + min(cost * Self.share - Self.frameInterval, .seconds(1)))
                isDirty = hasFacts
            }
        }
        let signal = Signals.quit
        terminal.close()
        stop()
        return signal
    }

    private func stop() {
        performer.cancelAll()
        watching.cancel()
        history.close()
    }

    private func present(_ dashboard: inout Dashboard, _ canvas: inout Canvas, _ terminal: inout Terminal) {
        dashboard.draw(into: &canvas)
        terminal.present(canvas)
        let seen = dashboard.attention
        parts.attention.set(Attention.Focus(visible: Set(seen.visible), wantsAll: seen.wantsAllUsage, wantsLinks: seen.wantsLinks, wantsPlacement: seen.wantsPlacement))
    }

    /// Clocks and ages change with the second, so that is when they are drawn.
    private static func untilNextSecond() -> Duration {
        let rest = 1_000_000_000 - wallClock().nanoseconds % 1_000_000_000
        return .nanoseconds(rest)
    }

    /// - Returns: true to leave.
    private func perform(_ effect: Effect, _ dashboard: inout Dashboard, _ terminal: inout Terminal) -> Bool {
        switch effect {
        case .quit: return true
        case .redraw: terminal.redraw()
        case .suspend: terminal.suspend()
        case .copy(let text):
            if !terminal.copy(text) { _ = dashboard.update(.notice(Notice("That is too long for the terminal's clipboard; save it to a file instead", .warning))) }
        case .theme(let name):
            switch parts.palette(name) {
            case .success(let palette):
                terminal.apply(palette)
                _ = dashboard.update(.themed(name))
            case .failure(let failure):
                if let usable = failure.usable {
                    terminal.apply(usable)
                    _ = dashboard.update(.themed(name))
                }
                _ = dashboard.update(.notice(Notice(failure.message, .warning)))
            }
        case .shell(let container, let command):
            let performer = performer
            let notice = terminal.lend { input, output in
                ShellRelay(input: input, output: output).run(in: container) { size async throws(Trouble) in
                    try await performer.shell(in: container, command: command, size: size)
                }
            }
            _ = dashboard.update(.notice(notice))
        case .play(let name):
            do throws(Trouble) {
                try dashboard.options.practice?.play(name)
                _ = dashboard.update(.played(name))
            } catch { _ = dashboard.update(.notice(Notice(error.description, .failure))) }
        case .speed(let speed):
            dashboard.options.practice?.setSpeed(speed)
            _ = dashboard.update(.notice(Notice("The practice cluster's clock runs \(speed == 0 ? "not at all" : Dashboard.words(speed))")))
        case .fetch, .follow, .plan, .specify, .readStack, .ask, .perform, .cancel, .save, .refresh: performer.perform(effect)
        }
        return false
    }
}
