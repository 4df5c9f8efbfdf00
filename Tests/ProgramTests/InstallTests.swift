import Testing

/// `make install` and `make uninstall` with the program that is under test.
@Suite(.serialized, .enabled(if: !Lab.binary.isEmpty && !Lab.scripts.isEmpty, "needs BINNACLE_BINARY and BINNACLE_LAB_SCRIPTS"))
struct InstallTests {
    private func make(_ target: String, in folder: Substring) {
        // What the make that runs the tests was told must not reach this one.
        let made = shell("env -u MAKEFLAGS -u MAKELEVEL -u PREFIX make -C \(folder)/clone \(target) DESTDIR=\(folder)/root PREFIX=/usr")
        #expect(made.status == 0, "\(made.output)")
    }

    @Test func whatIsInstalledRunsAndCanBeRemoved() {
        let folder = shell("mktemp -d").output.prefix { $0 != "\n" }
        defer { _ = shell("rm -rf \(folder)") }
        // A clone without sources: the binary is newer than all of them, and nothing is built for this.
        let prepared = shell(
            """
            set -e; cd \(Lab.scripts)/../..; mkdir -p \(folder)/clone/Sources \(folder)/clone/.build/release
            cp -r Makefile Package.swift themes \(folder)/clone; cp \(Lab.binary) \(folder)/clone/.build/release/binnacle
            """)
        #expect(prepared.status == 0, "\(prepared.output)")
        make("install", in: folder)

        let installed = "\(folder)/root/usr/bin/binnacle"
        let version = shell("cd /; env -i HOME=\(folder) PATH=/usr/bin:/bin \(installed) --version")
        #expect(version.status == 0)
        #expect(version.output == shell("\(Lab.binary) --version").output)
        #expect(shell("stat -c %a \(installed)").output == "755\n")
        let themes = shell("cd \(folder)/root/usr/share/binnacle/themes; stat -c %a *.theme | sort -u; ls").output
        #expect(themes == "644\n" + shell("cd \(Lab.scripts)/../../themes; ls *.theme").output)

        if shell("command -v tmux").status == 0 {
            let tmux = Tmux(width: 80, height: 40, environment: "XDG_CONFIG_HOME=\(folder)/config XDG_STATE_HOME=\(folder)/state")
            tmux.run("\(installed) -H unix:///tmp/no-such-engine.sock")
            tmux.expect("2 Containers")
            tmux.press("F2")
            // Not built in: it is found beside the installed program or not at all.
            tmux.expect("deep-sea")
        }

        make("uninstall", in: folder)
        #expect(shell("find \(folder)/root ! -type d").output == "")
        #expect(shell("find \(folder)/root -name binnacle").output == "")
    }
}
