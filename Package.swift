// swift-tools-version: 6.2
import PackageDescription

// Arrows point toward values. Facts (Transport, Engines, Store) and looks (Drawing, Curses, Widgets, Panes)
// never import each other; Dashboard is where they meet, and only the executable knows which engines exist.

let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
    .product(name: "NIOSSL", package: "swift-nio-ssl"),
]

let package = Package(
    name: "binnacle",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "binnacle", targets: ["binnacle"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .executableTarget(
            name: "binnacle",
            dependencies: [
                "Dashboard", "Panes", "Commands", "Curses", "Drawing", "DockerEngine", "ConsulEngine", "RegistryEngine", "HostEngine", "Engine", "Report", "Settings", "Themes", "Store", "Domain",
                "Transport", "Compose", "Simulator", "CAllocator", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: house),
        .target(
            name: "Dashboard",
            dependencies: ["Panes", "Commands", "Widgets", "Drawing", "Curses", "Store", "Engine", "Themes", "Settings", "Domain"],
            swiftSettings: house),

        // Values.
        .target(name: "Domain", swiftSettings: house),
        .target(name: "Commands", dependencies: ["Domain"], swiftSettings: house),
        .target(name: "Report", dependencies: ["Domain"], exclude: ["README.md"], swiftSettings: house),
        .target(name: "Compose", dependencies: ["Domain", .product(name: "Yams", package: "Yams")], swiftSettings: house),
        .target(name: "Settings", dependencies: ["Domain", .product(name: "Yams", package: "Yams")], swiftSettings: house),

        // Facts.
        .target(name: "Engine", dependencies: ["Domain"], path: "Sources/Engines/Engine", swiftSettings: house),
        .target(name: "Transport", dependencies: nio, swiftSettings: house),
        .target(name: "JSON", swiftSettings: house),
        .target(name: "CAllocator"),
        .target(
            name: "DockerEngine", dependencies: ["Engine", "Domain", "Transport", "JSON"], path: "Sources/Engines/Docker",
            swiftSettings: house),
        .target(
            name: "ConsulEngine", dependencies: ["Engine", "Domain", "Transport", "JSON"], path: "Sources/Engines/Consul",
            swiftSettings: house),
        .target(
            name: "RegistryEngine",
            dependencies: ["Engine", "Domain", "Transport", .product(name: "GRDB", package: "GRDB.swift")],
            path: "Sources/Engines/Registry", swiftSettings: house),
        .target(name: "HostEngine", dependencies: ["Engine", "Domain"], path: "Sources/Engines/Host", swiftSettings: house),
        .target(
            name: "Simulator",
            dependencies: ["Domain", "JSON", .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio")],
            exclude: ["README.md", "Scenarios"], swiftSettings: house),
        .target(
            name: "Store", dependencies: ["Domain", .product(name: "GRDB", package: "GRDB.swift")], swiftSettings: house),

        // Looks.
        .target(name: "Drawing", swiftSettings: house),
        .target(
            name: "CCurses",
            cSettings: [.define("_XOPEN_SOURCE", to: "700"), .define("_DEFAULT_SOURCE")],
            linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
        .target(name: "Curses", dependencies: ["CCurses", "Drawing"], swiftSettings: house),
        .target(name: "Themes", dependencies: ["Drawing"], swiftSettings: house),
        .target(name: "Widgets", dependencies: ["Drawing"], swiftSettings: house),
        .target(name: "Panes", dependencies: ["Domain", "Commands", "Widgets", "Drawing"], swiftSettings: house),

        // Tests: one folder a target.
        .testTarget(name: "DomainTests", dependencies: ["Domain"], swiftSettings: house),
        .testTarget(name: "WidgetsTests", dependencies: ["Widgets", "Drawing"], swiftSettings: house),
        .testTarget(name: "ComposeTests", dependencies: ["Compose", "Domain"], swiftSettings: house),
        .testTarget(name: "CursesTests", dependencies: ["Curses", "CCurses", "Drawing"], swiftSettings: house),
        .testTarget(name: "ThemesTests", dependencies: ["Themes", "Drawing"], swiftSettings: house),
        .testTarget(name: "SettingsTests", dependencies: ["Settings", "Domain"], swiftSettings: house),
        .testTarget(name: "TransportTests", dependencies: ["Transport"] + nio, swiftSettings: house),
        .testTarget(name: "HostEngineTests", dependencies: ["HostEngine", "Engine", "Domain"], swiftSettings: house),
        .testTarget(
            name: "DockerEngineTests", dependencies: ["DockerEngine", "Engine", "Domain", "Transport", "JSON"] + nio,
            swiftSettings: house),
        .testTarget(
            name: "ConsulEngineTests", dependencies: ["ConsulEngine", "Engine", "Domain", "Transport", "JSON"] + nio,
            swiftSettings: house),
        .testTarget(
            name: "RegistryEngineTests", dependencies: ["RegistryEngine", "Engine", "Domain", "Transport"] + nio,
            swiftSettings: house),
        .testTarget(name: "PanesTests", dependencies: ["Panes", "Dashboard", "Commands", "Drawing", "Domain"], exclude: ["Screens"], swiftSettings: house),
        .testTarget(name: "StoreTests", dependencies: ["Store", "Domain"], swiftSettings: house),
        .testTarget(
            name: "SimulatorTests",
            dependencies: ["Simulator", "DockerEngine", "ConsulEngine", "Engine", "Store", "Domain", "JSON", "Transport"], swiftSettings: house),
        .testTarget(name: "ProgramTests", swiftSettings: house),
    ],
    swiftLanguageModes: [.v6]
)
