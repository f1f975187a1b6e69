// Fuzzes what staff write: questions as JSON and CSV, and a show's plan as JSON.

@testable import StaffFiles

/// libFuzzer's entry: the first byte says which kind of file the others are.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzStaffFile(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let kind = input.first else { return 0 }
    let bytes = Array(input.dropFirst())
    switch kind % 3 {
    case 0:
        if let tree = try? JSONTreeReader.tree(in: bytes) { check(QuestionJSON.read(tree)) }
    case 1: check(QuestionCSV.read(String(decoding: bytes, as: UTF8.self)))
    default:
        guard let tree = try? JSONTreeReader.tree(in: bytes),
            let fields = try? JSONFields(tree, what: "a show", keys: ShowPlanJSON.keys)
        else { return 0 }
        _ = try? ShowPlanJSON.read(fields)
    }
    return 0
}

/// Whatever is read has a right option, and is read again as the same.
private func check(_ rows: QuestionRows) {
    for row in rows.rows {
        precondition(row.options.isEmpty || 1...row.options.count ~= row.correct)
    }
    guard let questions = try? rows.questions(takenIDs: []) else { return }
    _ = QuestionCSV.read(QuestionCSV.write(questions))
}
