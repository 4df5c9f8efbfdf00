internal import Domain
internal import Engine

/// Runs of checks, and what comes of them.
extension RegistryWatch {
    /// Runs one check after the other as long as some are due.
    func work(_ first: CheckBoard.Errand) async {
        var next: CheckBoard.Errand? = first
        while let errand = next {
            let answer = await runner.answer(errand)
            if Task.isCancelled { return }
            finish(errand, answer)
            next = isOn ? board.take(at: .now, atMost: 1).first : nil
        }
        hearing.bell.ring()
    }

    private func finish(_ errand: CheckBoard.Errand, _ answer: CheckAnswer) {
        let moment = now()
        let isChanged = board.finish(errand, answer, at: .now, now: moment)
        if let memory = board.memoryToKeep(errand.check, at: .now) { pending.results[errand.check.raw] = memory }
        guard isChanged else { return }
        changedChecks.insert(errand.check)
        hearing.bell.ring()
        expire(errand, answer, at: moment)
    }

    /// Takes out what was registered by hand and has been critical for as long as it was said to be allowed to.
    private func expire(_ errand: CheckBoard.Errand, _ answer: CheckAnswer, at moment: Timestamp) {
        guard answer.status == .critical, let allowed = errand.definition.deregistersAfter, let check = board.check(errand.check), let since = check.since,
            Double(moment.seconds(since: since)) >= max(60, CheckBoard.clamped(allowed))
        else { return }
        let id = ServiceInstance.id(source.id, node: check.node, serviceID: check.serviceID)
        guard holdings.handmade[id] != nil else { return }
        forget(id)
        sink(
            .event(
                Event(
                    id: "\(moment.nanoseconds)/\(id)/deregistered", at: moment, origin: .binnacle, source: source.id, kind: "service instance",
                    action: "deregistered", subject: check.service, subjectID: id.raw,
                    detail: "critical for \(CheckDefinition.seconds(Double(moment.seconds(since: since)))), as its check asks for", severity: .notice)))
    }

    func refresh() async {
        await reload()
        board.hurry(at: .now)
        hearing.bell.ring()
    }

    func tellChecks() {
        guard !changedChecks.isEmpty else { return }
        sink(.checkChanges(changed: changedChecks.compactMap { board.check($0) }, gone: []))
        changedChecks = []
    }
}
