internal import Domain
internal import Synchronization

/// What is on the screen now, so that engines measure what somebody looks at and leave the rest alone.
///
/// The dashboard writes it, engines read it at their own pace; it is a hint, never a request that is waited for.
public final class Attention: Sendable {
    public struct Focus: Sendable, Hashable {
        /// Raw ids of the containers whose rows are visible.
        public var visible: Set<String>
        /// Every container's usage is wanted: the list is sorted by it.
        public var wantsAll: Bool
        /// The host's links are on the screen.
        public var wantsLinks: Bool
        /// Placement is on the screen, or a change of it is being watched.
        public var wantsPlacement: Bool
        public init(visible: Set<String> = [], wantsAll: Bool = false, wantsLinks: Bool = false, wantsPlacement: Bool = false) {
            self.wantsPlacement = wantsPlacement
            self.visible = visible
            self.wantsAll = wantsAll
            self.wantsLinks = wantsLinks
        }
    }

    private let state = Mutex<Focus>(Focus())
    private let found = Mutex<Set<String>>([])

    private let registrarReads = Mutex(false)

    public init(_ focus: Focus = Focus()) { state.withLock { $0 = focus } }

    public var focus: Focus { state.withLock { $0 } }

    public func set(_ focus: Focus) { state.withLock { $0 = focus } }

    /// Raw ids of the containers that this machine's own files tell of: no engine need be asked what those use, whatever the
    /// engine calls itself and however it is reached.
    public var measuredHere: Set<String> { found.withLock { $0 } }

    public func setMeasuredHere(_ ids: Set<String>) { found.withLock { $0 = ids } }

    /// The `SERVICE_…` variables of every running container are wanted: the built-in registry reads services from them. Only an
    /// inspection tells them, so engines look into each container once, at a pace of their own.
    public var wantsServiceVariables: Bool { registrarReads.withLock { $0 } }

    public func setWantsServiceVariables(_ wants: Bool) { registrarReads.withLock { $0 = wants } }
}
