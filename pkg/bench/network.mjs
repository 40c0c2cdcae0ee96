// Networks in the package: `cargo xtask bench [--rounds N] [--cpu]`. A machine behind an NSG of three sizes; medians.
// `load` reads the text, `traffic` works out the rules, `diff` compares two networks that were loaded, `texts` reads two
// versions and compares them, and one question of many is `reach`. `--cpu` counts processor time.

import { parseArgs } from 'node:util'
import { diff, loadNetwork } from '../dist/network.node.js'
import { around, MACHINE, nsg } from './nsg.mjs'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '21' }, cpu: { type: 'boolean' } } })
const rounds = Number(values.rounds)
const query = { machine: MACHINE, from: '203.0.113.7', port: 22 }
/** A single question is too short to be timed. */
const QUESTIONS = 10_000

console.log(`\n${row('rules behind an NSG', 'size', 'load', 'traffic', 'diff', 'texts', 'reach')}`)
for (const rules of [250, 1000, 3900]) {
  const [before, after] = [nsg(rules), nsg(rules, { changed: true })]
  const load = () => loadNetwork([...around, before])
  const loaded = median(() => load())
  const traffic = median((net) => net.traffic({ machine: MACHINE }), load)
  const difference = median(([one, other]) => one.diff(other), () => [before, after].map((text) => loadNetwork([...around, text])))
  const texts = median(() => diff(before, after, { network: around }))
  const net = load()
  net.reach(query)
  const asked = median(() => {
    for (let left = QUESTIONS; left > 0; left--) net.reach(query)
  })
  const cells = [`${Math.round(before.length / 1000)} KB`, ...[loaded, traffic, difference, texts].map(ms), `${((asked / QUESTIONS) * 1000).toFixed(2)} µs`]
  console.log(row(rules, ...cells))
}

/** Milliseconds of a run, after what `prepare` does before each. */
function median(run, prepare = () => {}) {
  const times = Array.from({ length: rounds + 3 }, () => {
    const prepared = prepare()
    const start = clock()
    run(prepared)
    return clock() - start
  })
  // The first ones warm up.
  return times.slice(3).toSorted((a, b) => a - b)[rounds >> 1]
}

function clock() {
  if (!values.cpu) return performance.now()
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function ms(time) {
  return `${time.toFixed(2)} ms`
}

function row(name, ...cells) {
  return String(name).padEnd(24) + cells.map((cell) => cell.padStart(11)).join('')
}
