// Copies of the package whose wasm instances are tampered with.

import { pathToFileURL } from 'node:url'
import { packaged } from './installed.mjs'

let copies = 0

/** Wasm whose only function traps: `(func (export "check") unreachable)`. */
const TRAP = new Uint8Array([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0],
  ...[7, 9, 1, 5, 0x63, 0x68, 0x65, 0x63, 0x6b, 0, 0, 10, 5, 1, 3, 0, 0, 0x0b],
])

/** Traps. */
export const trap = new WebAssembly.Instance(new WebAssembly.Module(TRAP)).exports.check

/** Runs `use` with a copy of the package whose instances `start` makes in the place of `WebAssembly.Instance`. */
export async function instances(start, use, entry = 'node.js') {
  const { Instance } = WebAssembly
  WebAssembly.Instance = function (...given) {
    return start(new Instance(...given))
  }
  try {
    return await use(await import(`${pathToFileURL(packaged('dist', entry))}?${(copies += 1)}`))
  } finally {
    WebAssembly.Instance = Instance
  }
}
