// Bodies of requests to the staff plane: how long, of what type, and what they say.

import Hummingbird
import NIOCore
import TextWire

/// A request's body.
enum StaffBody {
    /// The media type in small letters, without parameters.
    static func type(of request: Request) -> String? {
        request.headers[.contentType].map {
            String($0.prefix { $0 != ";" }).trimmed.lowercased()
        }
    }

    static func collect(
        _ request: Request, byteCountMax: Int, advice: String = "say less"
    ) async throws -> [UInt8] {
        StaffVisit.current?.set(.sendingBody)
        defer { StaffVisit.current?.set(.answered) }
        do {
            let body = try await request.body.collect(upTo: byteCountMax)
            return Array(body.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw StaffError(
                status: .contentTooLarge,
                message: "the body is longer than \(byteCountMax) bytes; \(advice)")
        } catch let error as CancellationError {
            throw error
        } catch {
            // The parser's words are for who wrote it; and who has hung up hears none.
            throw StaffError(status: .badRequest, message: "the body is not sent as HTTP has it")
        }
    }

    /// Pages of other origins can send forms to a listener on loopback, but not JSON: for that a
    /// browser asks first, and is not answered.
    static func requireJSON(_ request: Request, what: String) throws {
        guard type(of: request) == "application/json" else {
            throw StaffError(
                status: .unsupportedMediaType,
                message: "\(what) is JSON: send Content-Type: application/json")
        }
    }

    /// A JSON body.
    static func json(_ request: Request, what: String) async throws -> JSONTree {
        try requireJSON(request, what: what)
        return try tree(try await collect(request, byteCountMax: Limits.bodyByteCountMax))
    }

    /// JSON that was sent.
    static func tree(_ bytes: [UInt8]) throws -> JSONTree {
        do throws(JSONFault) {
            return try JSONTreeReader.tree(in: bytes)
        } catch {
            throw StaffError(
                status: .badRequest, message: "the body is not JSON: \(error.sentence)")
        }
    }
}

extension StaffError {
    /// 400 with a sentence.
    static func bad(_ complaint: Complaint) -> StaffError {
        StaffError(status: .badRequest, message: complaint.sentence)
    }
}
