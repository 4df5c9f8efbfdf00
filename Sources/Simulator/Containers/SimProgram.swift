/// What runs in a container, and how: its appetite, its talk, its end.
struct SimProgram: Sendable, Hashable {
    enum Role: Sendable, Hashable { case edge, web, cart, pay, database, cache, worker, search, registrator, agent, batch, plain }

    struct End: Sendable, Hashable {
        var after: Duration
        var code: Int
        var lastWords: [String]
    }

    var role: Role
    /// Cores, on average.
    var cores: Double
    /// Bytes.
    var memory: Double
    /// Bytes a second.
    var traffic: Double
    var disk: Double
    var processes: Int
    var logEvery: Duration
    /// From the start until it answers.
    var readyAfter: Duration = .milliseconds(600)
    /// How it answers SIGTERM.
    var stopCode = 0
    var stopTakes: Duration = .milliseconds(400)
    /// It ends by itself.
    var end: End?
    /// It never answers its health check, and says this.
    var fault: String?

    static func of(_ role: Role) -> SimProgram {
        switch role {
        case .edge: SimProgram(role: role, cores: 0.06, memory: 38e6, traffic: 420e3, disk: 2e3, processes: 5, logEvery: .milliseconds(900))
        case .web: SimProgram(role: role, cores: 0.18, memory: 142e6, traffic: 160e3, disk: 4e3, processes: 11, logEvery: .milliseconds(1400), readyAfter: .seconds(2))
        case .cart: SimProgram(role: role, cores: 0.07, memory: 96e6, traffic: 60e3, disk: 1e3, processes: 9, logEvery: .milliseconds(2600), readyAfter: .seconds(1))
        case .pay: SimProgram(role: role, cores: 0.05, memory: 188e6, traffic: 30e3, disk: 1e3, processes: 24, logEvery: .milliseconds(4200), readyAfter: .seconds(3), stopCode: 143)
        case .database: SimProgram(role: role, cores: 0.22, memory: 310e6, traffic: 190e3, disk: 240e3, processes: 14, logEvery: .seconds(21), readyAfter: .seconds(2), stopTakes: .milliseconds(900))
        case .cache: SimProgram(role: role, cores: 0.03, memory: 64e6, traffic: 210e3, disk: 6e3, processes: 4, logEvery: .seconds(48))
        case .worker: SimProgram(role: role, cores: 0.31, memory: 120e6, traffic: 45e3, disk: 20e3, processes: 6, logEvery: .milliseconds(1900), stopCode: 143)
        case .search: SimProgram(role: role, cores: 0.14, memory: 420e6, traffic: 70e3, disk: 60e3, processes: 31, logEvery: .seconds(6), readyAfter: .seconds(4), stopCode: 143)
        case .registrator: SimProgram(role: role, cores: 0.004, memory: 14e6, traffic: 900, disk: 0, processes: 8, logEvery: .seconds(600), stopCode: 2)
        case .agent: SimProgram(role: role, cores: 0.015, memory: 52e6, traffic: 9e3, disk: 1e3, processes: 12, logEvery: .seconds(55), stopCode: 1)
        case .batch: SimProgram(role: role, cores: 0.4, memory: 60e6, traffic: 5e3, disk: 900e3, processes: 2, logEvery: .seconds(3), stopCode: 143)
        case .plain: SimProgram(role: role, cores: 0.002, memory: 4e6, traffic: 300, disk: 0, processes: 1, logEvery: .seconds(3600), readyAfter: .zero, stopCode: 137, stopTakes: .seconds(10))
        }
    }

    /// Whether what it does is read from its arguments.
    var isScripted: Bool { role == .plain && end == nil }

    /// What the arguments of a plain image make of it: `sleep 30` needs no script to be run.
    func running(_ arguments: [String]) -> SimProgram {
        guard role == .plain, arguments.count == 2, arguments[0] == "sleep" || arguments[0] == "/bin/sleep", let seconds = Int64(arguments[1]), seconds >= 0 else { return self }
        var program = self
        program.end = End(after: .seconds(min(seconds, 1_000_000_000)), code: 0, lastWords: [])
        return program
    }
}
