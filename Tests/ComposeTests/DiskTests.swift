@testable import Compose
import Domain
import Foundation
import Testing

@Suite final class DiskTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("compose-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit {
        do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
    }

    private func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        let file = folder.appendingPathComponent(name)
        try Data(bytes).write(to: file)
        return file.path
    }

    @Test func aFileAndWhatItPointsTo() throws {
        _ = try write("web.env", "A=1".utf8)
        let path = try write("compose.yaml", web("env_file: web.env\nvolumes: ['.:/here']", top: "configs: {c: {file: compose.yaml}}").utf8)
        let stack = try ComposeFile.stack(named: "shop", path: path, environment: [:])
        #expect(stack.path == path && stack.services[0].environment == ["A=1"] && stack.services[0].mounts[0].origin == folder.path)
        #expect(stack.configs[0].data.starts(with: "services:".utf8))
    }

    @Test func relativePathsAreBesideTheWorkingFolder() {
        let files = PointedFiles(beside: "compose.yaml") { _ throws(Complaint) in [] }
        #expect(files.absolute("a/../b") == FileManager.default.currentDirectoryPath + "/b")
    }

    @Test func refusals() throws {
        func words(_ path: String) -> String {
            do {
                _ = try ComposeFile.stack(named: "shop", path: path, environment: [:])
                return "nothing"
            } catch {
                return error.description
            }
        }
        let gone = folder.path + "/gone.yaml"
        #expect(words(gone).hasPrefix("could not read \(gone): there is no such file; see whether the path is right"))
        #expect(words(folder.path) == "could not read \(folder.path): it is not a regular file")
        #expect(words("/dev/zero") == "could not read /dev/zero: it is not a regular file")
        #expect(words(try write("latin", [0x61, 0xE4])).hasSuffix("it is not UTF-8 text"))
        #expect(words(try write("large", Data(count: 5 << 20))).hasSuffix("it is larger than 4 MiB"))
        #expect(words(try write("nul", "services: {\0".utf8)).contains("control characters are not allowed"))
    }

    @Test func theFilesItPointsToAreBoundedTogether() {
        let entries = Array(repeating: "big.env", count: 100).joined(separator: ", ")
        let found = trouble(web("env_file: [\(entries)]"), files: ["/srv/shop/big.env": "A=" + String(repeating: "x", count: 1 << 20)])
        #expect(found?.answer.hasSuffix("the files it points to are more than 32 MiB together") == true)
    }
}
