// What the staff plane says.

import Foundation

extension ServerProcess {
    /// A question to the staff plane.
    func staff(_ path: String, method: String = "GET") throws -> HTTPAnswer {
        try HTTPClient.ask(port: staffPort, method: method, path)
    }

    /// One metric by its name and labels as they stand there; nil if there is none.
    func metric(_ name: String) throws -> Double? {
        try staff("/metrics").text.split(separator: "\n")
            .first { $0.hasPrefix(name + " ") }
            .flatMap { Double($0.dropFirst(name.utf8.count + 1)) }
    }

    /// The sum of a metric over all labels.
    func sum(of name: String) throws -> Double {
        try staff("/metrics").text.split(separator: "\n")
            .filter { $0.hasPrefix(name + "{") || $0.hasPrefix(name + " ") }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
            .reduce(0, +)
    }

    /// `GET /api/v1/streams/<name>`, as JSON.
    func streamStatus(_ name: String = "show") throws -> [String: Any] {
        try staff("/api/v1/streams/\(name)").json
    }

    /// Asks again and again until the answer is right.
    func wait(
        for what: String, within seconds: Double = 15, until isReached: () throws -> Bool
    ) throws {
        let deadline = Deadline(seconds: seconds)
        while try !isReached() {
            guard !deadline.isOver else { throw TestFailure.timedOut(waitingFor: what) }
            // Each question is a request of its own; this only keeps them from being a load.
            usleep(10_000)
        }
    }
}
