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

/** `check` of the small module, which does not read networks; the network module's own goes on where it ends. */
export function checkAll(check) {
  const whole = delegate('check')
  return (input, options) => {
    const report = check(input, options)
    return report.kind === 'network' ? whole(input, options) : report
  }
}
