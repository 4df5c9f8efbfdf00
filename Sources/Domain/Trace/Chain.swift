/// What stands behind what, around one place: the entities of a trace before anything is said about them.
struct Chain {
    struct Joined<Entity> {
        var entity: Entity
        /// nil for what the trace began with.
        var joint: Trace.Joint?
        init(_ entity: Entity, _ joint: Trace.Joint?) {
            self.entity = entity
            self.joint = joint
        }
    }

    var title = ""
    /// The one that it began with, else those that count, worst first.
    var checks: [Joined<Check>] = []
    var instance: Joined<InstanceHealth>?
    /// How many more instances there are of the service, where the trace follows one.
    var otherInstances = 0
    var member: Joined<Member>?
    var workload: Joined<Workload>?
    var task: Joined<WorkloadTask>?
    var node: Joined<Node>?
    var container: Joined<Container>?
    /// How the container was found; nil where the trace did not come to it from an instance.
    var way: Joins.ContainerJoint.Way?
    /// Where the trace began with it.
    var network: Joined<Network>?
    /// Why there is nothing where one would look for it.
    var missing: [Trace.Link.Kind: String] = [:]

    let joins: Joins
    let snapshot: Snapshot

    /// From where a trace begins to both ends of what can be found.
    init(_ start: Trace.Place, _ joins: Joins) {
        self.joins = joins
        snapshot = joins.snapshot
        begin(start)
    }

    private mutating func begin(_ start: Trace.Place) {
        switch start {
        case .check(let id): begin(check: id)
        case .instance(let id):
            guard let found = snapshot.instance(id) else { return gone("service instance \(id.raw)", .instance) }
            title = "service instance \(found.serviceID)"
            follow(found, nil)
        case .service(let source, let name): begin(service: name, in: source)
        case .member(let id):
            guard let found = snapshot.member(id) else { return gone("node \(id.raw)", .node) }
            title = "node \(found.name)"
            follow(found, nil)
        case .workload(let id):
            guard let found = joins.workload(id) else { return gone("service \(id.short)", .workload) }
            title = "service \(found.name)"
            follow(found, task: nil, nil)
            followBack()
        case .task(let id):
            guard let found = snapshot.task(id) else { return gone("task \(id.short)", .task) }
            title = "task \(found.name)"
            if let workload = found.workload.flatMap(joins.workload) { self.workload = Joined(workload, Trace.Joint("by the workload's id in the task", .certain)) }
            follow(found, nil)
            followBack()
        case .node(let id):
            guard let found = joins.node(id) else { return gone("node \(id.short)", .node) }
            title = "node \(found.name)"
            node = Joined(found, nil)
            followMember(named: found.name)
        case .container(let id):
            guard let found = joins.container(id) else { return gone("container \(id.short)", .container) }
            title = "container \(found.name)"
            container = Joined(found, nil)
            followPlacement(of: found)
            followBack()
        case .network(let id):
            guard let found = snapshot.network(id) else { return gone("network \(id.short)", .network) }
            title = "network \(found.name)"
            network = Joined(found, nil)
        }
    }

    private mutating func gone(_ what: String, _ kind: Trace.Link.Kind) {
        title = what
        missing[kind] = "\(what) is not there any more"
    }

    // Beginnings.

    private mutating func begin(check id: Check.ID) {
        guard let check = snapshot.check(id) else { return gone("check \(id.raw)", .check) }
        title = "check \(check.name)"
        checks = [Joined(check, nil)]
        if let id = check.container, let found = joins.container(id) {
            container = Joined(found, Trace.Joint("by the container's id in the check", .certain))
            followPlacement(of: found)
            followBack()
            return
        }
        if !check.serviceID.isEmpty {
            if let found = snapshot.instance(ServiceInstance.id(id.source, node: check.node, serviceID: check.serviceID)) {
                follow(found, Trace.Joint("by node and service id in the check", .certain))
            } else {
                missing[.instance] = "no instance \(check.serviceID) is registered on node \(check.node) any more"
                followPlacement(named: [check.service, check.serviceID, check.name])
            }
            return
        }
        if !check.service.isEmpty { return begin(service: check.service, in: id.source, keepingTitle: true) }
        if let found = joins.members[Joins.NodeKey(source: id.source, node: check.node)] {
            follow(found, Trace.Joint("by the node's name in the check", .certain))
        }
        // A node's own check may be about a workload all the same, and only its name tells.
        if check.kind != "serf", check.counted != .maintenance { followPlacement(named: [check.name]) }
    }

    private mutating func begin(service name: String, in source: Source.ID, keepingTitle: Bool = false) {
        if !keepingTitle { title = "service \(name)" }
        if let service = snapshot.serviceHealth(source, name: name), let worst = service.instances.first {
            otherInstances = service.instances.count - 1
            follow(worst.instance, keepingTitle ? Trace.Joint("by the service's name in the check", .likely) : nil)
        } else {
            missing[.instance] = "the registry has no instance of \(name)"
            followPlacement(named: [name])
        }
    }
}
