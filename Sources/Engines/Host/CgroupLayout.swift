internal import Glibc

/// Where each kind of fact is: on version 1 every controller has a tree of its own, on version 2 there is one tree,
/// and a hybrid machine has the old trees beside an (often empty) new one called `unified`.
struct CgroupLayout: Hashable {
    enum Version: Hashable { case one, two }

    struct Tree: Hashable {
        /// The root of the tree, without a slash at the end.
        let directory: String
        let version: Version
    }

    var processor: Tree?
    var memory: Tree?
    var blocks: Tree?
    var processes: Tree?
    /// The tree that containers are looked for in.
    var search: Tree
    /// False where only a part of the machine's groups is visible: Binnacle runs in a container itself.
    var isWholeMachine: Bool

    /// nil where no cgroup tree is mounted.
    init?(_ root: HostRoot) {
        let base = root.cgroups
        if Directory.exists(base + "/cgroup.controllers") {
            let tree = Tree(directory: base, version: .two)
            (processor, memory, blocks, processes, search) = (tree, tree, tree, tree, tree)
            // Only groups below the machine's root have a type.
            isWholeMachine = !Directory.exists(base + "/cgroup.type")
            return
        }
        func tree(_ names: String...) -> Tree? {
            names.lazy.map { base + "/" + $0 }.first(where: Directory.exists).map { Tree(directory: $0, version: .one) }
        }
        let unified = Directory.exists(base + "/unified/cgroup.controllers")
            ? Tree(directory: base + "/unified", version: .two) : nil
        let controllers = unified.map { Self.controllers(of: $0) } ?? []
        func shared(_ controller: String) -> Tree? { controllers.contains(controller) ? unified : nil }
        // cpu.stat tells processor time on version 2 even where the cpu controller is elsewhere.
        processor = tree("cpuacct", "cpu,cpuacct", "cpuacct,cpu") ?? unified
        memory = tree("memory") ?? shared("memory")
        blocks = tree("blkio") ?? shared("io")
        processes = tree("pids") ?? shared("pids")
        guard let search = memory ?? processes ?? processor ?? tree("systemd") ?? unified else { return nil }
        self.search = search
        switch search.version {
        // Only the machine's root has a release agent; under a cgroup namespace or a bind mount there is none.
        case .one: isWholeMachine = Directory.exists(search.directory + "/release_agent")
        case .two: isWholeMachine = !Directory.exists(search.directory + "/cgroup.type")
        }
    }

    private static func controllers(of tree: Tree) -> [String] {
        do throws(FileFailure) {
            return try FileReader().read(tree.directory + "/cgroup.controllers") { $0.firstLine }
                .split(separator: " ").map(String.init)
        } catch {
            return []  // an unreadable list of controllers offers none
        }
    }
}

/// The files of one container, by their full paths.
struct CgroupFiles: Hashable {
    var processor: String?
    var memory: String?
    var memoryStat: String?
    var memoryLimit: String?
    var blocks: String?
    var processes: String?
    /// The container's directory in the tree it was found in.
    var directory: String

    /// `path` is the container's, from the root of the tree: `/docker/56b3…`.
    init(_ layout: CgroupLayout, path: String) {
        func file(_ tree: CgroupLayout.Tree?, _ one: String, _ two: String) -> String? {
            tree.map { $0.directory + path + "/" + ($0.version == .one ? one : two) }
        }
        processor = file(layout.processor, "cpuacct.usage", "cpu.stat")
        memory = file(layout.memory, "memory.usage_in_bytes", "memory.current")
        memoryStat = file(layout.memory, "memory.stat", "memory.stat")
        memoryLimit = file(layout.memory, "memory.limit_in_bytes", "memory.max")
        blocks = file(layout.blocks, "blkio.throttle.io_service_bytes_recursive", "io.stat")
        if let tree = layout.blocks, tree.version == .one, let name = blocks, !Directory.exists(name) {
            blocks = tree.directory + path + "/blkio.throttle.io_service_bytes"
        }
        processes = file(layout.processes, "pids.current", "pids.current")
        directory = layout.search.directory + path
    }
}
