// Unpacks the module that is packed in the file, with what Node has for it.

import { brotliDecompressSync } from 'node:zlib'
import { brotliWasm } from 'jitgate:data'

/** The module's bytes. */
export const wasm = () => brotliDecompressSync(Buffer.from(brotliWasm, 'base64'))
