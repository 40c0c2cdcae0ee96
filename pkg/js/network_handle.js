// A network in an instance of its own: read once and asked many times. Its memory goes when nobody holds it any more.

import { reports } from './diagnostics.js'
import {
  AMBIGUOUS_MACHINE,
  BAD_ADDRESS,
  BAD_FROM,
  BAD_TIME,
  BAD_TO,
  CALLER_ADDRESS,
  Engine,
  PARTS,
  UNKNOWN_MACHINE,
} from './engine.js'
import { badAddress, badNow, callerAddress as address, now as present, options as checked, shown } from './input.js'
import { badFrom, badTo, checkMachine, documents, flow, modeNumber, someDocuments } from './network_input.js'
import { millis, writeTime } from './time.js'

const QUERY = ['machine', 'from', 'port', 'protocol', 'sourcePort', 'to', 'now']
export const CONTEXT = ['policy', 'requests', 'now', 'mode', 'callerAddress']
const nothing = () => {}
/** So many machines are compared at a time, that no two networks of all of them are in memory. */
const TOLD_AT_ONCE = 64

/** `load` gives the module, `name` a rule's name by its code. */
export class Network {
  #engine
  #reports
  #name

  constructor({ load, name }, files, options) {
    const { policy, requests, now, mode, callerAddress } = checked(options, 'loadNetwork', CONTEXT)
    const network = someDocuments(files, 'the network')
    const policies = documents(policy, 'the policy')
    const asked = documents(requests, 'the request')
    const parts = [...network, ...policies, ...asked].map(kept)
    const number = modeNumber(mode)
    const caller = address(callerAddress)
    const time = present(now)
    let status
    this.#engine = new Engine(load, (wasm, session, inputs) => {
      writeParts(inputs, parts)
      inputs.write(CALLER_ADDRESS, caller)
      writeTime(inputs, time)
      status = wasm.load(session, network.length, policies.length, asked.length, number, millis(time))
    })
    this.#name = name
    this.#reports = this.#engine.call(nothing, (wasm, session) => wasm.reports(session))
    if (status === BAD_TIME) throw badNow(now)
    if (status === BAD_ADDRESS) throw badAddress(callerAddress)
  }

  get diagnostics() {
    return reports(this.#reports, this.#name)
  }

  machines() {
    const rows = this.#loaded().call(nothing, (wasm, session) => wasm.machines(session))
    return rows.map(([id, name, group, reason]) => ({ id, name, class: group, reason }))
  }

  reach(query) {
    const engine = this.#loaded()
    const { now, ...rest } = checked(query, 'reach', QUERY)
    const { machine, from, to, port, protocol, sourcePort } = flow(rest)
    const time = present(now)
    const answer = engine.call(
      (inputs) => {
        writeParts(inputs, [machine, from, to])
        writeTime(inputs, time)
      },
      (wasm, session) => wasm.reach(session, protocol, port, sourcePort, millis(time)),
    )
    return told(answer, { machine, from, to, now })
  }

  traffic(query) {
    const engine = this.#loaded()
    const { machine, now } = checked(query, 'traffic', ['machine', 'now'])
    checkMachine(machine)
    const time = present(now)
    const answer = engine.call(
      (inputs) => {
        writeParts(inputs, [machine])
        writeTime(inputs, time)
      },
      (wasm, session) => wasm.traffic(session, millis(time)),
    )
    return told(answer, { machine, now })
  }

  preview(options) {
    const engine = this.#loaded()
    const { policy, requests, now, mode, callerAddress } = checked(options, 'preview', CONTEXT)
    const policies = someDocuments(policy, 'the policy')
    const asked = documents(requests, 'the request')
    const number = modeNumber(mode)
    const caller = address(callerAddress)
    const time = present(now)
    const answer = engine.call(
      (inputs) => {
        writeParts(inputs, [...policies, ...asked])
        inputs.write(CALLER_ADDRESS, caller)
        writeTime(inputs, time)
      },
      (wasm, session) => wasm.preview(session, policies.length, asked.length, number, millis(time)),
    )
    if (answer === BAD_TIME) throw badNow(now)
    if (answer === BAD_ADDRESS) throw badAddress(callerAddress)
    return answer
  }

  /** What becomes possible and impossible for those who come from this network to the other. */
  diff(after, options) {
    const { now } = checked(options, 'diff', ['now'])
    if (!(after instanceof Network)) throw new TypeError('the network after is none: give one that `loadNetwork` gave')
    const engines = [this.#loaded(), after.#loaded()]
    const time = present(now)
    const begin = (alone) =>
      engines.map((engine) => {
        const answer = engine.call((inputs) => writeTime(inputs, time), (wasm, session) => wasm.begin(session, alone, millis(time)))
        if (answer === BAD_TIME) throw badNow(now)
        return answer.machines
      })
    const [from, to] = engines
    const [mine, its] = begin(false)
    const alone = mine === 0 && its === 0
    const machines = alone ? Number.MAX_SAFE_INTEGER : its
    if (alone) begin(true)
    for (let at = 0; at < machines; at += TOLD_AT_ONCE) {
      const { bytes } = to.call(nothing, (wasm, session) => wasm.tell(session, at, TOLD_AT_ONCE))
      if (bytes === 0) break
      const told = to.told(bytes)
      from.call((inputs) => inputs.write(PARTS, told), (wasm, session) => wasm.compare(session))
    }
    const answer = from.call(nothing, (wasm, session) => wasm.difference(session))
    const [before, later] = [this, after].map(({ diagnostics }) => diagnostics.map((report, index) => ({ role: 'network', index, ...report })))
    const sound = [...before, ...later].every(({ diagnostics }) => diagnostics.every(({ severity }) => severity !== 'error'))
    return { ...answer, complete: answer.complete && sound, reports: { before, after: later } }
  }

  /** Lets go of the network before the engine notices that nobody holds it. */
  free() {
    this.#engine = undefined
  }

  #loaded() {
    if (this.#engine === undefined) throw new TypeError('this network was freed: load it again with `loadNetwork`')
    return this.#engine
  }
}

// Where the host has no such symbol yet, `using` is compiled to one of that name.
Network.prototype[Symbol.dispose ?? Symbol.for('Symbol.dispose')] = Network.prototype.free

/** The answer, unless it is a status. */
function told(answer, { machine, from, to, now }) {
  switch (answer) {
    case BAD_TIME:
      throw badNow(now)
    case BAD_FROM:
      throw badFrom(from)
    case BAD_TO:
      throw badTo(to)
    case UNKNOWN_MACHINE:
      throw new TypeError(`\`machine\` is ${shown(machine)}, and the network has none of that name or id`)
    case AMBIGUOUS_MACHINE:
      throw new TypeError(`\`machine\` is ${shown(machine)}, and the network has several of that name: give the id`)
    default:
      return answer
  }
}

/** Documents in a row of slots. */
export function writeParts(inputs, documents) {
  documents.forEach((document, at) => inputs.write(PARTS + at, document))
}

/** What is to be read again after a failure must not change in the meantime. */
const kept = (document) => (typeof document === 'string' ? document : document.slice())
