// swift-tools-version: 6.2; durable answers straight into the desk, run by Benchmarks/answers
import PackageDescription

let package = Package(
    name: "answers",
    dependencies: [.package(name: "fanfare", path: "../..")],
    targets: [
        .executableTarget(
            name: "Answers",
            dependencies: [.product(name: "FanfareGame", package: "fanfare")],
            swiftSettings: [.strictMemorySafety()])
    ],
    swiftLanguageModes: [.v6]
)
