// Certificates: whether their files are good, and for how long.

import Glibc
import SecureDoor
import Settings
import TLS

/// The results of `fanfare check` about TLS.
enum CertificateChecks {
    /// One for each certificate that is named; none where there is no TLS.
    static func results(_ settings: Settings, nowS: Int64 = Int64(time(nil))) -> [CheckResult] {
        guard let files = CertificateFiles(settings: settings) else { return [] }
        let context: SecureContext
        do {
            let tickets = try TicketKeys(nowS: nowS)
            context = try files.load(tickets: tickets, nowS: nowS)
        } catch {
            return [.fail("certificate", "\(error)")]
        }
        var results = context.certificates.map { file, facts in
            let days = facts.daysLeft(nowS: nowS)
            let found = "\(file) for \(facts.names.joined(separator: ", ")), \(days) days left"
            return days < CertificateWatch.warnDays
                ? CheckResult.warn("certificate", found, advice: "renew it before the show")
                : .ok("certificate", found)
        }
        if let error = context.stapleError {
            results.append(.warn("ocsp", "\(error)", advice: "fetch it anew (openssl ocsp)"))
        }
        return results
    }
}

extension CertificateFiles {
    /// As the operator has it; nil where no certificate is named.
    init?(settings: Settings) {
        guard !settings.tlsCertificates.isEmpty else { return nil }
        self.init(
            certificates: settings.tlsCertificates, keys: settings.tlsKeys,
            staple: settings.tlsOCSP)
    }
}
