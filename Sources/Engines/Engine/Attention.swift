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
        public init(visible: Set<String> = [], wantsAll: Bool = false, wantsLinks: Bool = false) {
            self.visible = visible
            self.wantsAll = wantsAll
            self.wantsLinks = wantsLinks
        }
    }

    private let state = Mutex<Focus>(Focus())

    public init(_ focus: Focus = Focus()) { state.withLock { $0 = focus } }

    public var focus: Focus { state.withLock { $0 } }

    public func set(_ focus: Focus) { state.withLock { $0 = focus } }
}
