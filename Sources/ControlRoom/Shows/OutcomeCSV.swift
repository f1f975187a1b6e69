// Results and winners as CSV.

/// One row for each question, or for each winner.
enum OutcomeCSV {
    static func text(of results: ShowResults) -> String {
        // Nobody brings results back in, but everybody opens them in a spreadsheet.
        var writer = CSVWriter(.players)
        let options = 1...Limits.optionCount.upperBound
        writer.add(
            ["number", "id", "text", "state", "correct", "correctText"]
                + options.map { "count\($0)" } + [
                    "correctCount", "wrongCount", "missingCount", "revivedCount",
                    "eliminatedCount", "survivorCount", "voidReason",
                ])
        for (index, result) in results.questions.enumerated() {
            let question = result.question
            let isKnown = question.options.indices.contains(question.correct - 1)
            writer.add(
                [
                    String(index + 1), question.id, question.text, result.state.rawValue,
                    String(question.correct),
                    isKnown ? question.options[question.correct - 1] : "",
                ]
                    + options.map { number in
                        number <= result.counts.count ? String(result.counts[number - 1]) : ""
                    }
                    + [
                        result.correctCount, result.wrongCount, result.missingCount,
                        result.revivedCount, result.eliminatedCount, result.survivorCount,
                    ].map(String.init) + [result.voidReason ?? ""])
        }
        return writer.text
    }

    static func text(of winners: ShowWinners) -> String {
        var writer = CSVWriter(.players)
        writer.add([
            "place", "id", "name", "score", "timeMs", "amount", "currency", "minorUnits", "lags",
        ])
        for winner in winners.winners {
            writer.add([
                String(winner.place), winner.id, winner.name, String(winner.score),
                String(winner.timeMs),
                winners.isRehearsal ? "rehearsal" : winner.amount ?? "",
                winners.prize?.currency ?? "",
                winners.isRehearsal ? "0" : String(winner.minorUnits),
                winner.lags.map(\.text).joined(separator: "; "),
            ])
        }
        return writer.text
    }
}
