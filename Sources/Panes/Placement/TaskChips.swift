internal import Domain
internal import Drawing
internal import Widgets

/// Tasks as single characters in groups: `h1 ■1 ■4  h2 ■2  h3 ▨3`.
struct TaskChips {
    struct Chip {
        var text: String
        var role: Role
        var slot: Int

        init(_ task: WorkloadTask) {
            (text, role) = TaskGlyph.of(task)
            slot = task.slot
        }
    }

    struct Group {
        var label: String
        var role: Role
        var chips: [Chip]
    }

    let groups: [Group]

    /// As much as fits into a line or two of `width` cells: slot numbers are left out first, then equal signs are counted,
    /// at last groups are. Nothing is left out silently.
    func lines(width: Int) -> [[CellText]] {
        let total = groups.reduce(0) { $0 + $1.chips.count }
        for (form, limit, smallest) in [(numbered, 1, 3), (plain, 1, 1), (plain, 2, 1), (counted, 2, 0)] where total * smallest <= width * limit {
            if let lines = Self.packed(groups.map(form), width: width, limit: limit) { return lines }
        }
        let all = groups.map(counted)
        var shown = all.count
        while shown > 0 {
            shown -= 1
            let rest = [CellText("and \(all.count - shown) more", .muted)]
            if let lines = Self.packed(Array(all.prefix(shown)) + [rest], width: width, limit: 2) { return lines }
        }
        return [[CellText("\(all.count) groups", .muted)]]
    }

    /// Groups set one after the other; nil when they take more lines than they may.
    private static func packed(_ groups: [[CellText]], width: Int, limit: Int) -> [[CellText]]? {
        var lines: [[CellText]] = []
        var used = 0
        for group in groups {
            let needed = Self.width(group)
            guard needed <= width else { return nil }
            if let last = lines.indices.last, used + 2 + needed <= width {
                lines[last] += [CellText("  ")] + group
                used += 2 + needed
            } else {
                guard lines.count < limit else { return nil }
                lines.append(group)
                used = needed
            }
        }
        return lines
    }

    private static func width(_ pieces: [CellText]) -> Int { pieces.reduce(0) { $0 + TextWidth.of($1.text) } }

    private func numbered(_ group: Group) -> [CellText] {
        [CellText(group.label, group.role)] + group.chips.map { CellText(" " + $0.text + ($0.slot > 0 ? String($0.slot) : ""), $0.role) }
    }

    private func plain(_ group: Group) -> [CellText] {
        [CellText(group.label + " ", group.role)] + group.chips.map { CellText($0.text, $0.role) }
    }

    private func counted(_ group: Group) -> [CellText] {
        var counts: [(chip: Chip, count: Int)] = []
        for chip in group.chips {
            if let known = counts.firstIndex(where: { $0.chip.text == chip.text }) { counts[known].count += 1 } else { counts.append((chip, 1)) }
        }
        return [CellText(group.label, group.role)] + counts.map { CellText(" \($0.count)\($0.chip.text)", $0.chip.role) }
    }
}
