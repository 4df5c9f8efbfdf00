/// A command line as a person would type it into a POSIX shell.
package struct CommandLineText: Sendable, CustomStringConvertible {
    package var words: [String]

    package init(_ words: [String]) { self.words = words }

    package var description: String { words.map(Self.quoted).joined(separator: " ") }

    package static func quoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "_-./:@%+=,".utf8.contains(byte)
            }
        }
        return isPlain ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
