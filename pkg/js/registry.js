// Where `jitgate/pages` and `jitgate/network` leave what they have, and every copy of the package finds it.

const key = (name) => Symbol.for(`jitgate.${name}`)

export function register(name, value) {
  globalThis[key(name)] = value
}

export const registered = (name) => globalThis[key(name)]
