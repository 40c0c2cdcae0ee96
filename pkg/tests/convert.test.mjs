// `convert`: policies and requests as code, from the small module and from the one that writes it, and misuse.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faulty, MACHINES, NOW, policy, request } from './support/documents.mjs'
import { load } from './support/installed.mjs'

const { check, convert } = await load()
const FORMATS = ['powershell', 'az', 'rest', 'arm', 'bicep', 'terraform', 'json']
const place = { subscription: '11111111-2222-4333-8444-555555555555', resourceGroup: 'shop', location: 'westeurope', name: 'default' }

test('JSON comes back as it was, and every format has the machine in it', () => {
  assert.deepEqual(JSON.parse(convert(policy(), { to: 'json' }).text), policy())
  assert.deepEqual(JSON.parse(convert(request(), { to: 'json', now: NOW }).text), request())
  for (const to of FORMATS) {
    const { kind, diagnostics, text, notes, reasons } = convert(policy(), { to, ...place })
    assert.deepEqual([kind, diagnostics, reasons], ['policy', check(policy()).diagnostics, []], to)
    assert.ok(text.includes(`${MACHINES}/web1`) && text.endsWith('\n'), text)
    assert.ok(notes.every((note) => note.length > 0))
  }
})

test('what the document does not say comes from the options, or is a variable', () => {
  const { text } = convert(policy(), { to: 'terraform', ...place })
  assert.match(text, /name {6}= "default"/)
  const open = convert(policy(), { to: 'terraform', ...place, name: undefined })
  assert.match(open.text, /name {6}= var\.policy_name/)
  assert.deepEqual(open.notes, ['fill in `var.policy_name`: the document does not say it'])
  const odd = convert(policy(), { to: 'powershell', ...place, name: "it’s 'é' 😀" })
  assert.ok(odd.text.includes("-Name 'it’’s ''é'' 😀'"), odd.text)
})

test('calls go to the server that is named', () => {
  const { text } = convert(policy(), { to: 'az', ...place, endpoint: 'https://jit.example/' })
  assert.match(text, /--url 'https:\/\/jit\.example\/subscriptions\/.*\n {2}--resource 'https:\/\/jit\.example\/' /)
  const azure = convert(policy(), { to: 'az', ...place })
  assert.deepEqual(convert(policy(), { to: 'az', ...place, endpoint: 'https://management.azure.com/' }), azure)
  const { text: none, reasons } = convert(policy(), { to: 'rest', endpoint: 'http://jit.example' })
  assert.equal(none, null)
  assert.match(reasons[0], /^`http:\/\/jit\.example` is no endpoint: over `http:\/\/` others on the way read the token/)
})

test('requests of HTTP are read as well', () => {
  const { text } = convert(policy(), { to: 'rest', ...place })
  assert.equal(check(text).kind, 'policy')
  assert.deepEqual(JSON.parse(convert(text, { to: 'json' }).text), policy())
})

test('what cannot be written says why, and the report is that of `check`', () => {
  const { text, reasons, ...report } = convert(faulty(), { to: 'bicep' })
  assert.equal(text, null)
  assert.ok(reasons.some((reason) => reason.startsWith('JIT201: ')), reasons)
  assert.deepEqual({ kind: report.kind, diagnostics: report.diagnostics }, check(faulty()))
  assert.match(convert(request(), { to: 'arm', now: NOW }).reasons[0], /an action, not a resource/)
})

test('both modules give the same, and so does every form of the document', async () => {
  const network = await load('jitgate/network')
  const slim = await load('jitgate/slim')
  const expected = convert(policy(), { to: 'rest' })
  const text = JSON.stringify(policy())
  for (const other of [network.convert, slim.convert]) assert.deepEqual(other(text, { to: 'rest' }), expected)
  assert.deepEqual(convert(new TextEncoder().encode(text), { to: 'rest' }), expected)
})

test('misuse is told', () => {
  const fails = (call, message) => assert.throws(call, { name: 'TypeError', message })
  fails(() => convert(policy()), '`to` is `undefined`: it may be `powershell`, `az`, `rest`, `arm`, `bicep`, `terraform` or `json`')
  fails(() => convert(policy(), { to: 'yaml' }), /^`to` is `yaml`: it may be/)
  fails(() => convert(policy(), { to: 'az', name: 7 }), '`name` is `7`: give a string')
  fails(() => convert(policy(), { to: 'az', endpoint: 7 }), '`endpoint` is `7`: give a string')
  fails(() => convert(policy(), { to: 'az', kind: 'Policy' }), /^`kind` is `Policy`: it may be/)
  fails(() => convert(policy(), { to: 'az', group: 'shop' }), /^`convert` has no option `group`/)
  fails(() => convert(policy(), { to: 'az', now: 'soon' }), /^`now` is `soon`/)
  fails(() => convert(undefined, { to: 'az' }), /^the document is missing/)
})
