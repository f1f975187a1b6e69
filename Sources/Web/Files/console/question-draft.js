// Makes a question for the API of what stands in the editor, and says what won't do.
import { consoleText } from "./strings/en.js";

/**
 * @typedef {{text: string, options: string[], correct: number, seconds: string,
 *     explanation: string, media: string, isSpare: boolean}} EditorValues correct: from 1, 0 for
 *     none
 */

/**
 * @param {EditorValues} values
 * @returns {{text?: string, options?: string, seconds?: string}}
 */
export function draftFaults(values) {
    const text = consoleText.editor;
    /** @type {{text?: string, options?: string, seconds?: string}} */
    const faults = {};
    if (!values.text.trim()) faults.text = text.textMissing;
    if (values.options.length < 2 || values.options.some((option) => !option.trim())) {
        faults.options = text.optionsMissing;
    } else if (values.correct < 1 || values.correct > values.options.length) {
        faults.options = text.rightMissing;
    }
    const seconds = Number(values.seconds);
    if (!(seconds >= 1 && seconds <= 300)) faults.seconds = text.windowWrong;
    return faults;
}

/**
 * @param {EditorValues} values without faults
 * @returns {{text: string, options: string[], correct: number, windowMs: number, spare: boolean,
 *     explanation?: string, mediaURL?: string}}
 */
export function draftOf(values) {
    const explanation = values.explanation.trim();
    const mediaURL = values.media.trim();
    return {
        text: values.text.trim(), options: values.options.map((option) => option.trim()),
        correct: values.correct, windowMs: Math.round(Number(values.seconds) * 1000),
            spare: values.isSpare,
        ...(explanation ? { explanation } : {}), ...(mediaURL ? { mediaURL } : {}),
    };
}
