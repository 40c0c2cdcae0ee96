// What a call throws when the validator itself failed, or part of the package is missing.

const BRAND = Symbol.for('jitgate.error')

/** The validator failed on this call, or what the call needs was not imported. */
export class JitgateError extends Error {
  // Entries have copies of this class, and one may pass on what another throws.
  static [Symbol.hasInstance](error) {
    return this === JitgateError ? error?.[BRAND] === true : super[Symbol.hasInstance](error)
  }

  constructor(message, options) {
    super(message, options)
    this.name = 'JitgateError'
    Object.defineProperty(this, BRAND, { value: true })
  }
}
