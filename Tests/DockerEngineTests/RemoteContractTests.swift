internal import Domain
internal import Engine
internal import Glibc
internal import Testing
internal import Transport
@testable internal import DockerEngine

/// One connection and one list over each way to a remote engine.
@Suite(.serialized, .timeLimit(.minutes(2))) struct RemoteContractTests {
    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    private static let hasTLS = variable("BINNACLE_TEST_ENGINE_TLS") != nil && variable("BINNACLE_TEST_CERT_PATH") != nil
    private static let hasSSH = variable("BINNACLE_TEST_SSH") != nil && variable("BINNACLE_TEST_SSH_HOST") != nil

    private static func options(client: Bool) throws -> TLSOptions {
        let folder = try #require(variable("BINNACLE_TEST_CERT_PATH"))
        return TLSOptions(
            caFile: folder + "/ca.pem", certificateFile: client ? folder + "/cert.pem" : nil, keyFile: client ? folder + "/key.pem" : nil)
    }

    @Test(.enabled(if: hasTLS, "BINNACLE_TEST_ENGINE_TLS and BINNACLE_TEST_CERT_PATH are not set"))
    func overTLS() async throws {
        let url = try #require(Self.variable("BINNACLE_TEST_ENGINE_TLS"))
        try await WatchedEngine(Address.parse(url, tls: Self.options(client: true))).watching { watched in
            _ = try await watched.recorder.live()
            _ = try await watched.recorder.list()
        }
    }

    @Test(.enabled(if: hasTLS, "BINNACLE_TEST_ENGINE_TLS and BINNACLE_TEST_CERT_PATH are not set"))
    func withoutACertificateItSaysWhichIsMissing() async throws {
        let url = try #require(Self.variable("BINNACLE_TEST_ENGINE_TLS"))
        try await WatchedEngine(Address.parse(url, tls: Self.options(client: false))).watching { watched in
            let trouble = try await watched.recorder.trouble()
            #expect(trouble.remedy?.contains("DOCKER_CERT_PATH") == true, "\(trouble)")
        }
    }

    @Test(.enabled(if: hasTLS, "BINNACLE_TEST_ENGINE_TLS and BINNACLE_TEST_CERT_PATH are not set"))
    func withoutTLSItSaysThatTLSIsWanted() async throws {
        let url = try #require(Self.variable("BINNACLE_TEST_ENGINE_TLS"))
        try await WatchedEngine(Address.parse(url, tls: nil)).watching { watched in
            let trouble = try await watched.recorder.trouble()
            #expect(trouble.remedy?.contains("DOCKER_TLS_VERIFY=1") == true, "\(trouble)")
        }
    }

    @Test(.enabled(if: hasSSH, "BINNACLE_TEST_SSH and BINNACLE_TEST_SSH_HOST are not set"))
    func overSSH() async throws {
        setenv("BINNACLE_SSH", try #require(Self.variable("BINNACLE_TEST_SSH")), 1)
        let host = try #require(Self.variable("BINNACLE_TEST_SSH_HOST"))
        let text = host.contains("://") ? host : "ssh://" + host
        try await WatchedEngine(Address.parse(text, tls: nil)).watching { watched in
            _ = try await watched.recorder.live()
            _ = try await watched.recorder.list()
        }
    }
}
