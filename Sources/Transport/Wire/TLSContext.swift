internal import NIOSSL
internal import Synchronization

/// The TLS side of one address. Reading certificates takes milliseconds, the system's authorities tens of them, so it is
/// done once, and only when a connection needs it.
final class TLSContext: Sendable {
    typealias Reason = TransportError.Reason

    private let options: TLSOptions
    private let made = Mutex<NIOSSLContext?>(nil)

    init(_ options: TLSOptions) {
        self.options = options
    }

    /// A handler for one connection to `host`. An IP address is matched against the certificate's IP names, without SNI.
    func handler(host: String, isIPAddress: Bool) throws(Reason) -> NIOSSLClientHandler {
        let context = try context()
        do {
            let name = options.serverName ?? (isIPAddress ? nil : host)
            return try NIOSSLClientHandler(context: context, serverHostname: name)
        } catch {
            throw Reason(error)
        }
    }

    /// Reads the files now, on the caller's thread: on the event loop that would hold up every other connection.
    func prepare() throws(Reason) {
        _ = try context()
    }

    private func context() throws(Reason) -> NIOSSLContext {
        if let context = made.withLock({ $0 }) { return context }
        let context = try Self.make(options)
        made.withLock { $0 = context }
        return context
    }

    private static func make(_ options: TLSOptions) throws(Reason) -> NIOSSLContext {
        if let problem = options.pairProblem { throw .tls(problem) }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = options.verifiesServer ? .fullVerification : .none
        if let caFile = options.caFile, options.verifiesServer {
            configuration.trustRoots = .certificates(try certificates(in: caFile))
        }
        if let certificateFile = options.certificateFile, let keyFile = options.keyFile {
            configuration.certificateChain = try certificates(in: certificateFile).map { .certificate($0) }
            do {
                configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: keyFile, format: .pem))
            } catch {
                throw .tls("\(keyFile) holds no private key that can be read without a passphrase")
            }
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .tls("the certificate and key files do not go together: \(error)")
        }
    }

    private static func certificates(in file: String) throws(Reason) -> [NIOSSLCertificate] {
        let found: [NIOSSLCertificate]
        do {
            found = try NIOSSLCertificate.fromPEMFile(file)
        } catch {
            throw .tls("\(file) holds no readable certificate")
        }
        guard !found.isEmpty else { throw .tls("\(file) holds no certificate") }
        return found
    }
}
