// From rows, as `src/rows.rs` writes them, to a report. Rows say only what differs from one diagnostic to the next,
// and are read in a third of the time.

/** A decision. */
export function decision([granted, grants, reasons, nearest, changes], name) {
  const read = reader(name)
  return {
    decision: granted === 1 ? 'granted' : 'refused',
    grants: grants.map(grant),
    reasons: reasons.map(([document, row]) => ({ document, ...read(row) })),
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
  return { kind, diagnostics: rows.map(reader(name)) }
}

/** Reads rows one after the other: each leaves out the texts of the last one of its code. */
function reader(name) {
  const rules = new Map()
  const rule = (number) => {
    const code = `JIT${number}`
    const rule = { code, name: name(code), url: `rules/${code}`, message: '', help: '', title: '' }
    rules.set(number, rule)
    return rule
  }
  return ([number, severity, message, path, place, help, fix, related]) => {
    const last = rules.get(number) ?? rule(number)
    if (message !== 0) last.message = message
    if (help !== 0) last.help = help
    const diagnostic = {
      code: last.code,
      name: last.name,
      severity,
      message: last.message,
      pointer: pointer(path),
      path,
      range: range(place),
      help: last.help,
      url: last.url,
    }
    if (fix !== 0) {
      const [title, safe, parts] = fix
      if (title !== 0) last.title = title
      diagnostic.fix = { title: last.title, safe: safe === 1, edits: edits(parts) }
    }
    if (related.length > 0) diagnostic.related = others(related)
    return diagnostic
  }
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

function range([line, column, offset, to, endColumn, endOffset]) {
  const start = { line, column, offset }
  // On one line, `to` is how long it is.
  if (endColumn === undefined) return { start, end: { line, column: column + to, offset: offset + to } }
  return { start, end: { line: to, column: endColumn, offset: endOffset } }
}

/** A JSON pointer (RFC 6901). */
function pointer(path) {
  let pointer = ''
  for (const step of path) pointer += `/${typeof step === 'number' ? step : escaped(step)}`
  return pointer
}

const escaped = (key) => (/[~/]/.test(key) ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key)
