// How long an announcement may be, as the server counts.

/** The server takes at most so much, bytes of UTF-8. */
const announcementByteMax = 2000;

/** @param {string} text @returns {number} how many bytes are too many; 0 if it will do */
export function announcementExcess(text) {
    return Math.max(0, new TextEncoder().encode(text).length - announcementByteMax);
}
