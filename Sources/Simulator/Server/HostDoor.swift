/// What stands between a machine's servers and the world: whether it can be reached at all.
struct HostDoor: RequestHandler {
    let cluster: PracticeCluster
    /// The id of the machine.
    let host: String
    let handler: any RequestHandler

    func answer(_ request: ServerRequest) async -> ServerReply {
        while !Task.isCancelled {
            enum Standing { case reachable, off, cut(UInt64) }
            let standing = cluster.with { world -> Standing in
                guard let host = world.hosts[host], host.isUp else { return .off }
                return host.isCut ? .cut(world.lastSequence) : .reachable
            }
            switch standing {
            case .reachable: return await handler.answer(request)
            case .off: return .dropped
            // Behind a cut line nobody says no: there is silence, until the line is mended or the client gives up.
            case .cut(let sequence): await cluster.news(after: sequence, atMost: .seconds(5))
            }
        }
        return .dropped
    }
}
