import Drawing
import Testing

@testable import Widgets

@Suite struct TableTests {
    @Test(arguments: [
        // NAME, IMAGE and HOST; what they need.
        ([14, 12, 9], [6, 12, 16], [7, 12, 16]), ([14, 12, 9], [6, 5, 30], [6, 5, 24]), ([14, 12, 9], [20, 20, 16], [14, 12, 9]),
        ([14, 12, 9], [6, 5, 4], [14, 12, 9]), ([14, 0, 9], [12, 5, 16], [12, 0, 11]), ([14, 12, 0], [6, 5, 16], [14, 12, 0]),
    ] as [([Int], [Int], [Int])])
    func cellsAreLentByThoseWhoHaveMoreThanTheyNeed(before: [Int], needs: [Int], after: [Int]) {
        var widths = before
        Table.lend(to: 2, need: needs[2], from: [0, 1], widths: &widths) { needs[$0] }
        #expect(widths == after)
        #expect(widths.reduce(0, +) == before.reduce(0, +))
    }
}

@Suite struct MenuTests {
    @Test func noNoteIsCutWhereThereIsRoom() {
        let items = [
            Menu.Item("containers", note: "stopped"), Menu.Item("a build cache with a long title", note: "layers"),
            Menu.Item("images", note: "images without a name that no container uses"), Menu.Item("x", note: "y", obstacle: "not now, as it is busy"),
        ]
        var menu = Menu(title: "Prune what?", items: items)
        var canvas = Canvas(size: Size(width: menu.width, height: menu.height))
        menu.drawRows(into: &canvas, rect: canvas.bounds.inset(1, 1))
        for item in items { #expect(canvas.text.contains(item.title) && canvas.text.contains(item.obstacle ?? item.note)) }
        #expect(!canvas.text.contains("…"))
        var narrow = Canvas(size: Size(width: menu.width - 1, height: menu.height))
        menu.drawRows(into: &narrow, rect: narrow.bounds.inset(1, 1))
        #expect(narrow.text.contains("…"))
    }

    @Test func titlesWithoutNotesHaveAllTheRoom() {
        var menu = Menu(title: "Theme", items: [Menu.Item("a title of thirty characters..")])
        var canvas = Canvas(size: Size(width: menu.width, height: menu.height))
        menu.drawRows(into: &canvas, rect: canvas.bounds.inset(1, 1))
        #expect(canvas.text.contains("a title of thirty characters.."))
        #expect(menu.width == 34)
    }
}
