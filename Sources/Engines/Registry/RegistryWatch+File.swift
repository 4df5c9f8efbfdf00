internal import Domain
internal import Engine

/// What is kept between runs.
extension RegistryWatch {
    func open() async {
        do {
            file = try RegistryFile(path: configuration.path)
        } catch {
            return remark("in memory only, nothing is kept for the next time: \(error)")
        }
        // Where it fails, the first write does so too, and tells of it.
        try? await file?.forgetMade()
        await reload()
    }

    func reload() async {
        guard let file else { return }
        do {
            var seen: Int
            var contents: RegistryFile.Contents
            // What was changed while the file was read is not in what was read.
            repeat {
                seen = changes
                contents = try await file.load()
            } while seen != changes
            holdings.handmade = Dictionary(contents.services.map { (holdings.instanceID($0), $0) }, uniquingKeysWith: { first, _ in first })
            holdings.added = Dictionary(
                contents.checks.map { (holdings.checkID(node: $0.node, $0.definition.id), $0) }, uniquingKeysWith: { first, _ in first })
            holdings.maintenance = contents.maintenance
            if board.count == 0 {
                board.memories = Dictionary(contents.results.map { (Check.ID(source.id, $0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
            }
            isUnsettled = true
        } catch {
            remark("what earlier runs knew could not be read: \(error)")
        }
    }

    /// Something was changed by hand.
    func touch() {
        changes += 1
        isUnsettled = true
        hearing.bell.ring()
    }

    func takeBatch(_ clock: ContinuousClock.Instant) -> RegistryFile.Batch? {
        guard !pending.isEmpty, !isWriting, clock - lastWrite >= pace.writing else { return nil }
        isWriting = true
        defer { pending = RegistryFile.Batch() }
        return pending
    }

    /// - Returns: whether it is in the file now.
    @discardableResult
    func write(_ batch: RegistryFile.Batch) async -> Bool {
        defer {
            isWriting = false
            lastWrite = .now
        }
        guard let file else { return false }
        do {
            try await file.write(batch, at: now())
            return true
        } catch is CancellationError {
            var again = batch
            again.add(pending)
            pending = again
            return false
        } catch {
            remark("not everything is kept for the next time: \(error)")
            return false
        }
    }
}
