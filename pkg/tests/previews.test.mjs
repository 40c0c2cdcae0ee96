// The shared cases of `tests/previews`: the package gives the JSON that the command line gives.

import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { load, packaged, root } from './support/installed.mjs'

const cases = join(root, 'tests/previews')
const browser = await import(pathToFileURL(packaged('dist/network.browser.js')))
const entries = { node: await load(), browser }

const folders = readdirSync(cases, { withFileTypes: true }).filter((entry) => entry.isDirectory())
assert.ok(folders.length > 0)

/** The files of a folder, by name; none where it is not there. */
const inside = (folder) => (existsSync(folder) ? readdirSync(folder).sort() : []).map((name) => readFileSync(join(folder, name)))

for (const { name } of folders) {
  const path = (file) => join(cases, name, file)
  const json = (file) => JSON.parse(readFileSync(path(file), 'utf8'))
  const lines = (file) => readFileSync(path(file), 'utf8').trim().split('\n').map((line) => JSON.parse(line))
  const { now, network: folder, from, mode } = json('case.json')
  test(name, () => {
    const files = inside(join(root, 'tests/networks', folder))
    const context = { policy: readFileSync(path('policy.json')), requests: inside(path('requests')), now, mode, callerAddress: from }
    for (const [entry, { preview, diff, loadNetwork }] of Object.entries(entries)) {
      if (existsSync(path('after.json'))) {
        const answer = diff(context.policy, readFileSync(path('after.json')))
        assert.deepEqual(answer, json('expected.diff.json'), entry)
      } else {
        assert.deepEqual(preview({ network: files, ...context }), json('expected.preview.json'), entry)
      }
      if (existsSync(path('flows.ndjson'))) {
        const network = loadNetwork(files, context)
        const answers = lines('flows.ndjson').map((flow) => network.reach({ now, ...flow }))
        assert.deepEqual(answers, lines('expected.reach.ndjson'), entry)
      }
    }
  })
}
