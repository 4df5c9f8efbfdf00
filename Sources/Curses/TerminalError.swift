/// Why there is no screen, in words for the person at the keyboard.
public struct TerminalError: Error, Sendable, CustomStringConvertible {
    public enum Reason: Sendable, Hashable {
        /// The stream that is none: "standard output".
        case notATerminal(String)
        case unnamed
        case unknown(String)
        case incapable(String)
        case busy
        case failed(String)
    }

    public var reason: Reason

    public init(_ reason: Reason) { self.reason = reason }

    public var description: String {
        switch reason {
        case .notATerminal(let stream): "\(stream) is not a terminal; use --once"
        case .unnamed: "TERM is not set; try TERM=xterm-256color"
        case .unknown(let term): "TERM=\(term) is not known here; try TERM=xterm-256color"
        case .incapable(let term): "TERM=\(term) cannot place a cursor; use --once"
        case .busy: "a terminal is already open in this process"
        case .failed(let term): "the terminal could not be opened as \(term); use --once"
        }
    }
}
