// swift-tools-version: 6.2
// Fanfare: a broadcast appliance for one big live event.
import PackageDescription

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The fuzz targets have libFuzzer's `main` and exist only for `Ops/fuzz`, which sets this.
let isFuzzing = ProcessInfo.processInfo.environment["FANFARE_FUZZ"] != nil

/// For the modules that touch raw memory.
let strictMemory: [SwiftSetting] = [.strictMemorySafety()]

let package = Package(
    name: "fanfare",
    products: [
        .executable(name: "fanfare", targets: ["Fanfare"]),
        // What Benchmarks/Answers and Benchmarks/Micro measure.
        .library(
            name: "FanfareGame",
            targets: ["Access", "Broadcast", "Game", "IORing", "Ledger", "Trivia"]),
        .library(name: "FanfareWire", targets: ["FLV", "RTMP", "HTTPWire"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Ground
        .systemLibrary(
            name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CBrotli", pkgConfig: "libbrotlienc", providers: [.apt(["libbrotli-dev"])]),
        .target(name: "CLiburing", linkerSettings: [.linkedLibrary("uring")]),
        .target(name: "CLinux"),
        .target(name: "WireBytes", swiftSettings: strictMemory),
        .target(
            name: "IORing", dependencies: ["CLiburing", "CLinux", "WireBytes"],
            swiftSettings: strictMemory),

        // Wire formats and rules, without I/O
        .target(name: "Digests", dependencies: ["COpenSSL"], swiftSettings: strictMemory),
        .target(
            name: "TLS", dependencies: ["COpenSSL", "WireBytes"],
            swiftSettings: strictMemory),
        .target(name: "FLV", dependencies: ["WireBytes"], swiftSettings: strictMemory),
        .target(
            name: "RTMP", dependencies: ["Digests", "FLV", "WireBytes"], swiftSettings: strictMemory
        ),
        .target(name: "TextWire", dependencies: ["WireBytes"], swiftSettings: strictMemory),
        .target(
            name: "HTTPWire", dependencies: ["Digests", "TextWire", "WireBytes"],
            swiftSettings: strictMemory),
        .target(
            name: "AudienceProtocol", dependencies: ["TextWire", "WireBytes"],
            swiftSettings: strictMemory),
        .target(
            name: "Access", dependencies: ["COpenSSL", "Digests", "TextWire", "WireBytes"],
            swiftSettings: strictMemory),
        .target(
            name: "Trivia", dependencies: ["TextWire", "WireBytes"], swiftSettings: strictMemory),

        .target(
            name: "SecureDoor", dependencies: ["CLinux", "IORing", "TLS", "WireBytes"],
            swiftSettings: strictMemory),

        // The programme, its way in and its way out
        .target(
            name: "Broadcast", dependencies: ["AudienceProtocol", "FLV", "CLinux"],
            swiftSettings: strictMemory),
        .target(
            name: "Ingest",
            dependencies: ["Access", "Broadcast", "FLV", "IORing", "RTMP", "TLS", "WireBytes"],
            swiftSettings: strictMemory),
        .target(
            name: "Delivery",
            dependencies: [
                "AudienceProtocol", "Broadcast", "FLV", "HTTPWire", "IORing", "TLS", "TextWire",
                "WireBytes",
            ],
            swiftSettings: strictMemory),

        // The show
        .target(
            name: "Ledger",
            dependencies: [
                "Trivia", "WireBytes", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ], swiftSettings: strictMemory),

        // What other systems are told and asked
        .target(
            name: "Callbacks",
            dependencies: [
                "Access", "COpenSSL", "Digests", "HTTPWire", "IORing", "Ledger", "TextWire",
                "WireBytes",
            ], swiftSettings: strictMemory),

        .target(
            name: "Game",
            dependencies: [
                "Access", "AudienceProtocol", "Broadcast", "FLV", "IORing", "Ledger", "TextWire",
                "Trivia", "WireBytes",
            ], swiftSettings: strictMemory),

        // The audience before the audience
        .target(
            name: "Rehearsal",
            dependencies: [
                "AudienceProtocol", "FLV", "HTTPWire", "IORing", "TextWire", "WireBytes",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ], swiftSettings: strictMemory),

        // The staff's side
        .target(
            name: "ControlRoom",
            dependencies: [
                "Access", "HTTPWire", "TLS", "TextWire", "Trivia", "WireBytes",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], swiftSettings: strictMemory),
        .target(
            name: "Settings",
            dependencies: [
                "Access", "HTTPWire", "WireBytes", .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: strictMemory),
        .target(
            name: "HostCLI",
            dependencies: [
                "Access", "ControlRoom", "HTTPWire", "IORing", "Settings", "TLS", "TextWire",
                "Trivia",
                "WireBytes", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: strictMemory),
        .target(name: "CDemoClip", exclude: ["demo.flv"]),
        .target(name: "CMachine"),

        // The pages: Sources/Web/Files as Ops/web-files lists them.
        .target(name: "CWebFiles"),
        .target(
            name: "Web",
            dependencies: ["CBrotli", "CWebFiles", "CZlib", "Digests", "HTTPWire", "WireBytes"],
            exclude: ["Files", "package.json"], swiftSettings: strictMemory),
        .executableTarget(
            name: "Fanfare",
            dependencies: [
                "Access", "AudienceProtocol", "Broadcast", "CDemoClip", "CMachine", "Callbacks",
                "ControlRoom", "Delivery",
                "FLV", "Game", "HTTPWire", "HostCLI", "IORing", "Ingest", "Ledger", "Rehearsal",
                "SecureDoor", "Settings", "TLS", "TextWire", "Trivia", "Web", "WireBytes",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: strictMemory),

        // Tests mirror the modules; TestSupport is what they share.
        .target(name: "TestSupport", dependencies: ["WireBytes"], path: "Tests/TestSupport"),
        .testTarget(name: "WireBytesTests", dependencies: ["TestSupport", "WireBytes"]),
        .testTarget(name: "DigestsTests", dependencies: ["Digests", "TestSupport", "WireBytes"]),
        .testTarget(
            name: "TLSTests", dependencies: ["COpenSSL", "TLS", "TestSupport", "WireBytes"]),
        .testTarget(
            name: "SecureDoorTests",
            dependencies: [
                "COpenSSL", "IORing", "SecureDoor", "TLS", "TestSupport", "WireBytes",
            ]),
        .testTarget(name: "FLVTests", dependencies: ["FLV", "TestSupport", "WireBytes"]),
        .testTarget(
            name: "RTMPTests", dependencies: ["RTMP", "FLV", "TestSupport"],
            exclude: ["Fixtures"]),
        .testTarget(name: "TextWireTests", dependencies: ["TextWire", "TestSupport", "WireBytes"]),
        .testTarget(
            name: "HTTPWireTests", dependencies: ["HTTPWire", "TestSupport"]),
        .testTarget(
            name: "AudienceProtocolTests",
            dependencies: ["AudienceProtocol", "TestSupport", "TextWire"]),
        .testTarget(
            name: "AccessTests", dependencies: ["Access", "COpenSSL", "TestSupport", "WireBytes"]),
        .testTarget(name: "TriviaTests", dependencies: ["Trivia", "TestSupport"]),
        .testTarget(
            name: "LedgerTests",
            dependencies: [
                "Ledger", "TestSupport", "Trivia", .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .testTarget(
            name: "CallbacksTests",
            dependencies: [
                "Access", "Callbacks", "HTTPWire", "IORing", "Ledger", "TestSupport",
            ]),
        .testTarget(
            name: "GameTests",
            dependencies: [
                "Access", "AudienceProtocol", "Broadcast", "FLV", "Game", "Ledger", "TestSupport",
                "Trivia", "WireBytes", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),
        .testTarget(name: "IORingTests", dependencies: ["IORing", "WireBytes"]),
        .testTarget(
            name: "BroadcastTests",
            dependencies: ["Broadcast", "Delivery", "FLV", "HTTPWire", "TestSupport"]),
        .testTarget(
            name: "IngestTests",
            dependencies: [
                "Access", "Broadcast", "FLV", "Ingest", "IORing", "RTMP", "TLS", "WireBytes",
            ]),
        .testTarget(
            name: "DeliveryTests",
            dependencies: [
                "AudienceProtocol", "Delivery", "Broadcast", "FLV", "HTTPWire", "IORing",
                "COpenSSL", "TLS", "TestSupport", "WireBytes",
            ]),
        .testTarget(
            name: "RehearsalTests", dependencies: ["FLV", "Rehearsal", "TestSupport"]),
        // ControlRoomTests speak to the real listener by a socket: the framework's test client would
        // bring a TLS library to build.
        .testTarget(
            name: "ControlRoomTests",
            dependencies: [
                "Access", "ControlRoom", "HTTPWire", "Trivia", "WireBytes",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ]),
        .testTarget(
            name: "WebTests", dependencies: ["HTTPWire", "Web"]),
        .testTarget(
            name: "SettingsTests", dependencies: ["Access", "Settings", "TestSupport", "WireBytes"]),
        .testTarget(
            name: "HostCLITests",
            dependencies: [
                "Access", "ControlRoom", "HostCLI", "Settings", "TestSupport", "Trivia",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .testTarget(
            name: "FanfareTests",
            dependencies: [
                "Access", "Broadcast", "Callbacks", "ControlRoom", "Delivery", "Fanfare", "Game",
                "Ingest", "Ledger", "Settings", "TLS", "TestSupport", "Trivia", "WireBytes",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(name: "HouseRulesTests"),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Access", "AudienceProtocol", "FLV", "Fanfare", "HTTPWire", "RTMP", "TestSupport",
            ], exclude: ["Fixtures"]),
    ],
    swiftLanguageModes: [.v6]
)

// For `Ops/fuzz` the package is the wire formats and one executable for each folder of Tests/Fuzz
// that ends in "Fuzz", and nothing else: no dependency is built.
if isFuzzing {
    let wireFormats = [
        "WireBytes", "Digests", "TLS", "FLV", "RTMP", "TextWire", "HTTPWire", "AudienceProtocol",
        "Access", "Trivia",
    ]
    let folder = Context.packageDirectory + "/Tests/Fuzz"
    let parsers = try FileManager.default.contentsOfDirectory(atPath: folder)
        .filter { $0.hasSuffix("Fuzz") }.sorted()
    package.dependencies = []
    package.products = []
    package.targets.removeAll { !(wireFormats + ["COpenSSL"]).contains($0.name) }
    // What staff write and what the ledger has is read by files that need no framework.
    let testable: [SwiftSetting] = [.unsafeFlags(["-enable-testing"])]
    let controlRoom = Context.packageDirectory + "/Sources/ControlRoom/"
    let shows = try FileManager.default.contentsOfDirectory(atPath: controlRoom + "Shows").sorted()
        .map { "Shows/" + $0 }
        .filter { file in
            let text =
                FileManager.default.contents(atPath: controlRoom + file)
                .map { String(decoding: $0, as: UTF8.self) } ?? ""
            return !["import Hummingbird", "import NIO", "StaffBody"].contains { text.contains($0) }
        }
    package.targets += [
        .target(
            name: "StaffFiles", dependencies: ["TextWire", "Trivia", "WireBytes"],
            path: "Sources/ControlRoom",
            sources: [
                "API/JSONTree.swift", "API/JSONTreeReader.swift", "API/Schema.swift",
                "Limits.swift", "StaffClock.swift",
            ] + shows, swiftSettings: testable),
        .target(
            name: "StoredRows", dependencies: ["TextWire", "Trivia"], path: "Sources/Ledger",
            sources: [
                "CanonicalJSON.swift", "OlderEvent.swift", "OlderPlan.swift", "StoredEvent.swift",
            ], swiftSettings: testable),
    ]
    let own = wireFormats + ["COpenSSL", "StaffFiles", "StoredRows"]
    let dependencies: [Target.Dependency] = own.map { .byName(name: $0) }
    package.targets += parsers.map { parser in
        .executableTarget(
            name: parser, dependencies: dependencies,
            path: "Tests/Fuzz/" + parser,
            // libFuzzer brings `main`.
            swiftSettings: [.unsafeFlags(["-parse-as-library"])])
    }
}
