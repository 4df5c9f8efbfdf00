extension World {
    /// Stops what is being played and begins this one at `now`. What earlier steps have broken stays broken: for an unbroken one make a new
    /// world. nil and “calm” only stop.
    public mutating func play(_ scenario: Scenario?) {
        scenarioGeneration += 1
        self.scenario = scenario
        for (number, step) in (scenario?.steps ?? []).enumerated() { plan(.scenario(step: number, generation: scenarioGeneration), in: step.at) }
    }

    mutating func takeStep(_ number: Int, _ generation: Int) {
        guard generation == scenarioGeneration, let steps = scenario?.steps, steps.indices.contains(number) else { return }
        let step = steps[number]
        do throws(OrderRefusal) {
            _ = try befall(step.mishap)
            tell(.scenario(step.text))
        } catch {
            // The learner has changed what the step was about.
            tell(.scenario("\(step.text): not possible: \(error.message)"))
        }
    }
}
