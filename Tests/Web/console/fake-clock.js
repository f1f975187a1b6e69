// A clock that tests move by hand: timers fire in order, and promises are let run in between.

/** Stands in for performance.now, setTimeout and clearTimeout. */
export class FakeClock {
    constructor() {
        this.nowMs = 0;
        this.timers = [];
        this.count = 0;
        this.now = () => this.nowMs;
        this.setTimer = (work, ms) => {
            const timer = { atMs: this.nowMs + ms, number: ++this.count, work };
            this.timers.push(timer);
            return timer;
        };
        this.clearTimer = (timer) => {
            this.timers = this.timers.filter((other) => other !== timer);
        };
    }

    /** Moves on, firing what is due on the way. */
    async advance(ms) {
        const untilMs = this.nowMs + ms;
        await settle();
        for (;;) {
            const due = this.timers.filter((timer) => timer.atMs <= untilMs)
                .sort((a, b) => a.atMs - b.atMs || a.number - b.number)[0];
            if (!due) break;
            this.clearTimer(due);
            this.nowMs = due.atMs;
            due.work();
            await settle();
        }
        this.nowMs = untilMs;
        await settle();
    }
}

/** Lets everything that was promised run. */
export async function settle() {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
