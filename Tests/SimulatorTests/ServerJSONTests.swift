internal import JSON
internal import Testing
@testable internal import Simulator

@Suite struct ServerJSONTests {
    private func text(escapesHTML: Bool = false, _ write: (inout JSONText) -> Void) -> String {
        var text = JSONText(escapesHTML: escapesHTML)
        write(&text)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    @Test func membersStandInTheirOrderAndMapsAreSorted() {
        let written = text { text in
            text.object {
                $0.field("Id", "a")
                $0.array("Names") {
                    $0.element("/x")
                    $0.element(-2)
                    $0.object { _ in }
                    $0.raw(Array("[1]".utf8))
                }
                $0.field("Labels", ["b": "2", "a": "1"])
                $0.field("Half", 0.5)
                $0.field("Whole", 2.0)
                $0.field("Is", true)
                $0.null("None")
                $0.object(named: "web/1") { $0.array("Empty") { _ in } }
            }
        }
        #expect(written == #"{"Id":"a","Names":["/x",-2,{},[1]],"Labels":{"a":"1","b":"2"},"Half":0.5,"Whole":2,"Is":true,"None":null,"web/1":{"Empty":[]}}"#)
    }

    @Test func aValueByItselfNeedsNoBrackets() { #expect(text { $0.element("10.0.0.1:8300") } == #""10.0.0.1:8300""#) }

    /// Hostile text comes back as it went in.
    @Test(arguments: ["", "\"\\\n\r\t", "\u{0}\u{1}\u{1F}\u{7F}", "<&>", "é😀\u{2028}", "\r\n", "\\u0041"]) func anyTextCanBeReadBack(_ value: String) throws {
        for escapesHTML in [false, true] {
            let written = text(escapesHTML: escapesHTML) { $0.array { $0.element(value) } }
            #expect(try JSONTree(Array(written.utf8)).elements.first?.text == value)
            #expect(!escapesHTML || !written.contains("<"))
        }
    }

    @Test func goWritesMarkupAsEscapesUnlessToldNotTo() {
        #expect(text(escapesHTML: true) { $0.element("a<b>&c") } == #""a\u003cb\u003e\u0026c""#)
        #expect(text { $0.element("a<b>&c") } == #""a<b>&c""#)
    }
}
