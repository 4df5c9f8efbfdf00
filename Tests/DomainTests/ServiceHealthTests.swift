import Testing

@testable import Domain

@Suite struct ServiceHealthTests {
    static func health(_ change: (inout Scene, ServiceInstance) -> Void) throws -> InstanceHealth {
        let instance = Scene.instance()
        var scene = Scene()
        scene.snapshot.instances = [instance]
        change(&scene, instance)
        return scene.snapshot.health(of: instance)
    }

    @Test func theWorstCheckDecides() throws {
        let health = try Self.health { scene, instance in
            scene.snapshot.checks = [
                Scene.check("a", .passing, of: instance), Scene.check("b", .critical, of: instance), Scene.check("c", .warning, of: instance),
            ]
        }
        #expect(health.status == .critical)
        #expect(health.decider?.name == "b")
        #expect(health.checks.map(\.name) == ["b", "c", "a"])
    }

    @Test func aStartingOneIsWorseThanAPassingOne() throws {
        let health = try Self.health { scene, instance in
            scene.snapshot.checks = [Scene.check("a", .passing, of: instance), Scene.check("b", .starting, of: instance)]
        }
        #expect(health.status == .starting)
    }

    @Test func aNodesChecksCountForEveryInstanceOnIt() throws {
        let health = try Self.health { scene, instance in
            scene.snapshot.checks = [Scene.check("a", .passing, of: instance), Scene.check("memory", .warning, node: "lab"), Scene.check("b", .critical, node: "other")]
        }
        #expect(health.status == .warning)
        #expect(health.decider?.name == "memory")
    }

    @Test func anotherRegistrysNodeOfTheSameNameIsAnother() throws {
        let health = try Self.health { scene, _ in scene.snapshot.checks = [Scene.check("a", .critical, in: Source.ID("consul:other"))] }
        #expect(health.status == .passing)
        #expect(health.decider == nil)
    }

    @Test func maintenanceWinsOverEverything() throws {
        let own = try Self.health { scene, instance in
            scene.snapshot.checks = [Scene.check("a", .critical, of: instance), Scene.check("_service_maintenance:x", .maintenance, of: instance, kind: "maintenance")]
        }
        #expect(own.status == .maintenance)
        #expect(own.decider?.name == "_service_maintenance:x")
        // Consul itself calls it critical.
        let node = try Self.health { scene, instance in
            scene.snapshot.checks = [Scene.check("a", .critical, of: instance), Scene.check("_node_maintenance", .critical, kind: "maintenance")]
        }
        #expect(node.status == .maintenance)
    }

    @Test func theHealthcheckOfItsContainerCounts() throws {
        let health = try Self.health { scene, instance in
            let web = Scene.container()
            scene.snapshot.containers = [web, Scene.container("other")]
            scene.snapshot.checks = [Scene.check("a", .passing, of: instance), Scene.healthcheck(of: web, .critical)]
        }
        #expect(health.status == .critical)
        #expect(health.decider?.kind == "healthcheck")
    }

    @Test func whatIsOnlyCalledAlikeDoesNotCount() throws {
        var scene = Scene()
        let instance = Scene.instance("web", id: "w", at: "10.0.0.9", 80)
        let web = Scene.container()
        scene.snapshot.instances = [instance]
        scene.snapshot.containers = [web]
        scene.snapshot.checks = [Scene.healthcheck(of: web, .critical)]
        #expect(scene.snapshot.health(of: instance).status == .passing)
    }

    @Test func servicesComeWorstFirstThenByName() {
        var scene = Scene()
        let instances = [
            Scene.instance("b", id: "b1"), Scene.instance("b", id: "b2"), Scene.instance("a", id: "a1"), Scene.instance("z", id: "z1"),
            Scene.instance("m", id: "m1"),
        ]
        scene.snapshot.instances = instances
        scene.snapshot.checks = [
            Scene.check("b1", .passing, of: instances[0]), Scene.check("b2", .warning, of: instances[1]), Scene.check("z1", .critical, of: instances[3]),
            Scene.check("m1", .maintenance, of: instances[4], kind: "maintenance"),
        ]
        let services = scene.snapshot.services()
        #expect(services.map(\.name) == ["z", "b", "m", "a"])
        #expect(services.map(\.status) == [.critical, .warning, .maintenance, .passing])
        #expect(services[1].instances.map(\.instance.serviceID) == ["b2", "b1"])
        #expect(services[1].decider?.name == "b2")
        #expect(services[1].passing == 1)
        #expect(scene.snapshot.serviceHealth(Scene.consul, name: "b") == services[1])
        #expect(scene.snapshot.serviceHealth(Scene.consul, name: "nobody") == nil)
        #expect(scene.snapshot.serviceHealth(Scene.docker, name: "b") == nil)
    }

    @Test func theSameNameInTwoRegistriesIsTwoServices() {
        var scene = Scene()
        scene.snapshot.instances = [Scene.instance("web", id: "a"), Scene.instance("web", id: "a", in: Source.ID("registry"))]
        #expect(scene.snapshot.services().map(\.source) == [Scene.consul, Source.ID("registry")])
    }
}
