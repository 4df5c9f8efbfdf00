/// The places where engines of this machine leave their sockets, in the order in which they are tried.
struct LocalSockets {
    let home: String?
    let runtimeFolder: String

    init(environment: [String: String], home: String?, userID: UInt32) {
        self.home = home
        let configured = environment["XDG_RUNTIME_DIR"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        runtimeFolder = configured ?? "/run/user/\(userID)"
    }

    /// Where the error should point when nothing is found at all.
    static let standard = "/var/run/docker.sock"

    var docker: [String] {
        var paths = [Self.standard, "\(runtimeFolder)/docker.sock"]
        if let home {
            paths += [
                "\(home)/.docker/run/docker.sock", "\(home)/.docker/desktop/docker.sock",
                "\(home)/.colima/default/docker.sock", "\(home)/.rd/docker.sock", "\(home)/.orbstack/run/docker.sock",
            ]
        }
        return paths
    }

    var podman: [String] { ["/run/podman/podman.sock", "\(runtimeFolder)/podman/podman.sock"] }
}
