import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import Testing

@testable import Transport

/// A certificate authority, a server's and a client's certificate made by the `openssl` program in a temporary folder.
private struct Certificates: Sendable {
    static let isPossible = run("openssl version")
    static let shared = Certificates()

    let folder = temporaryDirectory()

    init() {
        let subject = "-subj /CN"
        let key = "-newkey rsa:2048 -nodes"
        let names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
        var made = true
        for authority in ["ca", "other"] {
            made = made && run("cd \(folder) && openssl req -x509 \(key) -days 2 \(subject)=\(authority) -keyout \(authority)-key.pem -out \(authority).pem")
        }
        for (name, extension_) in [("server", names), ("client", "extendedKeyUsage=clientAuth"), ("elsewhere", "subjectAltName=DNS:elsewhere")] {
            made = made
                && run(
                    """
                    cd \(folder) && openssl req \(key) \(subject)=\(name) -keyout \(name)-key.pem -out \(name).csr \
                    && echo '\(extension_)' > \(name).ext \
                    && openssl x509 -req -in \(name).csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 \
                    -extfile \(name).ext -out \(name).pem
                    """)
        }
        precondition(made, "openssl could not make certificates in \(folder)")
    }

    func file(_ name: String) -> String { "\(folder)/\(name).pem" }

    private static func run(_ command: String) -> Bool { system("(\(command)) >/dev/null 2>&1") == 0 }
    private func run(_ command: String) -> Bool { Self.run(command) }
}

/// Answers every request with 200 and "secret"; a path of /echo upgrades instead.
private final class TLSServer {
    let channel: any Channel
    var port: Int { channel.localAddress?.port ?? 0 }

    init(certificate: String = "server", wantsClient: Bool = false) throws {
        let files = Certificates.shared
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(files.file(certificate)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: files.file("\(certificate)-key"), format: .pem)))
        if wantsClient {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(files.file("ca")))
        }
        let context = try NIOSSLContext(configuration: configuration)
        channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([NIOSSLServerHandler(context: context), Answering()])
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
    }

    deinit {
        channel.close(promise: nil)
    }

    private final class Answering: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private var text = ""

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            text += String(buffer: bytes)
            guard text.hasSuffix("\r\n\r\n") else { return }
            let answer =
                text.hasPrefix("POST /exec")
                ? "HTTP/1.1 101 UPGRADED\r\n\r\nearly" : "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret"
            text = ""
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            guard case ChannelEvent.inputClosed? = event as? ChannelEvent else { return }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: " bye")), promise: nil)
            context.close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}

@Suite(.enabled(if: Certificates.isPossible, "there is no openssl program to make certificates with"), .timeLimit(.minutes(1)))
struct TLSTests {
    private func get(_ server: TLSServer, host: String = "localhost", _ tls: TLSOptions) async throws -> HTTPResponse {
        let client = HTTPClient(address: .tcp(host: host, port: server.port, prefix: "", tls: tls))
        return try await client.send(HTTPRequest(path: "/"), timeout: .seconds(10))
    }

    private func failure(_ server: TLSServer, host: String = "localhost", _ tls: TLSOptions) async throws -> String {
        let error = try await #require(throws: TransportError.self) { try await get(server, host: host, tls) }
        guard case .tls(let words) = error.reason else { return "not about TLS: \(error)" }
        return words
    }

    private func trusting(_ authority: String = "ca", client: String? = nil) -> TLSOptions {
        let files = Certificates.shared
        return TLSOptions(
            caFile: files.file(authority), certificateFile: client.map(files.file), keyFile: client.map { files.file("\($0)-key") })
    }

    @Test(arguments: ["localhost", "127.0.0.1"]) func `a server of the right authority`(host: String) async throws {
        let server = try TLSServer()
        let response = try await get(server, host: host, trusting())
        #expect(response.body == Array("secret".utf8))
    }

    @Test func `the wrong authority, or only the system's`() async throws {
        let server = try TLSServer()
        #expect(try await failure(server, trusting("other")).contains("not signed by a trusted authority"))
        #expect(try await failure(server, TLSOptions()).contains("not signed by a trusted authority"))
    }

    @Test(arguments: ["localhost", "127.0.0.1"]) func `a certificate for another host`(host: String) async throws {
        let server = try TLSServer(certificate: "elsewhere")
        #expect(try await failure(server, host: host, trusting()).contains("for another host"))
    }

    @Test(arguments: ["localhost", "127.0.0.1"]) func `a name to verify in place of the host`(host: String) async throws {
        var tls = trusting()
        tls.serverName = "elsewhere"
        #expect(try await get(try TLSServer(certificate: "elsewhere"), host: host, tls).status == 200)
        // One that names the very address that was connected to is good under any name, so this one names none.
        tls.serverName = "nowhere"
        #expect(try await failure(try TLSServer(certificate: "elsewhere"), host: host, tls).contains("for another host"))
    }

    @Test func `not verifying accepts both`() async throws {
        let unverified = TLSOptions(verifiesServer: false)
        #expect(try await get(try TLSServer(), unverified).status == 200)
        #expect(try await get(try TLSServer(certificate: "elsewhere"), unverified).status == 200)
    }

    @Test func `a server that wants a client certificate`() async throws {
        let server = try TLSServer(wantsClient: true)
        #expect(try await get(server, trusting(client: "client")).status == 200)
        #expect(try await failure(server, trusting()).contains("wants a client certificate"))
    }

    @Test func `an upgrade over TLS ends each direction on its own`() async throws {
        let server = try TLSServer()
        let client = HTTPClient(address: .tcp(host: "localhost", port: server.port, prefix: "", tls: trusting()))
        let connection = try await client.upgrade(HTTPRequest(method: "POST", path: "/exec"), timeout: .seconds(10))
        await connection.closeWrite()
        var bytes: [UInt8] = []
        while let piece = try await connection.read() { bytes += piece }
        #expect(bytes == Array("early bye".utf8))
    }

    @Test func `files that are not what they should be`() async throws {
        let server = try TLSServer()
        let files = Certificates.shared
        #expect(try await failure(server, TLSOptions(caFile: "/none.pem")).contains("/none.pem"))
        #expect(try await failure(server, TLSOptions(caFile: files.file("ca-key"))).contains("no "))
        var tls = trusting(client: "client")
        tls.keyFile = files.file("server-key")
        #expect(try await failure(server, tls).contains("do not go together"))
        tls.keyFile = nil
        #expect(try await failure(server, tls).contains("no key file"))
    }

    @Test func `plain HTTP where TLS was asked for, and the other way round`() async throws {
        let plain = ScriptedServer.tcp { peer in
            _ = peer.read(5)
            peer.write("HTTP/1.0 400 Bad Request\r\n\r\n")
            // Closing with input unread would send a RST, which overtakes the answer.
            peer.end()
            _ = peer.clientLeaves(within: 10_000)
        }
        let client = HTTPClient(address: .tcp(host: "127.0.0.1", port: plain.port, prefix: "", tls: trusting()))
        let error = try await #require(throws: TransportError.self) { try await client.send(HTTPRequest(path: "/"), timeout: .seconds(10)) }
        #expect(error.description.contains("does not speak TLS"))

        // Go's servers answer in plain HTTP to a plain request on a TLS port; that is an answer like any other.
        let answer = "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
        let secure = ScriptedServer.tcp { peer in
            _ = peer.request()
            peer.write(answer)
        }
        let response = try await HTTPClient(address: secure.address).send(HTTPRequest(path: "/"))
        #expect(response.status == 400 && String(decoding: response.body, as: UTF8.self).hasPrefix("Client sent an HTTP"))
    }
}
