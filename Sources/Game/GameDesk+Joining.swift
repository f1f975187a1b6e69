// Players coming in: by a token of the producer's, or by a name.

import Access
public import WireBytes

extension GameDesk {
    /// Lets in whoever has a good token, once for each connection. Waits for no disk.
    ///
    /// The ticket is good while the process runs. The player is on disk before its first answer is
    /// acknowledged.
    ///
    /// - Parameters:
    ///   - stream: the stream that is to be watched; nil for a request of its own.
    ///   - host: where it comes from; nil where that isn't known.
    public func admit(
        token: RawSpan, stream: String? = nil, host: HostKey? = nil
    ) -> Result<PlayerTicket, AdmissionRefusal> {
        do throws(PlayerTokenError) {
            let player = try PlayerToken.verify(
                token, key: settings.playerKey, show: nil, nowUnixS: Int(clock.wallMs / 1000))
            return admit(
                id: player.subject, name: player.name, show: player.show, stream: stream,
                host: host)
        } catch { return .failure(.token(error)) }
    }

    /// Lets in a player whose token somebody else has verified.
    public func admit(
        id: String, name: String, show: String, stream: String? = nil, host: HostKey? = nil
    ) -> Result<PlayerTicket, AdmissionRefusal> {
        let origin = PlayerOrigin(host: host, joinedMs: clock.wallMs)
        do throws(AdmissionRefusal) {
            return .success(
                try admission.admit(
                    id: id, name: name, show: show, stream: stream, origin: origin))
        } catch { return .failure(error) }
    }

    /// Lets a guest into a show that takes players, or will, and makes a token to come back with.
    ///
    /// The guest has a place in the show with the next turn (`afterNextTurn`), or when it takes players.
    ///
    /// - Parameters:
    ///   - name: the guest's.
    ///   - show: the show's id; nil for the only one there is.
    ///   - stream: the stream that is watched, where the guest says so.
    ///   - host: where the guest comes from; nil where that isn't known.
    /// - Throws: `AdmissionRefusal` with a sentence for the player.
    public func join(
        name: String, show: String?, stream: String? = nil, host: HostKey? = nil
    ) throws(AdmissionRefusal) -> String {
        guard settings.allowsGuests else { throw .noGuests }
        guard PlayerText.isFit(name, byteCountMax: PlayerTokenLimits.nameByteCountMax) else {
            throw .badName
        }
        let show = try admission.openShow(show, stream: stream)
        let id: String
        do { id = try GuestID.random() } catch {
            throw .noToken(error.description)
        }
        let token: String
        do throws(PlayerTokenError) {
            token = try PlayerToken(
                subject: id, name: name, show: show,
                expiresAtUnixS: Int(clock.wallMs / 1000) + GameLimits.guestTokenS
            ).mint(key: settings.playerKey)
        } catch { throw .noToken(error.description) }
        _ = try admit(id: id, name: name, show: show, host: host).get()
        return token
    }
}
