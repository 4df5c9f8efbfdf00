/// A JSON value with every key present: what is not known is written as null, never left out.
indirect enum ReportValue: Encodable {
    case text(String)
    case whole(Int64)
    case natural(UInt64)
    case decimal(Double)
    case flag(Bool)
    case null
    case list([ReportValue])
    case object([String: ReportValue])

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let value): try container.encode(value)
        case .whole(let value): try container.encode(value)
        case .natural(let value): try container.encode(value)
        case .decimal(let value): value.isFinite ? try container.encode(value) : try container.encodeNil()
        case .flag(let value): try container.encode(value)
        case .null: try container.encodeNil()
        case .list(let values): try container.encode(values)
        case .object(let fields): try container.encode(fields)
        }
    }

    static func text(_ value: String?) -> ReportValue { value.map { .text($0) } ?? .null }
    static func whole(_ value: Int?) -> ReportValue { value.map { .whole(Int64($0)) } ?? .null }
    static func natural(_ value: UInt64?) -> ReportValue { value.map { .natural($0) } ?? .null }
    /// Rounded to two digits: readings are not more exact than that.
    static func decimal(_ value: Double?) -> ReportValue { value.map { .decimal(($0 * 100).rounded() / 100) } ?? .null }
    static func labels(_ value: [String: String]) -> ReportValue { .object(value.mapValues { .text($0) }) }
}
