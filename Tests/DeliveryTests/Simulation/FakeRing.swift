// The ring that a simulated shard is given, in place of io_uring.

import TLS
import WireBytes

@testable import Delivery
@testable import IORing

/// The ring that a simulated shard is given; its world can be seen from outside, too.
struct FakeKernel: DeliveryRing {
    let world: FakeWorld

    var entriesLeft: Int { world.entriesLeft }
    var entriesPending: Int { world.entriesPending }
    var enterCount: UInt64 { world.enterCount }
    var acceptedAddress: IPAddress { world.acceptedHost.someAddress }
    var supportsZeroCopy: Bool { true }
    var tellsWindowTime: Bool { world.tellsWindowTime }

    mutating func accept(into slot: Int, token: Token) { world.add(.accept(slot, token)) }
    mutating func install(descriptor: Int32, into slot: Int) -> Bool {
        world.install(descriptor, into: slot)
    }
    mutating func seal(descriptor: Int32, with keys: SessionKeys) -> Bool {
        world.seal(descriptor, with: keys)
    }
    mutating func drop(descriptor: Int32) { world.drop(descriptor) }
    mutating func receive(slot: Int, token: Token) { world.add(.receive(slot, token)) }
    func received(_ completion: Completion) -> UnsafeRawBufferPointer {
        unsafe world.received(completion)
    }
    mutating func giveBack(_ bufferId: UInt16) { world.giveBack(bufferId) }
    mutating func sendQuietly(
        slot: Int, from address: UnsafeRawPointer, byteCount: Int, token: Token
    ) {
        let bytes = unsafe UnsafeRawBufferPointer(start: address, count: byteCount)
        world.add(unsafe .send(slot, bytes, token))
    }
    mutating func sendCounted(
        slot: Int, from address: UnsafeRawPointer, byteCount: Int, token: Token
    ) {
        let bytes = unsafe UnsafeRawBufferPointer(start: address, count: byteCount)
        world.add(unsafe .sendCounted(slot, bytes, token))
    }
    mutating func sendLast(_ message: ControlMessage, slot: Int, token: Token) {
        world.add(.sendLast(slot, message, token))
    }
    mutating func sendZeroCopy(
        slot: Int, from address: UnsafeRawPointer, byteCount: Int, region: Int?, token: Token
    ) {
        let bytes = unsafe UnsafeRawBufferPointer(start: address, count: byteCount)
        world.add(unsafe .sendZeroCopy(slot, bytes, token))
    }
    func register(region: Int, memory: UnsafeRawBufferPointer) -> Bool { region / 2 % 2 == 0 }
    func unregister(region: Int) {}
    mutating func reset(slot: Int, token: Token) { world.add(.reset(slot, token)) }
    mutating func pollWritable(slot: Int, token: Token) { world.add(.poll(slot, token)) }
    mutating func shutdownSending(slot: Int, token: Token) { world.add(.shutdown(slot, token)) }
    mutating func expose(slot: Int, token: Token) { world.add(.expose(slot, token)) }
    mutating func takeWindowTimeUs(descriptor: Int32) -> UInt64? {
        world.takeWindowTimeUs(descriptor)
    }
    mutating func cancel(_ victim: Token, token: Token) { world.add(.cancel(victim, token)) }
    mutating func close(slot: Int, token: Token) { world.add(.close(slot, token)) }
    mutating func submit() throws(RingError) { world.submit() }
    mutating func nextCompletion() -> Completion? { world.nextCompletion() }
}

extension HostKey {
    /// An address of that host's.
    var someAddress: IPAddress {
        kind == .v4
            ? .v4(UInt32(value) | (isLoopback ? 127 << 24 : 0))
            : .v6(high: value, low: isLoopback ? 1 : 7)
    }
}
