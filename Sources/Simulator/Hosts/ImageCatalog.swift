internal import Domain

/// Everything that can be pulled in this world.
struct ImageCatalog {
    private var random: Randomness
    private let now: Timestamp
    private(set) var images = Roster<String, SimImage>()

    init(seed: UInt64, now: Timestamp) {
        random = Randomness(seed: seed &+ 0x1_4A6E)
        self.now = now
        let probe = ImageCatalog.probe("wget -qO- http://localhost:8080/health || exit 1")
        add("shop/edge", ["1.4", "1.5"], .edge, 24, ["nginx", "-g", "daemon off;"], [80, 443])
        add("shop/web", ["2.0", "2.1"], .web, 182, ["node", "server.js"], [8080], health: probe)
        add("shop/web", ["2.2"], .web, 183, ["node", "server.js"], [8080], health: probe) { program in
            program.end = SimProgram.End(
                after: .milliseconds(1100), code: 1,
                lastWords: [
                    "/app/server.js:14", "const rates = require('./rates');", "Error: Cannot find module './rates'",
                    "    at Function.Module._resolveFilename (node:internal/modules/cjs/loader:933:15)", "    at Object.<anonymous> (/app/server.js:14:15)",
                ])
        }
        add("shop/cart", ["1.3", "1.4"], .cart, 96, ["/app/cart"], [8081])
        let payProbe = ImageCatalog.probe("curl -fsk https://localhost:8443/ready")
        add("shop/pay", ["2.9", "2.10"], .pay, 310, ["java", "-jar", "/app/pay.jar"], [8443], health: payProbe)
        add("shop/pay", ["3.0"], .pay, 312, ["java", "-jar", "/app/pay.jar"], [8443], health: payProbe) { $0.fault = "no signing key: /run/secrets/pay-key: permission denied" }
        add("shop/worker", ["1.8", "1.9"], .worker, 141, ["/app/worker", "--queue", "pictures"], [])
        add("shop/search", ["4.2", "4.3"], .search, 520, ["java", "-Xmx512m", "-jar", "/app/search.jar"], [9200])
        add("shop/search", ["5.0-arm"], .search, 530, ["java", "-Xmx512m", "-jar", "/app/search.jar"], [9200], for: ["arm64"])
        add("shop/backup", ["1.0"], .batch, 33, ["/app/backup", "--to", "/backup"], []) {
            $0.end = SimProgram.End(after: .seconds(2460), code: 0, lastWords: ["backup: 1204 blocks copied, done"])
        }
        add("postgres", ["12.6", "13.2", "latest"], .database, 314, ["postgres"], [5432], entrypoint: ["docker-entrypoint.sh"])
        add("redis", ["6.0", "6.2", "latest"], .cache, 105, ["redis-server"], [6379], entrypoint: ["docker-entrypoint.sh"])
        add("nginx", ["1.19", "1.20", "latest"], .edge, 133, ["nginx", "-g", "daemon off;"], [80])
        add("busybox", ["1.32", "latest", "local"], .plain, 1, ["sh"], [])
        add("alpine", ["3.13", "latest"], .plain, 6, ["/bin/sh"], [])
        add("gliderlabs/registrator", ["v7", "latest"], .registrator, 17, [], [], entrypoint: ["/bin/registrator"])
        add("consul", ["1.8.7", "latest"], .agent, 122, ["agent", "-server"], [8500, 8600], entrypoint: ["docker-entrypoint.sh"])
    }

    private static func probe(_ command: String) -> SimHealthCheck {
        var check = SimHealthCheck(test: ["CMD-SHELL", command])
        check.interval = .seconds(5)
        check.timeout = .seconds(3)
        check.retries = 3
        return check
    }

    private mutating func add(
        _ repository: String, _ tags: [String], _ role: SimProgram.Role, _ megabytes: UInt64, _ command: [String], _ ports: [Int], entrypoint: [String] = [],
        health: SimHealthCheck? = nil, for architectures: [String] = ["amd64"], adapting: (inout SimProgram) -> Void = { _ in }
    ) {
        var program = SimProgram.of(role)
        adapting(&program)
        for (number, tag) in tags.enumerated() {
            let reference = "\(repository):\(tag)"
            images[reference] = SimImage(
                reference: reference, id: "sha256:" + random.hexadecimal(64), size: megabytes << 20,
                created: now.adding(.seconds(-86_400 * Int64(40 - 7 * number))), entrypoint: entrypoint, command: command,
                environment: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], exposedPorts: ports.map { SimPort($0) }, labels: [:],
                architectures: architectures, healthCheck: health, program: program)
        }
    }
}
