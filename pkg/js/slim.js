// The package `jitgate/slim`: the validator is in a file of its own, which the caller loads.

import * as api from './api.js'
import { checkAll, decideAll, delegate } from './delegate.js'
import { Engine } from './engine.js'
import { read, wasmUrl } from 'jitgate:files'
import { page } from 'jitgate:page'

export { JitgateError } from './error.js'

let module
const engine = new Engine(() => {
  if (module === undefined) throw new TypeError('call `init` or `initSync` before anything else of `jitgate/slim`')
  return module
})

/** Takes the module, or its bytes, which are compiled at once. */
export function initSync(source) {
  const bytes = source instanceof ArrayBuffer || ArrayBuffer.isView(source)
  if (!bytes && !(source instanceof WebAssembly.Module)) {
    throw new TypeError('`initSync` takes a WebAssembly.Module or its bytes; `init` takes addresses')
  }
  module = bytes ? new WebAssembly.Module(source) : source
}

/** Loads and compiles the module: from where it stands in this package, or from the source given. */
export async function init(source) {
  let given
  try {
    given = await (source ?? wasmUrl())
    if (typeof given === 'string' || given instanceof URL) given = await read(given)
  } catch (cause) {
    if (source !== undefined) throw cause
    const hint = 'where a bundler has left it behind, give `init` its address'
    throw new Error(`\`jitgate.wasm\` is not beside the package's code (${cause.message}); ${hint}`, { cause })
  }
  if (typeof Response === 'function' && given instanceof Response) {
    if (!given.ok) throw new Error(`could not load the validator: ${given.url} answered ${given.status}`)
    given = await given.arrayBuffer()
  }
  const bytes = given instanceof ArrayBuffer || ArrayBuffer.isView(given)
  initSync(bytes ? await WebAssembly.compile(given) : given)
}

export const check = /* @__PURE__ */ checkAll((input, options) => api.check(engine, input, options))
export const decide = /* @__PURE__ */ decideAll((policy, request, options) => api.decide(engine, policy, request, options))
export const explain = (codeOrName) => api.explain(engine, codeOrName, page)
export const rules = () => api.rules(engine)
export const preview = /* @__PURE__ */ delegate('preview')
export const diff = /* @__PURE__ */ delegate('diff')
export const reach = /* @__PURE__ */ delegate('reach')
export const loadNetwork = /* @__PURE__ */ delegate('loadNetwork')
export const convert = /* @__PURE__ */ delegate('convert')
