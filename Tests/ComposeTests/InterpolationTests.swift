@testable import Compose
import Domain
import Testing

@Suite struct InterpolationTests {
    private static let environment = ["SET": "here", "EMPTY": "", "_u1": "under", "DOLLAR": "$SET"]

    @Test(arguments: [
        ("plain", "plain"),
        ("$SET", "here"), ("${SET}", "here"), ("a${SET}b", "ahereb"), ("$SET-x", "here-x"), ("$_u1.", "under."), ("${SET}${SET}", "herehere"),
        ("$MISSING", ""), ("a-${MISSING}-b", "a--b"),
        ("${MISSING:-d}", "d"), ("${MISSING-d}", "d"), ("${EMPTY:-d}", "d"), ("${EMPTY-d}", ""), ("${SET:-d}", "here"), ("${MISSING:-}", ""),
        ("${SET:+x}", "x"), ("${SET+x}", "x"), ("${EMPTY:+x}", ""), ("${EMPTY+x}", "x"), ("${MISSING:+x}", ""), ("${MISSING+x}", ""),
        ("${SET:?e}", "here"), ("${SET?e}", "here"), ("${EMPTY?e}", ""),
        ("${MISSING:-a:b-c?d}", "a:b-c?d"), ("${MISSING:-{}", "{"), ("${MISSING:-ä→}", "ä→"),
        ("${MISSING:-${SET}}", "here"), ("${MISSING:-a${NONE:-b${SET}c}d}", "abherecd"), ("${SET:-${NEVER:?no}}", "here"),
        ("$$SET", "$SET"), ("$$", "$"), ("$$$$", "$$"), ("$${SET}", "${SET}"),
        // What is put in is not read again.
        ("$DOLLAR", "$SET"),
    ])
    func forms(_ text: String, _ expected: String) throws {
        var interpolation = Interpolation(environment: Self.environment)
        #expect(try interpolation.expand(text) == expected)
    }

    @Test(arguments: [
        ("${MISSING:?}", "the variable MISSING has to be set"),
        ("${MISSING?say so}", "the variable MISSING has to be set: say so"),
        ("${EMPTY:?for $SET}", "the variable EMPTY has to be set: for here"),
        ("$", "no variable's name follows the '$' in '$'"), ("cost: 5$", "no variable's name"), ("$1", "no variable's name"),
        ("${", "'${' has no '}' in '${'"), ("${A:-${B}", "'${' has no '}'"),
        ("${}", "'' begins with no variable's name"), ("${1A}", "'1A' begins with no"), ("${ A}", "' A' begins with no"),
        ("${A B}", "'A B' is not a variable with words"), ("${A:}", "'A:' is not a variable with words"), ("${A=b}", "'A=b'"), ("${A:=b}", "'A:=b'"),
    ])
    func refusals(_ text: String, _ words: String) {
        var interpolation = Interpolation(environment: Self.environment)
        do {
            Issue.record("became \(try interpolation.expand(text))")
        } catch {
            #expect(error.answer.contains(words))
        }
    }

    @Test func endsWhereTextsPileUp() {
        var interpolation = Interpolation(environment: ["A": String(repeating: "a", count: 100_000)])
        #expect(throws: Complaint.self) { try interpolation.expand(String(repeating: "$A", count: 1000)) }
        #expect(throws: Complaint.self) { for _ in 0..<20 { _ = try interpolation.expand("$A$A$A$A$A$A$A$A$A$A") } }
        #expect(throws: Complaint.self) { try interpolation.expand(String(repeating: "${B:-", count: 5000) + String(repeating: "}", count: 5000)) }
    }

    @Test func valuesOfAllSectionsAndNoKeys() throws {
        let stack = try read(
            """
            services:
              web:
                image: $REPO/web:${TAG:-1}
                environment: {$KEY: $REPO}
                networks: [front]
                deploy: {replicas: $COUNT}
                read_only: ${FLAG}
            networks:
              front: {name: net-$TAG, driver: $REPO}
            """, environment: ["REPO": "r", "COUNT": "3", "FLAG": "on"])
        let web = stack.services[0]
        #expect(web.image == "r/web:1" && web.replicas == 3 && web.isReadOnlyRoot)
        #expect(web.environment == ["$KEY=r"])
        #expect(stack.networks[0].name == "net-" && stack.networks[0].driver == "r")
        #expect(stack.ignored == ["variables that are not set count as empty: TAG"])
    }

    @Test func itsTroublesNameThePlace() {
        #expect(
            trouble(web("hostname: ${HOST:?who are you}"))?.description
                == "could not read /srv/shop/compose.yaml: line 4, services.web.hostname: the variable HOST has to be set: who are you")
        #expect(
            trouble(web("command:\n  - a\n  - $1"))?.description
                == "could not read /srv/shop/compose.yaml: line 6, services.web.command[1]: no variable's name follows the '$' in '$1'; write $$ for a dollar sign")
    }
}
