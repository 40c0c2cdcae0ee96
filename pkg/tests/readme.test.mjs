// The example of the project's README.md prints what it says it prints.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { folder, load, root } from './support/installed.mjs'

const { check } = await load()
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const example = mkdtempSync(join(folder, 'readme-'))
after(() => rmSync(example, { recursive: true }))

/** The text of the first block of that kind. */
function block(kind) {
  const found = new RegExp('^```' + kind + '\n(.*?)^```$', 'ms').exec(readme)
  assert.ok(found, `README.md has no block of \`${kind}\``)
  return found[1]
}

/** What `--fix`, which stands before it in the README, makes of a text. */
function fixed(text) {
  const edits = check(text).diagnostics.flatMap(({ fix }) => (fix?.safe ? fix.edits : []))
  const put = (text, { range, newText }) => text.slice(0, range.start.offset) + newText + text.slice(range.end.offset)
  return edits.reduceRight(put, text)
}

test('the example in the README', () => {
  const source = (name) => join(root, 'docs/example', name)
  writeFileSync(join(example, 'policy.json'), fixed(readFileSync(source('policy.json'), 'utf8')))
  copyFileSync(source('request.json'), join(example, 'request.json'))
  writeFileSync(join(example, 'example.mjs'), block('js'))
  assert.equal(execFileSync(process.execPath, ['example.mjs'], { cwd: example, encoding: 'utf8' }), block('text'))
})
