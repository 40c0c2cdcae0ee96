// The calls of the package, over any engine. `index.d.ts` says what each takes and gives.

import { report } from './diagnostics.js'
import { BAD_ADDRESS, BAD_TIME, CALLER_ADDRESS, DOCUMENT, REQUEST, UNKNOWN_RULE } from './engine.js'
import { badAddress, badNow, callerAddress as address, document, list, now as present, options as checked, shown } from './input.js'
import { decision, rule } from './rows.js'
import { millis, writeTime } from './time.js'

// In the order of the core's own `Kind::ALL`.
const KINDS = ['policy', 'policyList', 'request', 'storedRequest', 'template', 'network']

export function check(engine, input, options) {
  const text = document(input, 'the document')
  const { kind, now } = checked(options, 'check', ['kind', 'now'])
  const index = kindNumber(kind)
  const time = present(now)
  const answer = engine.call(
    (inputs) => {
      inputs.write(DOCUMENT, text)
      writeTime(inputs, time)
    },
    (wasm, session) => wasm.check(session, index, millis(time)),
  )
  if (answer === BAD_TIME) throw badNow(now)
  return report(answer, (code) => name(engine, code))
}

/** The number of a kind; past the last for one that is to be guessed. */
export function kindNumber(kind) {
  const index = kind === undefined ? KINDS.length : KINDS.indexOf(kind)
  if (index < 0) throw new TypeError(`\`kind\` is ${shown(kind)}: it may be ${list(KINDS, 'or')}`)
  return index
}

export function decide(engine, policy, request, options) {
  const policyText = document(policy, 'the policy')
  const requestText = document(request, 'the request')
  const { now, callerAddress } = checked(options, 'decide', ['now', 'callerAddress'])
  const caller = address(callerAddress)
  const time = present(now)
  const answer = engine.call(
    (inputs) => {
      inputs.write(DOCUMENT, policyText)
      inputs.write(REQUEST, requestText)
      inputs.write(CALLER_ADDRESS, caller)
      writeTime(inputs, time)
    },
    (wasm, session) => wasm.decide(session, millis(time)),
  )
  if (answer === BAD_TIME) throw badNow(now)
  if (answer === BAD_ADDRESS) throw badAddress(callerAddress)
  return decision(answer, (code) => name(engine, code))
}

/** `page` gives a rule's page by its code, where it is at hand. */
export function explain(engine, codeOrName, page) {
  if (typeof codeOrName !== 'string') {
    throw new TypeError(`\`explain\` takes a rule's code or name, such as \`JIT201\`, not ${shown(codeOrName)}`)
  }
  const found = engine.call(
    (inputs) => inputs.write(DOCUMENT, codeOrName),
    (wasm, session) => wasm.explain(session),
  )
  if (found === UNKNOWN_RULE) return undefined
  const known = rule(found[0])
  const text = page(known.code)
  return text === undefined ? known : { ...known, page: text }
}

export function rules(engine) {
  const rows = engine.call(
    () => {},
    (wasm, session) => wasm.rules(session),
  )
  return rows.map(rule)
}

/** A rule's name; all names are asked for once. */
export function name(engine, code) {
  names ??= new Map(rules(engine).map(({ code, name }) => [code, name]))
  return names.get(code)
}
let names
