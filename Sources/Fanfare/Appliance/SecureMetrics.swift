// Handshakes and certificates as Prometheus wants them.

import ControlRoom
import SecureDoor
import TLS

/// Metrics of TLS.
enum SecureMetrics {
    static func families(
        doors: [(name: String, counts: DoorCounts)],
        certificates: [(file: String, facts: CertificateFacts)], tickets: TicketKeys.Counts
    ) -> [MetricFamily] {
        [
            MetricFamily(
                "fanfare_tls_handshakes_total", .counter,
                help: "Handshakes that were finished, by door, version, suite and whether an "
                    + "earlier session went on.",
                samples: doors.flatMap { door in
                    door.counts.finished.sorted { $0.key.order < $1.key.order }.map { kind, count in
                        .init(
                            Double(count),
                            labels: [
                                ("door", door.name), ("version", kind.version.label),
                                ("suite", kind.suite.label),
                                ("resumed", kind.isResumed ? "yes" : "no"),
                            ])
                    }
                }),
            MetricFamily(
                "fanfare_tls_failures_total", .counter,
                help: "Connections whose handshake came to nothing, by door and reason.",
                samples: doors.flatMap { door in
                    DoorFailure.all.map { failure in
                        .init(
                            Double(door.counts.failed[failure] ?? 0),
                            labels: [("door", door.name), ("reason", failure.label)])
                    }
                }),
            MetricFamily(
                "fanfare_tls_handshakes_in_flight", .gauge,
                help: "Handshakes under way now, by door.",
                samples: doors.map {
                    .init(Double($0.counts.inFlight), labels: [("door", $0.name)])
                }),
            MetricFamily(
                "fanfare_tls_certificate_expiry_timestamp_seconds", .gauge,
                help: "Until when a certificate in force is good, s since 1970.",
                samples: certificates.map { file, facts in
                    .init(Double(facts.notAfterS), labels: [("file", file)])
                }),
            MetricFamily(
                "fanfare_tls_tickets_total", .counter,
                help: "Session tickets that were made, taken, and of a key that is gone.",
                samples: [
                    .init(Double(tickets.made), labels: [("what", "made")]),
                    .init(Double(tickets.taken), labels: [("what", "taken")]),
                    .init(Double(tickets.unknown), labels: [("what", "unknown")]),
                ]),
        ]
    }
}

extension DoorCounts.Kind {
    fileprivate var order: String { version.label + suite.label + (isResumed ? "1" : "0") }
}

extension TLSVersion {
    /// Its name in metrics.
    var label: String { self == .tls13 ? "1.3" : "1.2" }
}

extension CipherSuite {
    /// Its name in metrics.
    var label: String {
        switch self {
        case .aes128GCM: "aes-128-gcm"
        case .aes256GCM: "aes-256-gcm"
        case .chaCha20Poly1305: "chacha20-poly1305"
        }
    }
}
