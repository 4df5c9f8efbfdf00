internal import Domain

extension Shell {
    func ps() -> SimExecution {
        let lines = world.processes(of: container).enumerated().map { index, process in
            let pid = String(index == 0 ? 1 : index * 7 + 1)
            return String(repeating: " ", count: max(0, 5 - pid.count)) + pid + " root      0:0\(min(9, process.time % 10)) " + process.command + "\n"
        }
        return SimExecution(output: "PID   USER     TIME  COMMAND\n" + lines.joined())
    }

    func addresses() -> SimExecution {
        var text = "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n"
        for (index, endpoint) in container.endpoints.enumerated() where !endpoint.address.isEmpty {
            text += "\(index * 2 + 2): eth\(index)@if\(index * 2 + 3): <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500\n    link/ether \(endpoint.mac)\n    inet \(endpoint.address)/\(endpoint.prefix) scope global eth\(index)\n"
        }
        return SimExecution(output: text)
    }

    private static let folders = ["app", "bin", "data", "dev", "etc", "home", "lib", "proc", "root", "sbin", "sys", "tmp", "usr", "var"]

    func isFolder(_ path: String) -> Bool { path == "/" || Shell.folders.contains(String(path.dropFirst())) }

    /// What is in a file; nil where there is none.
    func file(_ path: String) -> String? { files[path] ?? standingFiles[path] }

    /// Those that are there without anybody's doing.
    private var standingFiles: [String: String] {
        let names = container.endpoints.filter { !$0.address.isEmpty }.map { "\($0.address)\t\(container.hostname)\n" }.joined()
        return [
            "/etc/hostname": container.hostname + "\n",
            "/etc/hosts": "127.0.0.1\tlocalhost\n" + names,
            "/etc/resolv.conf": "nameserver 127.0.0.11\noptions ndots:0\n",
            "/etc/os-release": "NAME=\"Alpine Linux\"\nID=alpine\nVERSION_ID=3.13.5\nPRETTY_NAME=\"Alpine Linux v3.13\"\n",
            "/etc/passwd": "root:x:0:0:root:/root:/bin/ash\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n",
            "/proc/loadavg": "0.42 0.38 0.35 1/214 77\n",
            "/proc/meminfo": "MemTotal:       \((world.hosts[container.host]?.memory ?? 0) / 1024) kB\n",
            "/app/VERSION": (container.spec.image.split(separator: ":").last.map(String.init) ?? "") + "\n",
        ]
    }

    func ls(_ words: [String]) -> SimExecution {
        let path = full(words.first { !$0.hasPrefix("-") } ?? ".")
        if file(path) != nil { return SimExecution(output: path + "\n") }
        if path == "/" { return SimExecution(output: Shell.folders.joined(separator: "\n") + "\n") }
        let all = Set(files.keys).union(standingFiles.keys)
        let inside = Set(all.filter { $0.hasPrefix(path + "/") }.compactMap { $0.dropFirst(path.count + 1).split(separator: "/").first.map(String.init) }).sorted()
        if !inside.isEmpty || isFolder(path) { return SimExecution(output: inside.map { $0 + "\n" }.joined()) }
        return SimExecution(output: "", errors: "ls: \(words.last ?? path): No such file or directory\n", exitCode: 1)
    }

    func lookUp(_ program: String, _ words: [String]) -> SimExecution {
        guard let name = words.last(where: { !$0.hasPrefix("-") && Int($0) == nil && $0 != "hosts" }) else { return SimExecution(output: "", exitCode: 1) }
        let addresses = world.addresses(of: name, from: container)
        switch program {
        case "nslookup":
            let head = "Server:\t\t127.0.0.11\nAddress:\t127.0.0.11:53\n\n"
            if addresses.isEmpty { return SimExecution(output: head, errors: "** server can't find \(name): NXDOMAIN\n", exitCode: 1) }
            return SimExecution(output: head + addresses.map { "Name:\t\(name)\nAddress: \($0)\n" }.joined())
        case "getent":
            return addresses.isEmpty ? SimExecution(output: "", exitCode: 2) : SimExecution(output: addresses.map { "\($0)    \(name)\n" }.joined())
        case _:
            guard let first = addresses.first else { return SimExecution(output: "", errors: "ping: bad address '\(name)'\n", exitCode: 1) }
            let answers = world.reach(first, port: nil, from: container) != .silent
            return SimExecution(
                output: "PING \(name) (\(first)): 56 data bytes\n" + (answers ? "64 bytes from \(first): seq=0 ttl=64 time=0.087 ms\n" : "")
                    + "\n--- \(name) ping statistics ---\n1 packets transmitted, \(answers ? 1 : 0) packets received, \(answers ? 0 : 100)% packet loss\n",
                exitCode: answers ? 0 : 1)
        }
    }

    func knock(_ words: [String]) -> SimExecution {
        let places = words.filter { !$0.hasPrefix("-") }
        guard places.count >= 2, let port = Int(places[places.count - 1]) else { return SimExecution(output: "", errors: "BusyBox v1.32.1 multi-call binary.\n\nUsage: nc HOST PORT\n", exitCode: 1) }
        let name = places[places.count - 2]
        guard let address = world.addresses(of: name, from: container).first else { return SimExecution(output: "", errors: "nc: bad address '\(name)'\n", exitCode: 1) }
        return switch world.reach(address, port: port, from: container) {
        case .answers: SimExecution(output: words.contains { $0.hasPrefix("-") && $0.contains("v") } ? "\(name) (\(address):\(port)) open\n" : "")
        case .refuses: SimExecution(output: "", errors: "nc: \(name) (\(address):\(port)): Connection refused\n", exitCode: 1)
        case .silent: SimExecution(output: "", errors: "nc: \(name) (\(address):\(port)): Connection timed out\n", exitCode: 1)
        }
    }

    func fetch(_ program: String, _ words: [String]) -> SimExecution {
        guard var place = words.last(where: { !$0.hasPrefix("-") }) else { return SimExecution(output: "", errors: "\(program): missing URL\n", exitCode: 1) }
        if let scheme = place.firstRange(of: "://") { place = String(place[scheme.upperBound...]) }
        let authority = place.split(separator: "/", maxSplits: 1).first.map(String.init) ?? place
        let parts = authority.split(separator: ":").map(String.init)
        let name = parts.first ?? authority
        let port = parts.count > 1 ? Int(parts[1]) ?? 80 : 80
        guard let address = world.addresses(of: name, from: container).first else {
            return program == "curl" ? SimExecution(output: "", errors: "curl: (6) Could not resolve host: \(name)\n", exitCode: 6)
                : SimExecution(output: "", errors: "wget: bad address '\(authority)'\n", exitCode: 1)
        }
        switch world.reach(address, port: port, from: container) {
        case .answers(let fault?):
            return SimExecution(output: "", errors: "\(program): server returned error: HTTP/1.1 503 Service Unavailable (\(fault))\n", exitCode: program == "curl" ? 22 : 1)
        case .answers: return SimExecution(output: "ok\n")
        case .refuses:
            return program == "curl" ? SimExecution(output: "", errors: "curl: (7) Failed to connect to \(name) port \(port): Connection refused\n", exitCode: 7)
                : SimExecution(output: "", errors: "wget: can't connect to remote host (\(address)): Connection refused\n", exitCode: 1)
        case .silent:
            return program == "curl" ? SimExecution(output: "", errors: "curl: (28) Connection timed out\n", exitCode: 28)
                : SimExecution(output: "", errors: "wget: can't connect to remote host (\(address)): Operation timed out\n", exitCode: 1)
        }
    }
}
