internal import Domain

/// How much a container has worked: a clock that runs fast when it is busy and stands still while it is paused.
///
/// All counters are so much times this clock, so none has to be kept: three triangle waves of different length stand in for the ups
/// and downs of a real load, because their integral is written down in one line.
struct SimWork: Sendable {
    private var since = Timestamp(nanoseconds: 0)
    private var banked = 0.0
    private(set) var factor = 0.0
    private var phase = 0.0

    private static let waves: [(length: Double, height: Double)] = [(9, 0.25), (41, 0.3), (307, 0.2)]

    init() {}

    init(start: Timestamp, phase: Double, factor: Double) {
        since = start
        self.phase = phase * 307
        self.factor = factor
    }

    /// Seconds of work at the usual pace.
    func done(at time: Timestamp) -> Double {
        time <= since ? banked : banked + factor * (integral(time) - integral(since))
    }

    /// The pace at that moment, where 1 is usual.
    func pace(at time: Timestamp) -> Double { factor * (1 + swing(at: time)) }

    /// From −0.75 to 0.75.
    func swing(at time: Timestamp) -> Double {
        SimWork.waves.reduce(0) { sum, wave in
            let x = position(time, wave.length)
            return sum + wave.height * (x < 0.5 ? 4 * x - 1 : 3 - 4 * x)
        }
    }

    mutating func setFactor(_ factor: Double, at time: Timestamp) {
        banked = done(at: time)
        since = time
        self.factor = factor
    }

    private func integral(_ time: Timestamp) -> Double {
        SimWork.waves.reduce(seconds(time)) { sum, wave in
            let x = position(time, wave.length)
            return sum + wave.height * wave.length * (x < 0.5 ? 2 * x * x - x : 3 * x - 2 * x * x - 1)
        }
    }

    /// Counted within a day of the phase, so that no digits are lost.
    private func seconds(_ time: Timestamp) -> Double { Double(time.nanoseconds - since.nanoseconds) / 1e9 }

    private func position(_ time: Timestamp, _ length: Double) -> Double {
        let turns = (Double(time.nanoseconds / 1_000_000) / 1000 + phase) / length
        return turns - turns.rounded(.down)
    }
}

/// What ails containers whose names begin so, also those that come later in the same place.
struct Affliction: Sendable {
    var leak: Int64 = 0
    var fault: String?
}

/// A leak of one run.
struct Leak: Sendable {
    var since: Timestamp
    var bytesPerSecond: Int64
    /// From an earlier pace.
    var banked: Double = 0

    func bytes(at time: Timestamp) -> Double {
        banked + Double(max(0, time.nanoseconds - since.nanoseconds)) / 1e9 * Double(bytesPerSecond)
    }
}
