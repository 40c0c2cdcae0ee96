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

const { check, decide, explain, rules } = await load()
const here = fileURLToPath(new URL('.', import.meta.url))
const tsc = join(root, 'pkg/node_modules/typescript/bin/tsc')

test('the types hold for real answers, and against misuse', () => {
  const folderOfTypes = join(folder, `types-${process.pid}`)
  mkdirSync(folderOfTypes)
  try {
    for (const name of ['use.mts', 'use.cts', 'tsconfig.json']) copyFileSync(join(here, 'types', name), join(folderOfTypes, name))
    writeFileSync(join(folderOfTypes, 'answers.mts'), answers())
    const run = () => execFileSync(process.execPath, [tsc, '--project', '.'], { cwd: folderOfTypes, encoding: 'utf8' })
    try {
      run()
    } catch (error) {
      assert.fail(error.stdout)
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
  const constants = { Report: reports, Decision: decisions, Rule: pages, RuleSummary: rules() }
  const lines = Object.entries(constants).map(
    ([type, values]) => `export const a${type}: ${type}[] = ${JSON.stringify(values)}`,
  )
  return `import type { ${Object.keys(constants).join(', ')} } from 'jitgate'\n${lines.join('\n')}\n`
}

test('the type tests are whole', () => {
  const use = readFileSync(join(here, 'types/use.mts'), 'utf8')
  assert.ok(use.match(/@ts-expect-error/g).length >= 10)
})
