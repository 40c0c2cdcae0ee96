// The wasm instance: started at the first call, and started anew after a failure or a very large document.

import { JitgateError } from './error.js'

// The slots and statuses of `src/session.rs`. From `PARTS` on there are as many slots as a call needs.
export const DOCUMENT = 0
export const REQUEST = 1
export const NOW = 2
export const CALLER_ADDRESS = 3
export const PARTS = 4
export const DONE = 0
export const BAD_TIME = 1
export const BAD_ADDRESS = 2
export const UNKNOWN_RULE = 3
export const BAD_FROM = 4
export const BAD_TO = 5
export const UNKNOWN_MACHINE = 6
export const AMBIGUOUS_MACHINE = 7

// Wasm memory never shrinks: past this size the instance is dropped after the call, and its memory with it.
const MOST_MEMORY = 64 * 1024 * 1024

// The core reads no document over 32 MiB. One byte more tells it so; the rest need not be copied.
const MOST_BYTES = 32 * 1024 * 1024 + 1

// In Jest's jsdom neither is a global; Node has both all the same. A bare `process` would have bundlers bring one.
const { TextEncoder, TextDecoder } =
  globalThis.TextEncoder ? globalThis : globalThis.process.getBuiltinModule('node:util')
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Compiles what is in the package. */
export function compile(bytes) {
  try {
    return new WebAssembly.Module(bytes)
  } catch (cause) {
    const policy = "in a page, the `script-src` of a Content-Security-Policy needs `'wasm-unsafe-eval'`"
    throw new JitgateError(`the validator cannot be compiled here (${cause.message}): ${policy}`, { cause })
  }
}

/**
 * One validator. `load` gives its `WebAssembly.Module`, and is asked once. `begin`, called as `run` of `call` is, makes
 * each new instance ready; what that takes is not done again only to give memory back.
 */
export class Engine {
  #load
  #begin
  #module
  #exports
  #session

  constructor(load, begin) {
    this.#load = load
    this.#begin = begin
  }

  /**
   * Runs one call: `write` puts its inputs in, `run` gives the status. The answer is parsed, and the numbers of its
   * diagnostics, if it has any, come last in it; any status but `DONE` comes back as it is.
   */
  call(write, run) {
    this.#module ??= this.#load()
    try {
      this.#open()
      write(this)
      const status = run(this.#exports, this.#session)
      return status === DONE ? this.#answer() : status
    } catch (cause) {
      // Whatever it was, it may have left the memory half-written.
      this.#exports = undefined
      throw new JitgateError('the validator failed on this call, and starts anew with the next one', { cause })
    } finally {
      const large = this.#exports?.memory.buffer.byteLength > MOST_MEMORY
      if (large && this.#begin === undefined) this.#exports = undefined
    }
  }

  /** Writes a text or bytes into a slot. */
  write(slot, input) {
    if (typeof input === 'string') this.#writeText(slot, input)
    else {
      const bytes = input.length > MOST_BYTES ? input.subarray(0, MOST_BYTES) : input
      this.#space(slot, 0, bytes.length).set(bytes)
    }
  }

  // Most texts are ASCII, and as many bytes as characters. Room for others is made when they turn up.
  #writeText(slot, text) {
    let { read, written } = encoder.encodeInto(text, this.#space(slot, 0, Math.min(text.length, MOST_BYTES)))
    if (read < text.length && written < MOST_BYTES) {
      const most = Math.min(written + (text.length - read) * 3, MOST_BYTES)
      const rest = encoder.encodeInto(text.slice(read), this.#space(slot, written, most))
      read += rest.read
      written += rest.written
    }
    this.#exports.input(this.#session, slot, read < text.length ? MOST_BYTES : written)
  }

  /** A copy of what the last call told another network, so many bytes. */
  told(length) {
    const { told, memory } = this.#exports
    return new Uint8Array(memory.buffer, told(this.#session), length).slice()
  }

  // The part of a slot from `from` to `to`, its new end.
  #space(slot, from, to) {
    const { input, memory } = this.#exports
    const start = input(this.#session, slot, to)
    return new Uint8Array(memory.buffer, start + from, to - from)
  }

  #answer() {
    const { answer, answer_len, numbers, numbers_len, memory } = this.#exports
    const bytes = new Uint8Array(memory.buffer, answer(this.#session), answer_len(this.#session))
    const parsed = JSON.parse(decoder.decode(bytes))
    const count = numbers_len(this.#session)
    // A copy: the next call may come before they are read.
    if (count > 0) parsed.push(new Int32Array(memory.buffer, numbers(this.#session), count).slice())
    return parsed
  }

  // What `begin` made ready stays; any other session lasts for one call.
  #open() {
    if (this.#exports !== undefined) {
      if (this.#begin === undefined) this.#session = this.#exports.open(this.#session)
      return
    }
    const { exports } = new WebAssembly.Instance(this.#module)
    this.#session = exports.open(0)
    this.#exports = exports
    this.#begin?.(exports, this.#session, this)
  }
}
