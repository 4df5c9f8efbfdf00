/// What config.yaml says, before the environment and the flags have their say. Nil means that it says nothing.
struct ConfigFile {
    struct Entry<Value> {
        var value: Value
        var line: Int?
    }

    /// An item of `engines`. With neither host nor context it is this machine's own engine, wherever its socket is.
    struct Engine {
        var line: Int?
        var name: String?
        var host: String?
        var context: String?
        var isProduction: Bool?
        var isReadOnly: Bool?
        var apiVersion: String?
        var headers: [String: String] = [:]
        var tls: TLS?
    }

    /// `tls: true`, `tls: false`, or the files.
    struct TLS {
        var isOn = true
        var verifies = true
        /// Holds ca.pem, cert.pem and key.pem, where those are not named one by one.
        var folder: String?
        var ca: String?
        var certificate: String?
        var key: String?
        /// Consul's only.
        var serverName: String?
    }

    /// An item of `consul`. Without an address it is the standard one of this machine.
    struct Consul {
        var line: Int?
        var name: String?
        var address: String?
        var token: String?
        var tokenFile: String?
        var auth: String?
        var namespace: String?
        var partition: String?
        var datacenter: String?
        var isProduction: Bool?
        var isReadOnly: Bool?
        var tls: TLS?
    }

    var path = ""
    var theme: Entry<String>?
    var readOnly: Entry<Bool>?
    var color: Entry<ColorSetting>?
    /// The value is nil for `auto`.
    var ascii: Entry<Bool?>?
    var mouse: Entry<Bool>?
    var interval: Entry<Duration>?
    var unlock: Entry<Duration>?
    var state: Entry<String>?
    var production: Entry<[String]>?
    var keys: [String: Entry<[String]>] = [:]
    var engines: Entry<[Engine]>?
    /// None of them: `consul: false`.
    var consul: Entry<[Consul]>?
    var registryMode: Entry<RegistrySetting.Mode>?
    var registryScripts: Entry<Bool>?
    var problems: [String] = []

    func origin(_ line: Int?) -> Settings.Origin { .file(path, line: line) }
}
