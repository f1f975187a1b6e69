// Every bound of the player, in one place: what a server or a browser may cost us at the most.

/** Bytes of one FLV tag's body: a 4K keyframe is about 2 MB. */
export const tagBytesLimit = 8 << 20;
/** Nesting of an AMF0 value. */
export const amfDepthLimit = 10;
/** Values in one script tag, all levels together. */
export const amfValuesLimit = 4096;
/** Bytes of media of one track that wait for their SourceBuffer. */
export const queueBytesLimit = 12 << 20;
/** Samples in one fragment. */
export const fragmentSamplesLimit = 240;
/** Bytes and time of media that are kept to build a MediaSource anew. */
export const historyBytesLimit = 16 << 20;
export const historyMsLimit = 15_000;
/** Media behind the picture is removed beyond this. */
export const behindMsLimit = 10_000;
/** Media ahead of the picture beyond which the picture is moved (a page that slept). */
export const aheadMsLimit = 20_000;
/** Cues that wait for their frame; beyond it the oldest are told at once. */
export const cuesLimit = 256;
/** Answers that wait for their receipt. */
export const answersLimit = 32;
/** Characters of a JSON text from the server. */
export const textLimit = 64 << 10;
/** Bytes of an answer that refuses a stream, and characters of the sentence in it. */
export const refusalBytesLimit = 4 << 10;
export const sentenceLimit = 300;
/** Parts of one timeline (a restart of the programme begins a new one). */
export const epochsLimit = 32;
/** A promised or fallen silent track is waited for this long. */
export const trackPatienceMs = 1000;
