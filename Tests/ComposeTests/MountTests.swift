@testable import Compose
import Domain
import Testing

/// A volume of the stack's own carries its label to the node that has to make it.
private func own(_ origin: String, _ destination: String, isReadOnly: Bool = false) -> ServiceSpecification.Mount {
    ServiceSpecification.Mount(origin: origin, destination: destination, isReadOnly: isReadOnly, labels: ["com.docker.stack.namespace": "shop"])
}

@Suite struct MountTests {
    private typealias Mount = ServiceSpecification.Mount
    private static let top = "volumes:\n  data:\n  v:\n  named: {name: other}\n  theirs: {external: true}\n  old: {external: {name: older}}\n  mine: {external: false}\n"

    @Test(arguments: [
        ("v:/d:ro", own("shop_v", "/d", isReadOnly: true)),
        ("data:/d", own("shop_data", "/d")), ("data:/d:ro", own("shop_data", "/d", isReadOnly: true)),
        ("data:/d:rw", own("shop_data", "/d")),
        ("named:/d", own("other", "/d")),
        ("theirs:/d", Mount(origin: "theirs", destination: "/d")),
        ("old:/d", Mount(origin: "older", destination: "/d")), ("mine:/d", own("shop_mine", "/d")),
        ("/anonymous", Mount(origin: "", destination: "/anonymous")), ("/", Mount(origin: "", destination: "/")),
        ("./static:/s", Mount(kind: "bind", origin: "/srv/shop/static", destination: "/s")),
        (".:/s", Mount(kind: "bind", origin: "/srv/shop", destination: "/s")),
        ("../a/./b/../c:/s:ro", Mount(kind: "bind", origin: "/srv/a/c", destination: "/s", isReadOnly: true)),
        ("../../../..:/s", Mount(kind: "bind", origin: "/", destination: "/s")),
        ("/abs//x:/s", Mount(kind: "bind", origin: "/abs//x", destination: "/s")),
        ("~/x:/s", Mount(kind: "bind", origin: "/home/me/x", destination: "/s")),
        ("~:/s", Mount(kind: "bind", origin: "/home/me", destination: "/s")),
        ("'C:\\data:D:\\data:ro'", Mount(kind: "bind", origin: "C:\\data", destination: "D:\\data", isReadOnly: true)),
        ("{type: volume, source: data, target: /d, read_only: true}", own("shop_data", "/d", isReadOnly: true)),
        ("{type: volume, target: /d}", Mount(origin: "", destination: "/d")),
        ("{type: bind, source: ./x, target: /d}", Mount(kind: "bind", origin: "/srv/shop/x", destination: "/d")),
        ("{type: bind, source: x, target: /d}", Mount(kind: "bind", origin: "/srv/shop/x", destination: "/d")),
        ("{type: tmpfs, target: /run}", Mount(kind: "tmpfs", origin: "", destination: "/run")),
    ] as [(String, ServiceSpecification.Mount)])
    func forms(_ text: String, _ mount: ServiceSpecification.Mount) throws {
        #expect(try service("volumes:\n  - \(text)", top: Self.top, environment: ["HOME": "/home/me"]).mounts == [mount])
    }

    @Test(arguments: [
        ("dada:/d", "'dada' is not declared; did you mean 'data'?"),
        ("elsewhere:/d", "'elsewhere' is not declared; declare it under the top-level volumes"),
        ("data:d", "'d' is not a path in the task that begins with /"),
        ("data", "'data' is not a path in the task"),
        ("''", "has an empty part"),
        ("'data:'", "'data:' has an empty part"),
        ("':/d'", "has an empty part"), ("a:/b:ro:x", "has too many colons"), ("~other/x:/d", "names a home folder that is not known"),
        ("{source: data, target: /d}", "it has no type; write type: volume, bind or tmpfs"), ("{type: volum, target: /d}", "did you mean 'volume'?"),
        ("{type: cluster, source: x, target: /d}", "mounts of this type are not made from here"),
        ("{type: bind, target: /d}", "it has no source"),
        ("{type: volume, source: data}", "it has no target"),
        ("{type: tmpfs, source: x, target: /d}", "a tmpfs has no source"),
        ("{type: bind, source: /x, target: /d, volume: {nocopy: true}}", "volumes[0].volume: a mount of the type 'bind' has no such options"),
        ("{type: bind, source: /x, target: /d, bind: {propagatoin: shared}}", "volumes[0].bind.propagatoin: there is no such key; did you mean 'propagation'?"),
        ("{type: volume, target: /d, read_only: perhaps}", "'perhaps' is neither true nor false"), ("[a]", "expected one value, found a list"),
    ])
    func refusals(_ text: String, _ words: String) {
        let description = trouble(web("volumes:\n  - \(text)", top: Self.top))?.description ?? "nothing"
        #expect(description.contains("line 5, services.web.volumes[0]"))
        #expect(description.contains(words), "\(description)")
    }

    @Test func whatTheNodeNeedsToMakeAVolumeIsHandedOn() throws {
        let stack = try read(
            web(
                """
                volumes:
                  - data:/a:ro,nocopy,z
                  - {type: bind, source: /x, target: /x, bind: {propagation: rshared, create_host_path: true}, consistency: cached}
                  - {type: tmpfs, target: /t, tmpfs: {size: 1000}}
                  - {type: volume, source: data, target: /b, volume: {nocopy: false, x-mine: 1}}
                """, top: "volumes:\n  data: {driver: nfs, driver_opts: {share: a}, labels: [x]}\n"))
        #expect(
            stack.ignored == [
                "volume option z of web: a stack relabels nothing",
                "volumes.bind.create_host_path of web: the path has to be there on every node that a task may run on",
            ])
        let mounts = try #require(stack.services.first).mounts
        #expect(mounts[0].driver == "nfs" && mounts[0].driverOptions == ["share": "a"] && mounts[0].skipsCopy && mounts[0].isReadOnly)
        #expect(mounts[0].labels == ["x": "", "com.docker.stack.namespace": "shop"])
        #expect(mounts[1].propagation == "rshared" && mounts[2].size == 1000 && !mounts[3].skipsCopy)
    }
}
