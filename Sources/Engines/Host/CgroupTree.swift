internal import Glibc

/// A container as its cgroup shows it.
struct FoundContainer: Hashable {
    /// 64 hexadecimal digits.
    let id: String
    /// From the root of the tree: `/docker/56b3…`, `/system.slice/docker-56b3….scope`.
    let path: String
    /// The container that this one runs in: docker in docker.
    let outer: String?
}

/// Finds containers by the names of cgroup directories, and finds out cheaply whether there are others now.
///
/// Directories are listed only when their number of links has changed: the kernel counts a cgroup's children there,
/// and a leaf (2 links) has none. Where a file system does not count (1 link) they are listed every time.
struct CgroupTree {
    private struct Branch {
        var links: Int
        var children: [String]
    }

    private static let deepest = 24
    private static let most = 20_000

    let directory: String
    private var branches: [String: Branch] = [:]
    /// The directories that hold containers or once did, with their links at the last survey.
    private var watched: [String: Int] = [:]
    /// Denied directories, once each.
    private(set) var denied: Set<String> = []

    init(directory: String) { self.directory = directory }

    /// All containers of the tree. `afresh` lists every directory that can have children, whatever was known.
    mutating func survey(afresh: Bool = false) -> [FoundContainer] {
        var found: [FoundContainer] = []
        var seen: Set<String> = []
        var left = Self.most
        var next: [String: Branch] = [:]
        visit("", outer: nil, depth: 0, afresh: afresh, into: &found, seen: &seen, next: &next, left: &left)
        branches = next
        for path in watched.keys { watched[path] = links(of: path) }
        return found
    }

    /// Whether a directory that holds containers has more or fewer children than at the last survey.
    func hasChanged() -> Bool {
        for (path, known) in watched {
            guard let links = links(of: path), links == known, links >= 2 else { return true }
        }
        return false
    }

    private mutating func visit(
        _ path: String, outer: String?, depth: Int, afresh: Bool, into found: inout [FoundContainer],
        seen: inout Set<String>, next: inout [String: Branch], left: inout Int
    ) {
        guard depth < Self.deepest, left > 0, let links = links(of: path), links != 2 else { return }
        left -= 1
        let branch: Branch
        if let known = branches[path], known.links == links, links > 2, !afresh {
            branch = known
        } else {
            branch = Branch(links: links, children: children(of: path))
        }
        for child in branch.children {
            let childPath = path + "/" + child
            var inner = outer
            if let id = Self.container(named: child) {
                watched[path] = links
                if seen.insert(id).inserted { found.append(FoundContainer(id: id, path: childPath, outer: outer)) }
                inner = id
            }
            visit(
                childPath, outer: inner, depth: depth + 1, afresh: afresh, into: &found, seen: &seen, next: &next,
                left: &left)
        }
        next[path] = branch
    }

    private func links(of path: String) -> Int? {
        var status = stat()
        guard stat(directory + path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
        return Int(status.st_nlink)
    }

    private mutating func children(of path: String) -> [String] {
        do throws(FileFailure) {
            return try Directory.entries(directory + path).filter(\.mayBeDirectory).map(\.name)
        } catch {
            if error.isDenied { denied.insert(path) }
            return []  // it has gone meanwhile, or belongs to others: nothing to see either way
        }
    }

    /// The container's id in a directory's name: `56b3…`, `docker-56b3….scope`, `libpod-…`, `crio-…`,
    /// `cri-containerd-….scope`. The monitor beside a Podman or CRI-O container (`libpod-conmon-…`) is not one.
    static func container(named name: String) -> String? {
        var text = Substring(name)
        if text.hasSuffix(".scope") { text = text.dropLast(6) }
        guard text.utf8.count >= 64 else { return nil }
        let id = text.utf8.suffix(64)
        guard id.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else { return nil }
        if text.utf8.count > 64 {
            guard text.utf8.dropLast(64).last == UInt8(ascii: "-"), !text.contains("conmon") else { return nil }
        }
        return String(Substring(id))
    }
}
