/// Something that befalls the cluster, step by step, and what there is to find.
public struct Scenario: Sendable, Hashable {
    public struct Step: Sendable, Hashable {
        /// After the start of the scenario.
        public var at: Duration
        public var mishap: Mishap
        /// As written.
        public var text: String
    }

    /// `memory-leak`: the name of its file.
    public let name: String
    public let title: String
    /// One line on what a learner should find.
    public let find: String
    /// In the order of their times.
    public let steps: [Step]

    /// All that are built in, the calm one first.
    public static let all: [Scenario] = builtIn

    public static func named(_ name: String) -> Scenario? { all.first { $0.name == name } }
}

/// What is wrong with the text of a scenario.
public struct ScenarioError: Error, Sendable, Hashable, CustomStringConvertible {
    public var line: Int
    /// Empty where something is missing at the end of the line.
    public var word: String
    public var problem: String
    public var description: String { "line \(line)\(word.isEmpty ? "" : ", at “\(word)”"): \(problem)" }
}
