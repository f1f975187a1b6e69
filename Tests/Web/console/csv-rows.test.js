// An import's file beside what the server says of its rows.
import test from "node:test";
import assert from "node:assert/strict";
import { csvRows, fileFault, importByteMax,
    withFaults } from "../../../Sources/Web/Files/console/csv-rows.js";

test("rows are numbered as the server counts them", () => {
    const rows =
        csvRows("\uFEFFtext,option1,option2,correct\r\n\"Sydney, or \"\"Syd\"\"?\",a,b,1\r\n\r\n"
        + "\"two\nlines\",c,d,2");
    assert.deepEqual(rows, [
        { number: 1, cells: ["text", "option1", "option2", "correct"] },
        { number: 2, cells: ["Sydney, or \"Syd\"?", "a", "b", "1"] },
        { number: 3, cells: ["two\nlines", "c", "d", "2"] },
    ]);
});

test("commas, semicolons and tabs separate", () => {
    for (const separator of [",", ";", "\t"]) {
        const rows = csvRows(`text${separator}option1\nA${separator}"x,y;z"\n`);
        assert.deepEqual(rows[1].cells, ["A", "x,y;z"], JSON.stringify(separator));
    }
});

test("whatever the file holds, it ends, bounded", () => {
    for (const text of ["", "\n\n\n", "\"never closed", "a\rb", ",", "\u0000\u0001"]) {
        assert.ok(Array.isArray(csvRows(text)), JSON.stringify(text));
    }
    assert.equal(csvRows("x,y\n".repeat(5000)).length, 1000);
});

test("faults stand at their rows, others are told apart", () => {
    const rows = csvRows("text,correct\nBad,9\nGood,1\n");
    const faults = [{ row: 2, error: "“correct” is 9." }, { row: 2, error: "No options." },
        { row: 77, error: "Gone." }];
    const marked = withFaults(rows, faults);
    assert.equal(marked.rows[1].error, "“correct” is 9. No options.");
    assert.equal(marked.rows[2].error, undefined);
    assert.deepEqual(marked.others, ["Row 77: Gone."]);
});

test("what can't be an import is told before it is sent", () => {
    assert.match(fileFault({ name: "Questions.XLSX", size: 10 }), /CSV/);
    assert.match(fileFault({ name: "q.csv", size: 0 }), /empty/);
    assert.match(fileFault({ name: "q.csv", size: importByteMax + 1 }), /bigger/);
    assert.equal(fileFault({ name: "q.csv", size: 10 }), "");
});
