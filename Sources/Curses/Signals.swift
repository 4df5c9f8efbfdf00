internal import CCurses

/// The signals a full-screen program has to answer. `Terminal` installs them and gives them back when it closes.
public enum Signals {
    /// SIGWINCH, SIGCONT, SIGTSTP, SIGTERM, SIGHUP and SIGINT wake the loop; SIGPIPE is ignored, also afterwards.
    public static func install() { signals_install() }

    public static func uninstall() { signals_uninstall() }

    /// The signal that asked the program to end, if one did.
    public static var quit: Int32? {
        let number = signals_quit()
        return number == 0 ? nil : number
    }
}
