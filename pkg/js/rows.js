// From rows, as `src/answers.rs` writes them, to decisions and rules: they are read in a third of the time that objects
// take.

import { reader } from './diagnostics.js'

/** A decision; `name` gives a rule's name by its code. */
export function decision([granted, grants, documents, nearest, changes, texts, numbers], name) {
  const read = reader(texts, numbers, name)
  return {
    decision: granted === 1 ? 'granted' : 'refused',
    grants: grants.map(grant),
    reasons: documents.map((document) => ({ document, ...read() })),
    nearest: nearest === 0 ? null : body(nearest),
    changes,
  }
}

const grant = ([policy, machine, port, protocol, sources, startTimeUtc, endTimeUtc]) => ({
  policy: policy === 0 ? null : policy,
  machine,
  port,
  protocol,
  sources,
  startTimeUtc,
  endTimeUtc,
})

function body([machines, justification]) {
  const virtualMachines = machines.map(([id, ports]) => ({ id, ports: ports.map(port) }))
  return justification === 0 ? { virtualMachines } : { virtualMachines, justification }
}

function port([number, sources, endTimeUtc, duration]) {
  const source =
    sources.length === 1
      ? { allowedSourceAddressPrefix: sources[0] }
      : { allowedSourceAddressPrefixes: sources }
  return { number, ...source, ...(duration === 0 ? { endTimeUtc } : { duration }) }
}

/** A rule without its page. */
export const rule = ([code, name, family, severity, summary, fixable, contested]) => ({
  code,
  name,
  family,
  severity,
  summary,
  fixable: fixable === 1,
  contested: contested === 1,
  url: `rules/${code}`,
})
