// What the control room needs to know of the programmes on air: one small protocol.

/// Where the control room looks things up. Called on the staff plane's threads, for every request;
/// an implementation copies counters and returns at once.
public protocol ProgramDirectory: Sendable {
    /// Every stream known now, on air or waiting for its publisher.
    func streams() -> [StreamStatus]

    /// One stream by its name without the application ("show" of `live/show`), nil if unknown.
    func stream(named name: String) -> StreamStatus?

    /// The counters and gauges for `/metrics`.
    func metrics() -> [MetricFamily]

    /// Whether the appliance does its work.
    func health() -> HealthStatus
}

/// The answer of `/healthz`: 200 if well, 503 if not.
public struct HealthStatus: Sendable, Equatable {
    /// True if everything that must run is running.
    public var isHealthy: Bool

    /// What is wrong, in words for the operator; empty if well.
    public var problems: [String]

    /// All is well.
    public static let healthy = HealthStatus(isHealthy: true, problems: [])

    /// - Parameter problems: what is wrong, a sentence each.
    public static func unhealthy(_ problems: [String]) -> HealthStatus {
        HealthStatus(isHealthy: false, problems: problems)
    }
}
