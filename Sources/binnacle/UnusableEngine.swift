internal import Domain
internal import Engine
internal import Settings

/// An engine or registry that was asked for and cannot even be tried: its context is missing, its address cannot be read. It
/// stands in the list with the reason instead of being left out.
struct UnusableEngine: Engine {
    let source: Source
    private let reason: String
    private let origin: String

    init(setting: EngineSetting, reason: String) {
        source = Source(id: Source.ID("docker:" + setting.name), kind: .docker, title: "docker", name: setting.name, address: setting.address)
        self.reason = reason
        origin = setting.origin.description
    }

    init(setting: ConsulSetting, reason: String) {
        source = Source(id: Source.ID("consul:" + setting.name), kind: .consul, title: "consul", name: setting.name, address: setting.address)
        self.reason = reason
        origin = setting.origin.description
    }

    func watch(into sink: @escaping Sink, attention: Attention) async {
        var source = source
        source.freshness = .failed(
            since: Timestamp(nanoseconds: 0),
            Trouble(.notFound, attempt: "use \(source.title) \(source.name)", answer: reason, remedy: "it was asked for by \(origin); binnacle --print-config shows how they are named"))
        sink(.source(source))
    }

    func refresh() async {}
}
