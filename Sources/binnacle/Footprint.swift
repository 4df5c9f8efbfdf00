internal import CAllocator
internal import Glibc

/// What the program holds of memory once it has started.
///
/// The kernel maps sixteen pages of the program's file for each one that is touched, and most of what a start touches is never
/// needed again: command line, settings, negotiation. Those pages are clean copies of the file; unmapping them costs a few
/// hundred soft faults for what is needed after all. With 150 containers 29 MB became 16 MB, and 23 MB after a minute (PSS).
enum Footprint {
    /// When the first screens are drawn and the details are in.
    private static let delay = Duration.seconds(3)

    private static let trimming = Duration.seconds(30)

    /// Answers of many megabytes are read and let go of; what they needed is not kept.
    private static let largeBlock: Int32 = 256 << 10

    /// Before anything large is allocated.
    static func prepare() {
        callocator_keep_large_blocks_apart(largeBlock)
        callocator_share_heaps(2)
    }

    /// In the background: the code once, the heap now and then, since whole lists are read anew while the program is open.
    static func shrinkAfterStart() {
        _Concurrency.Task.detached(priority: .background) {
            do { try await _Concurrency.Task.sleep(for: delay) } catch { return }  // cancelled: the program ends
            dropCleanCode()
            while !_Concurrency.Task.isCancelled {
                callocator_trim()
                do { try await _Concurrency.Task.sleep(for: trimming) } catch { return }  // cancelled: the program ends
            }
        }
    }

    /// Only mappings of files that are executable, private and unchanged: a debugger's breakpoints would be changes.
    static func dropCleanCode() {
        for range in executableMappings(FileText.read("/proc/self/smaps")) {
            guard let start = UnsafeMutableRawPointer(bitPattern: range.lowerBound) else { continue }
            madvise(start, Int(range.upperBound - range.lowerBound), MADV_DONTNEED)
        }
    }

    /// - Parameter text: as in `proc_pid_smaps(5)`.
    static func executableMappings(_ text: String) -> [Range<UInt>] {
        var found: [Range<UInt>] = []
        var current: Range<UInt>?
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            if words.count >= 6, let range = addresses(words[0]) {
                current = words[1] == "r-xp" && words[5].hasPrefix("/") ? range : nil
            } else if let range = current, words.count > 1 {
                switch words[0] {
                case "Private_Dirty:", "Anonymous:": if words[1] != "0" { current = nil }
                // The last of the three: a changed page that was swapped out is told only here.
                case "Swap:":
                    if words[1] == "0" { found.append(range) }
                    current = nil
                default: break
                }
            }
        }
        return found
    }

    private static func addresses(_ text: Substring) -> Range<UInt>? {
        let ends = text.split(separator: "-")
        guard ends.count == 2, let low = UInt(ends[0], radix: 16), let high = UInt(ends[1], radix: 16), low < high else { return nil }
        return low..<high
    }

    private enum FileText {
        static func read(_ path: String) -> String {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return "" }
            defer { close(descriptor) }
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = Glibc.read(descriptor, &buffer, 1 << 16)
                guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
                bytes += buffer[..<count]
            }
        }
    }
}
