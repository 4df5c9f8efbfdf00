/// How a TLS connection proves who is who. All files are PEM.
public struct TLSOptions: Sendable, Hashable {
    /// False accepts any certificate: only when the user asked for that in so many words.
    public var verifiesServer: Bool
    /// The authorities that may have signed the server's certificate; nil means those of the system.
    public var caFile: String?
    /// The client's certificate, with its chain. Needs `keyFile`.
    public var certificateFile: String?
    /// The client's private key, not encrypted. Needs `certificateFile`.
    public var keyFile: String?
    /// The name that the server's certificate must hold (and that it is asked for, SNI), in place of the address's host.
    public var serverName: String?

    public init(
        verifiesServer: Bool = true, caFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil, serverName: String? = nil
    ) {
        self.verifiesServer = verifiesServer
        self.caFile = caFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.serverName = serverName
    }

    /// What is wrong with the pair of client files, or nil. docker/cli wants both or neither, too.
    var pairProblem: String? {
        switch (certificateFile, keyFile) {
        case (.some(let certificate), nil): "the client certificate \(certificate) has no key file beside it"
        case (nil, .some(let key)): "the client key \(key) has no certificate file beside it"
        case (nil, nil), (.some, .some): nil
        }
    }
}
