import Testing

/// Two engines in one list, and one of them going away.
@Suite(
    .serialized,
    .enabled(if: Lab.isReady && Lab.engine26.url.contains("/test26/") && !Lab.scripts.isEmpty, "needs BINNACLE_TEST_ENGINE, BINNACLE_TEST_ENGINE_26 and BINNACLE_LAB_SCRIPTS"))
struct SeveralEnginesTests {
    private func engine26(_ command: String) {
        let done = shell("\(Lab.scripts)/engine \(command) test26")
        #expect(done.status == 0, "\(done.output)")
    }

    /// A running container's row, without what stands to the left of it in the Bridge.
    private func row(_ name: String, in screen: String) -> Substring {
        let line = screen.line(with: "● \(name)")
        return line.firstIndex(of: "●").map { line[$0...] } ?? ""
    }

    @Test func oneGoesAndTheOtherStaysLive() {
        Lab.engine.run("pt-here") { here in
            Lab.engine26.run("pt-there") { there in
                // Wide enough for the Bridge, which has the host column in its containers pane.
                let tmux = Tmux(width: 160, height: 48)
                tmux.run("\(Lab.binary) -H \(Lab.engine.url) -H \(Lab.engine26.url)")
                tmux.expect("HOST")
                tmux.expect(that: "each row tells its host") { row(here, in: $0).contains(" lab-test ") && row(there, in: $0).contains(" lab-test26 ") }
                #expect(!tmux.screen.line(with: "binnacle").contains("stale"))

                engine26("halt")
                tmux.expect(that: "the strip says stale, and of one engine only") { $0.line(with: "binnacle").split(separator: "stale").count == 2 }
                tmux.expect(that: "its last rows are still there") { $0.contains("● \(there)") }
                Lab.engine.run("pt-news") { news in
                    tmux.expect("● \(news)")
                    Lab.engine.docker("stop -t 0 \(news)")
                    tmux.expect(that: "the other engine's news still come") { $0.line(with: "○ \(news)").contains("exited") }
                }
                #expect(tmux.screen.line(with: "binnacle").contains("stale"))

                engine26("restart")
                // It tries again by itself, at most fifteen seconds later.
                tmux.expect(that: "it is live again", within: 30) { !$0.line(with: "binnacle").contains("stale") }
                tmux.expect(that: "what ended meanwhile is seen") { $0.line(with: "○ \(there)").contains("exited") }
                Lab.engine26.docker("start \(there)")
                tmux.expect("● \(there)")
                tmux.press("Q")
            }
        }
    }

    @Test func anEngineThatIsNotThereYetComesWithAKey() {
        engine26("halt")
        Lab.engine.run("pt-first") { here in
            let tmux = Tmux(width: 160, height: 48)
            tmux.run("\(Lab.binary) -H \(Lab.engine.url) -H \(Lab.engine26.url)")
            tmux.expect("● \(here)")
            engine26("restart")
            Lab.engine26.run("pt-late") { late in
                tmux.press("F5")
                tmux.expect("● \(late)", within: 5)
            }
            tmux.press("Q")
        }
    }
}
