// Hostile input, failures inside the validator, and memory: no call may harm the next.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { faulty, NOW, policy } from './support/documents.mjs'
import { folder, load } from './support/installed.mjs'
import { instances, trap } from './support/instances.mjs'

const { check } = await load()
const text = JSON.stringify(faulty())
const expected = check(text, { now: NOW })

test('a trap fails one call and no other', async () => {
  let started = 0
  let broken = true
  const start = (instance) => {
    started += 1
    return { exports: broken ? { ...instance.exports, check: trap } : instance.exports }
  }
  await instances(start, ({ check, JitgateError }) => {
    const failed = (error) =>
      error instanceof JitgateError && error.cause instanceof WebAssembly.RuntimeError && /anew/.test(error.message)
    assert.throws(() => check(text), failed)
    assert.throws(() => check(text), failed)
    broken = false
    assert.deepEqual(check(text, { now: NOW }), expected)
    assert.deepEqual(check(text, { now: NOW }), expected)
    assert.equal(started, 3)
  })
})

test('a stack that overflows inside the validator harms no later call', async () => {
  let started = 0
  const start = (instance) => {
    started += 1
    return instance
  }
  await instances(start, ({ check }) => {
    check(text)
    // Reading brackets takes the validator itself deep down.
    const nested = '['.repeat(90)
    const deep = () => {
      try {
        deep()
      } catch {
        // Near the end of the stack the call itself fails, in whatever place.
        check(nested)
      }
    }
    deep()
    assert.ok(started > 1, 'the stack overflowed inside the validator')
    assert.deepEqual(check(text, { now: NOW }), expected)
  })
})

test('hostile documents are answered', () => {
  const documents = {
    empty: '',
    'a megabyte of brackets': '['.repeat(1 << 20),
    'a megabyte of objects': '{"a":'.repeat(200_000),
    'NUL bytes': '\0'.repeat(1000),
    'invalid UTF-8': new Uint8Array([0x7b, 0xff, 0xfe, 0x80, 0x7d]),
    'half a pair as bytes': new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]),
    'half a pair as an escape': '{"a": "\\ud800"}',
    'a number beyond all': '{"number": 1e999}',
    'an endless string': '"'.padEnd(1 << 20, 'a'),
    'a random walk': Uint8Array.from({ length: 100_000 }, (_, at) => (at * 2_654_435_761) >>> 13),
  }
  for (const [name, document] of Object.entries(documents)) {
    assert.ok(check(document).diagnostics.length > 0, name)
    assert.deepEqual(check(text, { now: NOW }), expected, name)
  }
})

test('documents past the limit are answered in every form', () => {
  const long = 50 * 1024 * 1024
  const forms = { text: ' '.repeat(long), bytes: new Uint8Array(long).fill(32), wide: '€'.repeat(long / 3), mixed: ' ' + '€'.repeat(long / 3) }
  const [first, ...others] = Object.entries(forms).map(([name, form]) => [name, check(form)])
  assert.ok(first[1].diagnostics.length > 0)
  for (const [name, report] of others) assert.deepEqual(report, first[1], name)
  assert.deepEqual(check(text, { now: NOW }), expected)
})

test('the memory of very large documents is given back', () => {
  const code = `
    import { check } from 'jitgate'
    const machine = ${JSON.stringify(JSON.stringify(policy().properties.virtualMachines[0]))}
    const machines = Array.from({ length: 24 * 1024 * 1024 / machine.length }, (_, at) => machine.replace('web1', 'web' + at))
    const large = '{"properties":{"virtualMachines":[' + machines.join() + ']}}'
    const held = () => { gc(); return process.memoryUsage().arrayBuffers }
    const before = held()
    for (let round = 0; round < 5; round++) check(large)
    const after = held()
    if (after - before > 8 * 1024 * 1024) throw new Error((after - before) + ' bytes are still held')`
  execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '--eval', code], { cwd: folder })
})
