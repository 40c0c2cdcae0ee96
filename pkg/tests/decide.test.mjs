// `decide`: the answer's shape, the caller's address, and misuse.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { NOW, policy, request } from './support/documents.mjs'
import { load } from './support/installed.mjs'

const { decide } = await load()

test('a request within the policy is granted', () => {
  const answer = decide(policy(), request(), { now: NOW })
  assert.equal(answer.decision, 'granted')
  assert.deepEqual(answer.reasons, [])
  assert.equal(answer.nearest, null)
  const [grant] = answer.grants
  assert.equal(grant.port, 22)
  assert.deepEqual(grant.sources, ['203.0.113.7'])
  assert.deepEqual([grant.startTimeUtc, grant.endTimeUtc], [NOW, '2026-01-15T13:00:00Z'])
})

test('a request beyond it is refused with the nearest that is not', () => {
  const asked = request({ duration: 'PT5H', allowedSourceAddressPrefix: '203.0.112.0/23' })
  const answer = decide(policy(), JSON.stringify(asked), { now: NOW })
  assert.equal(answer.decision, 'refused')
  assert.deepEqual(answer.grants, [])
  assert.ok(answer.reasons.every(({ document }) => document === 'request'))
  assert.equal(decide(policy(), answer.nearest, { now: NOW }).decision, 'granted')
  assert.ok(answer.changes.length > 0)
})

test("the caller's address is the source of a request that names none", () => {
  const asked = request({ allowedSourceAddressPrefix: undefined })
  const sources = (options) => decide(policy(), asked, { now: NOW, ...options }).grants.flatMap(({ sources }) => sources)
  assert.deepEqual(sources({ callerAddress: '203.0.113.9' }), ['203.0.113.9'])
  assert.deepEqual(sources({}), [])
  assert.deepEqual(sources({ callerAddress: '2001:db8::1' }), [])
  // One call leaves nothing behind for the next.
  assert.deepEqual(sources({ callerAddress: undefined }), [])
})

test('the present is kept to the last digit', () => {
  const [grant] = decide(policy(), request(), { now: '2026-01-15T12:00:00.1234567Z' }).grants
  assert.equal(grant.startTimeUtc, '2026-01-15T12:00:00.1234567Z')
})

test('a Date of another realm is a time', () => {
  const now = runInNewContext(`new Date('${NOW}')`)
  assert.equal(now instanceof Date, false)
  assert.equal(decide(policy(), request(), { now }).grants[0].startTimeUtc, NOW)
})

test('misuse is told in a sentence', () => {
  const cases = [
    [() => decide(), /^the policy is missing/],
    [() => decide(policy()), /^the request is missing/],
    [() => decide(policy(), Promise.resolve(request())), /^the request is a promise/],
    [() => decide('{}', '{}', { from: '::1' }), /^`decide` has no option `from`: it takes `now` and `callerAddress`$/],
    [() => decide('{}', '{}', { callerAddress: '' }), /^`callerAddress` is ``, which is no IPv4 or IPv6 address$/],
    [() => decide('{}', '{}', { callerAddress: '203.0.113.0/24' }), /^`callerAddress` is `203\.0\.113\.0\/24`/],
    [() => decide('{}', '{}', { callerAddress: 7 }), /^`callerAddress` is `7`/],
    [() => decide('{}', '{}', { now: 'soon' }), /^`now` is `soon`/],
  ]
  for (const [call, message] of cases) assert.throws(call, { name: 'TypeError', message }, String(call))
})
