// Unpacks what is packed in the file: browsers have nothing for it that answers at once.

import { inflateSync } from 'fflate'
import { packedPages, packedWasm, wasmSize } from 'jitgate:data'

/** The module's bytes. */
export const wasm = () => inflateSync(bytes(packedWasm), { out: new Uint8Array(wasmSize) })

let read
/** The rules' pages by code. */
export const pages = () => (read ??= JSON.parse(new TextDecoder().decode(inflateSync(bytes(packedPages)))))

function bytes(base64) {
  const binary = atob(base64)
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at)
  return bytes
}
