// What everybody may know of a stream.

import TextWire

/// What a stream that can be watched is doing.
public enum PublicStreamState: String, Sendable, CaseIterable {
    /// Somebody publishes.
    case live
    /// Its publisher is away, and those who watch wait.
    case waiting
}

/// A stream in the list for everybody.
public struct PublicStream: Sendable, Equatable {
    let name: String
    let state: PublicStreamState
    let viewers: Int

    /// A stream.
    public init(name: String, state: PublicStreamState, viewers: Int) {
        self.name = name
        self.state = state
        self.viewers = viewers
    }

    /// What `GET /api/v1/streams` answers: `{"streams":[{"name":"…","state":"live","viewers":12}]}`.
    public static func json(_ streams: [PublicStream]) -> [UInt8] {
        var json = Array(#"{"streams":["#.utf8)
        for (index, stream) in streams.enumerated() {
            if index > 0 { json.append(UInt8(ascii: ",")) }
            json += Array(#"{"name":"#.utf8)
            JSONText.append(stream.name, to: &json)
            json += Array(
                #","state":"\#(stream.state.rawValue)","viewers":\#(stream.viewers)}"#.utf8)
        }
        return json + Array("]}".utf8)
    }
}
