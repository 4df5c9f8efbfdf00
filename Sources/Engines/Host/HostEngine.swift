public import Domain
public import Engine

/// The local machine's own files as a source: what its containers use, its links, its routes.
///
/// It knows nothing of Docker. Containers are found by the names of their control groups, their processes by the lists
/// in there, their networks by those processes; no engine is asked, none need run. An ordinary user may read all of it
/// unless `/proc` is mounted with hidepid; what cannot be read is absent, and said in the source's remarks.
public struct HostEngine: Engine {
    /// How soon a row that has come into view is read.
    private static let step = Duration.seconds(1)
    /// Until the first row is in view: the dashboard draws its first list about now.
    private static let firstStep = Duration.milliseconds(100)
    private static let firstSteps = 50

    private let observer: HostObserver
    private let interval: Duration
    public let source: Source

    /// Rows on the screen are read every `interval`, others every quarter of a minute.
    public init(root: HostRoot = .system, interval: Duration = .seconds(2), clock: HostClock = .system) {
        self.interval = interval
        let hostName = HostObserver.hostName
        source = HostObserver.source(named: hostName)
        observer = HostObserver(root: root, interval: interval, clock: clock, hostName: hostName)
    }

    public func watch(into sink: @escaping Sink, attention: Attention) async {
        var turns = 0
        var told: Set<String> = []
        while !Task.isCancelled {
            let focus = attention.focus
            for update in await observer.sample(focus) { sink(update) }
            let measured = await observer.measured
            if measured != told {
                told = measured
                attention.setMeasuredHere(measured)
            }
            let isEarly = turns < Self.firstSteps && focus.visible.isEmpty && !focus.wantsAll
            turns += 1
            let pause = isEarly ? Self.firstStep : min(Self.step, interval)
            do {
                try await Task.sleep(for: pause, tolerance: .milliseconds(10))
            } catch {
                return  // cancelled
            }
        }
    }

    public func refresh() async { await observer.refresh() }
}
