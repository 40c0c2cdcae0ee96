// The package against `JSON.parse` and the usual validators, in one run: `cargo xtask bench [--rounds N] [--cpu]`.
// From text to verdict, each; a ratio of 1 is what `JSON.parse` alone takes for the same text. Contenders take turns,
// so that what slows the machine slows all of them, and the median of many turns counts. On a busy machine `--cpu`
// counts processor time, of all threads, in the place of time on the wall.

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { check } from '../dist/node.js'
import { fleet } from './fleet.mjs'
import { peers } from './peers.mjs'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '21' }, cpu: { type: 'boolean' } } })
const rounds = Number(values.rounds)
const PROCESSES = 11

/** A turn is about that long, in milliseconds: shorter ones say little. */
const TURN = 10

/** Milliseconds before the first turn, for engines to make the best of the code. */
const WARM_UP = 1000

const contenders = { 'JSON.parse': JSON.parse, jitgate: check }
for (const [name, sound] of Object.entries(peers)) contenders[name] = (text) => sound(JSON.parse(text))

console.log(row('', 'ms', ...Object.keys(contenders)))
for (const machines of [1, 100, 10_000]) {
  for (const faulty of [false, true]) {
    const { text, rules, faults } = fleet(machines, { faulty })
    verify(text, faults)
    const name = `${machines} machine${machines === 1 ? '' : 's'}, ${size(text.length)}`
    const [base, ...ratios] = measure(text)
    const what = faulty ? `${((100 * faults) / rules).toFixed(0)} % faults` : 'clean'
    console.log(row(`${name}, ${what}`, base.toPrecision(3), '1', ...ratios.map((ratio) => ratio.toFixed(2))))
  }
}
firstCall()

/** All contenders agree on what they are given. */
function verify(text, faults) {
  const { diagnostics } = check(text)
  if (faults === 0 ? diagnostics.length > 0 : diagnostics.length < faults) {
    throw new Error(`\`check\` says ${diagnostics.length} things of ${faults} faults: ${JSON.stringify(diagnostics[0])}`)
  }
  for (const [name, sound] of Object.entries(peers)) {
    if (sound(JSON.parse(text)) !== (faults === 0)) throw new Error(`${name} disagrees on ${faults} faults`)
  }
}

/** Milliseconds of `JSON.parse`, then each contender's ratio to it: medians of all rounds. */
function measure(text) {
  const runs = Object.values(contenders).map((run) => ({ run, times: times(run, text), ratios: [] }))
  const bases = []
  for (let round = 0; round < rounds; round++) {
    // Whoever comes next pays for what the last one left to collect: chance decides who that is.
    const took = new Map(shuffled(runs).map((one) => [one, time(one.run, text, one.times)]))
    const [base, ...others] = runs.map((one) => took.get(one))
    bases.push(base)
    others.forEach((other, at) => runs[at + 1].ratios.push(other / base))
  }
  return [median(bases), ...runs.slice(1).map(({ ratios }) => median(ratios))]
}

function shuffled(all) {
  return all
    .map((one) => ({ one, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one)
}

/** How often to run in one turn; finding out warms it up. */
function times(run, text) {
  let took = time(run, text, 1)
  for (let spent = took, times = 1; spent < WARM_UP; spent += took * times) {
    times = turn(took)
    took = time(run, text, times)
  }
  return turn(took)
}

function turn(took) {
  return Math.max(1, Math.ceil(TURN / Math.max(took, 1e-4)))
}

/** Milliseconds for one run, over so many. */
function time(run, text, times) {
  const start = clock()
  for (let left = times; left > 0; left--) run(text)
  return (clock() - start) / times
}

function clock() {
  if (!values.cpu) return performance.now()
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function firstCall() {
  const script = fileURLToPath(new URL('first.mjs', import.meta.url))
  const { text } = fleet(1, { faulty: false })
  const runs = Array.from({ length: PROCESSES }, () => JSON.parse(execFileSync(process.execPath, [script, text])))
  const [load, call] = ['load', 'call'].map((part) => median(runs.map((run) => run[part])))
  console.log(`\nimport ${load.toFixed(1)} ms, first call ${call.toFixed(1)} ms (medians of ${PROCESSES} new processes)`)
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}

function size(length) {
  return length < 1e6 ? `${(length / 1e3).toFixed(0)} KB` : `${(length / 1e6).toFixed(1)} MB`
}

function row(name, ...cells) {
  return name.padEnd(36) + cells.map((cell) => cell.padStart(11)).join('')
}
