public import Domain

/// The picture as plain text: one table a pane, columns lined up by spaces, nothing cut.
public struct TextReport {
    public enum Section: String, Sendable, CaseIterable {
        case networks, containers, placement, health, timeline
    }

    private let snapshot: Snapshot

    public init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    public func text(_ sections: [Section] = Section.allCases) -> String {
        var text = sources
        for section in sections {
            text += "\n\(section.rawValue.uppercased())\n"
            let tables =
                switch section {
                case .placement: PlacementTables(snapshot).all
                case .health: HealthTables(snapshot).all
                case .networks, .containers, .timeline: [rows(section)]
                }
            let full = tables.filter { $0.count > 1 }
            text += full.isEmpty ? "(\(emptyWords(section)))\n" : full.map(table).joined(separator: "\n")
        }
        return text
    }

    private var sources: String {
        var text = ""
        for source in snapshot.sources {
            switch source.freshness {
            case .live: text += "\(source.name): \(source.title) at \(source.address): live\n"
            case .waiting, .connecting: text += "\(source.name): \(source.title) at \(source.address): no answer yet\n"
            case .absent(let why): text += "\(source.name): \(source.title) at \(source.address): not there: \(clean(why))\n"
            case .stale(_, let trouble), .failed(_, let trouble): text += "\(source.name): \(source.title) at \(source.address): \(clean(trouble.description))\n"
            }
            for remark in source.remarks { text += "    \(clean(remark))\n" }
        }
        return text
    }

    private func emptyWords(_ section: Section) -> String {
        switch section {
        case .networks: "no networks"
        case .containers: "no containers"
        case .placement: "no orchestrator here: see the sources above"
        case .health: "no registry answers and no running container declares a health check: see the sources above"
        case .timeline: "nothing happened while looking"
        }
    }

    private func rows(_ section: Section) -> [[String]] {
        switch section {
        case .networks:
            [["NAME", "DRIVER", "SCOPE", "SUBNET", "GATEWAY", "ATTACHED", "HOST"]]
                + snapshot.networks.map { network in
                    [
                        network.name, network.driver, network.scope, network.subnets.map(\.range).joined(separator: ","), network.subnets.map(\.gateway).joined(separator: ","),
                        snapshot.attachments(of: network).map { $0.container.name + ($0.endpoint.address.isEmpty ? "" : "=" + $0.endpoint.address) }.joined(separator: ","),
                        snapshot.host(network.host)?.name ?? "",
                    ]
                }
        case .containers:
            [["NAME", "STATE", "HEALTH", "CPU%", "MEMORY", "RESTARTS", "PORTS", "IMAGE", "HOST", "PROBLEM"]]
                + snapshot.containers.map { container in
                    let usage = container.isUp ? snapshot.usage[container.id.raw]?.latest : nil
                    return [
                        container.name, container.state.word, container.health.rawValue, usage?.cpuPercent.map { "\(($0 * 10).rounded() / 10)" } ?? "",
                        usage.map { "\($0.memory)" } ?? "", container.detail.map { "\($0.restartCount)" } ?? "",
                        container.publishedPorts.map { "\($0.hostAddress):\($0.hostPort ?? 0)->\($0.containerPort)/\($0.transport)" }.joined(separator: ","),
                        container.image, snapshot.host(container.host)?.name ?? "", container.problem ?? "",
                    ]
                }
        case .placement, .health: []
        case .timeline:
            [["TIME", "ORIGIN", "KIND", "ACTION", "NAME", "DETAIL"]]
                + snapshot.events.prefix(200).map { [$0.at.rfc3339, $0.origin.rawValue, $0.kind, $0.action, $0.subject, $0.detail] }
        }
    }

    private func table(_ rows: [[String]]) -> String {
        let rows = rows.map { $0.map { $0.isEmpty ? "-" : clean($0) } }
        var widths = rows[0].map(\.count)
        for row in rows { for (index, cell) in row.enumerated() { widths[index] = max(widths[index], cell.count) } }
        return rows.map { row in
            var line = ""
            for (index, cell) in row.enumerated() {
                line += cell
                if index < row.count - 1 { line += String(repeating: " ", count: widths[index] - cell.count + 2) }
            }
            return line + "\n"
        }.joined()
    }

    /// Text from outside must not steer the terminal it is printed to.
    private func clean(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { out.append(scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) ? " " : scalar) }
        return String(out)
    }
}
