// What callers hand in: documents in every form, and options. Misuse is told in one sentence, as a `TypeError`.

/** A document as text or bytes; `what` names it in an error. */
export function document(input, what) {
  if (typeof input === 'string') return input
  const kind = kindOf(input)
  if (ArrayBuffer.isView(input) || kind === 'ArrayBuffer' || kind === 'SharedArrayBuffer') return bytes(input, what)
  if (typeof input?.then === 'function') {
    throw new TypeError(`${what} is a promise: await it first`)
  }
  if (['Blob', 'File', 'Response', 'Request', 'ReadableStream', 'Map', 'Set'].includes(kind)) {
    throw new TypeError(`${what} is a ${kind}: give its text, its bytes or the object parsed from it`)
  }
  let text
  try {
    text = JSON.stringify(input)
  } catch (cause) {
    throw new TypeError(`${what} cannot be written as JSON: ${cause.message}`, { cause })
  }
  if (text === undefined) {
    const is = { undefined: 'missing', object: 'an object that is nothing as JSON' }[typeof input] ?? `a ${typeof input}`
    throw new TypeError(`${what} is ${is}: give text, bytes or a parsed object`)
  }
  return text
}

/** The bytes of a buffer or of a view on one. */
function bytes(input, what) {
  try {
    const all = new Uint8Array(input.buffer ?? input)
    return input.buffer ? all.subarray(input.byteOffset, input.byteOffset + input.byteLength) : all
  } catch (cause) {
    throw new TypeError(`${what} is a buffer that was given away: give its bytes before it is transferred`, { cause })
  }
}

/** What an object is, from whatever page or frame it comes. */
const kindOf = (value) => Object.prototype.toString.call(value).slice(8, -1)

/** The options of `call`, of which those in `names` are known. */
export function options(given, call, names) {
  if (given === undefined) return {}
  if (given === null || typeof given !== 'object') {
    throw new TypeError(`the options of \`${call}\` are an object: { ${names.join(', ')} }`)
  }
  const unknown = Object.keys(given).find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw new TypeError(`\`${call}\` has no option \`${unknown}\`: it takes ${list(names)}`)
  }
  return given
}

/** The present: milliseconds since 1970, or text for the core to read. */
export function now(value) {
  if (value === undefined) return Date.now()
  if (typeof value === 'string') return value
  const millis = typeof value === 'number' ? value : kindOf(value) === 'Date' ? Number(value) : NaN
  if (Number.isNaN(new Date(millis).getTime())) throw badNow(value)
  return millis
}

/** `now` is no time. */
export function badNow(value) {
  return new TypeError(
    `\`now\` is ${shown(value)}, which is no time: give a valid Date, milliseconds since 1970, ` +
      'or text such as `2026-01-15T12:00:00Z`',
  )
}

/** A caller's address; empty where there is none. */
export function callerAddress(value) {
  if (value !== undefined && (typeof value !== 'string' || value === '')) throw badAddress(value)
  return value ?? ''
}

/** `callerAddress` is no address. */
export function badAddress(value) {
  return new TypeError(`\`callerAddress\` is ${shown(value)}, which is no IPv4 or IPv6 address`)
}

/** A value as it may be shown in a message. */
export function shown(value) {
  if (typeof value === 'string') return `\`${value.length > 60 ? `${value.slice(0, 60)}…` : value}\``
  if (kindOf(value) === 'Date') {
    return Number.isNaN(Number(value)) ? 'an invalid Date' : `a Date in the year ${value.getUTCFullYear()}`
  }
  return typeof value === 'object' && value !== null ? 'an object' : `\`${String(value)}\``
}

/** Names in a sentence: `a`, `b` and `c`. */
export function list(names, and = 'and') {
  const quoted = names.map((name) => `\`${name}\``)
  const last = quoted.pop()
  return quoted.length === 0 ? last : `${quoted.join(', ')} ${and} ${last}`
}
