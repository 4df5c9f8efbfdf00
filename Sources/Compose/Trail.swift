/// The way to a value, as people write it: `services.web.ports[0]`.
indirect enum Trail: CustomStringConvertible {
    case root
    case key(String, in: Trail)
    case item(Int, in: Trail)

    var description: String {
        switch self {
        case .root: ""
        case .key(let key, .root): printable(key)
        case .key(let key, let outer): "\(outer).\(printable(key))"
        case .item(let index, let outer): "\(outer)[\(index)]"
        }
    }
}
