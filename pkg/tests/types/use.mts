// How the package is used from modules, and what must not compile.

import { check, decide, explain, JitgateError, rules } from 'jitgate'
import type { Code, Decision, Diagnostic, Fix, Report, Rule, RuleName, Severity } from 'jitgate'
import { check as slimCheck, init, initSync } from 'jitgate/slim'
import 'jitgate/pages'

const report: Report = check('{}')
check(new Uint8Array())
check(new ArrayBuffer(0))
check({ properties: {} }, { kind: 'policy', now: new Date() })
check([], { now: 0 })
check('{}', { now: '2026-01-15T12:00:00Z', kind: undefined })
slimCheck('{}')
await init()
await init(new URL('https://example.org/jitgate.wasm'))
await init(fetch('/jitgate.wasm'))
initSync(new Uint8Array())

for (const diagnostic of report.diagnostics) {
  const code: Code = diagnostic.code
  const severity: Severity = diagnostic.severity
  const fix: Fix | undefined = diagnostic.fix
  const step: string | number | undefined = diagnostic.path[0]
  if (diagnostic.code === 'JIT201') console.log(code, severity, fix?.edits[0]?.newText, step)
  // @ts-expect-error: no rule has that code
  if (diagnostic.code === 'JIT999') console.log()
}

const decision: Decision = decide('{}', {}, { callerAddress: '::1', now: 0 })
if (decision.decision === 'granted') {
  const port: number | undefined = decision.grants[0]?.port
  const nothing: null = decision.nearest
  console.log(port, nothing)
} else {
  const reason: (Diagnostic & { document: 'policy' | 'request' }) | undefined = decision.reasons[0]
  const id: string | undefined = decision.nearest?.virtualMachines[0]?.id
  console.log(reason, id)
}

const rule: Rule = explain('JIT201')
const name: RuleName = rule.name
const perhaps: Rule | undefined = explain('JIT2' + '01')
const page: string | undefined = rule.page
const error: Error = new JitgateError('x')
console.log(rules()[0]?.summary, name, perhaps?.page, page, error)

// @ts-expect-error: a page may be left out
const surely: string = rule.page
// @ts-expect-error: a document is missing
check()
// @ts-expect-error: `undefined` is no document
check(undefined)
// @ts-expect-error: no such kind
check('{}', { kind: 'Policy' })
// @ts-expect-error: no such option
check('{}', { knid: 'policy' })
// @ts-expect-error: no time
check('{}', { now: true })
// @ts-expect-error: the request is missing
decide('{}')
// @ts-expect-error: no such option
decide('{}', '{}', { kind: 'policy' })
// @ts-expect-error: no address
decide('{}', '{}', { callerAddress: 7 })
// @ts-expect-error: may be undefined
explain('some' + 'thing').page
// @ts-expect-error: only `explain` gives pages
rules()[0].page
// @ts-expect-error: the module is missing
initSync()
