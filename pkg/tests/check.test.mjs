// `check`: every form of input gives the same report, and misuse is told in a sentence.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faulty, NOW, policy, request } from './support/documents.mjs'
import { load } from './support/installed.mjs'

const { check } = await load()
const text = JSON.stringify(faulty())

test('a clean policy has nothing to be said', () => {
  const { kind, diagnostics } = check(JSON.stringify(policy()), { now: NOW })
  assert.equal(kind, 'policy')
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === 'error'), [])
})

test('a fault has its place', () => {
  const fault = check(text).diagnostics.find(({ code }) => code === 'JIT201')
  assert.equal(fault.name, 'port-out-of-range')
  assert.equal(fault.severity, 'error')
  assert.equal(fault.pointer, '/properties/virtualMachines/0/ports/0/number')
  assert.deepEqual(fault.path, ['properties', 'virtualMachines', 0, 'ports', 0, 'number'])
  assert.equal(text.slice(fault.range.start.offset, fault.range.end.offset), '70000')
})

test('text, bytes and parsed values are the same', () => {
  const bytes = new TextEncoder().encode(text)
  const shifted = new Uint8Array([0, ...bytes, 0])
  const shared = new SharedArrayBuffer(bytes.length)
  new Uint8Array(shared).set(bytes)
  const forms = {
    bytes,
    Buffer: Buffer.from(text),
    'ArrayBuffer': bytes.buffer,
    'SharedArrayBuffer': shared,
    'part of a buffer': shifted.subarray(1, -1),
    DataView: new DataView(shifted.buffer, 1, bytes.length),
    value: faulty(),
    'value with toJSON': { toJSON: () => faulty() },
  }
  const plain = ({ code, pointer }) => `${code} ${pointer}`
  const expected = check(text, { now: NOW }).diagnostics.map(plain)
  assert.ok(expected.length > 0)
  for (const [name, form] of Object.entries(forms)) {
    assert.deepEqual(check(form, { now: NOW }).diagnostics.map(plain), expected, name)
  }
})

test('UTF-16 is read', () => {
  const { diagnostics } = check(Buffer.from(`\u{feff}${text}`, 'utf16le'))
  assert.ok(diagnostics.some(({ code }) => code === 'JIT201'))
})

test('any parsed JSON is a document', () => {
  for (const value of [null, 5, true, [], {}]) assert.equal(typeof check(value).kind, 'string')
})

test('characters of any length keep their places', () => {
  for (const name of ['é', '€', '😀', 'שלום', '\u{feff}', 'a'.repeat(5000) + '😀'.repeat(5000), '€'.repeat(20_000)]) {
    const odd = `{"comment": "${name}", ${text.slice(1)}`
    const fault = check(odd).diagnostics.find(({ code }) => code === 'JIT201')
    assert.equal(odd.slice(fault.range.start.offset, fault.range.end.offset), '70000', name.slice(0, 10))
  }
})

test('half a surrogate pair is read as U+FFFD, and places stay right', () => {
  const odd = `{"comment": "\u{d800}", ${text.slice(1)}`
  const fault = check(odd).diagnostics.find(({ code }) => code === 'JIT201')
  assert.equal(odd.slice(fault.range.start.offset, fault.range.end.offset), '70000')
})

test('the kind is what the caller says', () => {
  for (const kind of ['policy', 'policyList', 'request', 'storedRequest', 'template']) {
    assert.equal(check('{}', { kind }).kind, kind)
  }
})

test('the present is a date, a number, text, or now', () => {
  const ends = (endTimeUtc) => request({ duration: undefined, endTimeUtc })
  const past = (now) => JSON.stringify(check(ends('2026-01-15T13:00:00Z'), { now, kind: 'request' }))
  const noon = past(NOW)
  assert.equal(past(new Date(NOW)), noon)
  assert.equal(past(Date.parse(NOW)), noon)
  assert.equal(past('2026-01-15T13:00:00+01:00'), noon)
  assert.equal(past(undefined), past(new Date()))
})

test('misuse is told in a sentence', () => {
  const cyclic = {}
  cyclic.self = cyclic
  const cases = [
    [() => check(), /^the document is missing: give text, bytes or a parsed object$/],
    [() => check(() => {}), /^the document is a function/],
    [() => check(Symbol('x')), /^the document is a symbol/],
    [() => check(5n), /^the document cannot be written as JSON: /],
    [() => check(cyclic), /^the document cannot be written as JSON: /],
    [() => check(Promise.resolve('{}')), /^the document is a promise: await it first$/],
    [() => check({ toJSON() {} }), /^the document is an object that is nothing as JSON: give text/],
    [() => check(new Blob(['{}'])), /^the document is a Blob: give its text/],
    [() => check(new Map()), /^the document is a Map/],
    [() => check('{}', 'policy'), /^the options of `check` are an object: \{ kind, now \}$/],
    [() => check('{}', null), /^the options of `check` are an object/],
    [() => check('{}', { knid: 'policy' }), /^`check` has no option `knid`: it takes `kind` and `now`$/],
    [() => check('{}', { kind: 'Policy' }), /^`kind` is `Policy`: it may be `policy`, .* or `network`$/],
    [() => check('{}', { kind: 0 }), /^`kind` is `0`/],
    [() => check('{}', { now: 'noon' }), /^`now` is `noon`, which is no time: /],
    [() => check('{}', { now: '2026-01-15T12:00:00' }), /^`now` is .* no time: /],
    [() => check('{}', { now: new Date(NaN) }), /^`now` is an invalid Date/],
    [() => check('{}', { now: new Date(8.64e15) }), /^`now` is a Date in the year 275760, which is no time/],
    ...[new ArrayBuffer(8), new Uint8Array(8), new DataView(new ArrayBuffer(8)), new Float32Array(2)].map((given) => {
      structuredClone(given, { transfer: [given.buffer ?? given] })
      return [() => check(given), /^the document is a buffer that was given away/]
    }),
    [() => check('{}', { now: Infinity }), /^`now` is `Infinity`/],
    [() => check('{}', { now: null }), /^`now` is `null`/],
    [() => check('{}', { now: 1e300 }), /^`now` is `1e\+300`/],
  ]
  for (const [call, message] of cases) assert.throws(call, { name: 'TypeError', message }, String(call))
})
