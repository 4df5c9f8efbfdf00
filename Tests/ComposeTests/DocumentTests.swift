@testable import Compose
import Domain
import Testing

@Suite struct DocumentTests {
    @Test func anchorsAndMerges() throws {
        let stack = try read(
            """
            x-common: &common
              image: base
              environment: &vars {A: "1", B: "*two*"}
              stop_signal: SIGINT
            x-more: &more
              stop_signal: SIGUSR1
              hostname: h
            services:
              one:
                <<: *common
              two:
                <<: [*common, *more]
                image: other
                environment:
                  <<: *vars
                  B: "3"
              three: &three
                <<: *more
                image: third
              four:
                <<: *three
                command: [echo, &word star, *word, "*word"]
            """)
        let services = stack.services
        #expect(services.map(\.name) == ["shop_one", "shop_two", "shop_three", "shop_four"])
        #expect(services.map(\.image) == ["base", "other", "third", "third"])
        #expect(services[0].environment == ["A=1", "B=*two*"])
        #expect(services[1].environment == ["A=1", "B=3"] && services[1].stopSignal == "SIGINT" && services[1].hostName == "h")
        #expect(services[3].arguments == ["echo", "star", "star", "*word"])
    }

    @Test func starsThatAreNoAliases() throws {
        let web = try service(
            """
            command:
              - sh
              - |
                ls *.txt
              - 'a *b'
              - a *b
            """)
        #expect(web.arguments == ["sh", "ls *.txt\n", "a *b", "a *b"])
    }

    @Test(arguments: [
        ("", "it is empty"), ("# nothing\n", "it is empty"), ("~", "line 1: expected keys with values, found nothing"),
        ("hello", "line 1: expected keys with values, found 'hello'"), ("[a]", "line 1: expected keys with values, found a list"),
        ("services:\n  web: [image", "line 3, column 1: did not find expected ',' or ']'"),
        ("a: 1\n\tb: 2", "line 2, column 1: found a tab character"),
        ("services: {}\n---\nservices: {}", "line 2, column 1: but found another document"),
        ("services:\n  a: {image: x}\n  a: {image: y}", "line 2: set more than once: a"),
        ("services:\n  web: {image: *img}", "line 2, services.web.image: no anchor &img stands before its alias"),
        ("a: &a [*a]", "line 1, a[0]: no anchor &a stands before its alias"),
        ("services: &s\n  web: {image: x}\n  *s : {image: y}", "line 3, services: a key is no text"),
        ("? [a, b]\n: c", "line 1: a key is no text"),
        ("<<: 5", "line 1, <<: expected a mapping to merge"), ("<<: [1]", "line 1, <<: expected a mapping to merge"),
        ("services: !reset {}", "line 1, services: the tag '!reset' is not obeyed"),
        ("services:\n  web: {image: x, ports: !override [80]}", "line 2, services.web.ports: the tag '!override' is not obeyed"),
        ("\u{E000}", "it has the private character U+E000"), ("a: \u{1}b", "control characters are not allowed"),
    ])
    func refusals(_ text: String, _ words: String) {
        let description = trouble(text)?.description ?? "nothing"
        #expect(description.hasPrefix("could not read /srv/shop/compose.yaml: "))
        #expect(description.contains(words), "\(description)")
    }

    @Test func tagsOfYAMLItselfAndMarksOfOrder() throws {
        #expect(try read("\u{FEFF}%YAML 1.1\n--- !!map\nservices: {w: {image: !!str nginx}}\n...\n").services[0].image == "nginx")
        #expect(try read("services:\r\n  w:\r\n    image: nginx\r\n").services[0].image == "nginx")
    }

    /// Nine levels of nine: a thousand million texts.
    private static func bomb(_ use: String) -> String {
        var text = "x-0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...9 {
            text += "x-\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
        }
        return text + use
    }

    @Test(.timeLimit(.minutes(1)), arguments: [
        (bomb("services: {web: {image: x, command: *a9}}"), "with all its aliases written out it is larger"),
        (bomb("x-use: {*a9 : 1}"), "a key is no text"),
        (bomb("x-use: {[*a9]: 1, [*a9, x]: 1}"), "a key is no text"),
        (bomb("? *a9\n: 1"), "a key is no text"),
    ])
    func bombs(_ text: String, _ words: String) {
        #expect(trouble(text)?.answer.contains(words) == true)
    }

    @Test(.timeLimit(.minutes(1))) func mergesThatPileUp() {
        let keys = (0..<500).map { "k\($0): 1" }.joined(separator: ", ")
        let text = "x-a: &a {\(keys)}\nx-b:\n" + (0..<5000).map { "  - {<<: *a, n: \($0)}\n" }.joined()
        #expect(trouble(text)?.answer.contains("the file merges too many keys") == true)
        let chain = "x-0: &a0 {k: 1}\n" + (1...40).map { "x-\($0): &a\($0) {<<: [*a\($0 - 1), *a\($0 - 1)], k\($0): 1}\n" }.joined()
        #expect(trouble(chain + "services: {w: {image: x}}") == nil)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [100, 900, 5000, 200_000])
    func depth(_ levels: Int) {
        #expect(trouble("x: " + String(repeating: "[", count: levels) + String(repeating: "]", count: levels)) != nil)
        #expect(trouble("x: " + String(repeating: "{a: ", count: levels) + String(repeating: "}", count: levels)) != nil)
        #expect(trouble(String(repeating: "- ", count: levels) + "a") != nil)
        #expect(trouble(String(repeating: "? ", count: levels) + "a") != nil)
        #expect(trouble("x: " + String(repeating: "[", count: levels)) != nil)
    }

    @Test func depthThroughAliases() {
        let chain = "x-0: &a0 [end]\n" + (1...100).map { "x-\($0): &a\($0) [*a\($0 - 1)]\n" }.joined()
        #expect(trouble(chain + "services: {w: {image: x}}")?.answer.contains("more than 64 deep") == true)
    }

    @Test func size() {
        let text = web("hostname: h") + "# " + String(repeating: "x", count: 1 << 20)
        #expect(trouble(text)?.answer == "it is larger than 1 MiB")
    }
}
