// Numbers in bytes, read and written.

import TestSupport
import Testing
import WireBytes

@Suite struct NumberTests {
    @Test func theMostSignificantByteComesFirst() {
        func read(_ number: (RawSpan) -> UInt64) -> UInt64 {
            let bytes: [UInt8] = [0xFF, 1, 2, 3, 4, 5, 6, 7, 8]
            return number(bytes.span.bytes)
        }
        #expect(read { UInt64($0[1]) } == 1)
        #expect(read { UInt64($0.uint16(at: 1)) } == 0x0102)
        #expect(read { UInt64($0.uint24(at: 1)) } == 0x01_0203)
        #expect(read { UInt64($0.uint32(at: 1)) } == 0x0102_0304)
        #expect(read { UInt64($0.uint64(at: 1)) } == 0x0102_0304_0506_0708)
        #expect(read { UInt64($0.littleEndian32(at: 1)) } == 0x0403_0201)
    }

    @Test func whatIsWrittenIsRead() {
        var random = SeededRandom(seed: 24)
        for _ in 0..<200 {
            let number = random.next()
            var bytes: [UInt8] = []
            bytes.append(bigEndian: number)
            bytes.append(bigEndian: UInt16(truncatingIfNeeded: number))
            bytes.append(bigEndian24: UInt32(truncatingIfNeeded: number))
            bytes.append(littleEndian32: UInt32(truncatingIfNeeded: number))
            #expect(bytes.count == 17)
            let span = bytes.span.bytes
            let (wide, two) = (span.uint64(at: 0), span.uint16(at: 8))
            let (three, little) = (span.uint24(at: 10), span.littleEndian32(at: 13))
            #expect(wide == number, "seed \(random.seed)")
            #expect(two == UInt16(truncatingIfNeeded: number))
            #expect(three == UInt32(truncatingIfNeeded: number & 0xFF_FFFF))
            #expect(little == UInt32(truncatingIfNeeded: number))
        }
    }

    @Test func bytesAreAppendedInOneGo() {
        var bytes: [UInt8] = [9]
        let more: [UInt8] = [1, 2, 3]
        bytes.append(copying: more.span.bytes.extracting(1..<3))
        #expect(bytes == [9, 2, 3])
    }
}

@Suite struct SplitMix64Tests {
    @Test func theSameSeedGivesTheSameNumbers() {
        // The reference implementation's first numbers for the seed 1234567.
        var random = SplitMix64(seed: 1_234_567)
        #expect(random.next() == 6_457_827_717_110_365_317)
        #expect(random.next() == 3_203_168_211_198_807_973)
        #expect(random.next() == 9_817_491_932_198_370_423)
        #expect(SplitMix64.mix(1_234_567) == 6_457_827_717_110_365_317)
    }

    @Test func sharesAndBytesAreOfTheSameNumbers() {
        var shares = SplitMix64(seed: 7)
        for _ in 0..<1_000 {
            let share = shares.nextShare()
            #expect(share >= 0 && share < 1)
        }
        var numbers = SplitMix64(seed: 7)
        let first = numbers.next()
        var random = SplitMix64(seed: 7)
        var bytes: [UInt8] = [1]
        random.append(byteCount: 11, to: &bytes)
        #expect(bytes.count == 12 && bytes[0] == 1)
        #expect(bytes[1] == UInt8(truncatingIfNeeded: first))
        #expect(bytes[8] == UInt8(truncatingIfNeeded: first >> 56))
    }
}
