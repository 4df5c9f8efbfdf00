internal import Domain
internal import Engine
internal import Settings

/// An engine that was asked for and cannot even be tried: its context is missing, its address cannot be read. It stands
/// in the list with the reason instead of being left out.
struct UnusableEngine: Engine {
    let setting: EngineSetting
    let reason: String

    var source: Source {
        Source(id: Source.ID("docker:" + setting.name), kind: .docker, title: "docker", name: setting.name, address: setting.address)
    }

    func watch(into sink: @escaping Sink, attention: Attention) async {
        var source = source
        source.freshness = .failed(
            since: Timestamp(nanoseconds: 0),
            Trouble(.notFound, attempt: "use the engine \(setting.name)", answer: reason, remedy: "it was asked for by \(setting.origin); binnacle --print-config shows how engines are named"))
        sink(.source(source))
    }

    func refresh() async {}
}
