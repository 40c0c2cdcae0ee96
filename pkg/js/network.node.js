// The network module, read from its file at the first call.

import { registered } from './registry.js'

export function network() {
  if (registered('network') === undefined) {
    try {
      process.getBuiltinModule('node:module').createRequire(import.meta.url)('./network.node.cjs')
    } catch {
      // A bundler left the file behind. Then it is as in a browser: whoever wants it imports it.
    }
  }
  return registered('network')
}
