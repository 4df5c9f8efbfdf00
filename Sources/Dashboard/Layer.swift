internal import Domain
internal import Drawing
internal import Panes
internal import Widgets

/// What lies on top of the panes. Keys go to the topmost; drawing goes from the bottom up.
enum Layer: Sendable {
    case text(Token, TextPage)
    case logs(Token, LogPage)
    case plan(Token, PlanPage)
    case trace(Token, Tracing)
    case palette(CommandPalette)
    case form(Form, FormPurpose)
    case choice(ChoiceList, ChoicePurpose)

    /// It covers the panes and is read, unlike a dialog above them.
    var isRead: Bool {
        switch self {
        case .text, .logs, .trace: true
        case .plan, .palette, .form, .choice: false
        }
    }
}

/// What a filled-in form is for.
enum FormPurpose: Sendable {
    case rename(Operation.Target)
    case createNetwork(Operation.Target)
    case connect(containers: [Container], networks: [Network])
    case connectTo(Network, candidates: [Container])
    /// A new workload, or an existing one with what it is now.
    case deploy(Operation.Target, before: ServiceSpecification?)
    case stack(Operation.Target)
    case labels(Node)
    case maintenance([Operation.Target])
    case register(Operation.Target)
    case addCheck(Operation.Target)
}

/// What a chosen answer is for.
enum ChoicePurpose: Sendable {
    case quit
    case theme([String], before: String)
    case signal([Container])
    case prune(Operation.Target)
    case pruneSource([Operation.Target])
    case newNetworkSource([Operation.Target])
    case disconnect(Container)
    case stretch(Token)
    case deployTo([Operation.Target])
    case deployWhat([DeployChoice])
    case availability([Node])
    case role(Node)
    /// One target, or all of them for the first choice.
    case maintenanceOf([Operation.Target])
    case registerIn([Operation.Target])
    case scenario([String])
    case speed
}

/// The line at the bottom that is being typed.
enum Prompt: Sendable {
    case filter(LineEditor, before: Filter)
    case search(LineEditor)
}

/// What `u` can mean where the cursor stands.
enum DeployChoice: Sendable {
    case redeploy(Workload)
    case service(Operation.Target)
    /// Under the name of one that is there, or a new one.
    case stack(Operation.Target, name: String)
}
