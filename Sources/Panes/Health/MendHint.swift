internal import Commands
internal import Domain

/// What mends a difference, and by which key where Binnacle can do it.
enum MendHint {
    static func key(_ scene: Scene) -> String { scene.key(.mend) }

    static func words(_ difference: Disagreement, _ scene: Scene) -> String {
        let advice = LogText.clean(difference.advice)
        return difference.mend == nil ? advice : "\(key(scene)): \(advice)"
    }
}
