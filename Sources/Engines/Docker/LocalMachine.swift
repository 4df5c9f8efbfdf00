internal import Transport

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Whether an engine runs on this machine.
enum LocalMachine {
    static let hostName: String = {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }()

    /// Before the engine has told its own name: a unix socket is one of this machine until shown otherwise.
    static func isLikely(_ address: Address) -> Bool {
        if case .unix = address { true } else { false }
    }

    static func name(for address: Address) -> String {
        switch address {
        case .unix: hostName
        case .tcp(let host, _, _, _): host
        case .ssh(let target): target.host
        }
    }
}
