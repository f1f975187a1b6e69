// Shows' states for tests, as the server tells them.

export const plan = {
    title: "Friday Final", mode: "knockout", reviveCount: 1, graceMs: 500, lagMsMax: 4000,
        speedLagMsMax: 1000,
    defaultLagMs: 2000, pointsBase: 500, pointsSpeed: 500, entryClosesAtQuestion: 1,
        guestsMayWin: true,
    isRehearsal: false, locksWhenAllAnswered: false,
        prize: { amount: "1000.00", currency: "EUR", minorUnits: 100000 },
};

export const questionOf = (id, more = {}) => ({
    id, text: `Question ${id}?`, options: ["a", "b", "c"], correct: 2, windowMs: 10_000,
        spare: false, ...more,
});

export const stateOf = (more = {}) => ({
    id: "final", phase: "live", stream: "demo", version: 7, plan, isPaused: false,
        isPlanDone: false,
    askedCount: 0, plannedCount: 3, spareCount: 1, waitingCount: 3, nextQuestion: "q1", notes: [],
    crowdedAddresses: [], tally: { players: 10, survivors: 8, eliminated: 2, spectators: 1 },
        ...more,
});

export const onOf = (state, more = {}) => ({
    question: questionOf("q1"), state, number: 1, of: 3, isLast: false, counts: [1, 5, 2],
        answeredCount: 8,
    askedCount: 10, isLockPending: false, ...more,
});
