// The declarations against real answers: TypeScript reads what the package says of documents of every kind, and uses
// that must not compile.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { faulty, NOW, policy, request } from './support/documents.mjs'
import { folder, load, root } from './support/installed.mjs'
import { network, nsg, rule } from './support/network.mjs'

const { check, convert, decide, diff, explain, loadNetwork, preview, rules } = await load()
const here = fileURLToPath(new URL('.', import.meta.url))
const tsc = join(root, 'pkg/node_modules/typescript/bin/tsc')

test('the types hold for real answers, and against misuse', () => {
  const folderOfTypes = join(folder, `types-${process.pid}`)
  mkdirSync(folderOfTypes)
  try {
    for (const name of ['use.mts', 'use.cts', 'networks.mts', 'slim.mts', 'tsconfig.json', 'tsconfig.slim.json']) copyFileSync(join(here, 'types', name), join(folderOfTypes, name))
    writeFileSync(join(folderOfTypes, 'answers.mts'), answers())
    const run = (project) => execFileSync(process.execPath, [tsc, '--project', project], { cwd: folderOfTypes, encoding: 'utf8' })
    for (const project of ['.', 'tsconfig.slim.json']) {
      try {
        run(project)
      } catch (error) {
        assert.fail(error.stdout)
      }
    }
  } finally {
    rmSync(folderOfTypes, { recursive: true })
  }
})

/** Real answers as literals with their types, so that any member too many, too few or of another type is an error. */
function answers() {
  const pages = rules().map(({ code }) => explain(code))
  const wrong = pages.flatMap(({ page }) => [...page.matchAll(/```json[^\n]*\n(.*?)```/gs)].map(([, text]) => text))
  const reports = [faulty(), policy(), request(), '', '[{]', ...wrong].map((input) => check(input, { now: NOW }))
  const asked = [request(), request({ duration: 'PT9H' }), request({ number: 23 }), request({ number: -1 }), '']
  const decisions = asked.map((asked) => decide(policy(), asked, { now: NOW }))
  decisions.push(decide(policy(), request({ allowedSourceAddressPrefix: undefined }), { now: NOW, callerAddress: '203.0.113.9' }))
  assert.ok(reports.some(({ diagnostics }) => diagnostics.some(({ fix }) => fix)))
  const places = [{}, { subscription: 's', resourceGroup: 'g', location: 'l', name: 'n' }]
  const conversions = ['az', 'bicep'].flatMap((to) => asked.flatMap((document) => places.map((place) => convert(document, { to, now: NOW, ...place }))))
  assert.ok(conversions.some(({ text }) => text === null) && conversions.some(({ text, notes }) => text !== null && notes.length > 0))
  const constants = { Report: reports, Conversion: conversions, Decision: decisions, Rule: pages, RuleSummary: rules(), ...networks() }
  const lines = Object.entries(constants).map(
    ([type, values]) => `export const a${type}: ${type}[] = ${JSON.stringify(values)}`,
  )
  return `import type { ${Object.keys(constants).join(', ')} } from 'jitgate'\n${lines.join('\n')}\n`
}

/** Answers about networks in which every member turns up. */
function networks() {
  const loose = [...network().slice(1), nsg([rule('Storage', 120, { sourceAddressPrefix: 'Storage' })])]
  const nets = [network(), loose.slice(0, -2), [...loose, network()[0]]].map((files) => loadNetwork(files))
  const given = { policy: policy(), requests: [request(), request({ number: 23 })], now: NOW }
  const previews = nets.flatMap((net) => ['enforce', 'document'].map((mode) => net.preview({ ...given, mode })))
  const other = nsg([rule('Ssh', 300, { sourceAddressPrefix: '203.0.113.0/24', sourcePortRange: '1-9' }), rule('Storage', 120, { sourceAddressPrefix: 'Storage' })])
  const longer = policy()
  longer.properties.virtualMachines[0].ports[0].maxRequestAccessDuration = 'PT5H'
  const diffs = [diff(policy(), longer), diff(nsg(), other, { network: network().slice(0, -1) }), diff('', '[')]
  const answers = nets.flatMap((net) =>
    net.machines().flatMap(({ id }) => [22, 443].map((port) => net.reach({ machine: id, from: '203.0.113.7', port }))),
  )
  const bounds = nets.flatMap((net) => net.machines().map(({ id }) => net.traffic({ machine: id })))
  assert.ok(bounds.some(({ exact }) => exact) && bounds.some(({ exact }) => !exact))
  assert.ok(answers.some(({ decidedBy }) => decidedBy.some(({ unknown }) => unknown)))
  assert.ok(previews.some(({ machines }) => machines.some(({ residual }) => residual.length > 0)))
  return { Preview: previews, Diff: diffs, Reach: answers, Bounds: bounds, Machine: nets.flatMap((net) => net.machines()) }
}

test('the types take no TypeScript newer than 4.7', () => {
  for (const name of ['index', 'network', 'slim', 'pages', 'traffic', 'codes']) {
    const text = readFileSync(join(root, `pkg/${name}.d.ts`), 'utf8')
    // 5.0 has `export type *` and `const` parameters, 4.9 `satisfies`; a library that is named must be there.
    assert.doesNotMatch(text, /export type \*|<const |\bsatisfies\b|\b(in )?out [A-Z]|\/\/\/ <reference/, name)
  }
})

test('the type tests are whole', () => {
  const use = readFileSync(join(here, 'types/use.mts'), 'utf8')
  assert.ok(use.match(/@ts-expect-error/g).length >= 10)
})
