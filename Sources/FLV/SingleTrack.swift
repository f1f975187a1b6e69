// Track 0 of a multitrack body, as a body of its own (Enhanced RTMP v2, "Multitrack").

import WireBytes

extension VideoPacket {
    /// The first track (number 0) of a multitrack body as if it had been sent alone.
    ///
    /// - Returns: nil if the body has no such track, or isn't a multitrack one.
    public static func singleTrack(of body: RawSpan) -> [UInt8]? {
        guard body.byteCount > 0, body[0] & 0x80 != 0 else { return nil }
        let isCommand = body[0] >> 4 & 0x07 == 5
        return EnhancedHeader.singleTrack(of: body, media: .video(isCommand: isCommand))
    }
}

extension AudioPacket {
    /// The first track (number 0) of a multitrack body as if it had been sent alone.
    ///
    /// - Returns: nil if the body has no such track, or isn't a multitrack one.
    public static func singleTrack(of body: RawSpan) -> [UInt8]? {
        guard body.byteCount > 0, body[0] >> 4 == 9 else { return nil }
        return EnhancedHeader.singleTrack(of: body, media: .audio)
    }
}

extension EnhancedHeader {
    /// Finds track 0 and puts the plain header before its data. Timestamp modifiers are dropped.
    static func singleTrack(of body: RawSpan, media: Media) -> [UInt8]? {
        let first = body[0]
        guard let header = try? EnhancedHeader(body, packetType: first & 0x0F, media: media),
            header.isMultitrack
        else { return nil }
        var fourCC = header.fourCC
        var trackId = header.trackId
        var payload = header.payloadOffset..<(header.payloadOffset + header.payloadByteCount)
        var isDone = !header.hasFurtherTracks
        while trackId != 0 {
            guard !isDone else { return nil }
            // Each further track: its FourCC where they differ, its number, its size.
            var offset = payload.upperBound
            if header.hasOwnFourCCs {
                guard body.byteCount - offset >= 4 else { return nil }
                fourCC = body.uint32(at: offset)
                offset += 4
            }
            guard body.byteCount - offset >= 4 else { return nil }
            trackId = body[offset]
            let byteCount = Int(body.uint24(at: offset + 1))
            offset += 4
            guard byteCount <= body.byteCount - offset else { return nil }
            payload = offset..<(offset + byteCount)
            isDone = payload.upperBound == body.byteCount
        }
        var single: [UInt8] = []
        single.reserveCapacity(5 + payload.count)
        single.append(first & 0xF0 | header.packetType)
        for shift in [24, 16, 8, 0] as [UInt32] {
            single.append(UInt8(truncatingIfNeeded: fourCC >> shift))
        }
        unsafe body.extracting(payload).withUnsafeBytes { unsafe single.append(contentsOf: $0) }
        return single
    }
}
