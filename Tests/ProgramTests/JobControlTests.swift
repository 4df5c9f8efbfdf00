import Testing

/// What a shell does with its jobs, done to a dashboard that is stopped.
@Suite(.serialized, .enabled(if: Lab.isReady, Lab.needs))
struct JobControlTests {
    /// A dashboard left with Ctrl-Z, its shell waiting for a command.
    private func stopped() -> Tmux {
        let tmux = Tmux(width: 120, height: 30)
        tmux.run("\(Lab.binary) -H \(Lab.engine.url)")
        tmux.expect("2 Containers")
        tmux.press("C-z")
        tmux.expect("Stopped")
        return tmux
    }

    @Test(arguments: [("kill %1", 143), ("kill -HUP %1", 129)]) func endsInTheBackground(command: String, status: Int) {
        let tmux = stopped()
        tmux.run("\(command); until jobs | grep Exit; do sleep 0.1; done")
        tmux.expect("Exit \(status)")
        #expect(tmux.isOrdinary)
    }

    @Test func endsIfItIsBroughtBackMeanwhile() {
        let tmux = stopped()
        tmux.run("kill %1; fg; echo still-$((40+2))")
        tmux.expect("still-42")
        tmux.run("echo jobs=$(jobs | wc -l)")
        tmux.expect("jobs=0")
        #expect(tmux.isOrdinary)
    }

    @Test func staysStoppedInTheBackgroundAndTouchesNothing() {
        let tmux = stopped()
        tmux.run("clear; bg; sleep 0.5; jobs; echo still-$((40+2))")
        tmux.expect("still-42")
        tmux.run("jobs")
        tmux.expect("Stopped")
        #expect(tmux.isOrdinary)
        tmux.run("fg; echo left=$((100+$?))")
        tmux.expect("2 Containers")
        #expect(tmux.isAlternate)
        tmux.press("Q")
        tmux.expect("left=100")
        #expect(tmux.isOrdinary)
    }
}
