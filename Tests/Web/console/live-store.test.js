// The store: the newest state of a show is held, whichever way and order it comes.
import test from "node:test";
import assert from "node:assert/strict";
import { LiveStore, isNewerState } from "../../../Sources/Web/Files/console/live-store.js";
import { onOf, stateOf } from "./states.js";

test("a higher version always wins, a lower one never does", () => {
    const held = stateOf({ version: 7 });
    assert.equal(isNewerState(held, stateOf({ version: 8 }), "reply"), true);
    assert.equal(isNewerState(held, stateOf({ version: 6 }), "event"), false);
    assert.equal(isNewerState(undefined, stateOf({ version: 0 }), "reply"), true);
});

test("of one version an event wins over a reply, which may be older", () => {
    const store = new LiveStore({ now: () => 0 });
    const counted = (answeredCount) => stateOf({ question: onOf("open", { answeredCount }) });
    store.receive("show", counted(5));
    assert.equal(store.receiveShow(counted(2), "reply"), false);
    store.receive("show", counted(6));
    assert.equal(store.show("final").question.answeredCount, 6);
});

test("after a lost link whatever the server says of a show is taken", () => {
    const store = new LiveStore({ now: () => 0 });
    store.setLink({ state: "up", sinceMs: 0, tries: 0 });
    store.receive("show", stateOf({ version: 40 }));
    store.setLink({ state: "lost", sinceMs: 1, tries: 1 });
    assert.ok(store.staleShows.has("final"));
    store.setLink({ state: "up", sinceMs: 2, tries: 0 });
    store.receive("show", stateOf({ version: 3 }));
    assert.equal(store.show("final").version, 3, "restored from a backup, say");
    assert.equal(store.staleShows.size, 0);
    store.receive("show", stateOf({ version: 2 }));
    assert.equal(store.show("final").version, 3);
});

test("a show that is gone is forgotten, and comes anew from version 0", () => {
    const store = new LiveStore({ now: () => 0 });
    store.receive("show", stateOf({ version: 40 }));
    store.receive("shows", { shows: [] });
    assert.equal(store.show("final"), undefined);
    store.receive("show", stateOf({ version: 0 }));
    assert.equal(store.show("final").version, 0);
});

test("times run down from when they were told, and stand still in a pause", () => {
    let nowMs = 1000;
    const store = new LiveStore({ now: () => nowMs });
    store.receive("show", stateOf());
    nowMs = 1400;
    assert.equal(store.leftMs("final", 3000), 2600);
    nowMs = 9000;
    assert.equal(store.leftMs("final", 3000), 0);
    assert.equal(store.leftMs("final", undefined), undefined);
    assert.equal(store.leftMs("other", 3000), undefined);
    store.receive("show", stateOf({ version: 8, isPaused: true }));
    nowMs = 99_000;
    assert.equal(store.leftMs("final", 3000), 3000);
});

test("deeds come once each and in order, however they are told again", () => {
    const store = new LiveStore({ now: () => 0 });
    const deed = (atMs, by) => ({ atMs, by, show: "final", command: "open",
        text: "question 1 opened" });
    for (const each of [deed(3, "Eva"), deed(1, "Ben"), deed(3, "Eva"),
        deed(2, "Eva")]) store.receive("deed", each);
    assert.deepEqual(store.deeds.map((each) => each.atMs), [1, 2, 3]);
    assert.equal(store.lastDeedOf("final", "Eva").by, "Ben");
    assert.equal(store.lastDeedOf("other"), undefined);
    for (let at = 0; at < 500; at++) store.receive("deed", deed(100 + at, "Ben"));
    assert.equal(store.deeds.length, 200);
    assert.equal(store.deeds[199].atMs, 599);
});

test("what can't be read is passed over", () => {
    const store = new LiveStore({ now: () => 0 });
    for (const data of [null, 5, "x", {}, { shows: 5 }, { streams: {} }, { id: 5 }]) {
        for (const name of ["programme", "shows", "show", "deed", "what"]) store.receive(
            name, data);
    }
    assert.equal(store.programme, null);
    assert.equal(store.shows.size, 0);
});

test("listeners are told what changed", () => {
    const store = new LiveStore({ now: () => 0 });
    const told = [];
    const end = store.subscribe((what) => told.push(what));
    store.receive("show", stateOf());
    store.receive("show", stateOf({ version: 1 }));
    store.receive("programme", { streams: [] });
    end();
    store.receive("programme", { streams: [] });
    assert.deepEqual(told, ["show", "programme"]);
});
