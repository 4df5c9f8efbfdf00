import Glibc
import Testing

/// What a run of the tests has started, as its variables tell. What is missing keeps the tests that need it from running.
enum Lab {
    static let binary = variable("BINNACLE_BINARY") ?? ""
    static let scripts = variable("BINNACLE_LAB_SCRIPTS") ?? ""
    static let engine = LabEngine(url: variable("BINNACLE_TEST_ENGINE") ?? "")
    static let engine26 = LabEngine(url: variable("BINNACLE_TEST_ENGINE_26") ?? "")

    /// The manager of a swarm of three engines.
    static let swarm = LabEngine(url: variable("BINNACLE_TEST_SWARM") ?? "")

    static let isReady = !binary.isEmpty && !engine.url.isEmpty
    static let needs: Comment = "needs BINNACLE_BINARY and BINNACLE_TEST_ENGINE"
}

/// A real engine. The docker client asks it, so that the screen is measured by somebody else's word.
struct LabEngine: Sendable {
    let url: String

    var socket: Substring { url.dropFirst("unix://".count) }

    @discardableResult
    func docker(_ words: String) -> String { shell("docker -H \(url) \(words)").output }

    func lines(_ words: String) -> [Substring] { docker(words).split(separator: "\n") }

    /// A container that is there while `body` runs.
    func run(_ name: String, _ body: (String) throws -> Void) rethrows {
        docker("rm -f \(name)")
        docker("run -d --name \(name) --stop-timeout 1 --label tier=front busybox:local sh -c \"echo hello-from-\(name); exec sleep 100000\"")
        defer { docker("rm -f \(name)") }
        try body(name)
    }
}

extension String {
    /// The first line that holds these words, or nothing.
    func line(with words: String) -> Substring { split(separator: "\n").first { $0.contains(words) } ?? "" }
}
