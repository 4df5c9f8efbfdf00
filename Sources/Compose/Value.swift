/// What a YAML document says, its aliases and merge keys resolved and its variables replaced.
///
/// Values are shared, not copied, where an anchor is used more than once: a few lines of YAML may stand for more than memory
/// holds. `size` is what walking through all of it would take.
struct Value {
    enum Content {
        case null
        /// Plain: neither in quotes nor with a variable in it, so that YAML's own rules for numbers hold.
        case text(String, isPlain: Bool)
        case list([Value])
        case map([Entry])
    }

    struct Entry {
        let key: String
        let line: Int
        let value: Value
    }

    let content: Content
    let line: Int
    /// Bytes of text and a few for each node, every alias written out.
    let size: Int
    /// 1 for a value without others in it.
    let depth: Int

    init(_ content: Content, line: Int) {
        self.content = content
        self.line = line
        var size = 8
        var depth = 0
        func count(_ bytes: Int, _ value: Value? = nil) {
            size = Self.sum(size, Self.sum(bytes, value?.size ?? 0))
            depth = max(depth, value?.depth ?? 0)
        }
        switch content {
        case .null: break
        case .text(let text, _): count(text.utf8.count)
        case .list(let items): for item in items { count(0, item) }
        case .map(let entries): for entry in entries { count(entry.key.utf8.count, entry.value) }
        }
        self.size = size
        self.depth = depth + 1
    }

    private static func sum(_ a: Int, _ b: Int) -> Int {
        let (total, overflows) = a.addingReportingOverflow(b)
        return overflows ? .max : total
    }
}
