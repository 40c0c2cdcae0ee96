// What is packed in the place of a wasm module: the same bytes, but numbers of a few kinds stand apart, after all others:
// which local and which offset in memory is meant, sizes of functions, labels, tables of labels, types of blocks. What is
// left of the code repeats itself far more.

// The section of code, by its number.
const CODE = 10

// The parts, in their order; the first has all that is not of the others.
const OTHER = 0
const LOCALS = 1
const OFFSETS = 2
const SIZES = 3
const LABELS = 4
const TABLES = 5
const BLOCKS = 6
export const PARTS = 7

/**
 * The module whose bytes `input` has in parts, each from the place given. In which part a byte stands follows from those
 * before it, whatever they mean: an instruction that is not known here packs worse, but stays whole.
 */
export function join(input, starts) {
  const output = new Uint8Array(input.length)
  const next = [...starts]
  let at = 0

  const bytes = (count) => {
    for (const end = at + count; at < end; ) output[at++] = input[next[OTHER]++]
  }
  // In LEB128.
  const number = (part = OTHER) => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = (output[at++] = input[next[part]++])
      value |= (byte & 127) << shift
      if (byte < 128) return value
    }
  }
  const numbers = (count, part = OTHER) => {
    for (let left = count; left > 0; left--) number(part)
  }
  // The same, of a number that nobody needs.
  const copy = (part) => {
    while ((output[at++] = input[next[part]++]) > 127);
  }
  const address = () => {
    copy(OTHER) // the alignment
    copy(OFFSETS)
  }
  const vector = () => {
    const code = number()
    if (code < 12 || code === 92 || code === 93) address()
    else if (code < 14) bytes(16)
    else if (code > 20 && code < 35) bytes(1)
    else if (code > 83 && code < 92) {
      address()
      bytes(1)
    }
  }
  // Those that copy or begin something have two operands, trunc_sat has none.
  const bulk = (code) => numbers(code < 8 ? 0 : [8, 10, 12, 14].includes(code) ? 2 : 1)
  // Codes as the specification has them, what there is most of first.
  const instruction = () => {
    const code = (output[at++] = input[next[OTHER]++])
    if (code > 0x44 && code < 0xd0) return // arithmetic
    if (code > 0x1f && code < 0x23) copy(LOCALS)
    else if (code > 0x27 && code < 0x3f) address()
    else if (code > 0x3e && code < 0x43) copy(OTHER) // constants, memory.size, memory.grow
    else if (code > 0x01 && code < 0x05) copy(BLOCKS)
    else if (code === 0x0c || code === 0x0d) copy(LABELS)
    else if (code === 0x10 || code === 0x23 || code === 0x24) copy(OTHER) // calls, globals
    else if (code === 0x0e) numbers(number(TABLES) + 1, TABLES)
    else if (code === 0x11) numbers(2) // call_indirect
    else if (code === 0x1c) bytes(number()) // select
    else if (code === 0x43) bytes(4) // f32.const
    else if (code === 0x44) bytes(8) // f64.const
    else if (code === 0xfc) bulk(number())
    else if (code === 0xfd) vector()
  }

  bytes(8)
  while (at < output.length) {
    const section = (output[at++] = input[next[OTHER]++])
    const end = number() + at
    if (section !== CODE) bytes(end - at)
    else {
      number() // of functions
      while (at < end) {
        const last = number(SIZES) + at
        for (let groups = number(); groups > 0; groups--) numbers(2)
        while (at < last) instruction()
      }
    }
  }
  return output
}
