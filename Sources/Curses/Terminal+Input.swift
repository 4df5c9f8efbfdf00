internal import CCurses
public import Drawing
internal import Glibc

extension Terminal {
    /// Sleeps until something happens; nil waits without limit.
    public mutating func poll(wakeup: Wakeup, timeout: Duration?) -> Wake {
        // Whoever cleared the wakeup of a signal meanwhile: this one is never lost.
        if surroundings.ownsProcess, Signals.quit != nil { return .quit }
        if !pendingWake.isEmpty {
            defer { pendingWake = [] }
            return pendingWake
        }
        capture_trim()
        let deadline = timeout.map { wait_now() + max(0, $0.nanoseconds) }
        while true {
            // An Esc that may begin a sequence is only waited for as long as a sequence takes to come in.
            let patience = decoder.deadline
            let until = if let patience, let deadline { min(patience, deadline) } else { patience ?? deadline }
            let left = until.map { max(0, $0 - wait_now()) } ?? -1
            let bits = Int(wait_for(surroundings.input, wakeup.descriptor, surroundings.ownsProcess ? signals_descriptor() : -1, left))
            var wake: Wake = []
            if bits & wait_input != 0 { wake.insert(.input) }
            if bits & wait_hangup != 0 { wake.insert(.hangup) }
            if bits & wait_wakeup != 0 {
                wakeup.clear()
                wake.insert(.messages)
            }
            if bits & wait_signal != 0 { wake.formUnion(answerSignals()) }
            if bits == 0 {
                if let patience, wait_now() >= patience { wake.insert(.input) }
                if let deadline, wait_now() >= deadline { wake.insert(.timeout) }
            }
            if !wake.isEmpty { return wake }
        }
    }

    private mutating func answerSignals() -> Wake {
        var wake: Wake = []
        let came = Int(signals_take())
        if came & signals_continued != 0 {
            // Stopped from outside, without a word before: the shell has had the terminal since, and may have it still.
            guard signals_await_terminal(surroundings.output) else {
                isGivenBack = true
                return .quit
            }
            capture_resume()
            curses_enter()
            wake.insert(.resized)
        }
        if came & signals_resized != 0 { wake.insert(.resized) }
        if came & signals_stop != 0 { wake.insert(.suspend) }
        if Signals.quit != nil { wake.insert(.quit) }
        return wake
    }

    /// All that was typed, clicked and pasted since the last call. Never waits.
    public mutating func readInput() -> [Input] {
        guard !isGivenBack else { return [] }
        learnKeys()
        var inputs: [Input] = []
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16 * 1024) { buffer in
            while true {
                let bits = Int(wait_for(surroundings.input, -1, -1, 0))
                guard bits & wait_input != 0 else { break }
                let count = read(surroundings.input, buffer.baseAddress, buffer.count)
                if count < 0, errno == EINTR { continue }
                if count <= 0 {
                    // End of file, or EIO: nobody is there any more.
                    if count == 0 || errno == EIO { pendingWake.insert(.hangup) }
                    break
                }
                inputs += decoder.decode(buffer[..<count], now: wait_now())
                // The loop has other things to do as well while somebody pastes a book.
                if count < buffer.count || inputs.count > 4096 { break }
            }
        }
        inputs += decoder.expire(now: wait_now())
        return inputs
    }
}

extension Duration {
    /// Saturating: "a thousand years" is a timeout like any other.
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? (seconds < 0 ? 0 : Int64.max / 4) : min(whole + attoseconds / 1_000_000_000, Int64.max / 4)
    }
}
