import Foundation
@testable import Settings
import Testing

/// A home folder of its own with files in it, and the sockets that a test says there are.
final class Machine {
    let home: String
    var environment: [String: String] = [:]
    var sockets: Set<String> = []

    init(_ files: [String: String] = [:]) throws {
        home = FileManager.default.temporaryDirectory.appendingPathComponent("settings-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        for (path, text) in files { try write(path, text) }
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: home) } catch { Issue.record(error) }
    }

    func write(_ path: String, _ text: String) throws {
        let url = URL(fileURLWithPath: "\(home)/\(path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: url, atomically: false, encoding: .utf8)
    }

    /// A docker context as docker stores it; the folder's name means nothing to us.
    func context(_ name: String, folder: String, host: String, skips: Bool = false, tls: [String] = []) throws {
        try write(
            ".docker/contexts/meta/\(folder)/meta.json",
            #"{"Name":"\#(name)","Metadata":{"Description":"x"},"Endpoints":{"docker":{"Host":"\#(host)","SkipTLSVerify":\#(skips)}}}"#)
        for file in tls { try write(".docker/contexts/tls/\(folder)/docker/\(file)", "pem") }
    }

    func config(_ yaml: String) throws { try write(".config/binnacle/config.yaml", yaml) }
    var configPath: String { "\(home)/.config/binnacle/config.yaml" }

    func load(_ overrides: Overrides = Overrides(), withoutHome: Bool = false) -> Settings {
        Settings.load(overrides, environment: environment, home: withoutHome ? nil : home, userID: 1000) { self.sockets.contains($0) }
    }

    func load(_ change: (inout Overrides) -> Void) -> Settings {
        var overrides = Overrides()
        change(&overrides)
        return load(overrides)
    }
}
