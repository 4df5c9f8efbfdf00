internal import Domain
internal import Engine

/// What has been done of something that takes several requests.
struct SwarmSteps: Sendable {
    /// In order, those of one verb one after another together.
    private var done: [(verb: String, subjects: [String])] = []

    mutating func did(_ verb: String, _ subject: String) {
        let subject = PlainText.printable(subject)
        if done.last?.verb == verb { done[done.count - 1].subjects.append(subject) } else { done.append((verb, [subject])) }
    }

    /// A failure with what had been done before it: "created network shop_front, service shop_web; then: …".
    func told(with trouble: Trouble) -> Trouble {
        guard !done.isEmpty else { return trouble }
        var trouble = trouble
        trouble.answer = done.map { "\($0.verb) \($0.subjects.joined(separator: ", "))" }.joined(separator: "; ") + "; then: " + trouble.answer
        return trouble
    }
}
