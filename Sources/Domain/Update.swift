/// One change of the picture, as a source tells it. Engines send these; the store folds them into snapshots.
public enum Update: Sendable {
    /// The source itself: how fresh it is, its title, its remarks.
    case source(Source)
    case host(Host)
    /// The whole list of a source: whatever it had before and is not in it has gone.
    case containers(Source.ID, [Container])
    /// One container new or changed.
    case container(Container)
    case containerGone(Container.ID)
    /// What an inspection told. Dropped when the container has gone meanwhile.
    case detail(Container.ID, Container.Detail)
    case networks(Source.ID, [Network])
    /// Readings by raw container id.
    case usage([String: Usage])
    case hostNetwork(HostNetwork)
    case nodes(Source.ID, [Node])
    case workloads(Source.ID, [Workload])
    case tasks(Source.ID, [WorkloadTask])
    /// The tasks of some workloads only; those of others stay.
    case tasksOf(Set<Workload.ID>, [WorkloadTask])
    case checks(Source.ID, [Check])
    /// Some checks of a source new or changed, and those that have gone; the others stay.
    case checkChanges(changed: [Check], gone: [Check.ID])
    case instances(Source.ID, [ServiceInstance])
    case members(Source.ID, [Member])
    case registry(Registry)
    case event(Event)
}
