// Brings an answer by POST, where there is no WebSocket.

const postMsMax = 8000;

/** @param {URL} streamURL of the same server
 * @param {string|undefined} token
 * @param {any} message an answer's text
 * @returns {Promise<{status: number, body: any}>} */
export async function postAnswer(streamURL, token, message) {
    const { type: _, ...body } = message;
    /** @type {Record<string, string>} */
    const headers = { "Content-Type": "application/json" };
    if (token) headers.Authorization = `Bearer ${token}`;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), postMsMax);
    try {
        const response = await fetch(new URL("/api/v1/answers", streamURL),
            { method: "POST", headers, body: JSON.stringify(body), signal: abort.signal });
        return { status: response.status, body: await response.json() };
    } finally {
        clearTimeout(timer);
    }
}
