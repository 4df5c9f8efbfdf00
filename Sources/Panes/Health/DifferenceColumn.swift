internal import Domain
internal import Drawing
internal import Widgets

/// The columns of the differences.
enum DifferenceColumn: Int, CaseIterable {
    case kind, service, words, match, mend

    var column: Column {
        switch self {
        case .kind: Column("KIND", .fixed(18), rank: 90)
        case .service: Column("SERVICE", .flexible(minimum: 10, weight: 1), rank: 80)
        case .words: Column("WHAT DOES NOT AGREE", .flexible(minimum: 24, weight: 4), rank: 99)
        case .match: Column("MATCHED", .flexible(minimum: 18, weight: 2), rank: 20)
        case .mend: Column("WOULD MEND IT", .flexible(minimum: 18, weight: 3), rank: 60)
        }
    }

    func cell(_ difference: Disagreement, _ scene: Scene) -> CellText {
        switch self {
        case .kind: CellText(difference.kind.rawValue, .warning)
        case .service: CellText(difference.service, .title)
        case .words: CellText(LogText.clean(difference.words))
        case .match: CellText(LogText.clean(difference.match), .muted)
        case .mend: CellText(MendHint.words(difference, scene), difference.mend == nil ? .muted : .info)
        }
    }
}
