/// Several services that belong together, with what they share: what a Compose file comes to.
public struct StackSpecification: Sendable, Hashable {
    public struct Network: Sendable, Hashable {
        /// With the stack's name in front unless it is somebody else's: `shop_front`.
        public var name: String
        /// Made by somebody else; it has to be there already.
        public var isExternal: Bool
        public var driver: String
        public var driverOptions: [String: String]
        public var isInternal: Bool
        public var isAttachable: Bool
        /// CIDR; empty lets the engine choose.
        public var subnet: String
        public var labels: [String: String]
        public init(
            name: String, isExternal: Bool = false, driver: String = "overlay", driverOptions: [String: String] = [:], isInternal: Bool = false,
            isAttachable: Bool = false, subnet: String = "", labels: [String: String] = [:]
        ) {
            self.name = name
            self.isExternal = isExternal
            self.driver = driver
            self.driverOptions = driverOptions
            self.isInternal = isInternal
            self.isAttachable = isAttachable
            self.subnet = subnet
            self.labels = labels
        }
    }

    /// A config or secret: bytes under a name that the orchestrator keeps.
    public struct Blob: Sendable, Hashable {
        public var name: String
        public var isExternal: Bool
        public var data: [UInt8]
        public var labels: [String: String]
        public init(name: String, isExternal: Bool = false, data: [UInt8] = [], labels: [String: String] = [:]) {
            self.name = name
            self.isExternal = isExternal
            self.data = data
            self.labels = labels
        }
    }

    public var name: String
    /// Where it was read from, for the plan page and the command line.
    public var path: String
    public var services: [ServiceSpecification]
    public var networks: [Network]
    public var secrets: [Blob]
    public var configs: [Blob]
    /// What the file says and an orchestrator does not do, in sentences: "build of web: the image has to exist already".
    public var ignored: [String]

    public init(
        name: String, path: String = "", services: [ServiceSpecification] = [], networks: [Network] = [], secrets: [Blob] = [], configs: [Blob] = [],
        ignored: [String] = []
    ) {
        self.name = name
        self.path = path
        self.services = services
        self.networks = networks
        self.secrets = secrets
        self.configs = configs
        self.ignored = ignored
    }
}
