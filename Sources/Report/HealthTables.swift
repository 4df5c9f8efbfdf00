internal import Domain

/// Checks, services, nodes of registries, and what does not agree, as tables of text.
struct HealthTables {
    let snapshot: Snapshot

    init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    var all: [[[String]]] { [checks, services, members, differences] }

    private var checks: [[String]] {
        [["STATUS", "CHECK", "SERVICE", "NODE", "SINCE", "FLIPS", "OUTPUT"]]
            + snapshot.checks.sorted { ($1.status.rawValue, $0.name, $0.id.raw) < ($0.status.rawValue, $1.name, $1.id.raw) }.map { check in
                [
                    check.status.word, check.name, check.service, snapshot.nodeName(of: check), check.since.map { (check.isSinceAtLeast ? ">=" : "") + $0.rfc3339 } ?? "",
                    "\(check.flips)", check.output.split(whereSeparator: \.isNewline).joined(separator: " | "),
                ]
            }
    }

    private var services: [[String]] {
        [["SERVICE", "STATUS", "INSTANCE", "NODE", "ADDRESS", "INSTANCE STATUS", "DECIDED BY", "TAGS"]]
            + snapshot.services().flatMap { service in
                service.instances.map { health in
                    [
                        service.name, service.status.word, health.instance.serviceID, health.instance.node, health.instance.endpoint, health.status.word, health.decider?.name ?? "",
                        health.instance.tags.joined(separator: ","),
                    ]
                }
            }
    }

    private var members: [[String]] {
        [["NODE", "STATUS", "ROLE", "ADDRESS", "DATACENTER", "VERSION", "PROBLEM"]]
            + snapshot.members.sorted { $0.name < $1.name }.map { [$0.name, $0.status.rawValue, $0.role, $0.address, $0.datacenter, $0.version, $0.problem ?? ""] }
    }

    private var differences: [[String]] {
        [["DIFFERENCE", "SERVICE", "WHAT", "MATCHED", "WOULD MEND IT"]]
            + Disagreement.all(in: snapshot).map { [$0.kind.rawValue, $0.service, $0.words, $0.match, $0.advice] }
    }
}
