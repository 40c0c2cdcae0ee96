// What callers hand in about networks: lists of documents, and questions.

import { document, list, shown } from './input.js'

const PROTOCOLS = { tcp: 6, udp: 17, icmp: 1 }
const MODES = ['enforce', 'document']

/** One document or several, as texts and bytes; `what` names them in an error. */
export function documents(input, what) {
  if (input === undefined) return []
  if (!Array.isArray(input)) return [document(input, what)]
  return Array.from(input, (one, at) => document(one, `${what}, number ${at + 1},`))
}

/** The same, where at least one is needed. */
export function someDocuments(input, what) {
  const found = documents(input, what)
  if (found.length === 0) throw new TypeError(`${what} is missing: give text, bytes, a parsed object, or a list of them`)
  return found
}

/** The number of a mode. */
export function modeNumber(mode) {
  const index = mode === undefined ? 0 : MODES.indexOf(mode)
  if (index < 0) throw new TypeError(`\`mode\` is ${shown(mode)}: it may be ${list(MODES, 'or')}`)
  return index
}

/** The members of a question that are numbers, as numbers. */
export function flow({ machine, from, port, protocol = 'tcp', sourcePort, to = '' }) {
  checkMachine(machine)
  const number = Object.hasOwn(PROTOCOLS, protocol) ? PROTOCOLS[protocol] : undefined
  if (number === undefined) {
    throw new TypeError(`\`protocol\` is ${shown(protocol)}: it may be ${list(Object.keys(PROTOCOLS), 'or')}`)
  }
  const hasPorts = protocol !== 'icmp'
  if (hasPorts || port !== undefined) checkPort('port', port)
  if (sourcePort !== undefined) checkPort('sourcePort', sourcePort)
  if (typeof from !== 'string') throw badFrom(from)
  if (typeof to !== 'string') throw badTo(to)
  return { machine, from, to, protocol: number, port: hasPorts ? port : 0, sourcePort: hasPorts ? sourcePort ?? -1 : 0 }
}

export function checkMachine(machine) {
  if (typeof machine === 'string' && machine !== '') return
  throw new TypeError(`\`machine\` is ${shown(machine)}: give a machine's name or resource id`)
}

function checkPort(name, value) {
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return
  throw new TypeError(`\`${name}\` is ${shown(value)}: a port is a whole number from 0 to 65535`)
}

export const badFrom = (value) => new TypeError(`\`from\` is ${shown(value)}, which is no IPv4 or IPv6 address`)
export const badTo = (value) => new TypeError(`\`to\` is ${shown(value)}, which is no IPv4 or IPv6 address`)
