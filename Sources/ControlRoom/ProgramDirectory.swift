// What the control room needs to know of the programmes on air: one small protocol.

/// Where the control room looks things up. Called on the staff plane's threads, for every request;
/// an implementation copies counters and returns at once.
public protocol ProgramDirectory: Sendable {
    /// Every stream known now, on air or waiting for its publisher.
    func streams() -> [StreamStatus]

    /// One stream by its name without the application ("show" of `live/show`), nil if unknown.
    func stream(named name: String) -> StreamStatus?

    /// The machine now.
    func machine() -> MachineStatus

    /// The counters and gauges for `/metrics`.
    func metrics() -> [MetricFamily]

    /// Whether the appliance does its work.
    func health() -> HealthStatus
}

/// The answer of `/healthz`: 200 if well, 503 if not.
public struct HealthStatus: Sendable, Equatable {
    /// What is broken, a sentence each; empty if well.
    public var problems: [String]
    /// What works but needs somebody's eye, a sentence each. A supervisor has nothing to restart.
    public var warnings: [String]

    /// True if everything that must run is running.
    public var isHealthy: Bool { problems.isEmpty }

    /// - Parameters:
    ///   - problems: what is broken, in words for the operator.
    ///   - warnings: what isn't as it should be, and still works.
    public init(problems: [String] = [], warnings: [String] = []) {
        self.problems = problems
        self.warnings = warnings
    }
}
