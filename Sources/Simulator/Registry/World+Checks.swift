internal import Domain

/// Agents run their checks at their intervals, but only a run that may find something new is on the agenda: after a container, a fault
/// or an agent has changed.
extension World {
    /// The next run, which comes within the check's interval.
    mutating func wake(_ key: String) {
        guard let check = registry.checks[key], !check.dueRun else { return }
        switch check.kind {
        case .none, .serf, .maintenance, .ttl: return
        case .http, .tcp, .script, .docker, .grpc, .alias: break
        }
        registry.checks[key]?.dueRun = true
        let interval = max(1, min(check.interval.nanoseconds, 3_600_000_000_000))
        plan(.run(check: key, generation: check.generation), in: .nanoseconds(Int64(random.next() % UInt64(interval))))
    }

    mutating func wakeChecks(of container: String) {
        for instance in registry.instancesByContainer[container] ?? OrderedKeys() {
            for check in registry.checksByInstance[instance] ?? OrderedKeys() { wake(check) }
        }
    }

    mutating func run(check key: String, generation: Int) {
        guard let check = registry.checks[key], check.generation == generation else { return }
        registry.checks[key]?.dueRun = false
        guard let member = registry.members[check.node], member.host.map({ hosts[$0].map { $0.isUp && !$0.isAgentStopped } ?? false }) ?? true, hasRegistryLeader else { return }
        if check.status == .critical, check.deregisterAfter > .zero, now.nanoseconds - check.changed.nanoseconds >= check.deregisterAfter.nanoseconds,
            !check.serviceID.isEmpty
        {
            return removeInstance("\(check.node)/\(check.serviceID)")
        }
        if case .ttl = check.kind {
            if let expires = check.expires, expires <= now { setStatus(key, .critical, "TTL expired") }
            return
        }
        let (status, output) = finding(check, member)
        setStatus(key, status, output)
        // A program that is only just starting answers soon.
        if status == .critical, check.fault == nil, let container = container(of: check), container.state == .running, fault(of: container) == nil {
            wake(key)
        }
    }

    private func container(of check: SimCheck) -> SimContainer? {
        registry.instances["\(check.node)/\(check.serviceID)"]?.container.flatMap { containers[$0] }
    }

    /// What the check finds at this moment, in the agent's words.
    private func finding(_ check: SimCheck, _ member: SimMember) -> (SimCheck.Status, String) {
        if let fault = check.fault { return (.critical, fault) }
        switch check.kind {
        case .http(let url, let method): return http(url, method, check, member)
        case .tcp(let address):
            return switch reach(address, check, member) {
            case .answers: (.passing, "TCP connect \(address): Success")
            case .refuses: (.critical, "dial tcp \(address): connect: connection refused")
            case .silent: (.critical, "dial tcp \(address): i/o timeout")
            }
        case .grpc(let address):
            return switch reach(address, check, member) {
            case .answers(nil): (.passing, "gRPC check \(address): success")
            case .answers(let fault?): (.critical, "gRPC \(address) serving status: NOT_SERVING \(fault)")
            case .refuses, .silent: (.critical, "rpc error: code = DeadlineExceeded desc = context deadline exceeded")
            }
        case .script(let arguments) where container(of: check) == nil && arguments.first.map { $0.contains("/") && Shell.refusal(of: $0) != nil } == true:
            return (.critical, "fork/exec \(arguments[0]): no such file or directory")
        case .docker, .script:
            guard let container = container(of: check) else { return (.passing, "ok") }
            if !container.isRunning { return (.critical, "container \(container.id) is not running") }
            return fault(of: container).map { (.critical, $0) } ?? (.passing, "ok")
        case .alias(let node, let service):
            let all = registry.checks(on: node).filter { service.isEmpty ? $0.serviceID.isEmpty : $0.serviceID == service }
            if let bad = all.first(where: { $0.status == .critical }) ?? all.first(where: { $0.status == .warning }) {
                return (bad.status, "Aliased check \"\(bad.name)\" failing: \(bad.output)")
            }
            return (.passing, all.isEmpty ? "No checks found." : "All checks passing.")
        case .ttl, .serf, .maintenance, .none: return (check.status, check.output)
        }
    }

    private func http(_ url: String, _ method: String, _ check: SimCheck, _ member: SimMember) -> (SimCheck.Status, String) {
        let verb = method.isEmpty ? "GET" : method
        // Go writes the verb of its error in this way.
        let word = verb.prefix(1).uppercased() + verb.dropFirst().lowercased()
        var place = url.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first.map(String.init) ?? url
        if !place.contains(":") { place += url.hasPrefix("https") ? ":443" : ":80" }
        return switch reach(place, check, member) {
        case .answers(nil): (.passing, "HTTP \(verb) \(url): 200 OK Output: ok")
        case .answers(let fault?): (.critical, "HTTP \(verb) \(url): 503 Service Unavailable Output: \(fault)")
        case .refuses: (.critical, "\(word) \"\(url)\": dial tcp \(place): connect: connection refused")
        case .silent: (.critical, "\(word) \"\(url)\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)")
        }
    }

    private func reach(_ place: String, _ check: SimCheck, _ member: SimMember) -> Reach {
        let parts = place.split(separator: ":")
        let port = parts.count > 1 ? parts.last.flatMap { Int($0) } : nil
        let host = member.host ?? ""
        if let container = container(of: check) {
            if container.published.contains(where: { $0.hostPort == port }) {
                return knock(at: container, container.published.first { $0.hostPort == port }?.port.number, from: host)
            }
            if container.exposedPorts.contains(where: { $0.number == port }) { return knock(at: container, port, from: host) }
        }
        return reach(parts.first.map(String.init) ?? "", port: port, from: nil, on: host)
    }

    mutating func flap(check key: String, generation: Int) {
        guard let check = registry.checks[key], let period = check.flapping, generation == check.generation else { return }
        let isFailing = check.fault != nil
        registry.checks[key]?.fault = isFailing ? nil : "timeout after 3s: upstream did not answer"
        if let member = registry.members[check.node], let changed = registry.checks[key] {
            let (status, output) = finding(changed, member)
            setStatus(key, status, output)
        }
        plan(.flap(check: key, generation: generation), in: period)
    }
}
