internal import Domain
internal import Engine
internal import Testing
internal import Transport
@testable internal import DockerEngine

/// Every operation on networks, planned and performed on each engine that the environment names.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: LabEngine.isThere, "BINNACLE_TEST_ENGINE names no engine"))
struct NetworkContractTests {
    @Test(arguments: LabEngine.all) func aNetworksLife(_ lab: LabEngine) async throws {
        let engine = WatchedEngine(lab.address).engine
        let source = engine.source.id
        let name = LabEngine.name("net")
        let subnet = "10.\(Int.random(in: 180...250)).\(Int.random(in: 0...250)).0/24"
        let gateway = subnet.replacing(".0/24", with: ".1")
        let specification = NetworkSpecification(name: name, subnet: subnet, gateway: gateway, isInternal: true)
        let creation = Operation(.createNetwork(specification), on: .source(source, name: "test"))
        let plan = try await engine.plan(creation)
        #expect(plan.obstacle == nil && plan.changes == [Plan.Change(subject: "network \(name)", before: "not there", after: "bridge, \(subnet), internal")])
        let created = try await engine.perform(Plan(operation: creation))
        #expect(created == "created network \(name)")
        let twice = try await engine.plan(creation)
        #expect(twice.obstacle == "a network called \(name) is there already")

        let wire = try await engine.connection.networks().first { $0.name == name }
        let id = try #require(wire?.id)
        let network = Operation.Target.network(Network.ID(source, id), name: name)
        try await lab.withContainer("plug") { raw, plugged in
            let container = Container.ID(source, raw)
            let connect = Operation(.connect(container: container, name: plugged, address: subnet.replacing(".0/24", with: ".77"), aliases: ["db"]), on: network)
            let plan = try await engine.plan(connect)
            #expect(plan.obstacle == nil && plan.changes.first == Plan.Change(subject: plugged, before: "bridge", after: "bridge, \(name)"))
            let connected = try await engine.perform(Plan(operation: connect))
            #expect(connected == "connected \(plugged) to \(name)")
            let again = try await engine.plan(connect)
            #expect(again.obstacle == "\(plugged) is already connected to \(name)")

            let removal = try await engine.plan(Operation(.removeNetwork, on: network))
            #expect(removal.obstacle == "in use by \(plugged): disconnect or stop it first")
            let refused = await trouble { _ = try await engine.perform(Plan(operation: Operation(.removeNetwork, on: network))) }
            #expect(refused?.answer.contains("has active endpoints") == true)

            let disconnect = Operation(.disconnect(container: container, name: plugged, force: false), on: network)
            let unplug = try await engine.plan(disconnect)
            #expect(unplug.obstacle == nil && unplug.changes.contains { $0.subject == "address in \(name)" && $0.before.hasSuffix(".77") })
            let disconnected = try await engine.perform(Plan(operation: disconnect))
            #expect(disconnected == "disconnected \(plugged) from \(name)")
            let nothing = try await engine.plan(disconnect)
            #expect(nothing.obstacle == "\(plugged) is not connected to \(name)")
        }
        let removed = try await engine.perform(Plan(operation: Operation(.removeNetwork, on: network)))
        #expect(removed == "removed network \(name)")
        let gone = try await engine.plan(Operation(.removeNetwork, on: network))
        #expect(gone.obstacle == "the network has gone")
    }

    @Test(arguments: LabEngine.all) func theEnginesOwnNetworksStay(_ lab: LabEngine) async throws {
        let engine = WatchedEngine(lab.address).engine
        let networks = try await engine.connection.networks()
        for name in ["bridge", "host", "none"] {
            let id = try #require(networks.first { $0.name == name }?.id)
            let plan = try await engine.plan(Operation(.removeNetwork, on: .network(Network.ID(engine.source.id, id), name: name)))
            #expect(plan.obstacle == "\(name) is one of the engine's own networks, which cannot be removed")
        }
    }

    @Test(arguments: LabEngine.all) func hostModeAllowsNoOtherNetwork(_ lab: LabEngine) async throws {
        try await lab.withNetwork("host") { id, name in
            try await lab.withContainer("host", host: #"{"NetworkMode":"host"}"#, starting: false) { raw, container in
                let engine = WatchedEngine(lab.address).engine
                let connect = Operation.Action.connect(
                    container: Container.ID(engine.source.id, raw), name: container, address: "", aliases: [])
                let plan = try await engine.plan(Operation(connect, on: .network(Network.ID(engine.source.id, id), name: name)))
                #expect(plan.obstacle == "\(container) runs with the network mode host, which allows no other network")
            }
        }
    }

    private func trouble(_ body: () async throws -> Void) async -> Trouble? {
        do {
            try await body()
            return nil
        } catch {
            return error as? Trouble
        }
    }
}
