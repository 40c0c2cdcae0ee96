// Unpacks what is packed in the file, with what Node has for it.

import { inflateRawSync } from 'node:zlib'
import { packedPages, packedWasm } from 'jitgate:data'

const unpack = (base64) => inflateRawSync(Buffer.from(base64, 'base64'))

/** The module's bytes. */
export const wasm = () => unpack(packedWasm)

let read
/** The rules' pages by code. */
export const pages = () => (read ??= JSON.parse(unpack(packedPages).toString()))
