internal import Domain
internal import Engine
internal import Transport

/// Asks the network itself, from this machine, for the trace and for descriptions of services.
enum NetworkProbe {
    /// A connection on a healthy network opens in far less; a person waits for this.
    private static let limit = Duration.seconds(2)

    static func answer(_ question: Evidence.Question) async -> Evidence.Answer {
        switch question {
        case .connect(let host, let port):
            do throws(TransportError) { return .connected(after: try await TCPProbe.connect(host: host, port: port, timeout: limit)) } catch {
                return .notConnected(words(error))
            }
        case .addresses(let name, let server):
            let answer = await records(name, .a, server)
            // A name may have addresses of the other family only.
            if case .nothing = answer { return await records(name, .aaaa, server) }
            return answer
        case .services(let name, let server): return await records(name, .srv, server)
        case .lastLines, .detail:
            return .failed(Trouble(.unsupported, attempt: "ask the network", answer: "that is a question for an engine"))
        }
    }

    private static func records(_ name: String, _ kind: DNSRecord.Kind, _ server: NameServer) async -> Evidence.Answer {
        let answer: DNSAnswer
        do throws(TransportError) { answer = try await DNSClient(server: server.host, port: server.port).ask(name, kind, timeout: limit) } catch {
            return .failed(Trouble(.unreachable, attempt: "ask \(server.host):\(server.port) for \(name)", answer: words(error)))
        }
        switch answer.code {
        case .noSuchName: return .noSuchName
        case .other(let code):
            return .failed(Trouble(.malformed, attempt: "ask \(server.host):\(server.port) for \(name)", answer: "it answered with DNS code \(code)"))
        case .noError: break
        }
        if kind == .srv {
            let services = answer.services
            return services.isEmpty ? .nothing : .services(services)
        }
        let addresses = answer.addresses
        return addresses.isEmpty ? .nothing : .addresses(addresses)
    }

    /// The reason alone: the page says already what was tried.
    private static func words(_ error: TransportError) -> String {
        switch error.reason {
        case .refused: "connection refused"
        case .timedOut: "no answer within \(limit)"
        case .unresolved(let host): "the name \(host) does not resolve"
        case .unreachable: "no route to it"
        default: error.description
        }
    }
}

extension DNSAnswer {
    fileprivate var addresses: [String] {
        records.compactMap { if case .address(let address) = $0.value { address } else { nil } }
    }

    /// With the addresses of their targets, which servers send along.
    fileprivate var services: [Evidence.ServiceRecord] {
        records.compactMap { record in
            guard case .service(_, _, let port, let target) = record.value else { return nil }
            let addresses = additional.filter { $0.name == target }.compactMap { if case .address(let address) = $0.value { address } else { nil } }
            return Evidence.ServiceRecord(host: target, port: port, addresses: addresses)
        }
    }
}
