// What connect negotiates beyond RTMP 1.0 (Enhanced RTMP v2, "Enhancing NetConnection connect Command").
import FLV

/// The codecs and abilities a server tells an encoder that asks for them.
enum ConnectCapabilities {
    /// FourCCs of the video we take.
    static let videoFourCcs = ["hvc1", "av01", "vp09", "avc1"]
    /// FourCCs of the audio we take.
    static let audioFourCcs = ["Opus", "fLaC", "ac-3", "ec-3", "mp4a", ".mp3"]

    /// `FourCcInfoMask.CanForward`: we neither decode nor encode.
    private static let canForward = 4.0
    /// `CapsExMask`: ModEx; neither Reconnect nor Multitrack (a programme is one picture and one
    /// sound) nor TimestampNanoOffset.
    private static let capsEx = Double(0x04)

    /// What is answered to a `connect` with this command object: each property the client itself
    /// uses, so that one who knows only RTMP 1.0 gets nothing else.
    static func answer(to object: AMF0Value?) -> [AMF0Property] {
        guard let object else { return [] }
        var answer: [AMF0Property] = []
        if object["fourCcList"] != nil {
            let all = (videoFourCcs + audioFourCcs).map { AMF0Value.string($0) }
            answer.append(AMF0Property("fourCcList", .strictArray(all)))
        }
        if object["videoFourCcInfoMap"] != nil {
            answer.append(AMF0Property("videoFourCcInfoMap", map(of: videoFourCcs)))
        }
        if object["audioFourCcInfoMap"] != nil {
            answer.append(AMF0Property("audioFourCcInfoMap", map(of: audioFourCcs)))
        }
        if object["capsEx"] != nil {
            answer.append(AMF0Property("capsEx", .number(capsEx)))
        }
        return answer
    }

    private static func map(of fourCcs: [String]) -> AMF0Value {
        .object(fourCcs.map { AMF0Property($0, .number(canForward)) })
    }
}
