internal import Domain
internal import Glibc

/// Reads one container's files, holding them open between readings or not.
///
/// A held file costs 0.7 µs a reading, one opened each time 6.5 µs (kernel 6.18, cgroup v1); `memory.stat` 7 µs held or
/// not, so that it is read only when the memory in use has moved or a while has passed.
final class ContainerProbe {
    /// What a probe holds at most: four files and the process.
    static let descriptors = 5
    /// The page cache is asked for again after this many nanoseconds, or when usage moved by more than 1/64.
    private static let memoryStatLasts: UInt64 = 10_000_000_000
    private static let hiddenLasts: UInt64 = 10_000_000_000

    enum Outcome {
        case usage(Usage)
        /// The cgroup has been removed.
        case gone
        /// No descriptor was left.
        case exhausted
    }

    private struct Held {
        var processor: Int32 = -1
        var memory: Int32 = -1
        var blocks: Int32 = -1
        var processes: Int32 = -1
    }

    let container: FoundContainer
    private let files: CgroupFiles
    private let version: CgroupLayout
    private var held = Held()
    private(set) var isHolding = false
    private var incarnation: UInt64?
    private var meter = UsageMeter()
    private var process: ProcessEntry?
    /// Monotonic nanoseconds until which no process is looked for: those that are hidden stay so.
    private var hiddenUntil: UInt64 = 0
    private var usageAtStat: UInt64?
    private var statAt: UInt64 = 0
    private var inactiveFile: UInt64 = 0
    private var limit: UInt64?
    private(set) var troubles: Set<Remark> = []
    /// Monotonic nanoseconds of the last reading.
    private(set) var sampledAt: UInt64?

    init(_ container: FoundContainer, _ layout: CgroupLayout) {
        self.container = container
        files = CgroupFiles(layout, path: container.path)
        version = layout
    }

    deinit { release() }

    /// Whether a second reading is wanted soon: there are no rates yet.
    var needsAnother: Bool { sampledAt != nil && !meter.hasRates }

    /// Closes what is held.
    func release() {
        for descriptor in [held.processor, held.memory, held.blocks, held.processes] where descriptor >= 0 {
            close(descriptor)
        }
        held = Held()
        process = nil
        isHolding = false
    }

    func sample(_ root: HostRoot, _ reader: FileReader, _ clock: HostClock, holding: Bool, ownNamespace: UInt64?) -> Outcome {
        // Held files of a container that was started again under its old id belong to a removed group: one more try
        // with its new files.
        for attempt in 0..<2 {
            let wasHolding = isHolding
            do throws(FileFailure) {
                let counters = try read(root, reader, clock, holding: holding, ownNamespace: ownNamespace)
                sampledAt = counters.at
                return .usage(meter.usage(of: counters, at: clock.now()))
            } catch {
                release()
                if error.isExhausted { return .exhausted }
                meter.forget()
                if attempt == 0, wasHolding { continue }
                break
            }
        }
        return .gone
    }

    private func read(
        _ root: HostRoot, _ reader: FileReader, _ clock: HostClock, holding: Bool, ownNamespace: UInt64?
    ) throws(FileFailure) -> Counters {
        if holding { isHolding = true }
        var counters = Counters(at: 0)
        let one = version.processor?.version == .one
        counters.processorTime = try value(files.processor, \.processor, .noProcessor, reader, holding, identifies: true) {
            one ? CgroupReadings.processorTime1($0) : CgroupReadings.processorTime2($0)
        }
        counters.at = clock.monotonic()
        if let bytes = try value(files.memory, \.memory, .noMemory, reader, holding, CgroupReadings.number) {
            refreshStat(bytes, at: counters.at, reader)
            counters.memory = inactiveFile < bytes ? bytes - inactiveFile : bytes
            counters.memoryLimit = limit
        }
        let blocksOne = version.blocks?.version == .one
        counters.blocks = try value(files.blocks, \.blocks, .noBlocks, reader, holding) {
            blocksOne ? CgroupReadings.traffic1($0) : CgroupReadings.traffic2($0)
        }
        counters.processes = try value(files.processes, \.processes, .noProcesses, reader, holding, CgroupReadings.number) ?? 0
        counters.network = try network(root, reader, at: counters.at, ownNamespace: ownNamespace)
        if !holding, !isHolding { process = nil }
        return counters
    }

    /// One file's value; nil when it is not there or not for us. Throws when the whole container has gone.
    private func value<T>(
        _ path: String?, _ slot: WritableKeyPath<Held, Int32>, _ remark: Remark, _ reader: FileReader, _ holding: Bool,
        identifies: Bool = false, _ parse: (Span<UInt8>) -> T?
    ) throws(FileFailure) -> T? {
        guard let path else { return nil }
        do throws(FileFailure) {
            if held[keyPath: slot] >= 0 { return try reader.read(held[keyPath: slot], parse) }
            let descriptor = try FileReader.open(path)
            if identifies { identify(descriptor) }
            if holding { held[keyPath: slot] = descriptor }
            defer { if !holding { close(descriptor) } }
            return try reader.read(descriptor, parse)
        } catch {
            if error.isExhausted || (error.code == ENODEV) { throw error }
            // A file that is missing in a directory that is there: the kernel was built without it.
            if error.isGone {
                if !Directory.exists(files.directory) { throw error }
                return nil
            }
            if error.isDenied { troubles.insert(remark) }
            return nil
        }
    }

    /// A container started again under its old id has new files at the old place.
    private func identify(_ descriptor: Int32) {
        let inode = FileReader.inode(of: descriptor)
        if incarnation != nil, inode != incarnation {
            meter.forget()
            usageAtStat = nil
        }
        incarnation = inode
    }

    private func refreshStat(_ bytes: UInt64, at now: UInt64, _ reader: FileReader) {
        if let known = usageAtStat, now < statAt &+ Self.memoryStatLasts {
            let moved = known > bytes ? known - bytes : bytes - known
            if moved <= max(bytes / 64, 65_536) { return }
        }
        let one = version.memory?.version == .one
        inactiveFile = number(files.memoryStat, reader) {
            one ? CgroupReadings.inactiveFile1($0) : CgroupReadings.inactiveFile2($0)
        } ?? 0
        limit = number(files.memoryLimit, reader, CgroupReadings.limit)
        usageAtStat = bytes
        statAt = now
    }

    private func number(_ path: String?, _ reader: FileReader, _ parse: (Span<UInt8>) -> UInt64?) -> UInt64? {
        guard let path else { return nil }
        do throws(FileFailure) {
            return try reader.read(path, parse)
        } catch {
            if error.isDenied { troubles.insert(.noMemory) }
            return nil
        }
    }

    private func network(
        _ root: HostRoot, _ reader: FileReader, at now: UInt64, ownNamespace: UInt64?
    ) throws(FileFailure) -> InterfaceCounters? {
        for _ in 0..<2 {
            guard let entry = try currentProcess(root, reader, at: now) else { return nil }
            // In the host's own namespace everything would be counted as this container's.
            if let namespace = entry.namespace, namespace == ownNamespace { return nil }
            do throws(FileFailure) {
                return try reader.read("net/dev", in: entry.directory, NetworkText.total)
            } catch {
                if error.isExhausted { throw error }
                process = nil
                if error.isDenied {
                    troubles.insert(.hiddenProcesses)
                    return nil
                }
                // That process has ended; another of the container may live.
            }
        }
        return nil
    }

    /// The process that stands for the container, found now if need be.
    func currentProcess(_ root: HostRoot, _ reader: FileReader, at now: UInt64) throws(FileFailure) -> ProcessEntry? {
        if let process { return process }
        if now < hiddenUntil { return nil }
        do throws(ProcessEntry.Failure) {
            process = try ProcessEntry.find(container.id, in: files.directory, root, reader)
        } catch {
            switch error {
            case .none: break
            case .hidden, .foreign:
                troubles.insert(error == .hidden ? .hiddenProcesses : .foreignProcesses)
                hiddenUntil = now &+ Self.hiddenLasts
            case .exhausted: throw FileFailure(code: EMFILE)
            }
        }
        return process
    }

    /// Lets the process go that was looked up for something else than a reading.
    func settle() { if !isHolding { process = nil } }
}
