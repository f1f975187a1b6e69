// The files that clients of some runs ask for, and what they must have got of them.

import HTTPWire
import TestSupport

@testable import Delivery

/// Files of several sizes, each told by its first bytes.
enum FilePlan {
    /// More than any other answer has.
    static let byteCountMin = 25_000

    static let files: [String: StaticFile] = Dictionary(
        uniqueKeysWithValues: [300, 30_000, 200_000, 600_000].map { byteCount in
            let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
            let packed: [(coding: ContentCoding, body: [UInt8])] = [
                (.gzip, Array(bytes.suffix(byteCount / 3)))
            ]
            return (
                "/assets/\(byteCount)",
                StaticFile(
                    contentType: "text/css", tag: "\(byteCount)",
                    fields: [.init("Cache-Control", "no-cache")], body: bytes, packed: packed)
            )
        })

    /// A request of a kept-alive connection for one of them, in this form or that.
    static func request(_ random: inout SeededRandom) -> String {
        let path = random.pick(files.keys.sorted())
        let line =
            "\(random.pick(["GET", "GET", "GET", "GET", "HEAD"])) \(path) HTTP/1.1\r\nHost: a\r\n"
        let fields = random.pick([
            "", "", "Accept-Encoding: gzip\r\n", "If-None-Match: \"300\"\r\n",
        ])
        return line + fields + "\r\n"
    }

    /// What all their answers with a body begin with, and no others.
    static let beginning = Array("HTTP/1.1 200 OK\r\nContent-Type: text/css\r\n".utf8)

    /// What a file's answers may be, whole.
    static let answers: [[UInt8]] = files.values.flatMap { file in
        file.representations.flatMap { form in
            [
                form.keptAlive, form.closing, file.head(form, keepAlive: true),
                file.notModified(form, keepAlive: true).bytes(),
            ]
        }
    }
}

extension Simulation {
    /// What comes before anything else that a client asked for is whole files, and nothing of others.
    func checkFiles(of client: FakeConnection) {
        var rest = client.received[...]
        while !rest.isEmpty {
            let fitting = FilePlan.answers.filter { answer in
                let count = min(rest.count, answer.count)
                return isEqual(rest.prefix(count), answer.prefix(count))
            }
            // HEAD's answer begins as GET's does.
            let whole = fitting.filter { $0.count <= rest.count }.max { $0.count < $1.count }
            guard let whole else {
                let isFile = rest.starts(with: FilePlan.beginning)
                if isFile, fitting.isEmpty { fail("client \(client.id) got a file that isn't one") }
                return
            }
            rest = rest.dropFirst(whole.count)
        }
    }
}
