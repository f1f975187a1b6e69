// How a connection's bytes reach its socket: plain, or in records of TLS.
//
// The road above knows nothing but plaintext: it offers a range, and is told how much of it is over
// and done with. Where records are sealed, ciphertext goes into a scratch area for each offer (the
// kernel has copied it when the submit returns). After a short send in mid-record the road is put
// back to where that record begins, and offers the same plaintext from the same place again; sealed
// under the same number it is the same record bit for bit, and the send goes on inside it. So nothing
// of a segment, of a block or of the timeline is let go before its records have gone whole, and all
// that is kept of a record in flight is its number, its length and how much of it has gone.
//
// What must never happen is that two plaintexts go under one number. A record that began to go is
// always told to its end first; one of which the kernel took nothing may become another.

import TLS

/// What the next send of a sealed connection is made of: records from a number on.
struct RecordOffer: Equatable {
    /// It is a message that changes our key, and no plaintext goes.
    var isKeyUpdate = false
    /// How much plaintext goes, in all and in the first record; bytes.
    var byteCount = 0
    var firstByteCount = 0
    /// How much of the first record has gone before; bytes of ciphertext.
    var goneByteCount = 0
    /// The first record's number.
    var number: UInt64 = 0

    /// What the record carries that begins so far into the plaintext, bytes.
    func recordByteCount(at offset: Int) -> Int {
        offset == 0 ? firstByteCount : min(TLSLimits.plaintextByteCountMax, byteCount - offset)
    }

    /// How many records it is.
    var recordCount: Int {
        if isKeyUpdate { return 1 }
        let rest = byteCount - firstByteCount
        return 1 + (rest + TLSLimits.plaintextByteCountMax - 1) / TLSLimits.plaintextByteCountMax
    }
}

/// All that is kept of a TLS connection besides its slot; no references, at most 320 bytes.
struct SealedConnection: BitwiseCopyable {
    /// What has gone in part, and must go on with the next send.
    enum Flight: UInt8 { case none, data, keyUpdate }

    var keys: SessionKeys
    var tally = ReadTally()
    /// What the last offer was. It counts as gone whole until `fellShort` says otherwise.
    private var offerNumber: UInt64 = 0
    private var offerByteCount: Int32 = 0
    private var offerFirstByteCount: UInt16 = 0
    private var offerGoneByteCount: UInt16 = 0
    /// It is a KeyUpdate that has gone or not; nobody has asked yet.
    private var awaitsKeyUpdate = false
    private(set) var flight = Flight.none
    /// What the record in flight carries, and how much of it has gone; bytes.
    private(set) var flightByteCount: UInt16 = 0
    private var flightGoneByteCount: UInt16 = 0
    /// When the last offer was made: in the how manieth round of sends that are confirmed together.
    var offerRound: UInt32 = 0
    /// Our key has to change before any more data goes.
    var owesKeyUpdate = false
    /// Nothing may go any more: an alert has said so.
    var isShut = false
    /// The buffer in which records lie that came in part or wait for their turn; -1 for none.
    var buffer: Int32 = -1
    /// In that buffer: opened and not yet read, and from where on it is sealed still.
    var openedStart: Int32 = 0
    var openedEnd: Int32 = 0
    var sealedStart: Int32 = 0
    /// What is in the buffer can't be opened before more has come.
    var needsMore = false

    init(keys: SessionKeys) { self.keys = keys }

    /// Opens a record of its peer's where it is.
    mutating func open(
        _ record: UnsafeMutableRawBufferPointer, by opener: borrowing RecordOpener
    ) throws(TLSError) -> OpenedRecord {
        try unsafe opener.open(record, with: &keys, &tally)
    }

    /// Up to where in the timeline a viewer's bytes are promised whose cursor is there.
    func end(of cursor: UInt64) -> UInt64 {
        flight == .data ? cursor + UInt64(flightByteCount) : cursor
    }

    /// What goes with the next send, of so much plaintext; everything offered before is confirmed.
    mutating func offer(of byteCount: Int) throws(TLSError) -> RecordOffer {
        try settle()
        if keys.isWriteKeySpent {
            guard keys.version == .tls13 else { throw .exhausted }
            owesKeyUpdate = true
        }
        var offer = RecordOffer(number: keys.write.sequence)
        switch flight {
        case .data:
            precondition(byteCount >= Int(flightByteCount), "a record in flight is told to its end")
            offer.firstByteCount = Int(flightByteCount)
            offer.goneByteCount = Int(flightGoneByteCount)
            offer.byteCount =
                owesKeyUpdate
                ? offer.firstByteCount
                : max(offer.firstByteCount, min(byteCount, DeliverySettings.sealedByteCountMax))
        case .keyUpdate:
            offer.isKeyUpdate = true
            offer.goneByteCount = Int(flightGoneByteCount)
        case .none where owesKeyUpdate:
            offer.isKeyUpdate = true
        case .none:
            offer.byteCount = min(byteCount, DeliverySettings.sealedByteCountMax)
            offer.firstByteCount = min(TLSLimits.plaintextByteCountMax, offer.byteCount)
        }
        offerNumber = offer.number
        offerByteCount = Int32(offer.byteCount)
        offerFirstByteCount = UInt16(offer.firstByteCount)
        offerGoneByteCount = UInt16(offer.goneByteCount)
        awaitsKeyUpdate = offer.isKeyUpdate
        keys.write.sequence = offer.number + UInt64(offer.recordCount)
        flight = .none
        return offer
    }

    /// The last offer has gone whole: if it was a KeyUpdate, our key is the next one from now on.
    mutating func settle() throws(TLSError) {
        guard awaitsKeyUpdate, flight == .none, keys.write.sequence > offerNumber else { return }
        awaitsKeyUpdate = false
        owesKeyUpdate = false
        try keys.updateWriteKey()
    }

    /// The socket took only so much of the last offer.
    ///
    /// - Returns: the plaintext of the records that have gone whole, bytes.
    mutating func fellShort(takenByteCount: Int) -> Int {
        var gone = Int(offerGoneByteCount) + takenByteCount
        var done = 0
        var number = offerNumber
        let offer = RecordOffer(
            byteCount: Int(offerByteCount), firstByteCount: Int(offerFirstByteCount))
        while done < offer.byteCount {
            let recordByteCount = offer.recordByteCount(at: done) + keys.overheadByteCount
            guard gone >= recordByteCount else { break }
            gone -= recordByteCount
            done += offer.recordByteCount(at: done)
            number += 1
        }
        keys.write.sequence = number
        if offerByteCount == 0 {
            // A message of the record layer's, which carries no plaintext.
            flight = gone > 0 ? .keyUpdate : .none
        } else {
            flight = gone > 0 ? .data : .none
            precondition(gone == 0 || done < offer.byteCount, "a socket takes what it is offered")
            flightByteCount = gone > 0 ? UInt16(offer.recordByteCount(at: done)) : 0
        }
        flightGoneByteCount = UInt16(gone)
        return done
    }

    /// The number of a record that goes by itself; nil if none can go: one is in flight, or may be, as
    /// the last offer isn't confirmed.
    mutating func takeNumber(inRound round: UInt32) -> UInt64? {
        guard flight == .none, !isShut, offerRound != round else { return nil }
        do throws(TLSError) { try settle() } catch {
            // Without a key nothing can be sealed, and the connection ends anyway.
            return nil
        }
        defer { keys.write.sequence += 1 }
        return keys.write.sequence
    }
}
