/// All commands there are, in the order in which help shows them.
public enum Catalogue {
    public static let commands: [Command] = [
        Command(.up, .moving, keys: ["Up", "k"], "up", "Move up", places: [.panes, .text]),
        Command(.down, .moving, keys: ["Down", "j"], "down", "Move down", places: [.panes, .text]),
        Command(.halfUp, .moving, keys: ["ctrl-u"], "half up", "Move up half a page", places: [.panes, .text]),
        Command(.halfDown, .moving, keys: ["ctrl-d"], "half down", "Move down half a page", places: [.panes, .text]),
        Command(.pageUp, .moving, keys: ["PgUp", "ctrl-b"], "page up", "Move up a page", places: [.panes, .text]),
        Command(.pageDown, .moving, keys: ["PgDn", "ctrl-f"], "page down", "Move down a page", places: [.panes, .text]),
        Command(.top, .moving, keys: ["g", "Home"], "first", "Go to the first row", places: [.panes, .text]),
        Command(.bottom, .moving, keys: ["G", "End"], "last", "Go to the last row", places: [.panes, .text]),
        Command(.left, .moving, keys: ["Left"], "left", "Scroll to the left; in placement and health, fold", places: [.panes, .text]),
        Command(.right, .moving, keys: ["Right"], "right", "Scroll to the right; in placement and health, unfold", places: [.panes, .text]),
        Command(.open, .moving, keys: ["Enter"], "open", "Open what is selected"),
        Command(.back, .moving, keys: ["Esc"], "back", "Close what is on top, then filter and marks; never quits", places: [.panes, .text]),

        Command(.networks, .panes, keys: ["1"], "networks", "Show networks: the engine's and the host's", places: [.panes, .text]),
        Command(.containers, .panes, keys: ["2"], "containers", "Show containers", places: [.panes, .text]),
        Command(.placement, .panes, keys: ["3"], "placement", "Show placement: what an orchestrator runs where", places: [.panes, .text]),
        Command(.health, .panes, keys: ["4"], "health", "Show health checks, worst first", places: [.panes, .text]),
        Command(.timeline, .panes, keys: ["5"], "timeline", "Show what happened, newest first", places: [.panes, .text]),
        Command(.bridge, .panes, keys: ["0"], "bridge", "Show the Bridge: four panes at once (150×40 or more)", places: [.panes, .text]),
        Command(.nextPane, .panes, keys: ["Tab"], "next pane", "Go to the next pane"),
        Command(.previousPane, .panes, keys: ["shift-Tab"], "previous pane", "Go to the previous pane"),
        Command(.zoom, .panes, keys: ["z"], "zoom", "Show this pane alone, and back to the Bridge"),

        Command(.filter, .looking, keys: ["/"], "filter", "Filter the rows: text, !text for all but it, -l key=value for a label; in a text, search", places: [.panes, .text]),
        Command(.searchNext, .looking, keys: ["n"], "next", "Go to the next match", places: [.text]),
        Command(.searchPrevious, .looking, keys: ["N"], "previous", "Go to the previous match", places: [.text]),
        Command(.problems, .looking, keys: ["!"], "problems", "Show only what has a problem, and all again"),
        Command(.sortNext, .looking, keys: [">"], "sort", "Sort by the next column"),
        Command(.sortPrevious, .looking, keys: ["<"], "sort", "Sort by the column before"),
        Command(.invertSort, .looking, keys: ["I"], "invert", "Sort the other way round"),
        Command(.view, .looking, keys: ["v"], "view", "Change the view: containers flat or by Compose project, networks of the engine or of the host, placement by service, by node, or what is stuck, health by check, by service, by node, or where registry and runtime differ"),
        Command(.describe, .looking, keys: ["i"], "describe", "Describe it in words"),
        Command(.raw, .looking, keys: ["y"], "raw", "Show it as the engine's own JSON"),
        Command(.logs, .looking, keys: ["l"], "logs", "Follow its logs; of all marked containers, merged"),
        Command(.previousLogs, .looking, keys: ["L"], "old logs", "Show the logs of the instance before"),
        Command(.processes, .looking, keys: ["x"], "processes", "Show the processes in the container"),
        Command(.probes, .looking, keys: ["h"], "probes", "Show the check's output in full, its changes and its last runs"),
        Command(.mark, .looking, keys: ["space"], "mark", "Mark it; what follows is done to all marked"),
        Command(.markRange, .looking, keys: ["ctrl-space"], "mark range", "Mark everything from the last mark to here"),
        Command(.clearMarks, .looking, keys: ["U"], "unmark", "Clear all marks"),
        Command(.copy, .looking, keys: ["c"], "copy", "Copy its name to the terminal's clipboard (OSC 52)", places: [.panes, .text]),
        Command(.owner, .looking, keys: ["o"], "owner", "Go to what it belongs to: a check to its container, a container to its network"),
        Command(.historyBack, .looking, keys: ["["], "back", "Go back to where you were"),
        Command(.historyForward, .looking, keys: ["]"], "forward", "Go forward again"),
        Command(.trace, .looking, keys: ["t"], "trace", "Trace it to its cause: the chain from check to network, and where it breaks"),
        Command(.sources, .looking, keys: ["S"], "sources", "Show every source, how fresh it is and what is wrong with it"),

        Command(.follow, .text, keys: ["f"], "follow", "Follow the end of the logs, or stop there", places: [.text]),
        Command(.wrap, .text, keys: ["w"], "wrap", "Wrap long lines, or scroll sideways", places: [.text]),
        Command(.timestamps, .text, keys: ["t"], "times", "Show when each line was printed", places: [.text]),
        Command(.since, .text, keys: ["s"], "since", "Ask again for another stretch: the last lines, 1 m, 15 m, 1 h, all", places: [.text]),
        Command(.save, .text, keys: ["W"], "save", "Save what is shown to a file", places: [.text]),

        Command(.toggleRun, .changing, keys: ["T"], "stop/start", "Stop what runs, start what is stopped", danger: .change),
        Command(.restart, .changing, keys: ["r"], "restart", "Restart it: a container at once, a service task by task", danger: .change),
        Command(.pause, .changing, keys: ["p"], "pause", "Pause what runs, let go on what is paused", danger: .change),
        Command(.kill, .changing, keys: ["K"], "kill", "Send a signal (SIGKILL unless another is chosen)", danger: .destructive),
        Command(.rename, .changing, keys: ["R"], "rename", "Give it another name", danger: .change),
        Command(.remove, .changing, keys: ["X", "Delete"], "remove", "Remove it: a container, a network; undeploy a service or stack; a dead node; deregister an instance or check", danger: .destructive),
        Command(.prune, .changing, keys: ["P"], "prune", "Remove what nothing uses: stopped containers, dangling images, networks, volumes, build cache", danger: .destructive),
        Command(.shell, .changing, keys: ["e"], "shell", "Open a shell in the container; exit comes back to this row", danger: .change),
        Command(.newNetwork, .changing, keys: ["W"], "new network", "Create a network", danger: .change),
        Command(.connect, .changing, keys: ["A"], "connect", "Plug a container into a network", danger: .change),
        Command(.disconnect, .changing, keys: ["D"], "disconnect", "Unplug a container from a network", danger: .change),
        Command(.scale, .changing, keys: ["s"], "scale", "Set how many tasks a workload runs", danger: .change),
        Command(.deploy, .changing, keys: ["u"], "deploy", "Deploy a workload from a file or a form", danger: .change),
        Command(.rollBack, .changing, keys: ["B"], "roll back", "Go back to the workload's previous specification", danger: .change),
        Command(.availability, .changing, keys: ["a"], "availability", "Drain, pause or activate a node", danger: .change),
        Command(.labels, .changing, keys: [], "labels", "Change the labels that the orchestrator keeps of a node", danger: .change),
        Command(.role, .changing, keys: [], "role", "Make a node a manager, or a worker again", danger: .change),
        Command(.maintenance, .changing, keys: ["m"], "maintenance", "Take a registered service or its node out of use for maintenance, and end that again", danger: .change),
        Command(.register, .changing, keys: [], "register", "Register a service by a form", danger: .change),
        Command(.addCheck, .changing, keys: [], "add check", "Add a check to a registered service, or to the registry's own node", danger: .change),
        Command(.mend, .changing, keys: ["M"], "mend", "Mend what does not agree: the change that the differences view proposes", danger: .change),
        Command(.undo, .changing, keys: [], "undo", "Take back the last change, where the engine allows it", danger: .change),

        Command(.palette, .program, keys: [":"], "palette", "Choose from all commands by name", places: [.panes, .text]),
        Command(.theme, .program, keys: ["F2"], "theme", "Choose a theme; :theme NAME sets it", places: [.panes, .text]),
        Command(.help, .program, keys: ["?", "F1"], "help", "Show this help", places: [.panes, .text]),
        Command(.scenario, .program, keys: [], "scenario", "In the practice cluster: choose what goes wrong; :scenario NAME sets it", places: [.panes, .text]),
        Command(.speed, .program, keys: [], "speed", "In the practice cluster: how fast its clock runs; :speed 5 sets it", places: [.panes, .text]),
        Command(.journal, .program, keys: ["J"], "journal", "Show what you changed, newest first"),
        Command(.refresh, .program, keys: ["F5", "ctrl-r"], "refresh", "Ask every source again now", places: [.panes, .text]),
        Command(.redraw, .program, keys: ["ctrl-l"], "redraw", "Draw the whole screen again", places: [.panes, .text]),
        Command(.suspend, .program, keys: ["ctrl-z"], "suspend", "Leave the program in the background; fg comes back", places: [.panes, .text]),
        Command(.close, .program, keys: ["q"], "close", "Close what is on top; asks before it leaves the program", places: [.panes, .text]),
        Command(.quit, .program, keys: ["Q", "ctrl-c"], "quit", "Leave the program at once", places: [.panes, .text]),
    ]

    private static let byID: [Command.ID: Command] = Dictionary(uniqueKeysWithValues: commands.map { ($0.id, $0) })

    public static func command(_ id: Command.ID) -> Command {
        guard let command = byID[id] else { preconditionFailure("no entry in the catalogue for \(id)") }
        return command
    }

    /// A command by its palette name.
    public static func command(named name: String) -> Command? { commands.first { $0.name == name } }
}
