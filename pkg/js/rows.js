// From rows, as `src/rows.rs` writes them, to a report. Rows say only what differs from one diagnostic to the next,
// and are read in a third of the time.

/** A decision. */
export function decision([granted, grants, reasons, nearest, changes], name) {
  return {
    decision: granted === 1 ? 'granted' : 'refused',
    grants: grants.map(grant),
    reasons: reasons.map(([document, row]) => ({ document, ...diagnostic(row, name) })),
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

/** `name` gives a rule's name by its code. */
export function report([kind, rows], name) {
  return { kind, diagnostics: rows.map((row) => diagnostic(row, name)) }
}

function diagnostic([code, severity, message, path, place, help, fix, related], name) {
  const diagnostic = {
    code,
    name: name(code),
    severity,
    message,
    pointer: pointer(path),
    path,
    range: range(place),
    help,
    url: `rules/${code}`,
  }
  if (fix !== 0) diagnostic.fix = { title: fix[0], safe: fix[1] === 1, edits: edits(fix[2]) }
  if (related.length > 0) diagnostic.related = others(related)
  return diagnostic
}

function edits(parts) {
  const edits = []
  for (let at = 0; at < parts.length; at += 2) edits.push({ range: range(parts[at]), newText: parts[at + 1] })
  return edits
}

function others(parts) {
  const others = []
  for (let at = 0; at < parts.length; at += 3) {
    others.push({ message: parts[at], pointer: parts[at + 1], range: range(parts[at + 2]) })
  }
  return others
}

const range = ([line, column, offset, endLine, endColumn, endOffset]) => ({
  start: { line, column, offset },
  end: { line: endLine, column: endColumn, offset: endOffset },
})

/** A JSON pointer (RFC 6901). */
function pointer(path) {
  let pointer = ''
  for (const step of path) pointer += `/${typeof step === 'number' ? step : escaped(step)}`
  return pointer
}

const escaped = (key) => (/[~/]/.test(key) ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key)
