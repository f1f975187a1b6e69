// HEVC in Enhanced RTMP, which the ffmpeg of Debian 12 can encode but not publish.

import FLV
import Foundation

extension Source {
    /// Two seconds of HEVC from libx265, put into enhanced tags (FourCC `hvc1`).
    static let hevc = Result { try makeHEVC() }

    private static func makeHEVC() throws -> Source {
        let path = try TemporaryFolder.make().appending(path: "hevc.mp4").path
        try Tool.succeed(
            "ffmpeg",
            [
                "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=256x144:rate=20:duration=2",
                "-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1", "-pix_fmt", "yuv420p",
                "-x265-params", "keyint=20:min-keyint=20:bframes=0:log-level=none", path,
            ])
        let file = try [UInt8](Data(contentsOf: URL(filePath: path)))
        let listing = try Tool.succeed(
            "ffprobe",
            [
                "-v", "error", "-select_streams", "v", "-show_entries",
                "packet=dts_time,size,pos,flags", "-of", "csv=p=0", path,
            ])
        let frames = try listing.split(separator: "\n").map { line in
            let parts = line.split(separator: ",")
            guard parts.count >= 4, let seconds = Double(parts[0]), let size = Int(parts[1]),
                let position = Int(parts[2])
            else { throw TestFailure.unexpected("ffprobe says \(line)") }
            let isKeyframe = parts[3].hasPrefix("K")
            return MediaTag(
                type: .video, timestampMs: UInt32((seconds * 1_000).rounded()),
                body: enhanced(.codedFramesX, isKeyframe: isKeyframe)
                    + file[position..<(position + size)])
        }
        let header = MediaTag(
            type: .video, timestampMs: 0,
            body: enhanced(.sequenceStart, isKeyframe: true) + (try configuration(in: file)))
        return Source(videoHeader: header, audioHeader: nil, frames: frames)
    }

    private enum PacketType: UInt8 {
        case sequenceStart = 0
        case codedFramesX = 3
    }

    private static func enhanced(_ type: PacketType, isKeyframe: Bool) -> [UInt8] {
        [0x80 | (isKeyframe ? 0x10 : 0x20) | type.rawValue] + Array("hvc1".utf8)
    }

    /// The content of the file's `hvcC` box.
    private static func configuration(in file: [UInt8]) throws -> [UInt8] {
        guard let name = Data(file).range(of: Data("hvcC".utf8)) else {
            throw TestFailure.unexpected("the MP4 file has no hvcC box")
        }
        let start = name.lowerBound - 4
        let size = file[start..<name.lowerBound].reduce(0) { $0 << 8 | Int($1) }
        return Array(file[name.upperBound..<(start + size)])
    }
}
