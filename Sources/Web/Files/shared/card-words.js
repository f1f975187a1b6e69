// The question card's words in English: for the console's preview, and a part of the page's strings.

/** @type {Record<string, import("./i18n.js").Sentence>} */
export const CARD_WORDS = {
    "card.number": "Question {number} of {of}",
    "card.numberAlone": "Question {number}",
    "card.unseen": "The question was asked before you came",
    "card.optionUnseen": "Answer {number}",
    "card.media": "Picture for this question",
    "card.sound": "Sound for this question",
    "card.options": "Answers",
    "card.secondsLeft": { one: "{n} second left", other: "{n} seconds left" },
    "card.lastMoment": "Last moment",
    "card.timeOver": "Time’s up",
    "card.paused": "Paused",
    "card.locked": "Closed",
    "card.right": "Right answer",
    "card.wasRight": "Held for right before",
    "card.yours": "Your answer",
    "card.sending": "Sending…",
    "card.kept": "Answer kept",
    "card.chosenBy": { one: "{n} player", other: "{n} players" },
};
