// The shared cases of `tests/cases`: the package gives the JSON that every other surface gives.

import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { load, packaged, root } from './support/installed.mjs'

const cases = join(root, 'tests/cases')
const entries = { node: await load(), browser: await import(pathToFileURL(packaged('dist/browser.js'))) }

const folders = readdirSync(cases, { withFileTypes: true }).filter((entry) => entry.isDirectory())
assert.ok(folders.length > 0)

for (const { name } of folders) {
  const path = (file) => join(cases, name, file)
  const json = (file) => JSON.parse(readFileSync(path(file), 'utf8'))
  const { now, kind, from } = json('case.json')
  const document = ['document.json', 'document.txt'].map(path).find(existsSync)
  test(name, () => {
    for (const [entry, { check, decide }] of Object.entries(entries)) {
      if (document === undefined) {
        const answer = decide(readFileSync(path('policy.json')), readFileSync(path('request.json')), { now, callerAddress: from })
        assert.deepEqual(answer, json('expected.decision.json'), entry)
      } else {
        assert.deepEqual(check(readFileSync(document), { now, kind }), json('expected.report.json'), entry)
      }
    }
  })
}
