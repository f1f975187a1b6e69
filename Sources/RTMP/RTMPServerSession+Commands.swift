// The commands of a publisher and the answers to them (RTMP 1.0, section 7.2).
import FLV

/// The status codes a session sends on its own account.
enum StatusCode {
    static let connectSuccess = "NetConnection.Connect.Success"
    static let callFailed = "NetConnection.Call.Failed"
    static let publishStart = "NetStream.Publish.Start"
    static let publishBadName = "NetStream.Publish.BadName"
    static let publishFailed = "NetStream.Publish.Failed"
    static let unpublishSuccess = "NetStream.Unpublish.Success"
    static let playFailed = "NetStream.Play.Failed"
}

extension RTMPServerSession {
    /// Does what a command asks for.
    mutating func perform<Handler: RTMPServerHandler & ~Copyable>(
        _ command: RTMPCommand, messageStreamId: UInt32, handler: inout Handler
    ) throws(RTMPError) {
        guard let connection else {
            guard command.name == "connect" else {
                throw .commandBeforeConnect(name: printable(command.name))
            }
            return try connect(command, handler: &handler)
        }
        switch command.name {
        case "connect":
            throw .connectedTwice
        case "createStream":
            createStream(command)
        case "releaseStream", "_checkbw":
            answer(command, .undefined)
        case "FCPublish":
            answer(command, .undefined)
            writeCommand(
                "onFCPublish",
                statusInformation(
                    .status, code: StatusCode.publishStart,
                    description: "The stream may be published."))
        case "publish":
            publish(
                command, messageStreamId: messageStreamId, connection: connection,
                handler: &handler)
        case "FCUnpublish":
            answer(command, .undefined)
            writeCommand(
                "onFCUnpublish",
                statusInformation(
                    .status, code: StatusCode.unpublishSuccess,
                    description: "The stream is no longer published."))
            // Some encoders clean up after a stream that another of their connections published.
            let named = command.argument(0)?.stringValue.map {
                StreamAddress(
                    app: connection.app, name: $0, tcUrl: connection.tcUrl, limits: limits
                )
                .streamName
            }
            if named == nil || named == "" || named == publication?.streamName {
                unpublish(command, handler: &handler)
            }
        case "deleteStream":
            let id = command.argument(0)?.numberValue
            end(command, named: id, handler: &handler)
            if let id { messageStreams.delete(id) }
        case "closeStream":
            end(command, named: Double(messageStreamId), handler: &handler)
        case "getStreamLength":
            // A live stream has none.
            answer(command, .number(0))
        case "play", "play2":
            reject(
                code: StatusCode.playFailed,
                description: "RTMP is for publishing here. Watch the stream over HTTP: "
                    + "/\(printable(connection.app))/NAME.flv on the HTTP port.",
                messageStreamId: messageStreamId, handler: &handler)
        case "_result", "_error", "onStatus":
            break
        default:
            guard command.wantsAnswer else { break }
            writeCommand(
                "_error", transactionId: command.transactionId,
                statusInformation(
                    .error, code: StatusCode.callFailed,
                    description: "There is no command \(printable(command.name))."))
        }
    }

    // MARK: Connection

    private mutating func connect<Handler: RTMPServerHandler & ~Copyable>(
        _ command: RTMPCommand, handler: inout Handler
    ) throws(RTMPError) {
        let connection = Connection(
            app: command.object?["app"]?.stringValue ?? "",
            tcUrl: command.object?["tcUrl"]?.stringValue ?? "",
            flashVersion: command.object?["flashVer"]?.stringValue.map(printable))
        let longest = max(connection.app.utf8.count, connection.tcUrl.utf8.count)
        guard longest <= limits.addressByteCountMax else {
            throw .commandMalformed(
                reason: "its address has \(longest) bytes, more than \(limits.addressByteCountMax)")
        }
        self.connection = connection
        let window = UInt32(clamping: limits.acknowledgementWindowByteCount)
        sendWindow(window)
        writer.writeSetPeerBandwidth(window, to: &outbox)
        writer.setChunkSize(limits.outgoingChunkSize, to: &outbox)

        let address = StreamAddress(
            app: connection.app, name: "", tcUrl: connection.tcUrl, limits: limits)
        switch handler.connect(app: address.app, tcUrl: connection.tcUrl) {
        case .accept:
            let capabilities = ConnectCapabilities.answer(to: command.object)
            let information = statusInformation(
                .status, code: StatusCode.connectSuccess, description: "Connected.",
                extra: [AMF0Property("objectEncoding", .number(0))] + capabilities)
            // The specification doesn't say which of the two objects holds the capabilities, and
            // clients look in either.
            let properties: [AMF0Property] = [
                AMF0Property("fmsVer", .string("FMS/3,0,1,123")),
                AMF0Property("capabilities", .number(31)),
            ]
            writeCommand(
                "_result", transactionId: command.transactionId,
                object: .object(properties + capabilities), information)
        case .wait: preconditionFailure("only a publish is waited for")
        case .reject(let code, let description):
            isClosing = true
            writeCommand(
                "_error", transactionId: command.transactionId,
                statusInformation(.error, code: code, description: description))
        }
    }

    private mutating func createStream(_ command: RTMPCommand) {
        guard let id = messageStreams.create(countMax: limits.messageStreamCountMax) else {
            writeCommand(
                "_error", transactionId: command.transactionId,
                statusInformation(
                    .error, code: StatusCode.callFailed,
                    description: "A connection has at most \(limits.messageStreamCountMax) "
                        + "streams."))
            return
        }
        writeCommand("_result", transactionId: command.transactionId, .number(Double(id)))
    }

    // MARK: Publishing

    private mutating func publish<Handler: RTMPServerHandler & ~Copyable>(
        _ command: RTMPCommand, messageStreamId: UInt32, connection: Connection,
        handler: inout Handler
    ) {
        guard messageStreams.haveCreated(messageStreamId) else {
            return reject(
                code: StatusCode.publishFailed,
                description: "There is no message stream \(messageStreamId). An encoder has to "
                    + "call createStream and publish on the stream it gets.",
                messageStreamId: messageStreamId, handler: &handler)
        }
        guard let name = command.argument(0)?.stringValue else {
            return reject(
                code: StatusCode.publishBadName,
                description: "No stream name was given. The address is "
                    + "rtmp://HOST/live/NAME?key=KEY.",
                messageStreamId: messageStreamId, handler: &handler)
        }
        guard name.utf8.count <= limits.addressByteCountMax else {
            return reject(
                code: StatusCode.publishBadName,
                description: "The stream name has \(name.utf8.count) bytes; at most "
                    + "\(limits.addressByteCountMax) are taken, key included.",
                messageStreamId: messageStreamId, handler: &handler)
        }
        let address = StreamAddress(
            app: connection.app, name: name, tcUrl: connection.tcUrl, limits: limits)
        if let publication {
            return publishAgain(
                address.streamName, messageStreamId: messageStreamId, while: publication,
                handler: &handler)
        }
        let request = RTMPPublishRequest(
            app: address.app, streamName: address.streamName, pathKey: address.rest,
            query: address.query, tcUrl: connection.tcUrl,
            flashVersion: connection.flashVersion)
        decide(request, messageStreamId: messageStreamId, handler: &handler)
    }

    /// Asks the handler, and does as it says.
    mutating func decide<Handler: RTMPServerHandler & ~Copyable>(
        _ request: RTMPPublishRequest, messageStreamId: UInt32, handler: inout Handler
    ) {
        switch handler.publish(request) {
        case .wait:
            undecided = Undecided(messageStreamId: messageStreamId, request: request)
        case .accept:
            beginPublication(
                Publication(messageStreamId: messageStreamId, streamName: request.streamName))
            writePublishStart(request.streamName, messageStreamId: messageStreamId)
        case .reject(let code, let description):
            // The handler knows, having said so.
            close(code: code, description: description, messageStreamId: messageStreamId)
        }
    }

    /// A publish while one goes on: the same again is answered again, as encoders that repeat
    /// themselves expect; another one is refused, and what goes on isn't touched.
    private mutating func publishAgain<Handler: RTMPServerHandler & ~Copyable>(
        _ name: String, messageStreamId: UInt32, while current: Publication,
        handler: inout Handler
    ) {
        guard name == current.streamName else {
            let text =
                "This connection publishes \(printable(current.streamName)). End that with "
                + "deleteStream before you publish another stream, or use another connection."
            writeStatus(
                .error, code: StatusCode.publishBadName, description: text,
                messageStreamId: messageStreamId)
            handler.refused(reason: text)
            return
        }
        publication?.messageStreamId = messageStreamId
        writePublishStart(name, messageStreamId: messageStreamId)
    }

    private mutating func writePublishStart(_ name: String, messageStreamId: UInt32) {
        writer.writeUserControl(.streamBegin, messageStreamId, to: &outbox)
        writeStatus(
            .status, code: StatusCode.publishStart, description: "\(name) is being published.",
            messageStreamId: messageStreamId)
    }

    /// deleteStream and closeStream. The connection stays: GStreamer reports a failure when we hang
    /// up before it does.
    private mutating func end<Handler: RTMPServerHandler & ~Copyable>(
        _ command: RTMPCommand, named messageStreamId: Double?, handler: inout Handler
    ) {
        let published = publishedMessageStreamId.map { Double($0) }
        if messageStreamId == nil || messageStreamId == published {
            unpublish(command, handler: &handler)
        }
        answer(command, .undefined)
    }

    private mutating func unpublish<Handler: RTMPServerHandler & ~Copyable>(
        _ command: RTMPCommand, handler: inout Handler
    ) {
        guard let messageStreamId = publishedMessageStreamId else { return }
        publication = nil
        handler.unpublish(reason: command.name)
        writeStatus(
            .status, code: StatusCode.unpublishSuccess,
            description: "The stream is no longer published.", messageStreamId: messageStreamId)
    }

    // MARK: Answers

    /// Refuses on the session's own account, and closes.
    private mutating func reject<Handler: RTMPServerHandler & ~Copyable>(
        code: String, description: String, messageStreamId: UInt32, handler: inout Handler
    ) {
        handler.refused(reason: description)
        close(code: code, description: description, messageStreamId: messageStreamId)
    }

    /// The last word to the peer.
    private mutating func close(code: String, description: String, messageStreamId: UInt32) {
        isClosing = true
        writeStatus(.error, code: code, description: description, messageStreamId: messageStreamId)
    }

    /// `_result` with a value, if the peer waits for one.
    private mutating func answer(_ command: RTMPCommand, _ value: AMF0Value) {
        guard command.wantsAnswer else { return }
        writeCommand("_result", transactionId: command.transactionId, value)
    }

    /// `onStatus` on a message stream.
    mutating func writeStatus(
        _ level: RTMPStatusLevel, code: String, description: String, messageStreamId: UInt32
    ) {
        writeCommand(
            "onStatus", messageStreamId: messageStreamId,
            statusInformation(level, code: code, description: description))
    }

    private mutating func writeCommand(
        _ name: String, transactionId: Double = 0, messageStreamId: UInt32 = 0,
        object: AMF0Value = .null, _ value: AMF0Value
    ) {
        let body = AMF0.encode(.string(name), .number(transactionId), object, value)
        // The connection's commands and a stream's go by chunk streams of their own, as usual.
        unsafe writer.write(
            .command, chunkStreamId: messageStreamId == 0 ? 3 : 5,
            messageStreamId: messageStreamId, body: body.span.bytes, to: &outbox)
    }
}

/// Text of the peer as it may stand in an answer or log: short, and without control characters.
private func printable(_ text: String) -> String {
    let characters = text.unicodeScalars.prefix(64).map { scalar in
        scalar.value >= 0x20 && scalar.value < 0x7F ? Character(scalar) : "?"
    }
    return String(characters)
}
