internal import Domain
internal import Engine
internal import JSON
internal import Transport

/// Sends a changed specification back: the whole of it, with the version index it was read at.
///
/// Swarm compares the index and refuses a stale one with status 500 and "update out of sequence". The index also rises by what
/// the swarm itself writes (the state of a rollout), so a refusal alone does not mean that a person interfered: the
/// specification is read again, and the change is made to it anew if it still means the same.
struct SpecificationUpdate: Sendable {
    private static let attempts = 5

    /// `["services", id]`, `["nodes", id]`.
    let path: [String]
    let name: String
    /// The specification that the plan was made from.
    let base: JSONTree
    /// What it shall be.
    let edited: JSONTree
    var query: [(String, String)] = []
    /// Counts that only ever rise, whoever raises them: not a matter of dispute.
    var rising: [[String]] = []
    /// The specification must be exactly the plan's: the change says nothing of which fields it touches.
    var isWhole = false

    /// The engine's warnings.
    func send(over connection: DockerConnection, attempt: String) async throws(Trouble) -> [String] {
        var refusal: Trouble?
        for number in 0..<Self.attempts {
            let fresh = try await connection.tree(path, attempt: attempt, gone: "\(name) has gone")
            guard let spec = fresh["Spec"], let version = fresh["Version", "Index"]?.natural else {
                throw Trouble(.malformed, attempt: attempt, answer: "the engine's answer holds no specification")
            }
            let merged = try merge(into: spec, attempt: attempt)
            let call = DockerCall("POST", path + ["update"], [("version", String(version))] + query, body: Array(merged.json.utf8))
            let answer: HTTPResponse
            do throws(Trouble) { answer = try await connection.answer(call, attempt: attempt) } catch {
                // What a roll back comes to is the specification before this one, whatever was sent.
                let sent = isWhole ? fresh["PreviousSpec"] ?? merged : merged
                guard try await settle(error, from: spec, to: sent, over: connection) else { throw error }
                return []
            }
            if (200..<300).contains(answer.status) { return SwarmAnswer.warnings(answer.body) }
            let trouble = SwarmAnswer.trouble(answer, attempt: attempt, address: connection.address)
            guard trouble.answer.contains("update out of sequence") else { throw trouble }
            refusal = trouble
            // A read right after a write may still be of before: a moment each time, longer every time.
            do { try await Task.sleep(for: .milliseconds(40 << number)) } catch { throw Trouble(.cancelled, attempt: attempt, answer: "cancelled") }
        }
        throw Trouble(
            .conflict, attempt: attempt, answer: "\(name) is being changed by somebody else all the time (\(refusal?.answer ?? ""))",
            remedy: "look at it again and plan anew")
    }

    /// Whether a request whose answer got lost has been carried out all the same.
    ///
    /// - Throws: what is to be said where nobody can tell.
    private func settle(_ trouble: Trouble, from spec: JSONTree, to sent: JSONTree, over connection: DockerConnection) async throws(Trouble) -> Bool {
        switch trouble.reason {
        case .timedOut, .unreachable, .malformed: break
        case .forbidden, .unauthorized, .notFound, .conflict, .unsupported, .refusedByPlan, .cancelled: return false
        }
        let changed = JSONTree.differences(spec, sent)
        do throws(Trouble) {
            let now = try await connection.tree(path, attempt: trouble.attempt, gone: "\(name) has gone")["Spec"]
            if !changed.isEmpty, changed.allSatisfy({ JSONTree.differences(now?[$0[...]], sent[$0[...]]).isEmpty }) { return true }
        } catch {
            // Not even that can be read: what has become of the request stays unknown, which is what is said.
        }
        var trouble = trouble
        trouble.answer += ". It may or may not have been done"
        trouble.remedy = "look before you repeat it"
        throw trouble
    }

    /// The change made to what the specification is now.
    func merge(into spec: JSONTree, attempt: String) throws(Trouble) -> JSONTree {
        if spec == base { return edited }
        if isWhole {
            throw conflict(JSONTree.differences(base, spec).map { SpecificationWords.change($0, from: base, to: spec) }, attempt: attempt)
        }
        var merged = spec
        var disputed: [String] = []
        for path in JSONTree.differences(base, edited) {
            let (theirs, ours) = (spec[path[...]], edited[path[...]])
            if rising.contains(path) {
                merged.set(.number((theirs?.natural ?? 0) &+ 1), at: path)
            } else if theirs == base[path[...]] {
                merged.set(ours, at: path)
            } else if theirs != ours {
                disputed.append(SpecificationWords.change(path, from: base, to: spec))
            }
        }
        guard disputed.isEmpty else { throw conflict(disputed, attempt: attempt) }
        return merged
    }

    private func conflict(_ changes: [String], attempt: String) -> Trouble {
        Trouble(
            .conflict, attempt: attempt, answer: "somebody else changed \(name) meanwhile: " + changes.joined(separator: "; ") + ". Nothing was sent",
            remedy: "look at it again and plan anew")
    }
}

/// What Swarm's answers say.
enum SwarmAnswer {
    static func warnings(_ body: [UInt8]) -> [String] {
        // An answer without warnings may be empty or null: then there are none.
        guard let tree = try? JSONTree(body) else { return [] }
        return (tree["Warnings"]?.texts ?? []).map(PlainText.printable)
    }

    static func trouble(_ answer: HTTPResponse, attempt: String, address: Address) -> Trouble {
        var trouble = DockerTrouble.make(answer, attempt: attempt, address: address)
        // The words in front are gRPC's and tell a person nothing: "rpc error: code = Unknown desc = ".
        if let cut = trouble.answer.range(of: "desc = ") { trouble.answer = String(trouble.answer[cut.upperBound...]) }
        return trouble
    }
}

extension String {
    /// The first place where `text` stands.
    fileprivate func range(of text: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}

extension DockerConnection {
    /// An object as the engine has it, nothing left out.
    func tree(_ path: [String], attempt: String, gone: String) async throws(Trouble) -> JSONTree {
        let response = try await answer(DockerCall("GET", path), attempt: attempt)
        if response.status == 404 { throw Trouble(.notFound, attempt: attempt, answer: gone) }
        guard response.status == 200 else { throw SwarmAnswer.trouble(response, attempt: attempt, address: address) }
        do throws(JSONReader.Malformed) { return try JSONTree(response.body) } catch {
            throw DockerTrouble.malformed(response, reading: "a specification", problem: error.words, attempt: attempt)
        }
    }

    /// A list of such objects.
    func trees(_ path: [String], _ query: [(String, String)] = [], attempt: String) async throws(Trouble) -> [JSONTree] {
        let response = try await answer(DockerCall("GET", path, query), attempt: attempt)
        guard response.status == 200 else { throw SwarmAnswer.trouble(response, attempt: attempt, address: address) }
        do throws(JSONReader.Malformed) { return try JSONTree(response.body).elements } catch {
            throw DockerTrouble.malformed(response, reading: "a list", problem: error.words, attempt: attempt)
        }
    }
}
