// What the server tells a player in JSON: receipts, tokens, how it stands.

import TextWire

/// What came back for an answer.
struct HeardReceipt: Equatable {
    enum Verdict: Equatable {
        case accepted
        /// It doesn't count; the word of the API for it.
        case refused(String)
    }

    /// Nil where the server doesn't say.
    var question: String?
    var choice: Int?
    var verdict: Verdict

    init(verdict: Verdict) { self.verdict = verdict }

    /// - Returns: nil for what is no receipt, such as a pong.
    init?(_ text: RawSpan) {
        var type: String?
        var status: String?
        var code: String?
        var number: Int?
        do throws(JSONError) {
            var reader = try JSONReader(text)
            while let name = try reader.nextName(in: text) {
                if name.equals("type", in: text) {
                    type = try reader.string(in: text).text(in: text)
                } else if name.equals("question", in: text) {
                    question = try reader.string(in: text).text(in: text)
                } else if name.equals("choice", in: text) {
                    choice = try reader.wholeNumber(in: text)
                } else if name.equals("code", in: text) {
                    code = try reader.string(in: text).text(in: text)
                } else if name.equals("status", in: text) {
                    // A word in a receipt, a number in an error.
                    let range = try reader.valueRange(in: text)
                    status = String(
                        decoding: range.map {
                            unsafe text.unsafeLoad(fromByteOffset: $0, as: UInt8.self)
                        }, as: UTF8.self)
                    number = status.flatMap { Int($0) }
                }
            }
        } catch { return nil }
        switch (type, status) {
        case ("receipt", "\"accepted\""): verdict = .accepted
        case ("receipt", _): verdict = .refused(code ?? "unknown")
        case ("error", _), (nil, .some): verdict = .refused(number.map { "http_\($0)" } ?? "error")
        default: return nil
        }
    }
}

/// A guest's token: `{"token":"…"}`.
enum JoinText {
    static func token(in text: RawSpan) -> [UInt8]? { PlayerTexts.string("token", in: text) }
}

/// The sentence of an error: `{"error":"…","status":403}`.
enum ErrorText {
    static func sentence(in text: RawSpan) -> String? {
        PlayerTexts.string("error", in: text).map { String(decoding: $0, as: UTF8.self) }
    }
}

private enum PlayerTexts {
    static func string(_ wanted: StaticString, in text: RawSpan) -> [UInt8]? {
        do throws(JSONError) {
            var reader = try JSONReader(text)
            while let name = try reader.nextName(in: text) {
                guard name.equals(wanted, in: text) else { continue }
                return Array(try reader.string(in: text).text(in: text).utf8)
            }
        } catch { return nil }
        return nil
    }
}

/// How a player stands, as `GET /api/v1/me` tells.
struct HeardStanding: Equatable {
    struct Receipt: Equatable {
        let question: String
        let choice: Int
    }

    var status = ""
    var receipts: [Receipt] = []

    /// - Returns: nil for what can't be read.
    init?(_ text: RawSpan) {
        do throws(JSONError) {
            var reader = try JSONReader(
                text, limits: JSONLimits(byteCountMax: JSONLimits.byteCountBound))
            while let name = try reader.nextName(in: text) {
                if name.equals("status", in: text) {
                    status = try reader.string(in: text).text(in: text)
                } else if name.equals("receipts", in: text) {
                    try read(text.extracting(try reader.valueRange(in: text)))
                }
            }
        } catch { return nil }
        guard !status.isEmpty else { return nil }
    }

    /// Reads an array of flat objects that was found good.
    private mutating func read(_ list: RawSpan) throws(JSONError) {
        var start: Int?
        var isInString = false
        var index = 0
        while index < list.byteCount {
            let byte = unsafe list.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            switch byte {
            case UInt8(ascii: "\\"): index += 1
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "{") where !isInString: start = index
            case UInt8(ascii: "}") where !isInString:
                if let start { try readOne(list.extracting(start...index)) }
                start = nil
            default: break
            }
            index += 1
        }
    }

    private mutating func readOne(_ object: RawSpan) throws(JSONError) {
        var reader = try JSONReader(object)
        var question: String?
        var choice: Int?
        while let name = try reader.nextName(in: object) {
            if name.equals("question", in: object) {
                question = try reader.string(in: object).text(in: object)
            } else if name.equals("choice", in: object) {
                choice = try reader.wholeNumber(in: object)
            }
        }
        guard let question, let choice else { return }
        receipts.append(Receipt(question: question, choice: choice))
    }
}
