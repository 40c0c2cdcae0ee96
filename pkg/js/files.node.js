// Where the separate module stands, and how Node reads it: `fetch` takes no `file:`.

import { readFile } from 'node:fs/promises'

export const wasmUrl = () => new URL('./jitgate.wasm', import.meta.url)

export function read(url) {
  // A path, that of a drive included.
  if (!/^[a-z][a-z\d+.-]+:/i.test(url)) return readFile(url)
  const { protocol } = new URL(url)
  return protocol === 'file:' ? readFile(new URL(url)) : fetch(url)
}
