// Where the separate module stands, and how it is read.

/** Bundlers know this form, and take the file along. */
export const wasmUrl = () => new URL('./jitgate.wasm', import.meta.url)

export const read = (url) => fetch(url)
