// Metrics as the Prometheus text format 0.0.4 wants them: families of samples with labels.

/// One metric with all its samples.
public struct MetricFamily: Sendable, Equatable {
    /// What a scraper may do with the values.
    public enum Kind: String, Sendable {
        /// Only ever rises; its name ends in `_total`.
        case counter
        /// Goes up and down.
        case gauge
    }

    /// One value with the labels that tell it from its siblings.
    public struct Sample: Sendable, Equatable {
        /// In the order given; names are `[a-zA-Z_][a-zA-Z0-9_]*`.
        public var labels: [(name: String, value: String)]
        /// In the family's base unit.
        public var value: Double

        /// A value and, if there are siblings, its labels.
        public init(_ value: Double, labels: [(name: String, value: String)] = []) {
            self.value = value
            self.labels = labels
        }

        /// Same value, same labels in the same order.
        public static func == (one: Sample, other: Sample) -> Bool {
            one.value == other.value
                && one.labels.elementsEqual(other.labels) {
                    $0.name == $1.name && $0.value == $1.value
                }
        }
    }

    /// `fanfare_…`, in base units (seconds, bytes, ratio): `[a-zA-Z_:][a-zA-Z0-9_:]*`.
    public var name: String
    /// One sentence for whoever reads the dashboard.
    public var help: String
    /// Counter or gauge.
    public var kind: Kind
    /// In the order of the text; may be empty.
    public var samples: [Sample]

    /// A family with samples of its own.
    public init(_ name: String, _ kind: Kind, help: String, samples: [Sample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    /// A family with a single sample and no labels.
    public init(_ name: String, _ kind: Kind, help: String, value: Double) {
        self.init(name, kind, help: help, samples: [Sample(value)])
    }
}
