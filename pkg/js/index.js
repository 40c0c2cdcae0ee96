// The package `jitgate`: the validator is in the file itself or, for Node, beside it, and is made ready at the first
// call.

import * as api from './api.js'
import { checkAll, decideAll, delegate } from './delegate.js'
import { compile, Engine } from './engine.js'
import { page } from 'jitgate:page'
import { wasm } from 'jitgate:packed'

export { JitgateError } from './error.js'

const engine = /* @__PURE__ */ new Engine(() => compile(wasm()))

export const check = /* @__PURE__ */ checkAll((input, options) => api.check(engine, input, options))
export const decide = /* @__PURE__ */ decideAll((policy, request, options) => api.decide(engine, policy, request, options))
export const explain = (codeOrName) => api.explain(engine, codeOrName, page)
export const rules = () => api.rules(engine)
export const preview = /* @__PURE__ */ delegate('preview')
export const diff = /* @__PURE__ */ delegate('diff')
export const reach = /* @__PURE__ */ delegate('reach')
export const loadNetwork = /* @__PURE__ */ delegate('loadNetwork')
export const convert = /* @__PURE__ */ delegate('convert')
