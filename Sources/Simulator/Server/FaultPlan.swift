internal import Synchronization

/// What goes wrong with one answer.
enum Fault: Sendable, Hashable {
    /// The connection ends without a word.
    case drop
    /// It comes after so long.
    case delay(Duration)
    /// So large a part of it, and then the connection ends.
    case truncate(Double)
    case garbage(Garbage)
    /// The answer of a server in trouble, or of a proxy before it.
    case failure(Int)
    /// So many bytes at a time with this pause after each, as slow clients do it to servers.
    case trickle(bytes: Int, pause: Duration)

    enum Garbage: Sendable, Hashable, CaseIterable {
        /// Bytes that are no HTTP at all.
        case noise
        /// A good head, and noise of the right length behind it.
        case noisyBody
        /// The length that is told is right, but the text ends in its middle.
        case cutText
        /// JSON of another shape than anybody asked for.
        case otherJSON
        /// A length that nobody can send.
        case hugeLength
        /// A length that is none.
        case badLength
    }

    enum Kind: Sendable, Hashable, CaseIterable { case drop, delay, truncate, garbage, failure, trickle }

    var kind: Kind {
        switch self {
        case .drop: .drop
        case .delay: .delay
        case .truncate: .truncate
        case .garbage: .garbage
        case .failure: .failure
        case .trickle: .trickle
        }
    }
}

/// Which answers something goes wrong with, and what: the same for the same seed and the same number of answers.
struct FaultPlan: Sendable {
    /// Of all answers, from 0 to 1.
    var share: Double
    /// Each comes once before any comes again.
    let kinds: [Fault.Kind]
    private var left: [Fault.Kind] = []
    private(set) var random: Randomness

    init(seed: UInt64, share: Double = 0, kinds: [Fault.Kind] = Fault.Kind.allCases) {
        self.share = share
        self.kinds = kinds
        random = Randomness(seed: seed)
    }

    /// nil for an answer that goes out as it is.
    mutating func next() -> Fault? {
        // Drawn in any case, so that a change of the share does not shift all that follows.
        let (isHit, kind, detail) = (random.fraction() < share, random.next(), random.next())
        guard isHit, !kinds.isEmpty else { return nil }
        let number = Int(detail % 1000)
        if left.isEmpty { left = kinds }
        switch left.remove(at: Int(kind % UInt64(left.count))) {
        case .drop: return .drop
        case .delay: return .delay(.milliseconds(number * 2))
        case .truncate: return .truncate(Double(number) / 1000)
        case .garbage: return .garbage(Fault.Garbage.allCases[number % Fault.Garbage.allCases.count])
        case .failure: return .failure([500, 502, 503, 504][number % 4])
        // Every other one does come to an end, which tries how answers are put together again; the rest never does.
        case .trickle: return number % 2 == 0 ? .trickle(bytes: 1 + number % 16, pause: .zero) : .trickle(bytes: 1, pause: .milliseconds(5 + number % 20))
        }
    }

    /// Bytes by chance.
    mutating func noise(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
}

/// The plan of one door while it is in use, which may become another at any time.
final class FaultControl: Sendable {
    private struct State {
        var plan: FaultPlan
        var done: [Fault.Kind: Int] = [:]
    }

    private let state: Mutex<State>

    init(_ plan: FaultPlan) { state = Mutex(State(plan: plan)) }

    /// What has gone wrong until now.
    var done: [Fault.Kind: Int] { state.withLock { $0.done } }
    /// Nothing goes wrong any more; what goes wrong slowly ends, too.
    var isOff: Bool { state.withLock { $0.plan.share <= 0 } }

    func setShare(_ share: Double) { state.withLock { $0.plan.share = share } }

    func next() -> Fault? {
        state.withLock { state in
            guard let fault = state.plan.next() else { return nil }
            state.done[fault.kind, default: 0] += 1
            return fault
        }
    }

    func noise(_ count: Int) -> [UInt8] { state.withLock { $0.plan.noise(count) } }
}
