internal import Domain

/// Nodes, workloads and tasks as tables of text; what is stuck with why.
struct PlacementTables {
    let snapshot: Snapshot

    init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    var all: [[[String]]] { [nodes, workloads, tasks] }

    private var nodes: [[String]] {
        [["NODE", "STATUS", "AVAILABILITY", "ROLES", "CPUS", "RESERVED", "MEMORY", "RESERVED", "VERSION", "ADDRESS", "LABELS", "PROBLEM"]]
            + snapshot.nodes.sorted { $0.name < $1.name }.map { node in
                [
                    node.name, node.status.word, node.availability.rawValue, node.roles.joined(separator: ","), cpus(node.capacity), cpus(node.reserved),
                    node.capacity.memory.map { "\($0)" } ?? "", node.reserved.memory.map { "\($0)" } ?? "", node.version, node.address,
                    node.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ","), node.problem ?? "",
                ]
            }
    }

    private var workloads: [[String]] {
        [["SERVICE", "GROUP", "MODE", "RUNNING", "DESIRED", "ROLLOUT", "IMAGE", "PORTS", "PROBLEM"]]
            + snapshot.workloads.sorted { ($0.group, $0.name) < ($1.group, $1.name) }.map { workload in
                [
                    workload.name, workload.group, workload.mode.word, "\(workload.running)", "\(workload.desired)", workload.rollout.rawValue, workload.image,
                    workload.ports.map(\.description).joined(separator: ","), workload.problem ?? "",
                ]
            }
    }

    private var tasks: [[String]] {
        [["TASK", "NODE", "STATE", "SINCE", "EXIT", "WHY", "WOULD HELP"]]
            + snapshot.tasks.filter(\.isCurrent).sorted { $0.name < $1.name }.map { task in
                let explanation = task.isUnplaced ? PlacementBoard(snapshot, source: task.id.source).explanation(of: task) : nil
                return [
                    task.name, task.node.flatMap { snapshot.node($0)?.name } ?? "", task.stateWord, task.since?.rfc3339 ?? "", task.exitCode.map { "\($0)" } ?? "",
                    [task.reason, explanation?.summary ?? ""].filter { !$0.isEmpty }.joined(separator: "; "), explanation?.remedies.first ?? "",
                ]
            }
    }

    private func cpus(_ resources: Resources) -> String { resources.nanoCPUs.map { "\(Double($0) / 1e9)" } ?? "" }
}
