// From numbers and texts, as `src/diagnostics.rs` writes them, to reports.

// In the order of the core's own `Severity::ALL`.
const SEVERITIES = ['error', 'security', 'warning', 'info']

/** One report. `name` gives a rule's name by its code. */
export function report([kind, count, texts, numbers], name) {
  return { kind, diagnostics: times(count, reader(texts, numbers, name)) }
}

/** The reports of several documents. */
export function reports([documents, texts, numbers], name) {
  const read = reader(texts, numbers, name)
  return documents.map(([kind, count]) => ({ kind, diagnostics: times(count, read) }))
}

/** What gives the diagnostics of an answer, one at each call. */
export function reader(texts, numbers, name) {
  let at = 0
  const next = () => numbers[at++]
  const text = () => texts[next()]
  const position = () => ({ line: next(), column: next(), offset: next() })
  const range = () => ({ start: position(), end: position() })
  const edit = () => ({ range: range(), newText: text() })

  const rules = new Map()
  const rule = (number) => {
    const code = `JIT${number}`
    const rule = { code, name: name(code), url: `rules/${code}` }
    rules.set(number, rule)
    return rule
  }

  // The last path, and the JSON pointer (RFC 6901) to each of its steps: the next one goes on from there.
  const steps = []
  const pointers = ['']
  const place = () => {
    let depth = next()
    for (let more = next(); more > 0; more--) {
      const step = next()
      const name = step < 0 ? texts[~step] : step
      steps[depth] = name
      pointers[depth + 1] = `${pointers[depth]}/${step < 0 ? escaped(name) : step}`
      depth += 1
    }
    return { pointer: pointers[depth], path: steps.slice(0, depth) }
  }
  const other = () => {
    const message = text()
    return { message, pointer: place().pointer, range: range() }
  }

  return () => {
    const number = next()
    const { code, name, url } = rules.get(number) ?? rule(number)
    const severity = SEVERITIES[next()]
    const message = text()
    const help = text()
    const { pointer, path } = place()
    const diagnostic = { code, name, severity, message, pointer, path, range: range(), help, url }
    const fix = next()
    if (fix > 0) diagnostic.fix = { title: text(), safe: fix === 2, edits: times(next(), edit) }
    const related = next()
    if (related > 0) diagnostic.related = times(related, other)
    return diagnostic
  }
}

function times(count, make) {
  const list = []
  for (let left = count; left > 0; left--) list.push(make())
  return list
}

const escaped = (key) => (/[~/]/.test(key) ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key)
