// Where the module `jitgate/pages` leaves the rules' pages, and every copy of the package finds them.

const KEY = Symbol.for('jitgate.pages')

export function register(pages) {
  globalThis[KEY] = pages
}

export const registered = () => globalThis[KEY]
