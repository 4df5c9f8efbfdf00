internal import Glibc

/// A live process of a container, held by its directory in `/proc`.
///
/// The open directory stands for this very process: once it has ended, files in it give ESRCH or ENOENT, even when
/// another process has been given the same pid. It does not keep the process or its network namespace alive (an open
/// `net/dev` would keep the namespace, and its interfaces, until closed).
final class ProcessEntry {
    let pid: Int32
    let directory: Int32
    /// Which network namespace it is in: every namespace has its own `net/dev`, whose inode number an ordinary user may
    /// see, whereas reading the link `ns/net` is for root. nil where it cannot be seen.
    let namespace: UInt64?

    private init(pid: Int32, directory: Int32, namespace: UInt64?) {
        self.pid = pid
        self.directory = directory
        self.namespace = namespace
    }

    deinit { close(directory) }

    enum Failure: Error, Hashable {
        /// No process of this container is left, or none yet.
        case none
        /// There are processes, but `/proc` does not show them to this user (hidepid).
        case hidden
        /// The processes are of a pid namespace that is not visible from here.
        case foreign
        /// No descriptor is left.
        case exhausted
    }

    /// The first live process of the cgroup in `directory`, which belongs to the container `id`.
    static func find(_ id: String, in directory: String, _ root: HostRoot, _ reader: FileReader) throws(Failure) -> ProcessEntry {
        var failure = Failure.none
        for pid in try pids(in: directory, reader, depth: 0) {
            if pid == 0 {
                failure = .foreign
                continue
            }
            do throws(FileFailure) {
                if let entry = try open(pid, of: id, root, reader) { return entry }
            } catch {
                if error.isExhausted { throw .exhausted }
                // One that has ended since the list was read is no matter; one that lives and is not shown is hidden.
                if error.isDenied || kill(pid, 0) == 0 || errno == EPERM { failure = .hidden }
            }
        }
        throw failure
    }

    /// nil when the pid belongs to another container or to none: reused since the list was read.
    private static func open(
        _ pid: Int32, of id: String, _ root: HostRoot, _ reader: FileReader
    ) throws(FileFailure) -> ProcessEntry? {
        let directory = try FileReader.open("\(root.proc)/\(pid)", flags: O_DIRECTORY)
        do throws(FileFailure) {
            guard try reader.read("cgroup", in: directory, { $0.contains(id) }) else {
                close(directory)
                return nil
            }
        } catch {
            close(directory)
            throw error
        }
        return ProcessEntry(pid: pid, directory: directory, namespace: namespace(in: directory))
    }

    private static func namespace(in directory: Int32) -> UInt64? {
        var status = stat()
        return fstatat(directory, "net/dev", &status, 0) == 0 ? UInt64(status.st_ino) : nil
    }

    /// Binnacle's own network namespace, or that of process `pid`.
    static func namespace(of pid: String, _ root: HostRoot) -> UInt64? {
        var status = stat()
        return stat("\(root.proc)/\(pid)/net/dev", &status) == 0 ? UInt64(status.st_ino) : nil
    }

    /// On version 2 a container's processes may be in children of its cgroup: Podman's `container`, systemd's scopes,
    /// the `init` that docker in docker moves into.
    private static func pids(in directory: String, _ reader: FileReader, depth: Int) throws(Failure) -> [Int32] {
        do throws(FileFailure) {
            let own = try reader.read(directory + "/cgroup.procs", CgroupReadings.processes)
            if !own.isEmpty { return own }
        } catch {
            if error.isExhausted { throw .exhausted }
            if error.isDenied { throw .hidden }
            // EOPNOTSUPP: a threaded group lists its processes in its parent or children only.
            if error.isGone { return [] }
        }
        guard depth < 4 else { return [] }
        let children: [String]
        do throws(FileFailure) {
            children = try Directory.entries(directory).filter(\.mayBeDirectory).map(\.name)
        } catch {
            return []  // removed meanwhile
        }
        for child in children where CgroupTree.container(named: child) == nil {
            let found = try pids(in: directory + "/" + child, reader, depth: depth + 1)
            if !found.isEmpty { return found }
        }
        return []
    }
}
