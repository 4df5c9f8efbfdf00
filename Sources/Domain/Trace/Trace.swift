/// The chain from a red light to its cause: what stands behind what, how each joint was found, and where it breaks first.
public struct Trace: Sendable, Hashable {
    /// What a trace begins with, and what each of its links leads to.
    public enum Place: Sendable, Hashable {
        case check(Check.ID)
        case instance(ServiceInstance.ID)
        /// All instances of a name in a registry.
        case service(Source.ID, name: String)
        case member(Member.ID)
        case workload(Workload.ID)
        case task(WorkloadTask.ID)
        case node(Node.ID)
        case container(Container.ID)
        case network(Network.ID)
    }

    /// How a link was joined to the one before.
    public struct Joint: Sendable, Hashable {
        public enum Certainty: String, Sendable, Hashable {
            /// An id says so.
            case certain
            /// An address and port, or a convention, says so.
            case likely
            /// Only the names are alike.
            case guess
        }
        /// "by the container's id", "by address and port 172.17.0.2:80".
        public var words: String
        public var certainty: Certainty
        public init(_ words: String, _ certainty: Certainty) {
            self.words = words
            self.certainty = certainty
        }
    }

    public struct Link: Sendable, Hashable {
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            case check, instance = "service instance", workload, task, node, container, network, path
        }
        public enum State: Sendable, Hashable {
            case good
            /// Not as it should be, and not what breaks the chain.
            case doubtful
            case broken
            /// Still being asked.
            case pending
            /// Nothing was found to stand here; `facts` say why.
            case missing
        }
        /// One line of a link: what, and how it is.
        public struct Fact: Sendable, Hashable {
            public var label: String
            public var text: String
            /// What the verdict rests on.
            public var isEvidence: Bool
            public init(_ label: String, _ text: String, isEvidence: Bool = false) {
                self.label = label
                self.text = text
                self.isEvidence = isEvidence
            }
        }

        public var kind: Kind
        public var title: String
        public var state: State
        public var joint: Joint?
        public var facts: [Fact]
        /// Where Enter leads; nil where nothing can be opened.
        public var place: Place?

        public init(_ kind: Kind, _ title: String, state: State, joint: Joint? = nil, facts: [Fact] = [], place: Place? = nil) {
            self.kind = kind
            self.title = title
            self.state = state
            self.joint = joint
            self.facts = facts
            self.place = place
        }
    }

    public var start: Place
    /// What it was begun with, in words: "check web-1-http".
    public var title: String
    public var links: [Link]
    /// The first broken link: the likely cause.
    public var cause: Int?
    /// One sentence for the top: the likely cause with its evidence, or that nothing is broken.
    public var verdict: String
    /// What would make the trace truer, and is not in the evidence yet.
    public var questions: [Evidence.Question]

    public init(start: Place, title: String, links: [Link], cause: Int?, verdict: String, questions: [Evidence.Question]) {
        self.start = start
        self.title = title
        self.links = links
        self.cause = cause
        self.verdict = verdict
        self.questions = questions
    }
}
