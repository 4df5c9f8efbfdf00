/// Something in which the registry and what runs do not agree.
public struct Disagreement: Sendable, Hashable, Identifiable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// In the registry, and its container is gone or stopped.
        case gone = "container gone"
        /// Runs and asks for a name, and no registry has it.
        case unregistered = "not registered"
        /// Two entries for one port of one container.
        case twice = "registered twice"
        case wrongAddress = "wrong address"
        case wrongPort = "wrong port"
        /// By its id a Registrator made it, on a host that has none any more or under a host name that is gone.
        case orphan = "Registrator orphan"
    }

    /// Raw is stable while the disagreement lasts: kind, then what it is about.
    public typealias ID = Identifier<Disagreement>

    public let id: ID
    public var kind: Kind
    /// The service's name.
    public var service: String
    public var instance: ServiceInstance?
    public var container: Container.ID?
    /// What does not agree, in one sentence.
    public var words: String
    /// How the entry and the container were matched, or why none was: "by Registrator's id host:name:port".
    public var match: String
    /// What would mend it; nil where Binnacle cannot.
    public var mend: Operation?
    /// The mend in words, or what a person has to do.
    public var advice: String

    public init(
        id: ID, kind: Kind, service: String, instance: ServiceInstance? = nil, container: Container.ID? = nil, words: String, match: String, mend: Operation? = nil,
        advice: String
    ) {
        self.id = id
        self.kind = kind
        self.service = service
        self.instance = instance
        self.container = container
        self.words = words
        self.match = match
        self.mend = mend
        self.advice = advice
    }
}
