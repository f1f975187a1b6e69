// Cuts a CSV file into its rows, only to show them beside what the server says is wrong in them.

const rowCountMax = 1000;

/** The biggest file that is read for an import, bytes. */
export const importByteMax = 1_000_000;

/**
 * @typedef {{number: number, cells: string[], error?: string}} CSVRow number: as the server counts,
 *     the column names are row 1
 */

/**
 * @param {string} text
 * @returns {CSVRow[]} at most 1000, the column names first
 */
export function csvRows(text) {
    const body = text.replace(/^\uFEFF/, "");
    const separator = separatorOf(body);
    /** @type {CSVRow[]} */
    const rows = [];
    let cells = /** @type {string[]} */ ([]);
    let cell = "";
    let isQuoted = false;
    const endRow = () => {
        cells.push(cell);
        // Blank lines are no rows, and aren't counted.
        if (cells.some((value) => value.trim() !== "")) {
            rows.push({ number: rows.length + 1, cells });
        }
        cells = [];
        cell = "";
    };
    for (let at = 0; at < body.length && rows.length < rowCountMax; at++) {
        const letter = body[at];
        if (isQuoted) {
            if (letter !== "\"") cell += letter;
            else if (body[at + 1] === "\"") {
                cell += letter;
                at += 1;
            } else isQuoted = false;
        } else if (letter === "\"" && cell === "") isQuoted = true;
        else if (letter === separator) {
            cells.push(cell);
            cell = "";
        } else if (letter === "\n") endRow();
        else if (letter !== "\r" || body[at + 1] !== "\n") cell += letter === "\r" ? " " : letter;
    }
    if ((cell !== "" || cells.length > 0) && rows.length < rowCountMax) endRow();
    return rows;
}

/** @param {string} text the first line decides, outside quotes */
function separatorOf(text) {
    const counts = { ",": 0, ";": 0, "\t": 0 };
    let isQuoted = false;
    for (const letter of text) {
        if (letter === "\"") isQuoted = !isQuoted;
        else if (letter === "\n" && !isQuoted) break;
        else if (!isQuoted && letter in counts) counts[/** @type {","} */ (letter)] += 1;
    }
    const [best] = Object.entries(counts).sort((a, b) => b[1] - a[1])[0];
    return best;
}

/**
 * The file's rows with what the server says of them.
 * @param {CSVRow[]} rows
 * @param {import("./staff-types.js").RowFault[]} faults
 * @returns {{rows: CSVRow[], others: string[]}} others: what is said of rows that aren't shown
 */
export function withFaults(rows, faults) {
    /** @type {Map<number, string[]>} */
    const byRow = new Map();
    for (const fault of faults) {
        byRow.set(fault.row, [...(byRow.get(fault.row) ?? []), fault.error]);
    }
    const marked = rows.map((row) => {
        const errors = byRow.get(row.number);
        byRow.delete(row.number);
        return errors ? { ...row, error: errors.join(" ") } : row;
    });
    const others = [...byRow].map(([row, errors]) => `Row ${row}: ${errors.join(" ")}`);
    return { rows: marked, others };
}

/**
 * Why a file can't be an import at all, before it is sent.
 * @param {{name: string, size: number}} file
 * @returns {string} empty if it can
 */
export function fileFault(file) {
    if (/\.(xlsx?|ods|numbers)$/i.test(file.name)) {
        return "This is a workbook. Save it as CSV (UTF-8), and drop that.";
    }
    if (file.size === 0) return "This file is empty.";
    if (file.size > importByteMax) return "This file is bigger than 1 MB: too big for 200 questions.";
    return "";
}
