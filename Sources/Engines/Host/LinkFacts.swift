internal import Domain
internal import Glibc

/// What `/sys/class/net/NAME` tells of an interface, counters left out.
struct LinkFacts: Hashable {
    private static let ethernet = 1
    private static let isUp: UInt64 = 0x1
    private static let isLoopback: UInt64 = 0x8

    var name: String
    var index = 0
    var peerIndex = 0
    var kind = Link.Kind.other
    var flags: UInt64 = 0
    var operState = ""
    var hardwareAddress = ""
    var mtu = 0
    var master: String?

    /// nil when there is no such interface (any more); `bonding_masters` lies beside the interfaces and is none.
    init?(_ name: String, in root: HostRoot, _ reader: FileReader) {
        self.name = name
        let path = root.links + "/" + name
        let directory: Int32
        do throws(FileFailure) {
            directory = try FileReader.open(path, flags: O_DIRECTORY)
        } catch {
            return nil
        }
        defer { close(directory) }
        // Some attributes answer EINVAL while an interface is down: absence is the answer then.
        func text(_ file: String) -> String? {
            do throws(FileFailure) { return try reader.read(file, in: directory) { $0.firstLine } } catch { return nil }
        }
        func exists(_ file: String) -> Bool { faccessat(directory, file, F_OK, 0) == 0 }
        guard let index = text("ifindex").flatMap({ Int($0) }) else { return nil }
        self.index = index
        peerIndex = text("iflink").flatMap { Int($0) } ?? index
        flags = text("flags").flatMap { UInt64($0.dropFirst(2), radix: 16) } ?? 0
        operState = text("operstate") ?? ""
        hardwareAddress = text("address") ?? ""
        mtu = text("mtu").flatMap { Int($0) } ?? 0
        master = Self.master(of: name, in: root)
        let type = text("type").flatMap { Int($0) } ?? 0
        let deviceType = Self.deviceType(directory, reader)
        kind = Self.kind(
            name: name, type: type, deviceType: deviceType, flags: flags, hasPeer: peerIndex != index,
            isBridge: exists("bridge"), isTunnel: exists("tun_flags"), hasDevice: exists("device"))
    }

    var isUp: Bool { flags & Self.isUp != 0 }

    /// The bridge it is plugged into; a veth has none for a moment while its container is being set up or removed.
    static func master(of name: String, in root: HostRoot) -> String? {
        Directory.target(ofLink: root.links + "/" + name + "/master")
    }

    private static func deviceType(_ directory: Int32, _ reader: FileReader) -> String {
        do throws(FileFailure) {
            return try reader.read("uevent", in: directory) { text in
                var position = 0
                while position < text.count {
                    if text.has("DEVTYPE=", at: position) {
                        position += 8
                        return text.word(&position).map { text.text($0) } ?? ""
                    }
                    text.skipLine(&position)
                }
                return ""
            }
        } catch {
            return ""  // no device type is what most interfaces have
        }
    }

    /// There is no file that says "veth": it is an Ethernet interface without device type whose other end has another
    /// index. A veth whose ends have the same index in their two namespaces is known by its name only.
    static func kind(
        name: String, type: Int, deviceType: String, flags: UInt64, hasPeer: Bool, isBridge: Bool, isTunnel: Bool,
        hasDevice: Bool
    ) -> Link.Kind {
        if flags & isLoopback != 0 || type == 772 { return .loopback }
        if isBridge { return .bridge }
        switch deviceType {
        case "bridge": return .bridge
        case "vlan": return .vlan
        case "vxlan", "geneve": return .vxlan
        case "wireguard", "gre", "ipip", "sit": return .tunnel
        case "wlan", "wwan": return .physical
        case "": break
        default: return hasDevice ? .physical : .other
        }
        if isTunnel { return .tunnel }
        if hasDevice { return .physical }
        if type == ethernet { return hasPeer || name.hasPrefix("veth") ? .veth : .other }
        // ipip, ip6tnl, sit, gre, ip6gre and those without a link layer.
        return [768, 769, 776, 778, 823, 65534].contains(type) ? .tunnel : .other
    }
}
