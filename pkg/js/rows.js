// From rows, as `src/rows.rs` writes them, to a report. Rows say only what differs from one diagnostic to the next,
// and are read in a third of the time.

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
