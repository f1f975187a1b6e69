// Who is ahead, who has won, and how the prize is divided among them.

extension Show {
    /// Those who have won, as things stand: the first is the best. It is final once the show is
    /// finished.
    ///
    /// In a knockout show all who are still in win; in a points show whoever `plan.winnerRule`
    /// says. Nobody wins before a question has been revealed, and nobody ever who hasn't given an
    /// answer that counts to a question that counts. If that leaves nobody, the whole prize is kept.
    ///
    /// The order is by score, then by the least time taken, then by who joined first. No lot is
    /// drawn.
    public var winners: [PlayerNumber] { winners(silentWin: silentWin) }

    private func winners(silentWin: Bool) -> [PlayerNumber] {
        guard rounds.contains(where: { $0.effect != nil }) else { return [] }
        var ranked = playersIn(scoreMin: plan.mode == .knockout ? 0 : 1)
        if !silentWin { ranked.removeAll { !hasAnswered($0) } }
        ranked.sort(by: isAhead)
        guard plan.mode == .points, let first = ranked.first else { return ranked }
        switch plan.winnerRule {
        case .topScore:
            let score = players.seats[first.index].score
            return Array(ranked.prefix { players.seats[$0.index].score == score })
        case .best(let count):
            guard count < ranked.count else { return ranked }
            let last = players.seats[ranked[count - 1].index]
            let tied = ranked[count...].prefix { player in
                let seat = players.seats[player.index]
                return seat.score == last.score && seat.timeMs == last.timeMs
            }
            return Array(ranked[..<count]) + tied
        }
    }

    /// The best of those who are in, the best first, at most `TriviaLimits.standingCountMax`.
    public var topStandings: [Standing] {
        var top: [PlayerNumber] = []
        for player in playersIn(scoreMin: 0) {
            if top.count == TriviaLimits.standingCountMax {
                guard isAhead(player, top[top.count - 1]) else { continue }
                top.removeLast()
            }
            let place = top.firstIndex { isAhead(player, $0) } ?? top.count
            top.insert(player, at: place)
        }
        return top.compactMap { standing(of: $0) }
    }

    /// The places of players who are in and in their order, from 1: whom the rule holds for equal has
    /// the same place, and whoever comes after them has as many before it (1, 1, 1, 4).
    ///
    /// In a knockout show all who are in are equal. In a points show the score tells, and where the
    /// rule is the best so many, the time does, too.
    func places(of ranked: [PlayerNumber]) -> [Int] {
        var places: [Int] = []
        for (index, player) in ranked.enumerated() {
            let isLevel = index > 0 && isLevel(player, ranked[index - 1])
            places.append(isLevel ? places[index - 1] : index + 1)
        }
        return places
    }

    private func isLevel(_ left: PlayerNumber, _ right: PlayerNumber) -> Bool {
        guard plan.mode == .points else { return true }
        let one = players.seats[left.index]
        let other = players.seats[right.index]
        guard one.score == other.score else { return false }
        if case .best = plan.winnerRule { return one.timeMs == other.timeMs }
        return true
    }

    /// The prize divided among the winners, as things stand. nil where there is no prize.
    public func winnersSplit() -> PrizeSplit? { winnersSplit(silentWin: silentWin) }

    func winnersSplit(silentWin: Bool) -> PrizeSplit? {
        guard let prize = plan.prize else { return nil }
        return prize.split(winnerCount: winners(silentWin: silentWin).count)
    }

    /// How many are in who have never answered, and so can't win.
    var silentCount: Int { playersIn(scoreMin: 0).count { !hasAnswered($0) } }

    /// Whether a player has given an answer that counts to a question that was revealed and counts.
    private func hasAnswered(_ player: PlayerNumber) -> Bool {
        rounds.indices.contains { round in
            rounds[round].terms.isRevealed
                && player.index < rounds[round].sheet.choices.count
                && rounds[round].sheet.choices[player.index] != AnswerSheet.none
        }
    }

    private func playersIn(scoreMin: Int32) -> [PlayerNumber] {
        var numbers: [PlayerNumber] = []
        for index in players.seats.indices {
            let seat = players.seats[index]
            if seat.isIn && seat.score >= scoreMin {
                numbers.append(PlayerNumber(rawValue: Int32(index)))
            }
        }
        return numbers
    }

    private func isAhead(_ left: PlayerNumber, _ right: PlayerNumber) -> Bool {
        let one = players.seats[left.index]
        let other = players.seats[right.index]
        if one.score != other.score { return one.score > other.score }
        if one.timeMs != other.timeMs { return one.timeMs < other.timeMs }
        return left < right
    }
}
