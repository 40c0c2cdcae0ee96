// `rules` and `explain`, and the types of the codes.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { folder, load, packaged } from './support/installed.mjs'

const { explain, rules } = await load()

test('rules come in the order of their codes', () => {
  const codes = rules().map(({ code }) => code)
  assert.ok(codes.length > 0)
  assert.deepEqual(codes, [...new Set(codes)].sort())
})

test('every rule is explained by code and by name, with its page', () => {
  for (const rule of rules()) {
    const { page, ...rest } = explain(rule.code)
    assert.deepEqual(rest, rule)
    assert.ok(page.startsWith(`# ${rule.code} ${rule.name}\n`), rule.code)
    assert.deepEqual(explain(rule.name), explain(rule.code))
    assert.deepEqual(explain(rule.code.toLowerCase()), explain(rule.code))
  }
})

// Each in a process of its own: pages once imported are there for the whole process.
const printed = (code) => execFileSync(process.execPath, ['--input-type=module', '--eval', code], { cwd: folder, encoding: 'utf8' })

test('a browser has pages when they are imported', () => {
  for (const name of ['browser.js', 'slim.browser.js']) {
    const code = `
      import * as jitgate from './node_modules/jitgate/dist/${name}'
      import { readFileSync } from 'node:fs'
      jitgate.initSync?.(readFileSync('node_modules/jitgate/dist/jitgate.wasm'))
      const { page, ...rule } = jitgate.explain('JIT201')
      await import('jitgate/pages')
      console.log(page, rule.name, jitgate.explain('JIT201').page)`
    assert.ok(printed(code).startsWith('undefined port-out-of-range # JIT201 port-out-of-range\n'), name)
  }
})

test('a file that stands alone has no pages, and everything else', () => {
  const alone = mkdtempSync(join(tmpdir(), 'jitgate-alone-'))
  try {
    const copy = join(alone, 'node.mjs')
    copyFileSync(packaged('dist/node.bundle.js'), copy)
    const code = `const { explain } = await import(${JSON.stringify(copy)}); const { name, page } = explain('JIT201'); console.log(name, page)`
    assert.equal(printed(code), 'port-out-of-range undefined\n')
  } finally {
    rmSync(alone, { recursive: true })
  }
})

test('what is no rule is not explained', () => {
  for (const text of ['', 'JIT999', 'toString', '__proto__', 'JIT201 ', '\u{d800}']) {
    assert.equal(explain(text), undefined, text)
  }
  for (const value of [undefined, 201, null, {}]) {
    assert.throws(() => explain(value), { name: 'TypeError', message: /^`explain` takes a rule's code or name/ })
  }
})

test('the types name every code and no other', () => {
  const types = readFileSync(packaged('dist/codes.d.ts'), 'utf8')
  const named = [...types.matchAll(/\| '([^']+)'/g)].map(([, name]) => name)
  const all = rules()
  const expected = [...all.map(({ code }) => code), ...all.map(({ name }) => name)]
  assert.deepEqual(named, expected, '`pkg/codes.d.ts` is out of date: run `cargo xtask gen`')
})
