// The package `jitgate/network`: everything that `jitgate` has, and networks. Its module reads them all.

import * as api from './api.js'
import { compile, Engine } from './engine.js'
import { convert as code } from './network_convert.js'
import { diff as difference } from './network_diff.js'
import { options } from './input.js'
import { CONTEXT, Network } from './network_handle.js'
import { register } from './registry.js'
import { page } from 'jitgate:page'
import { wasm } from 'jitgate:packed'

export { JitgateError } from './error.js'

let module
const load = () => (module ??= compile(wasm()))
const engine = new Engine(load)
const shared = { load, name: (code) => api.name(engine, code) }

export const check = (input, options) => api.check(engine, input, options)
export const decide = (policy, request, options) => api.decide(engine, policy, request, options)
export const explain = (codeOrName) => api.explain(engine, codeOrName, page)
export const rules = () => api.rules(engine)
export const loadNetwork = (files, options) => new Network(shared, files, options)
export const diff = (before, after, options) => difference(engine, before, after, options)
export const convert = (input, options) => code(engine, input, options, shared.name)
export function preview(documents) {
  const { network, ...rest } = options(documents, 'preview', ['network', ...CONTEXT])
  return loadNetwork(network).preview(rest)
}
export const reach = (files, query) => loadNetwork(files).reach(query)

register('network', { check, convert, decide, preview, diff, reach, loadNetwork })
