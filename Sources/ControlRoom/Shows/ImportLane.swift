// Files of questions read on a thread of their own: a large one keeps no other host waiting.

/// Reads files, one at a time.
actor ImportLane {
    private let lane = SlowLane("question import")
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe lane.asUnownedSerialExecutor()
    }

    /// Everything in a file that can be read, with what can't.
    ///
    /// - Throws: `StaffError` for a file that is none at all.
    func rows(ofJSON file: [UInt8]) throws -> QuestionRows {
        QuestionJSON.read(try StaffBody.tree(file))
    }

    /// Everything in a file that can be read, with what can't.
    ///
    /// - Parameter ignoresUnknownColumns: whether columns that no question has are left out.
    func rows(ofCSV file: [UInt8], ignoresUnknownColumns: Bool) -> QuestionRows {
        do throws(Complaint) {
            return QuestionCSV.read(
                try SheetText.text(of: file), ignoresUnknownColumns: ignoresUnknownColumns)
        } catch {
            var rows = QuestionRows()
            rows.note(0, error.sentence)
            return rows
        }
    }
}
