import Testing
import Transport

@Suite struct AddressTests {
    @Test(arguments: [
        ("unix:///var/run/docker.sock", Address.unix(path: "/var/run/docker.sock")),
        ("unix://", .unix(path: "/var/run/docker.sock")),
        ("/run/user/1000/docker.sock", .unix(path: "/run/user/1000/docker.sock")),
        ("tcp://10.0.0.1:1234", .tcp(host: "10.0.0.1", port: 1234, prefix: "", tls: nil)),
        ("tcp://engine", .tcp(host: "engine", port: 2375, prefix: "", tls: nil)),
        ("TCP://engine:", .tcp(host: "engine", port: 2375, prefix: "", tls: nil)),
        ("tcp://:2375", .tcp(host: "localhost", port: 2375, prefix: "", tls: nil)),
        ("tcp://engine/docker/", .tcp(host: "engine", port: 2375, prefix: "/docker", tls: nil)),
        ("tcp://[::1]:99/p", .tcp(host: "::1", port: 99, prefix: "/p", tls: nil)),
        ("tcp://[fe80::1]", .tcp(host: "fe80::1", port: 2375, prefix: "", tls: nil)),
        ("http://h", .tcp(host: "h", port: 80, prefix: "", tls: nil)),
        ("https://h", .tcp(host: "h", port: 443, prefix: "", tls: TLSOptions())),
        ("ssh://h", .ssh(SSHTarget(host: "h"))),
        ("ssh://h/", .ssh(SSHTarget(host: "h"))),
        ("ssh://u@h:22/run/d.sock", .ssh(SSHTarget(user: "u", host: "h", port: 22, socketPath: "/run/d.sock"))),
        ("ssh://a%40b@h", .ssh(SSHTarget(user: "a@b", host: "h"))),
    ])
    func reads(text: String, expected: Address) throws {
        #expect(try Address.parse(text, tls: nil) == expected)
    }

    @Test(arguments: [
        "", "engine:2375", "unix:/a", "ftp://h", "npipe:////./pipe/docker_engine", "fd://", "tcp://h:0", "tcp://h:65536",
        "tcp://h:x", "tcp://h:+80", "tcp://[::1", "tcp://[::1]x", "tcp://::1:2375", "tcp://u@h", "tcp://h?x", "tcp://h/a b",
        "tcp://h h", "ssh://", "ssh://u:secret@h", "ssh://h?x=1", "ssh://h#f", "ssh://-oProxyCommand=x", "ssh://-l@h",
        "ssh://@h", "ssh://h/%zz", "ssh://h/%00",
    ])
    func refuses(text: String) throws {
        let error = try #require(throws: TransportError.self) { try Address.parse(text, tls: nil) }
        guard case .badAddress(let words) = error.reason else {
            Issue.record("\(error)")
            return
        }
        #expect(!words.isEmpty && error.address == text)
    }

    @Test func `a TLS option decides the default port, not the other way round`() throws {
        let tls = TLSOptions(verifiesServer: false)
        #expect(try Address.parse("tcp://h", tls: tls) == .tcp(host: "h", port: 2376, prefix: "", tls: tls))
        #expect(try Address.parse("tcp://h:2376", tls: nil) == .tcp(host: "h", port: 2376, prefix: "", tls: nil))
    }

    @Test func `a certificate needs its key`() throws {
        for tls in [TLSOptions(certificateFile: "c"), TLSOptions(keyFile: "k")] {
            let error = try #require(throws: TransportError.self) { try Address.parse("tcp://h", tls: tls) }
            #expect(error.description.contains(tls.keyFile == nil ? "no key file" : "no certificate file"))
        }
    }

    @Test(arguments: [
        (Address.unix(path: "/a"), "unix:///a"),
        (.tcp(host: "h", port: 2375, prefix: "/p", tls: nil), "tcp://h:2375/p"),
        (.tcp(host: "::1", port: 1, prefix: "", tls: nil), "tcp://[::1]:1"),
        (.tcp(host: "h", port: 2376, prefix: "", tls: TLSOptions()), "tcp://h:2376 (TLS)"),
        (.tcp(host: "h", port: 2376, prefix: "", tls: TLSOptions(verifiesServer: false)), "tcp://h:2376 (TLS, server not verified)"),
        (.ssh(SSHTarget(user: "u", host: "h")), "ssh://u@h"),
        (.ssh(SSHTarget(host: "h", port: 22, socketPath: "/s")), "ssh://h:22/s"),
    ])
    func describes(address: Address, text: String) {
        #expect(address.description == text)
    }
}
