// `jitgate/slim` in a project without the types of browsers: it brings none along.

import { check, init, initSync } from 'jitgate/slim'

initSync(new Uint8Array())
await init('https://example.org/jitgate.wasm')
// @ts-expect-error: no module, and no bytes
initSync('https://example.org/jitgate.wasm')
// @ts-expect-error: no address
await init(22)
// @ts-expect-error: the project has no `dom`
const page = document
export const shown = page ?? check('{}')
