internal import Domain
internal import Engine

/// Failures of a swarm in the words a person needs.
enum SwarmTrouble {
    /// Without the words that gRPC puts in front: `rpc error: code = Unknown desc = `.
    static func plain(_ words: String) -> String {
        guard words.contains("rpc error: code = "), let cut = words.firstRange(of: " desc = ") else { return words }
        return String(words[cut.upperBound...])
    }

    /// The managers have no leader and cannot choose one.
    static func isLeaderless(_ words: String) -> Bool { words.contains("does not have a leader") }

    /// - Parameters:
    ///   - nodes: as last known; empty where they never were.
    ///   - managers: how many there are by what the engine itself knows, where no node is known.
    static func lostQuorum(attempt: String, nodes: [Node], managers: Int) -> Trouble {
        let known = nodes.filter(\.isManager)
        let all = known.isEmpty ? managers : known.count
        let reachable = known.count { $0.reachability == "reachable" }
        let majority = all / 2 + 1
        let answer =
            if known.isEmpty || reachable >= majority {
                // Nobody could say who is missing before all of it fell silent.
                "the swarm has lost its quorum: fewer than \(majority) of \(all) managers are reachable"
            } else {
                "the swarm has lost its quorum: \(reachable) of \(all) managers \(reachable == 1 ? "is" : "are") reachable"
            }
        return Trouble(
            .unreachable, attempt: attempt, answer: answer,
            remedy: "no change is possible until a majority of managers (\(majority) of \(all)) is back; what runs goes on running")
    }

    /// For the while in which a leader still answers though most of the others are gone, some twelve seconds; nil while all is
    /// well.
    static func quorumRemark(_ nodes: [Node]) -> String? {
        let managers = nodes.filter(\.isManager)
        let reachable = managers.count { $0.reachability == "reachable" }
        // Managers that say nothing of themselves, as in a swarm that is just being founded, are not missing.
        guard managers.allSatisfy({ !$0.reachability.isEmpty }), reachable < managers.count / 2 + 1, !managers.isEmpty else { return nil }
        return "only \(reachable) of \(managers.count) managers \(reachable == 1 ? "is" : "are") reachable: no change is possible without a majority"
    }

    /// While they look for a leader managers let a request wait, for 20 s at most, and then only say that time was up.
    static func isBlocked(_ words: String) -> Bool { words.contains("deadline exceeded") }

    static func blocked(attempt: String) -> Trouble {
        Trouble(
            .timedOut, attempt: attempt,
            answer: "the managers answer nothing: they are choosing a new leader, or too few of them can reach each other")
    }

    /// Managers that choose a new leader answer nothing meanwhile: ten seconds are usual.
    static func hesitation(attempt: String, after limit: Duration) -> Trouble {
        Trouble(
            .timedOut, attempt: attempt, answer: "no answer for \(limit.components.seconds) s: the managers may be choosing a new leader")
    }

    /// What a log's stream says at its end when part of it could not be had.
    ///
    /// - Parameter names: of nodes and tasks by their ids, where they are known.
    static func incompleteLog(_ words: String, attempt: String, names: [String: String]) -> Trouble {
        let plain = Self.plain(PlainText.printable(words))
        let introduction = "for the following reasons: "
        guard let cut = plain.firstRange(of: introduction) else {
            return Trouble(.unsupported, attempt: attempt, answer: plain)
        }
        let reasons = plain[cut.upperBound...].split(separator: " ", omittingEmptySubsequences: false).map { word in
            let isListed = word.hasSuffix(",")
            let id = String(isListed ? word.dropLast() : word)
            return (names[id] ?? id) + (isListed ? "," : "")
        }
        return Trouble(.unreachable, attempt: attempt, answer: "not all of it could be had: " + reasons.joined(separator: " "))
    }
}
