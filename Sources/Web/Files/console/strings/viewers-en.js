// The words of the Viewers page in English.

/** What the page says itself. */
export const viewersText = {
    title: "Viewers", none: "Nobody watches.",
    shown: (/** @type {string} */ shown, /** @type {string} */ count) =>
        `${shown} of ${count} are shown, by chance`,
    all: (/** @type {string} */ count) => `${count} watch`,
    filter: "Only from this address", stream: "Stream", every: "All", look: "Look",
    hostOnly: "Only hosts and directors see who watches.",
    columns: {
        address: "Address", stream: "Stream", who: "Player", agent: "Software", time: "For",
        behind: "Behind", bytes: "Sent",
    },
    actions: "End or ban", kick: "End", ban: "Ban",
    kickAsk: (/** @type {string} */ address) => `End this viewer at ${address}?`,
    kickDetail: "Most players connect again by themselves. A ban keeps an address away.",
    bans: "Bans", noBans: "No address is banned.", address: "Address",
    addressHint: "203.0.113.7, or 203.0.113.0/24 for a range",
    span: "For", spanHint: "90s, 30m, 2h, 7d; empty until it is lifted", reason: "Reason",
    make: "Ban", lift: "Lift", bad: "An address and, if at all, a time such as 2h are needed.",
    forever: "until it is lifted",
    until: (/** @type {string} */ time) => `until ${time}`,
    by: (/** @type {string} */ name) => `by ${name}`,
    banned: (/** @type {string} */ address, /** @type {number} */ count) =>
        `${address} is banned; ${count === 1 ? "1 connection was" : `${count} connections were`} ended.`,
    directorOnly: "Only a director bans, lifts bans and drains.",
    drain: "Out of service", drainOff: "Newcomers are let in.",
    drainOn: (/** @type {string} */ count) => `Nobody new is let in; ${count} still watch.`,
    drainDo: "Let nobody new in", drainUndo: "Let newcomers in",
    drainAsk: "Let nobody new in?",
    drainDetail: "Load balancers send newcomers elsewhere. Who watches stays, players may come back.",
};
