internal import Glibc
public import Domain

/// Where the machine's own files are mounted: `/proc` and `/sys`, or a folder that a test has made.
///
/// In a container that has the host's files mounted elsewhere (`-v /proc:/host/proc`), give that place.
public struct HostRoot: Sendable, Hashable {
    public var proc: String
    public var sys: String

    public static let system = HostRoot(proc: "/proc", sys: "/sys")

    public init(proc: String, sys: String) {
        self.proc = proc
        self.sys = sys
    }

    var cgroups: String { sys + "/fs/cgroup" }
    var links: String { sys + "/class/net" }
    /// The network namespace that Binnacle itself is in.
    var ownNetwork: String { proc + "/net" }
}

/// The two clocks a reading needs: the wall clock stamps it, the monotonic one measures rates.
public struct HostClock: Sendable {
    public var now: @Sendable () -> Timestamp
    /// Nanoseconds that only grow, from an arbitrary start.
    public var monotonic: @Sendable () -> UInt64

    public init(now: @escaping @Sendable () -> Timestamp, monotonic: @escaping @Sendable () -> UInt64) {
        self.now = now
        self.monotonic = monotonic
    }

    public static let system = HostClock(
        now: { Timestamp(nanoseconds: Int64(read(CLOCK_REALTIME))) }, monotonic: { read(CLOCK_MONOTONIC) })

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

extension Duration {
    /// Whole nanoseconds; a negative duration counts as none.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return UInt64(seconds) &* 1_000_000_000 &+ UInt64(attoseconds / 1_000_000_000)
    }
}
