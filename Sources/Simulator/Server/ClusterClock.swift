internal import Domain

/// How the world's time follows the wall's.
struct ClusterClock: Sendable {
    static let speeds = 0.0...1000.0

    private var wall: Timestamp
    private var world: Timestamp
    private(set) var speed: Double

    init(world: Timestamp, wall: Timestamp, speed: Double) {
        self.world = world
        self.wall = wall
        self.speed = Self.bounded(speed)
    }

    func time(at wall: Timestamp) -> Timestamp {
        let passed = Double(max(0, wall.nanoseconds - self.wall.nanoseconds)) * speed
        // Four hundred years at most: a wall clock that is set wrong must not overflow.
        return Timestamp(nanoseconds: world.nanoseconds &+ Int64(min(passed, 1.2e19 / 1000)))
    }

    /// nil where time stands still.
    func wait(until time: Timestamp, at wall: Timestamp) -> Duration? {
        let left = Double(time.nanoseconds - self.time(at: wall).nanoseconds)
        if left <= 0 { return .zero }
        return speed > 0 ? .nanoseconds(Int64(min(left / speed, 1e18))) : nil
    }

    mutating func setSpeed(_ new: Double, at wall: Timestamp) {
        world = time(at: wall)
        self.wall = wall
        speed = Self.bounded(new)
    }

    private static func bounded(_ speed: Double) -> Double {
        speed.isFinite ? min(max(speed, speeds.lowerBound), speeds.upperBound) : 1
    }
}
