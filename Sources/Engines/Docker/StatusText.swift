internal import Domain

/// What the list tells only in words: `Up 6 minutes (healthy)`, `Exited (137) 2 hours ago`, `Restarting (1) 5 seconds ago`.
///
/// The age in it is rounded by the engine (docker/go-units HumanDuration), so a moment reckoned from it is an estimate
/// that lies between `age` and `age + grain` before now.
struct StatusText: Sendable, Hashable {
    var exitCode: Int?
    var health: Container.Health = .none
    var age: Duration?
    var grain: Duration = .zero

    init(_ text: String) {
        let words = text.split(separator: " ")
        if let open = text.utf8.firstIndex(of: UInt8(ascii: "(")), let close = text[open...].utf8.firstIndex(of: UInt8(ascii: ")")) {
            exitCode = Int(text[text.utf8.index(after: open)..<close])
        }
        if text.hasSuffix("(healthy)") {
            health = .healthy
        } else if text.hasSuffix("(unhealthy)") {
            health = .unhealthy
        } else if text.hasSuffix("(health: starting)") || text.hasSuffix("(starting)") {
            health = .starting
        }
        (age, grain) = Self.age(in: words)
    }

    private static func age(in words: [Substring]) -> (Duration?, Duration) {
        for (index, word) in words.enumerated() {
            guard let unit = unit(word) else { continue }
            guard index > 0 else { return (nil, .zero) }
            // "About a minute", "About an hour", "Less than a second", "1 second".
            if words[index - 1] == "a" || words[index - 1] == "an" {
                let isLess = words.first { $0 == "Less" || $0 == "less" } != nil
                return isLess ? (.zero, unit) : (unit, unit)
            }
            guard let count = Int64(words[index - 1]), count >= 0, count < 1_000_000 else { return (nil, .zero) }
            return (unit * Int(count), unit)
        }
        return (nil, .zero)
    }

    private static func unit(_ word: Substring) -> Duration? {
        switch word {
        case "second", "seconds": .seconds(1)
        case "minute", "minutes": .seconds(60)
        case "hour", "hours": .seconds(3600)
        case "day", "days": .seconds(86_400)
        case "week", "weeks": .seconds(7 * 86_400)
        case "month", "months": .seconds(30 * 86_400)
        case "year", "years": .seconds(365 * 86_400)
        default: nil
        }
    }

    /// The estimate, seen from `now`; whole seconds, so that two readings of the same text differ as little as they can.
    func moment(before now: Timestamp) -> Timestamp? {
        age.map { Timestamp(seconds: now.adding(.zero - $0).seconds) }
    }

    /// Whether an exact moment known from elsewhere is what this text speaks of.
    func agrees(with exact: Timestamp, at now: Timestamp) -> Bool {
        guard let age else { return true }
        // Hours are rounded to the nearest, everything else down; clocks of two machines may differ by a few seconds.
        let slack = grain + .seconds(5)
        return exact > now.adding(.zero - age - slack - slack) && exact < now.adding(.zero - age + slack)
    }
}
