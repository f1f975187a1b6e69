// Metrics as the Prometheus text format 0.0.4 wants them: families of samples with labels.

/// One metric with all its samples.
public struct MetricFamily: Sendable, Equatable {
    /// What a scraper may do with the values.
    public enum Kind: String, Sendable {
        /// Only ever rises; its name ends in `_total`.
        case counter
        /// Goes up and down.
        case gauge
        /// How often something was how much; made by `histogram`.
        case histogram
        /// Quantiles, by the label of that name.
        case summary
    }

    /// One value with the labels that tell it from its siblings.
    public struct Sample: Sendable, Equatable {
        /// In the order given; names are `[a-zA-Z_][a-zA-Z0-9_]*`.
        public var labels: [(name: String, value: String)]
        /// In the family's base unit.
        public var value: Double
        /// What stands behind the family's name: "_bucket", "_sum" and "_count" of a histogram.
        var suffix = ""

        /// A value and, if there are siblings, its labels.
        public init(_ value: Double, labels: [(name: String, value: String)] = []) {
            self.value = value
            self.labels = labels
        }

        /// Same value, same labels in the same order.
        public static func == (one: Sample, other: Sample) -> Bool {
            one.value == other.value && one.suffix == other.suffix
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

    /// A histogram.
    ///
    /// - Parameters:
    ///   - bounds: the upper bounds of its buckets, rising, in the base unit.
    ///   - counts: how many fell into each bucket alone, and last those beyond all bounds.
    ///   - sum: all values together.
    public static func histogram(
        _ name: String, help: String, bounds: [Double], counts: [UInt64], sum: Double
    ) -> MetricFamily {
        precondition(counts.count == bounds.count + 1)
        var total: UInt64 = 0
        var samples = zip(bounds + [.infinity], counts).map { bound, count in
            total += count
            var sample = Sample(
                Double(total), labels: [("le", PrometheusText.number(bound))])
            sample.suffix = "_bucket"
            return sample
        }
        for (suffix, value) in [("_sum", sum), ("_count", Double(total))] {
            var sample = Sample(value)
            sample.suffix = suffix
            samples.append(sample)
        }
        return MetricFamily(name, .histogram, help: help, samples: samples)
    }
}
