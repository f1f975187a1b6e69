// AMF0: what our cues are made of, and bytes that mean harm.
import test from "node:test";
import assert from "node:assert/strict";
import { readScript, AMFReader, AMFError } from "../../../Sources/Web/Files/player/amf0.js";
import { amf0 } from "./support/flv-files.mjs";
import { seeded } from "./support/files.mjs";

test("a cue is read as it was written", () => {
    const cue = { seq: 7, pts: 61240, show: "s", phase: "question", options: ["Ä", "B", "三"], paused: false,
        prize: { minorUnits: 100, amount: "1.00", currency: "EUR" }, counts: [1, 2, 3] };
    const body = Buffer.concat([amf0("onQuiz"), amf0(cue)]);
    assert.deepEqual(readScript(body), { name: "onQuiz", value: cue });
});

test("an ECMA array, null, undefined and dates are read", () => {
    const ecma = Buffer.concat([Buffer.from([8, 0, 0, 0, 9]), amf0({ a: 1 }).subarray(1)]);
    assert.deepEqual(new AMFReader(ecma).value(), { a: 1 });
    assert.equal(new AMFReader(Uint8Array.from([5])).value(), null);
    assert.equal(new AMFReader(Uint8Array.from([6])).value(), null);
    assert.equal(new AMFReader(Buffer.concat([Buffer.from([11]), amf0(3).subarray(1), Buffer.alloc(2)])).value(), 3);
});

test("an object without its end mark ends with the tag", () => {
    const bytes = amf0({ a: 1, b: "x" });
    assert.deepEqual(new AMFReader(bytes.subarray(0, bytes.length - 3)).value(), { a: 1, b: "x" });
});

test("__proto__ changes nothing", () => {
    const bytes = Buffer.concat([Buffer.from([3, 0, 9]), Buffer.from("__proto__"), amf0({ isAdmin: true }), Buffer.from([0, 0, 9])]);
    const value = new AMFReader(bytes).value();
    assert.equal(value.isAdmin, undefined);
    assert.deepEqual(Object.keys(value), []);
});

test("depth and number of values are bounded", () => {
    let deep = amf0(1);
    for (let level = 0; level < 40; level++) deep = Buffer.concat([Buffer.from([10, 0, 0, 0, 1]), deep]);
    assert.throws(() => new AMFReader(deep).value(), AMFError);
    const wide = Buffer.alloc(5 + 20_000, 5);
    wide[0] = 10;
    wide.writeUInt32BE(20_000, 1);
    assert.throws(() => new AMFReader(wide).value(), AMFError);
});

test("cut or changed anywhere, it is an AMFError or a value", () => {
    const body = Buffer.concat([amf0("onQuiz"), amf0({ a: [1, "b", { c: true }], d: "e" })]);
    const random = seeded(5);
    for (let round = 0; round < 4000; round++) {
        const bytes = Buffer.from(body.subarray(0, Math.floor(random() * (body.length + 1))));
        for (let change = 0; change < 3 && bytes.length; change++) bytes[Math.floor(random() * bytes.length)] = random() * 256;
        try {
            readScript(bytes);
        } catch (error) {
            assert.ok(error instanceof AMFError, String(error));
        }
    }
});
