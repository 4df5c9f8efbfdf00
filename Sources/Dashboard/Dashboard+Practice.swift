internal import Commands
internal import Domain
internal import Drawing
internal import Panes

/// The practice cluster: choosing a scenario and the speed of its clock, and telling what there is to find.
extension Dashboard {
    /// The scenario that is played, where what is watched is practice.
    var scenario: Practice.Scenario? { options.practice.flatMap { practice in practice.scenarios.first { $0.name == practice.scenario } } }

    mutating func chooseScenario(_ argument: String) -> [Effect] {
        guard let practice = options.practice else { return [] }
        if argument.isEmpty {
            let choices = practice.scenarios.map { ChoiceList.Choice($0.title, note: $0.name == practice.scenario ? "played now" : $0.name) }
            layers.append(.choice(ChoiceList(title: "What shall go wrong?", choices: choices, selected: practice.scenarios.firstIndex { $0.name == practice.scenario } ?? 0), .scenario(practice.scenarios.map(\.name))))
            return []
        }
        let names = practice.scenarios.map(\.name)
        guard names.contains(argument) else {
            let hint = nearName(argument, among: names).map { "did you mean “\($0)”?" } ?? "there are \(names.joined(separator: ", "))"
            notice = Notice("There is no scenario “\(argument)”; \(hint)", .warning)
            return []
        }
        return [.play(argument)]
    }

    mutating func chooseSpeed(_ argument: String) -> [Effect] {
        if argument.isEmpty {
            layers.append(.choice(ChoiceList(title: "How fast shall its clock run?", choices: Practice.speeds.map { .init(Self.words($0)) }, selected: 1), .speed))
            return []
        }
        guard let speed = Double(argument), speed.isFinite, (0...1000).contains(speed) else {
            notice = Notice("“\(argument)” is no speed: 0 (stands still) to 1000 times", .warning)
            return []
        }
        return [.speed(speed)]
    }

    mutating func played(_ name: String) {
        options.practice?.scenario = name
        if let scenario { notice = Notice("\(scenario.title): \(scenario.find)") }
    }

    static func words(_ speed: Double) -> String { speed == 1 ? "as in life" : "\(speed == speed.rounded() ? "\(Int(speed))" : "\(speed)") times as fast" }

    /// What help says first of all.
    var practiceLines: Description.Lines {
        guard let scenario else { return [] }
        return [
            ("This is the practice cluster: nothing in it is real, and nothing you do here reaches anything else.", .info),
            ("Scenario: \(scenario.title)", .heading), ("  \(scenario.find)", .text),
            ("  :scenario chooses another, :speed how fast its clock runs", .muted), ("", .text),
        ]
    }
}
