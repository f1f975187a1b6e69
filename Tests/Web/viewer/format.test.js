// Numbers, money, time and shares as they are written.

import assert from "node:assert/strict";
import test from "node:test";
import { formatCountdown, formatSeconds, formatMoment, formatMoney, formatPercent,
    formatShortNumber,
    percentages } from "../../../Sources/Web/Files/shared/format.js";

/** Some of Intl's spaces are narrow or don't break. */
const plain = (/** @type {string} */ words) => words.replace(/[\u00a0\u202f]/g, " ");

test("money has the digits that the server's amount has", () => {
    const sum = { minorUnits: 100000, amount: "1000.00", currency: "EUR" };
    assert.equal(formatMoney(sum, "en"), "€1,000.00");
    assert.equal(formatMoney(sum, "en", true), "€1,000");
    assert.equal(plain(formatMoney(sum, "de")), "1.000,00 €");
    assert.equal(formatMoney({ minorUnits: 1250, amount: "12.50", currency: "EUR" }, "en", true),
        "€12.50");
    assert.equal(formatMoney({ amount: "1000", currency: "JPY" }, "en"), "¥1,000");
    assert.equal(plain(formatMoney({ amount: "1.000", currency: "KWD" }, "en")), "KWD 1.000");
    assert.equal(formatMoney({ minorUnits: 1250, currency: "EUR" }, "en"), "€12.50");
    assert.equal(formatMoney({ minorUnits: 1250, currency: "JPY" }, "en"), "¥1,250");
});

test("money that is none is told without a crash", () => {
    assert.equal(formatMoney({ amount: "5.00", currency: "<b>" }, "en"), "5.00 <b>");
    assert.equal(formatMoney({ amount: "5.00" }, "en"), "5.00");
    assert.equal(formatMoney({ amount: "much", currency: "EUR" }, "en"), "");
    assert.equal(formatMoney({}, "en"), "");
});

test("shares add up to 100 and follow the counts", () => {
    for (const counts of [[1, 1, 1], [1, 2, 0, 0], [10, 0], [7, 1, 1, 1, 1, 1, 1, 1],
        [333, 333, 334],
        [15000, 1], [1, 999999]]) {
        const shares = percentages(counts);
        assert.equal(shares.reduce((sum, share) => sum + share, 0), 100, String(counts));
        for (const [index, share] of shares.entries()) {
            const exact = counts[index] * 100 / counts.reduce((sum, count) => sum + count, 0);
            assert.ok(Math.abs(share - exact) < 1, `${counts}: ${share} for ${exact}`);
            if (counts[index] === 0) assert.equal(share, 0, "nobody is no share");
        }
    }
    assert.deepEqual(percentages([0, 0]), [0, 0]);
    assert.deepEqual(percentages([]), []);
    assert.equal(plain(formatPercent(62, "de")), "62 %");
});

test("times to go", () => {
    assert.equal(formatCountdown(65000), "1:05");
    assert.equal(formatCountdown(59001), "1:00");
    assert.equal(formatCountdown(3723000), "1:02:03");
    assert.equal(formatCountdown(-5), "0:00");
});

test("delays and counts in small places", () => {
    assert.equal(formatSeconds(1234, "en"), "1.2");
    assert.equal(formatSeconds(-20, "en"), "0.0");
    assert.equal(formatSeconds(1234, "de"), "1,2");
    assert.equal(formatShortNumber(9999, "en"), "9,999");
    assert.equal(formatShortNumber(15234, "en"), "15.2K");
    assert.equal(formatShortNumber(15234, "zh"), "1.5万");
});

test("a moment has its day unless that is today", () => {
    const now = Date.UTC(2026, 11, 1, 12);
    const tonight = Date.UTC(2026, 11, 1, 19, 15);
    assert.match(formatMoment(tonight, "de", now, "Europe/Berlin"), /^20:15/);
    assert.match(formatMoment(tonight + 86400000, "de", now, "Europe/Berlin"),
        /Mittwoch.*2\. Dezember.*20:15/);
});
