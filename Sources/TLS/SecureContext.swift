// What handshakes have in common: certificates, suites, ticket keys.

import COpenSSL

/// All that a server needs for handshakes: TLS 1.3 and 1.2 with suites that seal their records, X25519
/// and the two curves, no renegotiation, no compression, no early data, sessions kept by clients.
///
/// It never changes: a new certificate is a new context, and handshakes that have begun keep theirs.
@safe public final class SecureContext: Sendable {
    /// One of OpenSSL's contexts, with a certificate, or two of different keys for the same names.
    @safe private struct Group {
        let context: OpaquePointer
        var identities: [CertificateIdentity]
        var staple: StapledAnswer?
    }

    // Written by `init` alone; OpenSSL counts references to contexts by atomics.
    private nonisolated(unsafe) let groups: [Group]
    let tickets: TicketKeys
    /// Why the answer of the authority isn't handed out; nil if it is, or none was given.
    public let stapleError: StapleError?
    /// What the certificates say, in their order.
    public let certificates: [(file: String, facts: CertificateFacts)]

    /// - Parameters:
    ///   - identities: at least one. A client that names a host gets the one with exactly that name,
    ///     else one with a wildcard, else the first.
    ///   - tickets: the keys of sessions, which outlive contexts.
    ///   - staple: an authority's answer about one of them, in DER.
    public init(
        identities: [CertificateIdentity], tickets: TicketKeys, staple: [UInt8]? = nil
    ) throws(IdentityError) {
        guard !identities.isEmpty else { throw .nothing }
        var groups: [Group] = []
        do throws(IdentityError) {
            for identity in identities {
                if let place = groups.firstIndex(where: { group in
                    group.identities.allSatisfy { $0.complements(identity) }
                }) {
                    unsafe try Self.add(identity, to: groups[place].context)
                    groups[place].identities.append(identity)
                } else {
                    let context = unsafe try Self.makeContext(identity)
                    unsafe groups.append(Group(context: context, identities: [identity]))
                }
            }
        } catch {
            for group in groups { unsafe SSL_CTX_free(group.context) }
            throw error
        }
        stapleError = staple.flatMap { Self.add($0, to: &groups) }
        unsafe self.groups = groups
        self.tickets = tickets
        certificates = identities.map { ($0.file, $0.certificate.facts) }
    }

    deinit {
        for group in unsafe groups { unsafe SSL_CTX_free(group.context) }
    }

    /// A new connection's handshake; nil where there is no memory.
    func makeSSL() -> OpaquePointer? { unsafe SSL_new(groups[0].context) }

    // MARK: Making

    private static func makeContext(
        _ identity: CertificateIdentity
    ) throws(IdentityError) -> OpaquePointer {
        LibraryErrors.clear()
        guard let context = unsafe SSL_CTX_new(TLS_server_method()) else {
            throw .library(file: identity.file, reason: LibraryErrors.take().words)
        }
        unsafe fanfare_ssl_set_options(context)
        // The same for all, so that a session begun with one certificate goes on with another.
        let name = Array("fanfare".utf8)
        let isGood =
            unsafe fanfare_ssl_set_versions(context) == 1
            && SSL_CTX_set_cipher_list(context, suites12) == 1
            && SSL_CTX_set_ciphersuites(context, suites13) == 1
            && fanfare_ssl_set_groups(context, "X25519:P-256:P-384") == 1
            && SSL_CTX_set_session_id_context(context, name, UInt32(name.count)) == 1
            && SSL_CTX_set_max_early_data(context, 0) == 1
            && SSL_CTX_set_tlsext_ticket_key_evp_cb(context, HandshakeCallbacks.ticketKey) == 1
        guard isGood else {
            unsafe SSL_CTX_free(context)
            throw .library(file: identity.file, reason: LibraryErrors.take().words)
        }
        _ = unsafe SSL_CTX_set_timeout(context, Int(TLSLimits.sessionS))
        unsafe SSL_CTX_set_keylog_callback(context, HandshakeCallbacks.keyLog)
        unsafe SSL_CTX_set_alpn_select_cb(context, HandshakeCallbacks.protocolChoice, nil)
        unsafe fanfare_ssl_on_server_name(context, HandshakeCallbacks.serverName, nil)
        unsafe fanfare_ssl_on_status(context, HandshakeCallbacks.status, nil)
        do throws(IdentityError) {
            unsafe try add(identity, to: context)
        } catch {
            unsafe SSL_CTX_free(context)
            throw error
        }
        return unsafe context
    }

    private static func add(
        _ identity: CertificateIdentity, to context: OpaquePointer
    ) throws(IdentityError) {
        LibraryErrors.clear()
        let isGood =
            unsafe SSL_CTX_use_certificate(context, identity.certificate.x509) == 1
            && SSL_CTX_use_PrivateKey(context, identity.key) == 1
            && identity.chain.allSatisfy {
                unsafe fanfare_ssl_add_chain(context, $0.x509) == 1
            }
        guard isGood else {
            throw .library(file: identity.file, reason: LibraryErrors.take().words)
        }
    }

    private static func add(_ staple: [UInt8], to groups: inout [Group]) -> StapleError? {
        var error = StapleError.aboutAnother
        for place in groups.indices {
            for identity in groups[place].identities {
                do throws(StapleError) {
                    groups[place].staple = try StapledAnswer(staple, about: identity)
                    return nil
                } catch .aboutAnother {
                    continue
                } catch let reason {
                    error = reason
                }
            }
        }
        return error
    }

    // MARK: What OpenSSL asks in mid-handshake

    /// Gives a handshake the certificate for the host that its client names.
    func choose(for ssl: OpaquePointer, host: [CChar]) {
        for wildcards in [false, true] {
            for group in unsafe groups
            where group.identities.contains(where: {
                $0.certificate.isFor(host, wildcards: wildcards)
            }) {
                _ = unsafe SSL_set_SSL_CTX(ssl, group.context)
                return
            }
        }
    }

    /// The authority's answer about the certificate that a handshake has chosen, if it is fresh.
    func staple(for ssl: OpaquePointer) -> [UInt8]? {
        guard let chosen = unsafe SSL_get_certificate(ssl) else { return nil }
        for group in unsafe groups {
            guard let staple = group.staple, staple.isFresh else { continue }
            if unsafe X509_cmp(staple.certificate.x509, chosen) == 0 { return staple.bytes }
        }
        return nil
    }

    private static let suites13 =
        "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
    private static let suites12 =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
        + "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
        + "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
}
