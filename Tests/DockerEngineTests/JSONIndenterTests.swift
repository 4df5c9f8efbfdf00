import JSON
internal import Testing
@testable internal import DockerEngine

@Suite struct JSONIndenterTests {
    @Test func keepsOrderNumbersAndUnknownFields() {
        let text = JSONIndenter.indented(Array(#"{"b":1.50e3,"a":[],"c":{},"d":[1,"x{,}:\"y"],"Ü":null}"#.utf8))
        #expect(
            text == """
                {
                  "b": 1.50e3,
                  "a": [],
                  "c": {},
                  "d": [
                    1,
                    "x{,}:\\"y"
                  ],
                  "Ü": null
                }
                """)
    }

    @Test func isStableWhenAppliedTwice() {
        let once = JSONIndenter.indented(Array(#"{"a":{"b":[{"c":"d"},[]]}}"#.utf8))
        #expect(JSONIndenter.indented(Array(once.utf8)) == once)
    }

    @Test(arguments: ["", "}", "]]]}}}", "{\"a", "\"\\", "[[[[", "{,}", "nul", "<html>", "{\"a\":\u{1b}[2J}"])
    func survivesWhatIsNotJSON(_ text: String) {
        let laid = JSONIndenter.indented(Array(text.utf8))
        #expect(laid.filter { !$0.isWhitespace } == text.filter { !$0.isWhitespace })
    }

    @Test func deepNestingCostsNoSquare() {
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
        #expect(JSONIndenter.indented(deep).utf8.count < 20_000_000)
    }
}
