// A rule's page, read from its file at the first call.

import { registered } from './registry.js'

export function page(code) {
  if (registered('pages') === undefined) {
    try {
      process.getBuiltinModule('node:module').createRequire(import.meta.url)('./pages.cjs')
    } catch {
      // A bundler left the file behind. Then it is as in a browser: whoever wants pages imports them.
    }
  }
  return registered('pages')?.[code]
}
