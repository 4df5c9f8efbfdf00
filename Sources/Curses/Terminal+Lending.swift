internal import CCurses

extension Terminal {
    /// Ctrl-Z: the terminal is given back, the job stops, and when it goes on the screen is taken and painted again.
    ///
    /// `size` may be another one afterwards; the next `poll` says `.resized`. Or `.quit`, and then nothing was taken.
    public mutating func suspend() {
        giveBack()
        if surroundings.ownsProcess { signals_stop_self() }
        takeAgain()
    }

    /// Lets another program have the terminal: cooked, the alternate screen left, Ctrl-C for it and not for us.
    ///
    /// `body` starts it on the two descriptors and waits for it. SIGPIPE is ignored here, and a child inherits that
    /// unless it is started with default signals.
    public mutating func lend<R>(_ body: (_ input: Int32, _ output: Int32) -> R) -> R {
        giveBack()
        if surroundings.ownsProcess { signals_lend(true) }
        let result = body(surroundings.input, surroundings.output)
        if surroundings.ownsProcess {
            signals_lend(false)
            _ = signals_take()
        }
        takeAgain()
        return result
    }

    private mutating func giveBack() {
        isGivenBack = true
        curses_leave()
        if surroundings.ownsProcess {
            crash_hold(true)
            capture_pause()
        }
    }

    private mutating func takeAgain() {
        if surroundings.ownsProcess {
            guard signals_await_terminal(surroundings.output) else { return }
            capture_resume()
            crash_hold(false)
        }
        isGivenBack = false
        curses_enter()
        _ = resized()
        pendingWake.insert(.resized)
    }
}
