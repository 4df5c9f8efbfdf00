import Domain
import Simulator

/// A base cluster to try things on, and the few questions that every test asks.
struct Cluster {
    var world: World
    static let start = Timestamp(seconds: 1_795_500_000)

    init(seed: UInt64 = 7) { world = World(seed: seed, start: Cluster.start) }

    @discardableResult
    mutating func wait(_ seconds: Int64) -> [Happening] { world.advance(by: .seconds(seconds)) }

    /// The message of the refusal; empty when it was carried out.
    mutating func refusal(_ order: Order) -> OrderRefusal? {
        do throws(OrderRefusal) {
            try world.order(order)
            return nil
        } catch { return error }
    }

    func service(_ name: String) throws -> SimService { try world.service(name) }

    mutating func change(_ name: String, _ change: (inout SimServiceSpec) -> Void) throws {
        let service = try service(name)
        var spec = service.spec
        change(&spec)
        try world.order(.updateService(name, version: service.version, spec))
    }

    func tasks(_ service: String) throws -> [SimTask] { world.tasks(of: try self.service(service).id) }
    func running(_ service: String) throws -> [SimTask] { try tasks(service).filter { $0.state == .running && $0.isWanted } }
    func waiting(_ service: String) throws -> [SimTask] { try tasks(service).filter { $0.state == .pending && $0.isWanted } }

    func host(of task: SimTask) -> String { task.node.flatMap { world.hosts[$0]?.name } ?? "" }

    /// The container of the place, the newest one.
    func container(_ place: String) -> SimContainer? { world.containers.values.last { $0.name == place || $0.name.hasPrefix(place + ".") } }

    mutating func run(_ image: String = "busybox:1.32", _ command: [String] = ["httpd"], name: String, adapting: (inout SimContainerSpec) -> Void = { _ in }) throws {
        var spec = SimContainerSpec(image: image)
        spec.command = command
        adapting(&spec)
        try world.order(.createContainer(spec, name: name, host: "h1"))
        try world.order(.startContainer(name, host: "h1"))
    }
}

extension Happening {
    /// `die 137`, `connect`, `create` … of a container; nil of anything else.
    func action(of container: String) -> String? {
        switch event {
        case .container(let event) where event.id == container:
            switch event.action {
            case .die(let code): "die \(code)"
            case .kill(let signal): "kill \(signal)"
            case .health(let status): "health \(status)"
            case .rename(let name): "rename from \(name)"
            case .execCreate: "exec_create"
            case .execStart: "exec_start"
            case .execDie(_, let code): "exec_die \(code)"
            case let other: "\(other)"
            }
        case .network(let event) where event.container == container: event.action.rawValue
        case _: nil
        }
    }
}
