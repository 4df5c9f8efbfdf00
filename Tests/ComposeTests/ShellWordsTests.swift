@testable import Compose
import Testing

@Suite struct ShellWordsTests {
    @Test(arguments: [
        ("", []), ("   ", []), ("top", ["top"]), (" tail  -f\t/dev/null\n", ["tail", "-f", "/dev/null"]),
        (#"sh -c "echo 'a b'; exit 1""#, ["sh", "-c", "echo 'a b'; exit 1"]), (#"sh -c 'echo "a b"'"#, ["sh", "-c", #"echo "a b""#]),
        (#"a"b c"'d e'f"#, ["ab cd ef"]), (#"'' "" x"#, ["", "", "x"]), (#"a\ b \"c"#, ["a b", "\"c"]), (#""a\"b\\c\d""#, [#"a"b\cd"#]), (#"'a\b'"#, [#"a\b"#]),
        ("a # b\nc", ["a", "c"]),
        ("a#b", ["a#b"]),
        ("# all", []),
        ("grün 鯨", ["grün", "鯨"]),
        ("a &&b |c >d", ["a", "&&b", "|c", ">d"]),
        ("a\r\nb", ["a", "b"]),
    ] as [(String, [String])])
    func splits(_ line: String, _ words: [String]) throws {
        #expect(try ShellWords.split(line) == words)
    }

    @Test(arguments: [("echo 'a", "the quote ' in 'echo 'a' is not closed"), ("echo \"a\\\"", "the quote \" in"), ("a\\", "nothing follows the backslash at the end of 'a\\'")])
    func refuses(_ line: String, _ words: String) {
        do {
            Issue.record("split into \(try ShellWords.split(line))")
        } catch {
            #expect(error.answer.contains(words))
        }
    }
}
