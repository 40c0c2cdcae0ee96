// Unpacks LZMA: for this module a quarter smaller than what a server makes of it, and no engine has it built in.
// Only what `build.mjs` packs is read: `lc` 3, `lp` 0, `pb` 2, and no end mark. Names are those of the specification.

// Where each kind of probability starts in the one table of them.
const IS_REP = 192
const IS_REP_G0 = 204
const IS_REP_G1 = 216
const IS_REP_G2 = 228
const IS_REP0_LONG = 240
const SLOT = 432
const SPECIAL = 688
const ALIGN = 816
const LENGTH = 832
const REP_LENGTH = 1154
const LITERAL = 1476
const COUNT = LITERAL + 8 * 768

/** Fills `output` from what is packed. */
export function unpack(input, output) {
  const probabilities = new Uint16Array(COUNT).fill(1024)
  // Range and code, in an array since both need all of 32 bits.
  const coder = new Uint32Array([0xffff_ffff, 0])
  let read = 0
  let written = 0
  let state = 0
  let rep0 = 0
  let rep1 = 0
  let rep2 = 0
  let rep3 = 0
  while (read < 5) coder[1] = (coder[1] << 8) | input[read++]

  const set = (range, code) => {
    const short = range < 0x1_00_00_00
    coder[0] = short ? range << 8 : range
    coder[1] = short ? (code << 8) | input[read++] : code
  }
  const bit = (at) => {
    const probability = probabilities[at]
    const bound = (coder[0] >>> 11) * probability
    if (coder[1] < bound) {
      probabilities[at] = probability + ((2048 - probability) >> 5)
      set(bound, coder[1])
      return 0
    }
    probabilities[at] = probability - (probability >> 5)
    set(coder[0] - bound, coder[1] - bound)
    return 1
  }
  const tree = (from, bits) => {
    let symbol = 1
    for (let left = bits; left > 0; left--) symbol = (symbol << 1) | bit(from + symbol)
    return symbol - (1 << bits)
  }
  const reverse = (from, bits) => {
    let value = 0
    for (let at = 0, symbol = 1; at < bits; at++) {
      const next = bit(from + symbol)
      symbol = (symbol << 1) | next
      value |= next << at
    }
    return value
  }
  const direct = (bits) => {
    let value = 0
    for (let left = bits; left > 0; left--) {
      const half = coder[0] >>> 1
      const next = coder[1] >= half ? 1 : 0
      set(half, coder[1] - next * half)
      value = (value << 1) | next
    }
    return value
  }
  const literal = () => {
    let symbol = 1
    const from = LITERAL + 768 * ((written > 0 ? output[written - 1] : 0) >> 5)
    if (state >= 7) {
      // Just after a match the byte differs from the one that would have continued it.
      for (let match = output[written - rep0 - 1], same = true; same && symbol < 256; match <<= 1) {
        const expected = (match >> 7) & 1
        const next = bit(from + ((1 + expected) << 8) + symbol)
        symbol = (symbol << 1) | next
        same = next === expected
      }
    }
    while (symbol < 256) symbol = (symbol << 1) | bit(from + symbol)
    output[written++] = symbol
  }
  const length = (from, place) => {
    if (bit(from) === 0) return 2 + tree(from + 2 + 8 * place, 3)
    if (bit(from + 1) === 0) return 10 + tree(from + 34 + 8 * place, 3)
    return 18 + tree(from + 66, 8)
  }
  const distance = (length) => {
    const slot = tree(SLOT + 64 * Math.min(length - 2, 3), 6)
    if (slot < 4) return slot
    const bits = (slot >> 1) - 1
    const high = (2 | (slot & 1)) << bits
    if (slot < 14) return high + reverse(SPECIAL + high - slot, bits)
    return high + direct(bits - 4) * 16 + reverse(ALIGN, 4)
  }
  const copy = (length) => {
    for (const end = Math.min(written + length, output.length); written < end; written++) {
      output[written] = output[written - rep0 - 1]
    }
  }

  while (written < output.length) {
    const place = written & 3
    const fresh = state < 7
    if (bit(state * 16 + place) === 0) {
      literal()
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6
      continue
    }
    if (bit(IS_REP + state) === 0) {
      rep3 = rep2
      rep2 = rep1
      rep1 = rep0
      const found = length(LENGTH, place)
      rep0 = distance(found)
      copy(found)
      state = fresh ? 7 : 10
      continue
    }
    if (bit(IS_REP_G0 + state) === 0) {
      if (bit(IS_REP0_LONG + state * 16 + place) === 0) {
        copy(1)
        state = fresh ? 9 : 11
        continue
      }
    } else {
      let again = rep1
      if (bit(IS_REP_G1 + state) === 1) {
        again = rep2
        if (bit(IS_REP_G2 + state) === 1) {
          again = rep3
          rep3 = rep2
        }
        rep2 = rep1
      }
      rep1 = rep0
      rep0 = again
    }
    copy(length(REP_LENGTH, place))
    state = fresh ? 8 : 11
  }
  return output
}
