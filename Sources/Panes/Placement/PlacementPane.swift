public import Commands
public import Domain
public import Drawing
internal import Widgets

/// Where an orchestrator runs what. Until one is read, it says which source it waits for and what it can see of it.
public struct PlacementPane: Pane {
    public let id = PaneID.placement
    public var filter = Filter.none
    public var showsProblemsOnly = false
    public var rowCount: Int { 0 }

    public init() {}

    public mutating func arrange(_ snapshot: Snapshot) {}
    public mutating func perform(_ command: Command.ID, _ snapshot: Snapshot) -> Bool { false }
    public func subject(in snapshot: Snapshot) -> Subject { .none }
    public func note(_ snapshot: Snapshot) -> String { "no orchestrator" }
    public func problemCount(_ snapshot: Snapshot) -> Int { 0 }
    public mutating func select(_ subject: Subject) -> Bool { false }
    public mutating func click(row: Int) {}

    public mutating func draw(into canvas: inout Canvas, rect: Rect, scene: Scene) {
        var lines: [(String, Role)] = [("No orchestrator is read yet", .heading)]
        lines.append(("This pane waits for a source that places tasks on nodes: Swarm mode, Kubernetes, Marathon or Helios. This version reads none of them.", .text))
        for host in scene.snapshot.hosts {
            let word = host.swarm.isEmpty ? "inactive" : host.swarm
            if word == "inactive" {
                lines.append(("\(host.name): its engine is part of no swarm", .muted))
            } else {
                lines.append(("\(host.name): its engine says swarm “\(word)”; its services run as the containers under \(scene.key(.containers))", .info))
            }
        }
        if scene.snapshot.hosts.isEmpty { lines.append(("No engine has answered yet, so nothing is known of a swarm either", .muted)) }
        let width = max(1, min(rect.width - 2, 76))
        let wrapped = lines.flatMap { text, role in Paragraph.lines(text, width: width).map { ($0, role) } }
        let area = rect.centered(width: width, height: min(wrapped.count, rect.height))
        for (offset, line) in wrapped.prefix(area.height).enumerated() { canvas.draw(line.0, x: area.x, y: area.y + offset, limit: area.width, line.1) }
    }
}
