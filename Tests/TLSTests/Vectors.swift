// Known answers of the record layer.

import TLS
import TestSupport
import Testing

/// RFC 8448, section 3: the simple 1-RTT handshake, from its end on.
enum SimpleHandshake {
    static func keys(writeSequence: UInt64 = 1) throws -> SessionKeys {
        let client = bytes("9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5")
        let server = bytes("a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643")
        return try SessionKeys.tls13(
            suite: .aes128GCM, clientSecret: client.span.bytes, serverSecret: server.span.bytes,
            readSequence: 0, writeSequence: writeSequence)
    }

    /// What each side sends: 0 to 49.
    static let payload = Array(UInt8(0)..<50)
    static let clientData = bytes(
        """
        17030300 43a23f70 54b62c94 d0affafe 8228ba55 cbefacea 42f914aa 66bcab3f 2b9819a8 a5b46b39
        5bd54a9a 20441e2b 62974e1f 5a6292a2 977014bd 1e3deae6 3aeebb21 694915e4
        """)
    static let serverData = bytes(
        """
        17030300 432e937e 11ef4ac7 40e538ad 36005fc4 a46932fc 3225d05f 82aa1b36 e30efaf9 7d90e6df
        fc602dcb 501a59a8 fcc49c4b f2e5f0a2 1c0047c2 abf33254 0dd032e1 67c2955d
        """)
    static let clientClose = bytes("1703030013 c9872760655666b74d7ff1153efd6db6d0b0e3")
    static let serverClose = bytes("1703030013 b58fd67166ebf599d24720cfbe7efa7a8864a9")
}

/// TLS 1.2's keys of one master secret, by suite.
struct TLS12Example: Sendable, CustomTestStringConvertible {
    let suite: CipherSuite
    let clientKey: String
    let serverKey: String
    let clientIV: String
    let serverIV: String
    /// "Fanfare" of the server's and "hello" of the client's, each the first record after Finished.
    let serverRecord: String
    let clientRecord: String

    var testDescription: String { "\(suite)" }
    var ivByteCount: Int { clientIV.count / 2 }

    func keys() throws -> SessionKeys {
        let master = Array(UInt8(0)..<48)
        let client = Array(UInt8(0x40)..<0x60)
        let server = Array(UInt8(0x80)..<0xA0)
        return try SessionKeys.tls12(
            suite: suite, masterSecret: master.span.bytes, clientRandom: client.span.bytes,
            serverRandom: server.span.bytes, readSequence: 1, writeSequence: 1)
    }

    static let all = [
        TLS12Example(
            suite: .aes128GCM,
            clientKey: "a1c8bdbce8830007e5719b5f9764ae0c",
            serverKey: "42c3a103d08d01b711b292bfd1f33247",
            clientIV: "3e5667ef", serverIV: "1f21ed64",
            serverRecord:
                "170303001f000000000000000107ab15ee79d3cb99c08c9fc91dd6f1f936492ca3b39d12",
            clientRecord: "170303001d0000000000000001342f6c998fff049e675e4ec3a21ff88a3f5b42cd0a"),
        TLS12Example(
            suite: .aes256GCM,
            clientKey: "c01fa61789f58022d722461abcb5df04cf985a08f0d461ab4d544db598b85319",
            serverKey: "03c0472368c11f6751efc2d81d6b896d8db6be95536abb42a66b015259cf7264",
            clientIV: "092ed6c5", serverIV: "2036945c",
            serverRecord:
                "170303001f0000000000000001add08c18d5e2056ce42ab50117ad629ce9fb70fa38c7b8",
            clientRecord: "170303001d0000000000000001efd8b3ef1980af125d1ce9074d6c3fa7127e10e495"),
        TLS12Example(
            suite: .chaCha20Poly1305,
            clientKey: "a1c8bdbce8830007e5719b5f9764ae0c42c3a103d08d01b711b292bfd1f33247",
            serverKey: "3e5667ef1f21ed64b616b533929f8e737406938bbae4d1387dbb67a32bbfd03f",
            clientIV: "e3f3a5e61a434e9c07de3b04", serverIV: "218aeb811ebeced2da38d56b",
            serverRecord: "1703030017f9b9d1a230b26f9af1d18823666d01ba79271fc7c788c9",
            clientRecord: "1703030015afc2e696be97cb6e79985ac01753d21be487a5aee6"),
    ]
}

/// The bytes of hexadecimal digits.
func bytes(_ digits: String) -> [UInt8] { [UInt8](hex: digits) }
