// The first thing that a connection to the staff plane meets: the door, which counts and times it.

import NIOCore
import TLS
import WireBytes

/// Tells the door what comes and goes, before anything of it is understood.
final class StaffGate: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    private let door: StaffDoor
    private let trusted: @Sendable () -> AddressRanges
    /// It is on its way out: what it still sends is not looked at.
    private var isLeaving = false

    init(door: StaffDoor, trusted: @escaping @Sendable () -> AddressRanges) {
        self.door = door
        self.trusted = trusted
    }

    /// Ends a connection in order, once what was written has gone out.
    static func dismiss(_ channel: any Channel) {
        channel.eventLoop.execute {
            guard let gate = try? channel.pipeline.syncOperations.handler(type: StaffGate.self)
            else { return }
            gate.isLeaving = true
            // What it is still sending would turn a close into a reset, which takes the answer with it.
            channel.close(mode: .output, promise: nil)
        }
    }

    func channelActive(context: ChannelHandlerContext) {
        let address = IPAddress(of: context.remoteAddress)
        let isAdmitted = door.admit(
            context.channel, from: HostKey(address), isProxy: trusted().contains(address),
            nowMs: StaffClock.nowMs())
        guard isAdmitted else {
            context.close(promise: nil)
            return
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        door.leave(StaffDoor.visitor(context.channel))
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isLeaving else { return }
        door.heard(StaffDoor.visitor(context.channel), nowMs: StaffClock.nowMs())
        context.fireChannelRead(data)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        door.set(
            isWritable: context.channel.isWritable, for: StaffDoor.visitor(context.channel),
            nowMs: StaffClock.nowMs())
        context.fireChannelWritabilityChanged()
    }
}

/// Puts the gate at the front of a connection, where bytes are still bytes.
final class StaffGateInstaller: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let door: StaffDoor
    private let trusted: @Sendable () -> AddressRanges
    /// Nil in the clear.
    private let certificates: (@Sendable () -> SecureContext)?
    private let handshakes: (any HandshakeWatch)?

    init(
        door: StaffDoor, trusted: @escaping @Sendable () -> AddressRanges,
        certificates: (@Sendable () -> SecureContext)?, handshakes: (any HandshakeWatch)?
    ) {
        self.handshakes = handshakes
        self.door = door
        self.trusted = trusted
        self.certificates = certificates
    }

    func handlerAdded(context: ChannelHandlerContext) {
        do {
            let pipeline = context.pipeline.syncOperations
            let gate = StaffGate(door: door, trusted: trusted)
            try pipeline.addHandler(gate, position: .first)
            if let certificates {
                let secure = StaffTLS(certificates(), door: door, watch: handshakes)
                try pipeline.addHandler(secure, position: .after(gate))
            }
        } catch {
            context.close(promise: nil)
        }
    }
}
