internal import Domain
internal import Engine

/// Where an engine stands: in no swarm, in one as a worker, or as a manager, which alone knows the swarm.
enum SwarmPlace: Sendable, Hashable {
    case manager
    case outside
    case worker
    /// Its keys are locked since it was started.
    case locked
    /// It is joining, or its managing part is not up yet.
    case pending
    /// It was in a swarm and cannot take part in it any more.
    case broken
    /// It knows no swarm mode: Podman, and engines before 1.12.
    case unfit
    /// Whoever stands between here and the engine does not let this be asked.
    case hidden

    /// What a refusal of any swarm request tells (moby, daemon/cluster, `errNoManager`); nil for one that is about
    /// something else.
    init?(refusal words: String, status: Int) {
        if words.contains("needs to be unlocked") {
            self = .locked
        } else if words.contains("certificates have expired") {
            self = .broken
        } else if words.contains("not a swarm manager"), words.contains("Worker nodes") {
            self = .worker
        } else if words.contains("not a swarm manager") && words.contains("being prepared") || words.contains("swarm/control.sock") {
            // The second is what an engine says that is just being demoted: its managing part has closed its socket.
            self = .pending
        } else if words.contains("not a swarm manager") || words.contains("not part of a swarm") {
            self = .outside
        } else {
            switch status {
            case 404, 405, 501: self = .unfit
            case 401, 403: self = .hidden
            default: return nil
            }
        }
    }

    /// Nothing is wrong with it, there is only no swarm to be seen from here.
    var isQuiet: Bool {
        switch self {
        case .outside, .worker, .unfit, .hidden: true
        case .manager, .locked, .pending, .broken: false
        }
    }
}

/// The same with the names that a person needs to act on it.
struct SwarmStanding: Sendable, Hashable {
    var place: SwarmPlace
    /// The engine's own name; its address where it tells none.
    var engine: String
    /// Its id among the nodes of the swarm.
    var node = ""
    /// Hosts of the managers, without the port, which is not that of their API.
    var managers: [String] = []
    /// What the engine itself says is wrong.
    var error = ""

    init(place: SwarmPlace, engine: String) {
        self.place = place
        self.engine = engine
    }

    init(_ info: SwarmInfo, isPodman: Bool, address: String) {
        let name = info.name ?? ""
        engine = name.isEmpty ? address : PlainText.printable(name)
        node = info.swarm?.nodeID ?? ""
        managers = Self.hosts(info.swarm?.managers ?? [])
        error = PlainText.printable(SwarmTrouble.plain(info.swarm?.error ?? ""))
        place =
            switch info.swarm?.localState ?? "" {
            case "active": info.swarm?.isManager == true ? .manager : .worker
            case "locked": .locked
            case "pending": .pending
            case "error": .broken
            default: isPodman ? .unfit : .outside
            }
    }

    /// What a person reads where the swarm would be.
    var words: String {
        switch place {
        case .manager: ""
        case .outside: "the engine \(engine) is part of no swarm: docker swarm init makes it the manager of a new one"
        case .worker:
            "the engine \(engine) is a worker of a swarm: it knows only its own tasks, which are the containers under 2. Point Binnacle at a manager"
                + (managers.isEmpty ? "" : ": \(managers.joined(separator: ", ")) (where its API listens; port 2377 is not it)")
        case .locked: "the swarm's keys on \(engine) are locked since it was started"
        case .pending: "the engine \(engine) is joining a swarm, or its managing part is not up yet"
        case .broken: "the engine \(engine) cannot take part in its swarm" + (error.isEmpty ? "" : ": \(error)")
        case .unfit: "the engine \(engine) has no swarm mode"
        case .hidden: "whether the engine \(engine) is in a swarm may not be asked: something between here and it forbids the request"
        }
    }

    func trouble(attempt: String) -> Trouble {
        let remedy: String? =
            switch place {
            case .locked: "docker swarm unlock, on that machine"
            case .broken: "docker swarm leave, then join again"
            case .manager, .outside, .worker, .pending, .unfit, .hidden: nil
            }
        return Trouble(.unreachable, attempt: attempt, answer: words, remedy: remedy)
    }

    private static func hosts(_ managers: [SwarmInfo.Membership.Manager]) -> [String] {
        var hosts: [String] = []
        for manager in managers {
            let host = Self.host(manager.address ?? "")
            if !host.isEmpty, !hosts.contains(host) { hosts.append(host) }
        }
        // The engine tells them in another order each time.
        return hosts.sorted()
    }

    /// `198.51.100.1:2377` and `[2001:db8::1]:2377` without the port.
    static func host(_ address: String) -> String {
        let address = PlainText.printable(address)
        if address.first == "[" { return String(address.dropFirst().prefix { $0 != "]" }) }
        return address.split(separator: ":").count > 2 ? address : String(address.prefix { $0 != ":" })
    }
}
