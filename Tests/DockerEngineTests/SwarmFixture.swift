internal import Domain
internal import Testing
@testable internal import DockerEngine

/// JSON as a 20.10 manager writes it, re-typed small.
enum SwarmFixture {
    static let source = Source.ID("swarm:local")

    static func node(
        _ id: String, _ name: String, state: String = "ready", availability: String = "active", manager: String? = nil, more: String = ""
    ) -> String {
        let role = manager == nil ? "worker" : "manager"
        return """
            {"ID":"\(id)","Version":{"Index":18},"Spec":{"Labels":{"zone":"a"},"Role":"\(role)","Availability":"\(availability)"},
            "Description":{"Hostname":"\(name)","Platform":{"Architecture":"x86_64","OS":"linux"},
            "Resources":{"NanoCPUs":2000000000,"MemoryBytes":25276502016\(more)},"Engine":{"EngineVersion":"20.10.24+dfsg1","Labels":{"disk":"fast"},
            "Plugins":[{"Type":"Log","Name":"json-file"},{"Type":"Network","Name":"overlay"},{"Type":"Volume","Name":"local"}]},
            "TLSInfo":{"TrustRoot":"-----BEGIN CERTIFICATE-----\\n"}},"Status":{"State":"\(state)","Addr":"198.51.100.2"}\(manager.map { ",\"ManagerStatus\":\($0)" } ?? "")}
            """
    }

    static func service(
        _ id: String, _ name: String, mode: String = #"{"Replicated":{"Replicas":2}}"#, running: Int? = 2, desired: Int = 2, completed: Int = 0,
        spec: String = "", task: String = "", image: String = "busybox:local", more: String = ""
    ) -> String {
        let status = running.map { #","ServiceStatus":{"RunningTasks":\#($0),"DesiredTasks":\#(desired),"CompletedTasks":\#(completed)}"# } ?? ""
        return """
            {"ID":"\(id)","Version":{"Index":23},"CreatedAt":"2026-11-23T08:02:57.56468655Z","UpdatedAt":"2026-11-23T08:03:03.894725991Z",
            "Spec":{"Name":"\(name)","Labels":{},"TaskTemplate":{"ContainerSpec":{"Image":"\(image)","Args":["/bin/sleep","1000"]}\(task),
            "ForceUpdate":0,"Runtime":"container"},"Mode":\(mode)\(spec)}\(more)\(status)}
            """
    }

    static func task(
        _ id: String, of service: String, slot: Int? = nil, node: String? = nil, _ state: String = "running", desired: String = "running",
        created: String = "2026-11-23T08:02:57Z", status: String = #","Message":"started""#, image: String = "busybox:local", more: String = ""
    ) -> String {
        """
        {"ID":"\(id)","Version":{"Index":43},"CreatedAt":"\(created)","Spec":{"ContainerSpec":{"Image":"\(image)","Args":["/bin/sleep","1000"]},
        "Resources":{"Limits":{},"Reservations":{"NanoCPUs":250000000,"MemoryBytes":67108864}},"ForceUpdate":0},"ServiceID":"\(service)"\
        \(slot.map { ",\"Slot\":\($0)" } ?? "")\(node.map { ",\"NodeID\":\"\($0)\"" } ?? ""),
        "Status":{"Timestamp":"2026-11-23T08:19:44.193754659Z","State":"\(state)"\(status)},"DesiredState":"\(desired)"\(more)}
        """
    }

    static func nodes(_ json: String...) throws -> [NodeResource] { try NodeResource.list(Array("[\(json.joined(separator: ","))]".utf8)) }
    static func services(_ json: String...) throws -> [ServiceResource] { try ServiceResource.list(Array("[\(json.joined(separator: ","))]".utf8)) }
    static func tasks(_ json: String...) throws -> [TaskResource] { try TaskResource.list(Array("[\(json.joined(separator: ","))]".utf8)) }

    static func mapping(_ nodes: [NodeResource] = []) -> SwarmMapping {
        var mapping = SwarmMapping(source: source)
        for node in nodes { mapping.nodes[node.id ?? ""] = node }
        return mapping
    }
}
