// What is packed in the place of a wasm module: the same bytes, but those that say which local and which offset in memory
// is meant stand apart, after all others. What is left of the code repeats itself far more.

// The section of code, by its number.
const CODE = 10

/**
 * The module whose bytes `input` has in three parts: all that is not of the others, from the first byte; locals, and
 * offsets, each from the place given. In which part a byte stands follows from those before it, whatever they mean: an
 * instruction that is not known here packs worse, but stays whole.
 */
export function join(input, locals, offsets) {
  const output = new Uint8Array(input.length)
  let at = 0
  let other = 0
  let local = locals
  let offset = offsets

  const bytes = (count) => {
    for (const end = at + count; at < end; ) output[at++] = input[other++]
  }
  // In LEB128. Of constants, which may be too long for a number here, nobody needs it.
  const number = () => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = (output[at++] = input[other++])
      value |= (byte & 127) << shift
      if (byte < 128) return value
    }
  }
  const numbers = (count) => {
    for (let left = count; left > 0; left--) number()
  }
  const address = () => {
    number() // the alignment
    while ((output[at++] = input[offset++]) > 127);
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
    const code = (output[at++] = input[other++])
    if (code > 0x44 && code < 0xd0) return // arithmetic
    if (code > 0x1f && code < 0x23) while ((output[at++] = input[local++]) > 127);
    else if (code > 0x27 && code < 0x3f) address()
    else if (code > 0x3e && code < 0x43) number() // constants, memory.size, memory.grow
    else if (code > 0x01 && code < 0x05) number() // blocks
    else if (code === 0x0c || code === 0x0d || code === 0x10) number() // branches, calls
    else if (code === 0x23 || code === 0x24) number() // globals
    else if (code === 0x0e) numbers(number() + 1) // br_table
    else if (code === 0x11) numbers(2) // call_indirect
    else if (code === 0x1c) bytes(number()) // select
    else if (code === 0x43) bytes(4) // f32.const
    else if (code === 0x44) bytes(8) // f64.const
    else if (code === 0xfc) bulk(number())
    else if (code === 0xfd) vector()
  }

  bytes(8)
  while (at < output.length) {
    const section = (output[at++] = input[other++])
    const end = number() + at
    if (section !== CODE) bytes(end - at)
    else {
      number() // of functions
      while (at < end) {
        const last = number() + at
        for (let groups = number(); groups > 0; groups--) numbers(2)
        while (at < last) instruction()
      }
    }
  }
  return output
}
