// Unpacks the module that is packed in the file: browsers have nothing for it that answers at once.

import { lzmaWasm, parts, wasmSize } from 'jitgate:data'
import { unpack } from './lzma.js'
import { join } from './streams.js'

/** The module's bytes. */
export const wasm = () => join(unpack(bytes(lzmaWasm), new Uint8Array(wasmSize)), parts)

function bytes(base64) {
  const binary = atob(base64)
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at)
  return bytes
}
