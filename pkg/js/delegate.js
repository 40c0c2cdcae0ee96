// What the small module leaves to the network module, where that is at hand.

import { JitgateError } from './error.js'
import { network } from 'jitgate:network'

/** A function of the network module, which is looked for at the call. */
export const delegate = (name) => (...given) => {
  const found = network()
  if (found === undefined) {
    throw new JitgateError(`\`${name}\` does this only when \`jitgate/network\` is imported, too`)
  }
  return found[name](...given)
}

/** `check` of the small module, which reads no networks or scripts; the network module's own goes on where it ends. */
export function checkAll(check) {
  const whole = delegate('check')
  return (input, options) => {
    const report = check(input, options)
    return report.kind === 'network' || isScript(report.diagnostics) ? whole(input, options) : report
  }
}

/** `decide` of the small module; the network module's own goes on where a script is given. */
export const decideAll = (decide) => (...given) => {
  const decision = decide(...given)
  return isScript(decision.reasons) ? network().decide(...given) : decision
}

/** True for what the small module knows to be in another language, where the network module is at hand. */
const isScript = (found) => found.some(({ code }) => code === 'JIT106') && network() !== undefined
