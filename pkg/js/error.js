// What a call throws when the validator itself failed.

/** The validator failed on this call; the next call starts it anew. */
export class JitgateError extends Error {
  constructor(message, options) {
    super(message, options)
    this.name = 'JitgateError'
  }
}
