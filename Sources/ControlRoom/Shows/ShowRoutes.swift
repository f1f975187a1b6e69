// Shows over the staff API: what all its routes have in common.

import Hummingbird
import Trivia

/// Everything below `/api/v1/shows`.
struct ShowRoutes {
    let desk: any ShowDesk
    /// Where those who look on are told what has changed.
    let hub: LiveHub
    /// Where consoles are told what was done.
    let events: EventHub
    /// Where dividing a prize needs two people; nil where one will do.
    var second: SecondPerson?
    /// Where files are read.
    let lane = ImportLane()

    static let root = "/api/v1/shows"
    static let path = root + "/{show}"

    var endpoints: [Endpoint] {
        resourceEndpoints + questionEndpoints + commandEndpoints + reportEndpoints
            + answerEndpoints + playerEndpoints
    }

    static let receipt = Endpoint.Answer(
        status: 200, summary: "Done, and safe. The same again for the same id.",
        content: [.json(.named("OrderReceipt"))])
    static let stale = Endpoint.Answer(
        status: 409,
        summary: "Not in this phase, or somebody has changed the show since; the show as it is.",
        content: [.json(.named("Error"))])

    /// The show of the path. A name that can't be one is told as it stands, without a look-up.
    func show(_ context: StaffContext) throws -> String {
        let name = try context.parameters.require("show")
        guard name.utf8.count <= Limits.orderIDByteCountMax else {
            throw StaffError.refusal(.unknownShow)
        }
        return name
    }

    /// Gives an order, and answers with the receipt. Whoever looks on hears of it from the desk.
    func perform(
        _ order: ShowCommand, on show: String, under ticket: OrderTicket, _ context: StaffContext,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let receipt: OrderReceipt
        do throws(ShowDeskRefusal) {
            receipt = try await desk.perform(order, on: show, under: ticket)
        } catch {
            var state: ShowState?
            switch error {
            case .notNow, .unseen, .unconfirmed: state = try? await desk.state(of: show)
            default: break
            }
            throw StaffError.refusal(error, state: state)
        }
        let (command, text) = order.deed
        await events.note(
            Deed(by: ticket.by, show: show, command: command, text: text), orderID: ticket.id)
        return try context.json(receipt, status: receipt.isPending ? .accepted : status)
    }

    /// What the desk says, its refusals made answers.
    func asking<Value>(
        _ body: (any ShowDesk) async throws -> Value
    ) async throws -> Value {
        do {
            return try await body(desk)
        } catch let refusal as ShowDeskRefusal {
            throw StaffError.refusal(refusal)
        }
    }

    /// What a body says, its faults made answers.
    static func reading<Value>(_ body: () throws(Complaint) -> Value) throws -> Value {
        do throws(Complaint) {
            return try body()
        } catch {
            throw StaffError.bad(error)
        }
    }
}
