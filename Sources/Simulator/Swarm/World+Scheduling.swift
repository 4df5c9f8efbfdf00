internal import Domain

extension World {
    mutating func requestScheduling() {
        guard !swarm.isSchedulingDue, !swarm.unplaced.isEmpty else { return }
        swarm.isSchedulingDue = true
        plan(.schedule, in: .milliseconds(60))
    }

    /// Places what waits for a node, task by task of one make, as they came.
    mutating func schedule() {
        swarm.isSchedulingDue = false
        guard swarm.hasLeader else { return }
        var groups: [(scheduler: SimScheduler, tasks: [String])] = []
        var places: [String: Int] = [:]
        for id in swarm.unplaced {
            guard let task = swarm.tasks[id] else { continue }
            if task.node != nil {
                seat(id)
            } else if let place = places[task.service], groups[place].scheduler.template == task.template {
                groups[place].tasks.append(id)
            } else {
                places[task.service] = groups.count
                groups.append((SimScheduler(service: task.service, template: task.template, hostPorts: task.hostPorts), [id]))
            }
        }
        for group in groups { place(group.tasks, group.scheduler) }
    }

    /// A task of a global service was made for its node: either it fits there, or it waits.
    private mutating func seat(_ id: String) {
        guard let task = swarm.tasks[id], let node = task.node.flatMap({ swarm.nodes[$0] }) else { return }
        let scheduler = SimScheduler(service: task.service, template: task.template, hostPorts: task.hostPorts)
        if let refusal = scheduler.refusal(of: node) { return complain(id, SimScheduler.fragments([refusal: 1])) }
        assign(id, to: node.id)
    }

    private mutating func place(_ tasks: [String], _ scheduler: SimScheduler) {
        var counts: [SimScheduler.Filter: Int] = [:]
        var passing: [SimNode] = []
        for (_, node) in swarm.nodes {
            if let refusal = scheduler.refusal(of: node) { counts[refusal, default: 0] += 1 } else { passing.append(node) }
        }
        let recently = now.adding(.seconds(-300))
        let failures = swarm.services[scheduler.service]?.failures ?? [:]
        let ailing = Set(failures.filter { $0.value.count { $0 >= recently } >= 5 }.keys)
        var spread = SimSpread(passing, over: scheduler.template.spreadOver, service: scheduler.service, ailing: ailing)
        for id in tasks {
            guard let node = spread.take() else {
                complain(id, SimScheduler.explanation(counts))
                continue
            }
            assign(id, to: node)
            if let left = swarm.nodes[node], let refusal = scheduler.refusal(of: left) {
                counts[refusal, default: 0] += 1
                spread.drop(node)
            }
        }
    }

    private mutating func complain(_ id: String, _ reason: String) {
        guard let task = swarm.tasks[id], task.error != reason else { return }
        swarm.tasks[id]?.error = reason
        swarm.tasks[id]?.timestamp = now
        let version = swarmChanged()
        swarm.tasks[id]?.version = version
        swarm.tasks[id]?.updated = now
    }

    private mutating func assign(_ id: String, to node: String) {
        swarm.unplaced.remove(id)
        swarm.tasks[id]?.node = node
        swarm.nodes[node]?.tasks.insert(id)
        book(id)
        setState(of: id, to: .assigned, "scheduler assigned task to node")
        planStep(of: id, in: random.milliseconds(15...60))
    }

    // The books.

    mutating func book(_ id: String) {
        guard let task = swarm.tasks[id], let node = task.node, !task.isBooked else { return }
        swarm.tasks[id]?.isBooked = true
        swarm.tasks[id]?.isCounted = true
        swarm.nodes[node]?.load.reserved.nanoCPUs += task.template.reservations.nanoCPUs
        swarm.nodes[node]?.load.reserved.memory += task.template.reservations.memory
        swarm.nodes[node]?.load.tasks += 1
        swarm.nodes[node]?.load.tasksByService[task.service, default: 0] += 1
        for port in task.hostPorts where port.published > 0 { swarm.nodes[node]?.load.hostPorts.insert("\(port.published)/\(port.transport)") }
    }

    /// It is not wanted any more: it counts no longer where tasks are spread.
    mutating func uncount(_ id: String) {
        guard let task = swarm.tasks[id], let node = task.node, task.isCounted else { return }
        swarm.tasks[id]?.isCounted = false
        swarm.nodes[node]?.load.tasks -= 1
        let left = (swarm.nodes[node]?.load.tasksByService[task.service] ?? 1) - 1
        swarm.nodes[node]?.load.tasksByService[task.service] = left > 0 ? left : nil
    }

    /// It is over: what it reserved is free.
    mutating func unbook(_ id: String) {
        uncount(id)
        guard let task = swarm.tasks[id], let node = task.node, task.isBooked else { return }
        swarm.tasks[id]?.isBooked = false
        swarm.nodes[node]?.load.reserved.nanoCPUs -= task.template.reservations.nanoCPUs
        swarm.nodes[node]?.load.reserved.memory -= task.template.reservations.memory
        for port in task.hostPorts where port.published > 0 { swarm.nodes[node]?.load.hostPorts.remove("\(port.published)/\(port.transport)") }
        requestScheduling()
    }
}
