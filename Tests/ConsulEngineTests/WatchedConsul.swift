internal import Domain
internal import Engine
internal import Glibc
internal import Transport
@testable internal import ConsulEngine

/// An engine under test, watched for as long as a closure runs.
struct WatchedConsul: Sendable {
    let engine: ConsulEngine
    let recorder = Recorder()

    static var hurried: ConsulWatch.Pace {
        var pace = ConsulWatch.Pace()
        pace.loop = .milliseconds(20)
        pace.members = .milliseconds(100)
        pace.sweep = .milliseconds(100)
        pace.answer = .seconds(1)
        pace.backOff = BackOff(first: .milliseconds(20), limit: .milliseconds(100))
        return pace
    }

    @Sendable static func clock() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    init(_ configuration: ConsulEngine.Configuration, pace: ConsulWatch.Pace = ConsulWatch.Pace()) {
        engine = ConsulEngine(configuration, pace: pace, observe: nil, now: Self.clock)
    }

    func watching<Answer: Sendable>(_ body: (WatchedConsul) async throws -> Answer) async throws -> Answer {
        let watch = Task { [engine, recorder] in
            await engine.watch(into: { recorder.receive($0) }, attention: Attention())
        }
        do {
            let answer = try await body(self)
            watch.cancel()
            await watch.value
            return answer
        } catch {
            watch.cancel()
            await watch.value
            throw error
        }
    }
}

/// What a small, healthy datacenter answers, where a test says nothing else.
enum Sample {
    static let checks = #"""
        [{"Node":"n1","CheckID":"serfHealth","Name":"Serf Health Status","Status":"passing","Notes":"","Output":"Agent alive and reachable","ServiceID":"","ServiceName":"","ServiceTags":[],"Type":"","Definition":{},"CreateIndex":10,"ModifyIndex":10},
        {"Node":"n1","CheckID":"web-http","Name":"web http","Status":"critical","Notes":"","Output":"","ServiceID":"web-1","ServiceName":"web","ServiceTags":["v1"],"Type":"http","Definition":{},"CreateIndex":32,"ModifyIndex":32}]
        """#
    static let members = #"""
        [{"Name":"n1","Addr":"10.0.0.1","Port":8301,"Tags":{"build":"1.8.7:","dc":"dc1","port":"8300","role":"consul"},"Status":1}]
        """#
    static let own = #"""
        {"web-http":{"Node":"n1","CheckID":"web-http","Name":"web http","Status":"critical","Output":"connection refused","ServiceID":"web-1","ServiceName":"web","Type":"http"}}
        """#
    static let description = #"""
        {"Config":{"Datacenter":"dc1","NodeName":"n1","Server":true,"Version":"1.8.7"},"DebugConfig":{"DNSAddrs":["tcp://127.0.0.1:8600","udp://127.0.0.1:8600"],"DNSPort":8600,"DNSDomain":"consul.","EnableLocalScriptChecks":true,"EnableRemoteScriptChecks":false},"Member":{"Name":"n1"}}
        """#
    static let node = #"""
        {"Node":{"Node":"n1","Address":"10.0.0.1"},"Services":{"web-1":{"ID":"web-1","Service":"web","Tags":["v1"],"Address":"","Port":8080,"Meta":{"version":"1"}}}}
        """#

    /// Lists that are asked for with an index wait for ever.
    static func reply(_ method: String, _ target: String) -> ScriptedConsul.Reply {
        let path = target.prefix { $0 != "?" }
        if target.contains("index=") { return .silence }
        return switch path {
        case "/v1/agent/self": .json(description)
        case "/v1/agent/members": .json(members)
        case "/v1/agent/checks": .json(own)
        case "/v1/status/leader": .json(#""10.0.0.1:8300""#)
        case "/v1/catalog/datacenters": .json(#"["dc1"]"#)
        case "/v1/health/state/any": .json(checks, index: "40", ["X-Consul-Knownleader: true", "X-Consul-Lastcontact: 0"])
        case "/v1/health/node/n1": .json(checks, index: "40")
        case "/v1/catalog/services": .json(#"{"web":["v1"]}"#, index: "32")
        case "/v1/catalog/nodes": .json(#"[{"Node":"n1","Address":"10.0.0.1","Datacenter":"dc1","Meta":null}]"#, index: "11")
        case "/v1/catalog/node/n1": .json(node, index: "32")
        case "/v1/catalog/service/web": .json(#"[{"Node":"n1","Address":"10.0.0.1","ServiceID":"web-1","ServiceName":"web","ServiceTags":["v1"],"ServiceAddress":"","ServicePort":8080,"ServiceMeta":{"version":"1"}}]"#)
        default: .text("", 404)
        }
    }

    /// A healthy datacenter but for what `special` says.
    static func serving<Answer: Sendable>(
        isExpected: Bool = true, token: String? = nil, _ special: @escaping @Sendable (_ method: String, _ target: String) -> ScriptedConsul.Reply? = { _, _ in nil },
        _ body: (WatchedConsul, ScriptedConsul) async throws -> Answer
    ) async throws -> Answer {
        let server = try ScriptedConsul { method, target in special(method, target) ?? reply(method, target) }
        defer { server.stop() }
        let configuration = ConsulEngine.Configuration(name: "test", address: server.address, token: token, isExpected: isExpected)
        return try await WatchedConsul(configuration, pace: WatchedConsul.hurried).watching { watched in try await body(watched, server) }
    }
}
