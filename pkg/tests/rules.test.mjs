// `rules` and `explain`, and the types of the codes.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { load, packaged } from './support/installed.mjs'

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
