public import Domain

extension World {
    /// No answer is longer.
    public static let logLimit = 10_000

    /// Oldest first; times after `since`, up to and with `until`, and of those the last `tail`. Never more than `logLimit`.
    public func logs(of container: SimContainer, since: Timestamp? = nil, until: Timestamp? = nil, tail: Int = .max) -> [SimLogLine] {
        let limit = max(0, min(tail, World.logLimit))
        let until = min(until ?? now, now)
        let since = since ?? Timestamp(nanoseconds: .min)
        var lines = container.journal.spoken.filter { $0.time > since && $0.time <= until }
        for run in container.journal.runs.reversed() {
            guard lines.count < limit * 2 else { break }
            lines += steadyLines(of: container, run, since, until, limit)
        }
        let places = lines.indices.sorted { (lines[$0].time, $0) < (lines[$1].time, $1) }
        return places.suffix(limit).map { lines[$0] }
    }

    /// The lines that a program writes day in, day out: the number of the line gives its time and its text.
    private func steadyLines(of container: SimContainer, _ run: SimJournal.Run, _ since: Timestamp, _ until: Timestamp, _ limit: Int) -> [SimLogLine] {
        let period = max(1_000_000, container.program.logEvery.nanoseconds)
        let base = run.start.nanoseconds + container.program.readyAfter.nanoseconds
        let end = min(until, run.end ?? until)
        // A plain program says what it was told to say.
        guard limit > 0, end.nanoseconds > base, container.program.role != .plain else { return [] }
        let last = (end.nanoseconds - base) / period
        // Each line comes within its own period, so none before the one that `since` lies in can be meant.
        let first = max(since.nanoseconds > base ? (since.nanoseconds - base) / period : 0, last - Int64(limit))
        let print = Randomness.fingerprint(container.id) &+ run.number &+ seed
        return (first...max(first, last)).compactMap { number in
            let chance = Randomness.mixed(print &+ UInt64(bitPattern: number) &* 0x9E37_79B9)
            let time = Timestamp(nanoseconds: base + number * period + Int64(chance % 900) * period / 1000)
            guard time > since, time <= end else { return nil }
            let fault = container.health.phases.last { $0.from <= time }?.fault ?? container.program.fault
            return LogTexts.line(container.program.role, at: time, chance: Randomness.mixed(chance), fault: fault)
        }
    }
}

/// What programs say.
enum LogTexts {
    private static let paths = ["/", "/cart", "/search?q=lamp", "/item/4711", "/item/93", "/checkout", "/static/app.js", "/api/stock", "/login", "/orders"]
    private static let words = ["lamp", "tea", "boots", "bicycle bell", "compass", "rope", "kettle", "map of the coast"]

    static func banner(_ role: SimProgram.Role) -> [String] {
        switch role {
        case .edge: ["nginx: configuration file /etc/nginx/nginx.conf test is successful", "start worker processes"]
        case .web: ["shop web starting", "listening on :8080"]
        case .cart: ["cart: connected to cache:6379", "listening on :8081"]
        case .pay: ["pay: loading keys", "pay: listening on :8443"]
        case .database: ["LOG:  listening on IPv4 address \"0.0.0.0\", port 5432", "LOG:  database system is ready to accept connections"]
        case .cache: ["# Server initialized", "* Ready to accept connections"]
        case .worker: ["worker: waiting for jobs on cache:6379"]
        case .search: ["search: opening index /data/index", "search: 48211 documents", "listening on :9200"]
        case .registrator: ["Starting registrator v7 ...", "Listening for Docker events ...", "Syncing services on 9 containers"]
        case .agent: ["==> Consul agent running!", "[INFO]  agent: Synced node info"]
        case .batch: ["backup: starting"]
        case .plain: []
        }
    }

    static func line(_ role: SimProgram.Role, at time: Timestamp, chance: UInt64, fault: String?) -> SimLogLine {
        if let fault, chance % 3 != 0 { return SimLogLine(time: time, isError: true, text: "error: " + fault) }
        let path = paths[Int(chance % UInt64(paths.count))]
        let word = words[Int(chance >> 8 & 7)]
        let number = Int(chance >> 16 & 0x1fff)
        let took = Int(chance >> 32 & 0x7f) + 2
        let code = chance >> 40 & 63 == 0 ? 404 : 200
        let text = switch role {
        case .edge: "10.0.0.\(number % 250 + 2) - - \"GET \(path) HTTP/1.1\" \(code) \(number * 7)"
        case .web: "level=info msg=\"request\" path=\(path) status=\(code) took=\(took)ms"
        case .cart: "cart \(number): added “\(word)”, \(number % 5 + 1) items"
        case .pay: "payment \(number) authorised in \(took * 3) ms"
        case .database: "LOG:  checkpoint complete: wrote \(number) buffers (\(took % 20).\(number % 10)%)"
        case .cache: "* \(number % 900 + 100) changes in 60 seconds. Saving..."
        case .worker: "job \(number): resized picture of “\(word)” in \(took * 4) ms"
        case .search: "query “\(word)” hits=\(number % 300) took=\(took)ms"
        case .registrator: "pinged backend"
        case .agent: "[INFO]  agent: Synced check: check=service:\(number)"
        case .batch: "copied block \(number)"
        case .plain: "tick"
        }
        return SimLogLine(time: time, isError: code == 404, text: text)
    }
}
