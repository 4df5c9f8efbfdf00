public import Domain

extension World {
    /// A reading of its counters at `now` or later; nil where nothing runs.
    public func usage(of container: SimContainer, at time: Timestamp? = nil) -> SimUsage? {
        guard container.isRunning, let host = hosts[container.host] else { return nil }
        let time = time ?? now
        let program = container.program
        let work = container.work.done(at: time)
        let print = Randomness.fingerprint(container.id)
        // Two containers of one image are not alike.
        let own = 0.75 + Double(print & 0xff) / 512
        let cpu = work * cores(of: container) * 1e9
        let received = work * program.traffic * own
        let sent = received * (0.6 + Double(print >> 8 & 0xff) / 256)
        let written = work * program.disk * own
        let resident = memory(of: container, at: time)
        let cache = program.disk * 200 + program.memory * 0.08
        let limit = container.spec.memory > 0 ? container.spec.memory : host.memory
        let up = max(0, time.nanoseconds - host.bootedAt.nanoseconds)
        return SimUsage(
            time: time, cpu: UInt64(cpu), cpuKernel: UInt64(cpu * 0.22) / 10_000_000 * 10_000_000,
            hostCPU: UInt64(up / 10_000_000) * 10_000_000 &* UInt64(host.cpus), onlineCPUs: host.cpus,
            memory: min(limit, UInt64(resident + cache)), inactiveFile: UInt64(min(cache, Double(limit) * 0.1)), memoryLimit: limit,
            received: UInt64(received), sent: UInt64(sent), packetsReceived: UInt64(received / 610), packetsSent: UInt64(sent / 540),
            readBytes: UInt64(written * 0.3) + UInt64(program.memory * 0.2), writtenBytes: UInt64(written),
            processes: program.processes)
    }

    /// Cores at the usual pace, within the limit.
    func cores(of container: SimContainer) -> Double {
        let own = 0.75 + Double(Randomness.fingerprint(container.id) >> 16 & 0xff) / 512
        let wanted = container.program.cores * own
        return container.spec.nanoCPUs > 0 ? min(wanted, Double(container.spec.nanoCPUs) / 1e9 * 0.6) : wanted
    }

    /// Bytes without page cache.
    func memory(of container: SimContainer, at time: Timestamp) -> Double {
        quietMemory(of: container) * (1 + 0.06 * container.work.swing(at: time)) + (container.leak?.bytes(at: time) ?? 0)
    }

    func quietMemory(of container: SimContainer) -> Double {
        let own = 0.85 + Double(Randomness.fingerprint(container.id) >> 24 & 0xff) / 850
        let wanted = container.program.memory * own
        return container.spec.memory > 0 ? min(wanted, Double(container.spec.memory) * 0.6) : wanted
    }

    /// As `ps aux` tells them; empty where nothing runs.
    public func processes(of container: SimContainer) -> [SimProcess] {
        guard container.isRunning, let usage = usage(of: container), let host = hosts[container.host] else { return [] }
        let command = container.arguments.isEmpty ? "/bin/sh" : container.arguments.joined(separator: " ")
        // Threads count as processes in the counter; a person sees a few.
        let count = max(1, min(4, container.program.processes / 3))
        return (0..<count).map { index in
            let share = index == 0 ? 0.7 : 0.3 / Double(max(1, count - 1))
            let resident = Double(usage.memory - usage.inactiveFile) * share
            return SimProcess(
                user: container.spec.user.isEmpty ? "root" : container.spec.user, pid: container.pid + index * 7,
                parent: index == 0 ? max(1, container.pid - 22) : container.pid,
                cpu: (container.work.pace(at: now) * cores(of: container) * 1000 * share).rounded() / 10,
                memory: (resident / Double(host.memory) * 1000).rounded() / 10, resident: UInt64(resident), virtual: UInt64(resident * 3.1),
                time: Int(Double(usage.cpu) / 1e9 * share), command: index == 0 ? command : command + ": worker \(index)")
        }
    }
}
