internal import Domain

/// An update or a rollback under way.
struct RolloutCourse: Sendable {
    struct Flight: Sendable {
        var place: String
        var task: String
        /// Of start-first: it goes when the new one runs.
        var old: String?
        /// The new one runs, or is over; the next place waits for the delay.
        var landed: Timestamp?
    }

    let isRollback: Bool
    let policy: SimRollout
    /// How many places were to be changed.
    let total: Int
    var flights: [Flight] = []
    /// When each new task ran first; nil until then.
    var watched: [String: Timestamp?] = [:]
    var failures = 0
    var lastLanding: Timestamp
}

extension World {
    /// Starts one if any task is not what the specification says; else what was under way is over.
    mutating func beginRollout(_ id: String, isRollback: Bool, message: String? = nil) {
        guard let service = swarm.services[id] else { return }
        let dirty = places(of: service).filter { $0.task.template != service.spec.task }
        guard !dirty.isEmpty else {
            swarm.services[id]?.rollout = nil
            if isRollback { setUpdateStatus(of: id, .rollbackCompleted, "rollback completed") }
            return
        }
        swarm.services[id]?.rollout = RolloutCourse(
            isRollback: isRollback, policy: (isRollback ? service.spec.rollback : service.spec.update).bounded, total: dirty.count, lastLanding: now)
        setUpdateStatus(of: id, isRollback ? .rollbackStarted : .updating, message ?? (isRollback ? "rollback in progress" : "update in progress"))
        requestTending(id)
    }

    /// The newest wanted task of each place.
    private func places(of service: SimService) -> [(place: String, task: SimTask)] {
        var found = Roster<String, SimTask>()
        for id in service.tasks {
            if let task = swarm.tasks[id], task.isWanted { found[task.place] = task }
        }
        return found.map { ($0.key, $0.value) }
    }

    mutating func setUpdateStatus(of id: String, _ state: SimService.UpdateStatus.State, _ message: String) {
        guard let service = swarm.services[id] else { return }
        let isOver = [.completed, .rollbackCompleted].contains(state)
        let isNew = [.updating, .rollbackStarted].contains(state)
        swarm.services[id]?.updateStatus = SimService.UpdateStatus(
            state: state, startedAt: isNew ? now : service.updateStatus?.startedAt ?? now, completedAt: isOver ? now : nil, message: message)
        touch(id)
        tellService(id, .update, ["updatestate.old": service.updateStatus?.state.rawValue ?? "", "updatestate.new": state.rawValue].filter { !$0.value.isEmpty })
    }

    mutating func touch(_ service: String) {
        let version = swarmChanged()
        swarm.services[service]?.version = version
        swarm.services[service]?.updated = now
    }

    mutating func tellService(_ id: String, _ action: Happening.SwarmEvent.Action, _ changes: [String: String] = [:]) {
        guard let service = swarm.services[id] else { return }
        tell(.service(Happening.SwarmEvent(action: action, id: id, name: service.spec.name, changes: changes)))
    }

    mutating func stepRollout(_ id: String) {
        guard let service = swarm.services[id], var course = service.rollout else { return }
        land(&course)
        let busy = Set(course.flights.map(\.place))
        let dirty = places(of: service).filter { $0.task.template != service.spec.task && !busy.contains($0.place) }
        let width = course.policy.parallelism > 0 ? course.policy.parallelism : Int.max
        for (place, task) in dirty.prefix(max(0, width - course.flights.count)) { course.flights.append(replace(task, place, service, &course)) }
        swarm.services[id]?.rollout = course
        if dirty.isEmpty, course.flights.isEmpty {
            // Everything runs; the last ones are watched for a while yet.
            let end = course.lastLanding.adding(course.policy.monitor)
            if now >= end {
                swarm.services[id]?.rollout = nil
                setUpdateStatus(of: id, course.isRollback ? .rollbackCompleted : .completed, course.isRollback ? "rollback completed" : "update completed")
            } else {
                requestTending(id, in: .nanoseconds(end.nanoseconds - now.nanoseconds))
            }
        } else if let next = course.flights.compactMap(\.landed).min() {
            requestTending(id, in: .nanoseconds(max(1, next.adding(course.policy.delay).nanoseconds - now.nanoseconds)))
        }
    }

    /// Sees which new tasks run by now, and which places are done with.
    private mutating func land(_ course: inout RolloutCourse) {
        for index in course.flights.indices where course.flights[index].landed == nil {
            let flight = course.flights[index]
            let state = swarm.tasks[flight.task]?.state ?? .shutdown
            guard state >= .running else { continue }
            course.flights[index].landed = now
            course.lastLanding = now
            if state == .running {
                course.watched[flight.task] = .some(now)
                if let old = flight.old { shutDown(old) }
            }
        }
        let delay = course.policy.delay
        course.flights.removeAll { flight in flight.landed.map { $0.adding(delay) <= now } ?? false }
    }

    private mutating func replace(_ task: SimTask, _ place: String, _ service: SimService, _ course: inout RolloutCourse) -> RolloutCourse.Flight {
        let node = task.slot == 0 ? task.node : nil
        let isStartFirst = course.policy.order == .startFirst
        if !isStartFirst { shutDown(task.id) }
        let new = newTask(of: service, slot: task.slot, node: node, desired: isStartFirst ? .running : .ready, after: isStartFirst ? nil : task.id)
        course.watched[new] = .some(nil)
        return RolloutCourse.Flight(place: place, task: new, old: isStartFirst ? task.id : nil)
    }

    /// A task has ended of itself; if it is one of the new ones and soon after its start, the rollout has to answer for it.
    mutating func noteRolloutFailure(_ id: String) {
        guard let task = swarm.tasks[id], let service = swarm.services[task.service], var course = service.rollout,
            let started = course.watched[id], task.state != .complete
        else { return }
        if let started, now.nanoseconds - started.nanoseconds > course.policy.monitor.nanoseconds { return }
        course.watched[id] = nil
        course.failures += 1
        swarm.services[service.id]?.rollout = course
        guard Double(course.failures) / Double(max(1, course.total)) > course.policy.maximumFailureRatio else { return }
        let reason = "due to failure or early termination of task \(id)"
        switch (course.policy.failureAction, course.isRollback) {
        case (.continue, _): return
        case (.rollback, false) where service.previousSpec != nil:
            guard let previous = service.previousSpec else { return }
            swarm.services[service.id]?.spec = previous
            swarm.services[service.id]?.previousSpec = nil
            swarm.services[service.id]?.settled = []
            beginRollout(service.id, isRollback: true, message: "update rolled back \(reason)")
        case (.rollback, _), (.pause, _):
            swarm.services[service.id]?.rollout = nil
            setUpdateStatus(of: service.id, course.isRollback ? .rollbackPaused : .paused, "\(course.isRollback ? "rollback" : "update") paused \(reason)")
        }
    }
}

extension SimRollout {
    /// With times that can be reckoned with.
    fileprivate var bounded: SimRollout {
        var bounded = self
        bounded.delay = max(.zero, min(delay, .seconds(86_400 * 365)))
        bounded.monitor = max(.zero, min(monitor, .seconds(86_400 * 365)))
        return bounded
    }
}
