// swift-tools-version: 6.2; the micro-benchmarks of the wire formats, run by Benchmarks/micro
import PackageDescription

let package = Package(
    name: "micro",
    dependencies: [
        .package(name: "fanfare", path: "../.."),
        // Without the traits that bring another allocator it counts no allocations: CAllocations
        // does.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .target(name: "CAllocations"),
        // The plugin takes a target for a benchmark if it lies in a folder of this name.
        .executableTarget(
            name: "Wire",
            dependencies: [
                "CAllocations", .product(name: "FanfareWire", package: "fanfare"),
                .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "Benchmarks/Wire",
            swiftSettings: [.strictMemorySafety()],
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    ],
    swiftLanguageModes: [.v6]
)
