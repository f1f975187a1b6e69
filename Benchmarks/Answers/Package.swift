// swift-tools-version: 6.2; durable answers straight into the desk, run by Benchmarks/answers
import PackageDescription

let package = Package(
    name: "answers",
    dependencies: [
        .package(name: "fanfare", path: "../.."),
        // The plain insertion that the desk is held against needs SQLite alone.
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .executableTarget(
            name: "Answers",
            dependencies: [
                .product(name: "FanfareGame", package: "fanfare"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: [.strictMemorySafety()])
    ],
    swiftLanguageModes: [.v6]
)
