public import Domain

/// What the dashboard may do with the practice cluster, if that is what it watches: choose what goes wrong, and how fast.
public struct Practice: Sendable {
    public struct Scenario: Sendable, Hashable {
        /// What is typed: `memory-leak`.
        public var name: String
        public var title: String
        /// What a learner should find.
        public var find: String
        public init(name: String, title: String, find: String) {
            self.name = name
            self.title = title
            self.find = find
        }
    }

    public var scenarios: [Scenario]
    /// The one that is played at the start.
    public var scenario: String
    public var play: @Sendable (String) throws(Trouble) -> Void
    public var setSpeed: @Sendable (Double) -> Void

    public init(scenarios: [Scenario], scenario: String, play: @escaping @Sendable (String) throws(Trouble) -> Void, setSpeed: @escaping @Sendable (Double) -> Void) {
        self.scenarios = scenarios
        self.scenario = scenario
        self.play = play
        self.setSpeed = setSpeed
    }

    /// How many seconds of the cluster pass in one of ours.
    public static let speeds: [Double] = [0.5, 1, 2, 5, 10, 30]
}
