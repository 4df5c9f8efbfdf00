internal import Domain
internal import Drawing
internal import Widgets

/// The columns of the view by node.
enum MemberColumn: Int, CaseIterable {
    case node, status, role, address, datacenter, version, checks

    var column: Column {
        switch self {
        case .node: Column("NODE", .flexible(minimum: 14, weight: 3), rank: 99)
        case .status: Column("STATUS", .fixed(11), rank: 90)
        case .role: Column("ROLE", .fixed(14), rank: 80)
        case .address: Column("ADDRESS", .flexible(minimum: 15, weight: 1), rank: 60)
        case .datacenter: Column("DC", .flexible(minimum: 6, weight: 1), rank: 30)
        case .version: Column("VERSION", .fixed(8), rank: 20)
        case .checks: Column("CHECKS", .flexible(minimum: 14, weight: 2), rank: 70)
        }
    }

    /// The worse of what the members say of it and what its checks say.
    static func glyph(_ member: Member, _ counts: [Int]) -> CellText {
        let own = CheckGlyph.of(member.status)
        guard member.problem == nil, let worst = Check.Status.allCases.last(where: { counts[$0.rawValue] > 0 }), worst > .passing else { return own }
        return CheckGlyph.of(worst)
    }

    func cell(_ member: Member, _ counts: [Int], isOpen: Bool) -> CellText {
        switch self {
        case .node: return CellText((isOpen ? "▾ " : "▸ ") + member.name, member.problem == nil ? .title : .bad, .bold)
        case .status: return CellText(member.status.rawValue, CheckGlyph.of(member.status).role)
        case .role: return CellText(member.role, member.isLeader ? .accent : .muted)
        case .address: return CellText(member.address)
        case .datacenter: return CellText(member.datacenter, .muted)
        case .version: return CellText(member.version, .muted)
        case .checks:
            let words = Check.Status.allCases.reversed().filter { counts[$0.rawValue] > 0 }.map { "\(CheckGlyph.of($0).text)\(counts[$0.rawValue])" }
            let isBad = Check.Status.allCases.contains { $0 >= .warning && counts[$0.rawValue] > 0 }
            return words.isEmpty ? CellText("none", .muted) : CellText(words.joined(separator: " "), isBad ? .bad : .muted)
        }
    }
}
