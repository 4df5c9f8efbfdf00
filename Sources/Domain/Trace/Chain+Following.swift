/// From each entity of a chain to those that stand behind it and before it.
extension Chain {
    // Following, towards the container.

    mutating func follow(_ instance: ServiceInstance, _ joint: Trace.Joint?) {
        let health = RollUp(snapshot, joins: joins).health(of: instance)
        self.instance = Joined(health, joint)
        addChecks(of: health)
        followMember(named: instance.node, in: instance.id.source)
        let joining = joins.container(of: instance)
        if let found = joining.found, found.joint.certainty != .guess {
            return follow(found)
        }
        let placement = joins.placement(of: instance)
        if let placement, placement.joint.certainty != .guess || joining.found == nil {
            follow(placement.workload, task: placement.task, placement.joint)
        } else if let found = joining.found {
            return follow(found)
        }
        // Where a task was found, that one says why it has no container.
        guard container == nil, missing[.container] == nil else { return }
        switch joining {
        case .gone(let why), .unknown(let why): missing[.container] = why
        case .found: break
        }
    }

    mutating func follow(_ found: Joins.ContainerJoint) {
        container = Joined(found.container, found.joint)
        way = found.way
        followPlacement(of: found.container)
    }

    mutating func followPlacement(of container: Container) {
        guard let placement = joins.placement(of: container) else { return }
        workload = Joined(placement.workload, placement.joint)
        if let found = placement.task { follow(found, placement.joint) }
    }

    mutating func followPlacement(named names: [String]) {
        guard workload == nil else { return }
        for name in names {
            if let placement = joins.placement(named: name) { return follow(placement.workload, task: nil, placement.joint) }
        }
    }

    mutating func follow(_ workload: Workload, task: WorkloadTask?, _ joint: Trace.Joint?) {
        self.workload = Joined(workload, joint)
        guard let task = task ?? joins.worstTask(of: workload) else { return }
        follow(task, Trace.Joint("by the workload's id in the task", .certain))
    }

    mutating func follow(_ task: WorkloadTask, _ joint: Trace.Joint?) {
        self.task = Joined(task, joint)
        if let id = task.node {
            if let found = joins.node(id) { node = Joined(found, Trace.Joint("by the node's id in the task", .certain)) }
        }
        guard container == nil else { return }
        if let found = joins.container(of: task) {
            container = Joined(found, Trace.Joint("by the container's id in the task", .certain))
        } else if let raw = task.containers.first {
            let place = node.map { " on \($0.entity.name)" } ?? ""
            missing[.container] = "its container \(raw.prefix(12)) runs\(place), and no watched engine has it; engines watched: \(joins.watchedEngines)"
        } else {
            missing[.container] = "the task has no container yet"
        }
    }

    // Following, towards the checks.

    /// The instances and checks that look at what was found.
    mutating func followBack() {
        guard instance == nil else { return }
        let found = container.map { joins.instances(of: $0.entity) } ?? workload.map { joins.instances(of: $0.entity) } ?? []
        let rollUp = RollUp(snapshot, joins: joins)
        let healths = found.map { (rollUp.health(of: $0.instance), $0.joint) }
        if let worst = healths.max(by: { $0.0.status < $1.0.status }) {
            instance = Joined(worst.0, worst.1)
            otherInstances = healths.count - 1
            addChecks(of: worst.0)
            followMember(named: worst.0.instance.node, in: worst.0.instance.id.source)
        }
        if let container {
            for check in snapshot.checks where check.container == container.entity.id && !checks.contains(where: { $0.entity.id == check.id }) {
                checks.append(Joined(check, Trace.Joint("by the container's id in the check", .certain)))
            }
        }
    }

    private mutating func addChecks(of health: InstanceHealth) {
        let known = Set(checks.map(\.entity.id))
        for check in health.checks where !known.contains(check.id) {
            let words =
                check.container != nil ? "by the container's id in the check" : check.serviceID.isEmpty ? "by the node's name in the check" : "by node and service id in the check"
            checks.append(Joined(check, Trace.Joint(words, .certain)))
        }
    }

    mutating func follow(_ member: Member, _ joint: Trace.Joint?) {
        self.member = Joined(member, joint)
        let known = Set(checks.map(\.entity.id))
        for check in snapshot.checks where check.id.source == member.id.source && check.node == member.name && check.serviceID.isEmpty && !known.contains(check.id) {
            checks.append(Joined(check, Trace.Joint("by the node's name in the check", .certain)))
        }
        if node == nil, let found = snapshot.nodes.first(where: { $0.name.lowercased() == member.name.lowercased() }) {
            node = Joined(found, Trace.Joint("by the node's name", .likely))
        }
    }

    mutating func followMember(named name: String, in source: Source.ID? = nil) {
        if let source {
            member = joins.members[Joins.NodeKey(source: source, node: name)].map { Joined($0, Trace.Joint("by the node's name in the registry", .certain)) }
        } else if let found = snapshot.members.first(where: { $0.name.lowercased() == name.lowercased() }) {
            follow(found, Trace.Joint("by the node's name", .likely))
        }
    }
}
