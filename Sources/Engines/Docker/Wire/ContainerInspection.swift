/// What Binnacle reads of `GET /containers/{id}/json`; the whole answer is only ever shown as text.
struct ContainerInspection: Decodable, Sendable {
    struct State: Decodable, Sendable {
        var status: String?
        var running: Bool?
        var paused: Bool?
        var restarting: Bool?
        var outOfMemoryKilled: Bool?
        var dead: Bool?
        var pid: Int?
        var exitCode: Int?
        var error: String?
        var startedAt: String?
        var finishedAt: String?
        var health: Health?

        enum CodingKeys: String, CodingKey {
            case status = "Status"
            case running = "Running"
            case paused = "Paused"
            case restarting = "Restarting"
            case outOfMemoryKilled = "OOMKilled"
            case dead = "Dead"
            case pid = "Pid"
            case exitCode = "ExitCode"
            case error = "Error"
            case startedAt = "StartedAt"
            case finishedAt = "FinishedAt"
            case health = "Health"
        }
    }

    struct Health: Decodable, Sendable {
        struct Run: Decodable, Sendable {
            var start: String?
            var end: String?
            var exitCode: Int?
            var output: String?

            enum CodingKeys: String, CodingKey {
                case start = "Start"
                case end = "End"
                case exitCode = "ExitCode"
                case output = "Output"
            }
        }

        var status: String?
        var failingStreak: Int?
        var log: [Run]?

        enum CodingKeys: String, CodingKey {
            case status = "Status"
            case failingStreak = "FailingStreak"
            case log = "Log"
        }
    }

    struct Config: Decodable, Sendable {
        struct HealthCheck: Decodable, Sendable {
            var test: [String]?
            enum CodingKeys: String, CodingKey { case test = "Test" }
        }

        var labels: [String: String]?
        var usesTerminal: Bool?
        var stopSignal: String?
        var stopTimeout: Int?
        var healthCheck: HealthCheck?
        var image: String?
        /// `KEY=value`. Secrets live here: only what registrars read is kept of it.
        var environment: [String]?
        var hostname: String?

        enum CodingKeys: String, CodingKey {
            case labels = "Labels"
            case usesTerminal = "Tty"
            case stopSignal = "StopSignal"
            case stopTimeout = "StopTimeout"
            case healthCheck = "Healthcheck"
            case image = "Image"
            case environment = "Env"
            case hostname = "Hostname"
        }
    }

    struct HostConfig: Decodable, Sendable {
        struct RestartPolicy: Decodable, Sendable {
            var name: String?
            var maximumRetryCount: Int?
            enum CodingKeys: String, CodingKey {
                case name = "Name"
                case maximumRetryCount = "MaximumRetryCount"
            }
        }

        struct Binding: Decodable, Sendable {
            var hostAddress: String?
            var hostPort: String?
            enum CodingKeys: String, CodingKey {
                case hostAddress = "HostIp"
                case hostPort = "HostPort"
            }
        }

        var networkMode: String?
        var restartPolicy: RestartPolicy?
        var vanishesWhenStopped: Bool?
        var portBindings: [String: [Binding]?]?

        enum CodingKeys: String, CodingKey {
            case networkMode = "NetworkMode"
            case restartPolicy = "RestartPolicy"
            case vanishesWhenStopped = "AutoRemove"
            case portBindings = "PortBindings"
        }
    }

    struct NetworkSettings: Decodable, Sendable {
        var ports: [String: [HostConfig.Binding]?]?
        // API 1.52 dropped the addresses at this level: only `Networks` is read.
        var networks: [String: EndpointSettings]?

        enum CodingKeys: String, CodingKey {
            case ports = "Ports"
            case networks = "Networks"
        }
    }

    var id: String?
    var name: String?
    var created: String?
    var restartCount: Int?
    var state: State?
    var config: Config?
    var hostConfig: HostConfig?
    var networkSettings: NetworkSettings?
    var mounts: [MountPoint]?

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case name = "Name"
        case created = "Created"
        case restartCount = "RestartCount"
        case state = "State"
        case config = "Config"
        case hostConfig = "HostConfig"
        case networkSettings = "NetworkSettings"
        case mounts = "Mounts"
    }
}
