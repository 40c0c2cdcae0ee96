// Unpacks the module that is packed in the file, with what Node has for it: for bundlers, which leave other files
// behind.

import { brotliWasm } from 'jitgate:data'

/** The module's bytes. */
export const wasm = () => process.getBuiltinModule('node:zlib').brotliDecompressSync(Buffer.from(brotliWasm, 'base64'))
