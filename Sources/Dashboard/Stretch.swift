internal import Domain

/// How far back logs are asked for.
enum Stretch: CaseIterable, Sendable {
    case last500, minute, quarter, hour, day, all

    var words: String {
        switch self {
        case .last500: "last 500 lines"
        case .minute: "last minute"
        case .quarter: "last 15 minutes"
        case .hour: "last hour"
        case .day: "last day"
        case .all: "everything"
        }
    }

    func request(now: Timestamp) -> LogRequest {
        switch self {
        case .last500: LogRequest(tail: 500)
        case .minute: LogRequest(tail: nil, since: now.adding(.seconds(-60)))
        case .quarter: LogRequest(tail: nil, since: now.adding(.seconds(-900)))
        case .hour: LogRequest(tail: nil, since: now.adding(.seconds(-3600)))
        case .day: LogRequest(tail: nil, since: now.adding(.seconds(-86_400)))
        case .all: LogRequest(tail: nil)
        }
    }
}
