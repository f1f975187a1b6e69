// Addresses that nobody plays from: the ban of all who came from there, and its way back.

/// What the ban of an address did.
struct AddressBan: Equatable, Sendable {
    /// Players who were in no one's way before.
    var removed: [PlayerNumber] = []
    /// Players who had been kicked before.
    var kicked: [PlayerNumber] = []
}

extension Show {
    /// The addresses that are banned, as `ShowCommand.banAddress` named them.
    public var bannedAddresses: [String] { addressBans.keys.sorted() }

    /// Whether an address of exactly this name is banned.
    public func isBanned(address: String) -> Bool { addressBans[address] != nil }

    func checkBan(of address: String, _ removed: [PlayerNumber]) throws(ShowRefusal) {
        do {
            try TextRule.check(address, byteCountMax: TriviaLimits.addressByteCountMax)
        } catch { throw .badAddress(error) }
        guard addressBans[address] == nil else { throw .addressBannedBefore(address) }
        guard addressBans.count < TriviaLimits.addressBanCountMax else {
            throw .tooManyAddressBans
        }
        guard removed.count <= players.tally.players, Set(removed).count == removed.count else {
            throw .unknownPlayer
        }
        for player in removed {
            guard players.contains(player) else { throw .unknownPlayer }
            guard players.seats[player.index].removal != .banned else { throw .removedBefore }
        }
    }

    mutating func ban(address: String, _ removed: [PlayerNumber]) {
        var ban = AddressBan()
        for player in removed {
            if players.seats[player.index].removal == .kicked {
                ban.kicked.append(player)
            } else {
                ban.removed.append(player)
            }
            setRemoval(.banned, of: player)
        }
        addressBans[address] = ban
    }

    /// A player taken back by the host is no longer one that a ban of an address holds.
    mutating func releaseFromAddressBans(_ player: PlayerNumber) {
        for address in Array(addressBans.keys) {
            addressBans[address]?.removed.removeAll { $0 == player }
            addressBans[address]?.kicked.removeAll { $0 == player }
        }
    }

    /// Whom the host has reinstated or banned one by one meanwhile stays what it is.
    mutating func takeBackBan(of address: String) {
        guard let ban = addressBans.removeValue(forKey: address) else { return }
        for player in ban.removed where players.seats[player.index].removal == .banned {
            setRemoval(.none, of: player)
        }
        for player in ban.kicked where players.seats[player.index].removal == .banned {
            setRemoval(.kicked, of: player)
        }
    }
}
