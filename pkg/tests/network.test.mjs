// `loadNetwork` and what it answers; `preview`, `diff` and `reach` on their own; and misuse.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MACHINES, NOW, policy, request } from './support/documents.mjs'
import { load } from './support/installed.mjs'
import { instances, trap } from './support/instances.mjs'
import { network, nsg, rule } from './support/network.mjs'

const { diff, loadNetwork, preview, reach } = await load()
const ssh = { machine: 'web1', from: '203.0.113.7', port: 22 }
const texts = ({ boxes }) => boxes.map(({ text }) => text)

test('a question is answered with what decides', () => {
  const net = loadNetwork(network())
  const { reachable, decidedBy } = net.reach(ssh)
  assert.equal(reachable, 'yes')
  assert.deepEqual(decidedBy.map(({ stage, rule, priority, access }) => [stage, rule, priority, access]), [['subnetNsg', 'AllowSsh', 300, 'Allow']])
  const denied = net.reach({ ...ssh, port: 23 })
  assert.equal(denied.reachable, 'no')
  assert.equal(denied.decidedBy[0].rule, 'DenyAllInBound')
  assert.equal(net.reach({ ...ssh, machine: `${MACHINES}/WEB1`, to: '198.51.100.4', sourcePort: 50_000 }).reachable, 'yes')
  assert.equal(net.reach({ ...ssh, protocol: 'udp' }).reachable, 'no')
  assert.equal(net.reach({ machine: 'web1', from: '203.0.113.7', protocol: 'icmp' }).reachable, 'no')
})

test('under a policy it is closed, and a request opens it for its time', () => {
  const net = loadNetwork(network(), { policy: policy(), requests: [request()], now: NOW })
  const at = (now, from = ssh.from) => net.reach({ ...ssh, from, now }).reachable
  assert.equal(at(NOW), 'yes')
  assert.equal(at(new Date(NOW), '203.0.113.8'), 'no')
  assert.equal(at('2026-01-15T12:59:59Z'), 'yes')
  assert.equal(at('2026-01-15T13:00:00Z'), 'no')
  assert.equal(at(Date.parse(NOW) - 1), 'no')
  assert.deepEqual(net.machines().map(({ name, class: group }) => [name, group]), [['web1', 'configured']])
})

test('the traffic of a machine is told whole', () => {
  const { exact, may } = loadNetwork(network()).traffic({ machine: 'WEB1' })
  assert.equal(exact, true)
  assert.ok(texts(may).some((text) => text.startsWith('TCP 22')), texts(may).join('; '))
  const net = loadNetwork(network(), { policy: policy(), requests: request(), now: NOW })
  const at = (now) => net.traffic({ machine: 'web1', now }).may
  assert.deepEqual(texts(at(NOW)).filter((text) => text.includes('203.0.113.7')), ['TCP 22 from 203.0.113.7 to 10.0.0.4'])
  assert.notEqual(at('2026-01-15T13:00:00Z').digest, at(NOW).digest)
})

test('machines are told with their class', () => {
  const [machine, ...others] = loadNetwork(network()).machines()
  assert.deepEqual(others, [])
  assert.equal(machine.id, `${MACHINES}/web1`)
  assert.equal(machine.name, 'web1')
  assert.equal(machine.class, 'notConfigured')
  assert.ok(machine.reason.length > 0)
})

test('each file has its report', () => {
  const files = [...network().slice(0, -1), nsg([rule('A', 300), rule('B', 300), rule('C', 310, { destinationPortRange: '90-80' })])]
  const { diagnostics } = loadNetwork(files.map((file) => JSON.stringify(file)))
  assert.equal(diagnostics.length, files.length)
  const { kind, diagnostics: found } = diagnostics.at(-1)
  assert.equal(kind, 'network')
  assert.ok(found.some(({ code, severity }) => code.startsWith('JIT7') && severity === 'error'))
  for (const { name, range } of found) assert.ok(name.length > 0 && range.start.line === 1)
})

test('every form and division of the files is the same network', () => {
  const expected = loadNetwork(network()).reach(ssh)
  const bytes = (value) => new TextEncoder().encode(JSON.stringify(value))
  for (const files of [JSON.stringify(network()), [network()], bytes(network()), network().map(bytes), network().toReversed()]) {
    assert.deepEqual(loadNetwork(files).reach(ssh), expected)
    assert.deepEqual(reach(files, ssh), expected)
  }
})

test('a preview tells what closes and opens', () => {
  const documents = { policy: policy(), requests: request(), now: NOW }
  const answer = loadNetwork(network()).preview(documents)
  const [machine] = answer.machines
  assert.equal(machine.class, 'configured')
  assert.deepEqual(machine.ports, ['TCP 22'])
  assert.deepEqual(texts(machine.opened), ['TCP 22 from 203.0.113.7 to 10.0.0.4'])
  assert.equal(machine.opened.addresses, '1')
  assert.ok(texts(machine.closed).some((text) => text.startsWith('TCP 22 from ')))
  assert.ok(machine.rules.added.some(({ access, priority }) => access === 'Deny' && priority > 0))
  assert.equal(machine.restored.same, true)
  assert.equal(answer.decisions[0].decision, 'granted')
  assert.deepEqual(answer.timeline.map(({ from, until, seconds }) => [from, until, seconds]), [[NOW, '2026-01-15T13:00:00Z', '3600']])
  assert.deepEqual(preview({ ...documents, network: network() }), answer)
  const { reports, ...rest } = preview({ ...documents, network: JSON.stringify(network()), mode: 'enforce' })
  assert.deepEqual({ ...rest, reports: answer.reports }, answer)
  assert.deepEqual(reports.map(({ role }) => role), ['policy', 'request', 'network'])
})

test('the caller is the source of a request that names none', () => {
  const requests = request({ allowedSourceAddressPrefix: undefined })
  const { machines } = preview({ network: network(), policy: policy(), requests, now: NOW, callerAddress: '203.0.113.9' })
  assert.deepEqual(texts(machines[0].opened), ['TCP 22 from 203.0.113.9 to 10.0.0.4'])
  const net = loadNetwork(network(), { policy: policy(), requests, now: NOW, callerAddress: '203.0.113.9' })
  assert.equal(net.reach({ ...ssh, from: '203.0.113.9', now: NOW }).reachable, 'yes')
})

test('a mode that leaves rules alone leaves an exposure', () => {
  const documents = { network: network([rule('AllowSsh', 100)]), policy: policy(), now: NOW }
  const residual = (mode) => preview({ ...documents, mode }).machines[0].residual
  assert.deepEqual(residual('enforce'), [])
  assert.equal(residual('document')[0].letInBy[0].name, 'AllowSsh')
})

test('versions of a policy differ in what can be opened', () => {
  const longer = policy()
  longer.properties.virtualMachines[0].ports[0].maxRequestAccessDuration = 'PT5H'
  const { possible, impossible, equal, complete } = diff(policy(), longer)
  assert.deepEqual(possible.map(({ kind, before, after, sources }) => [kind, before, after, sources]), [['open', 'PT3H', 'PT5H', ['203.0.113.0/24']]])
  assert.deepEqual([impossible, equal, complete], [[], false, true])
  assert.equal(diff(longer, policy()).impossible.length, 1)
  assert.equal(diff(policy(), JSON.stringify(policy(), null, 2)).equal, true)
})

test('versions of an NSG differ in what is reachable', () => {
  const around = network().slice(0, -1)
  const narrow = nsg([rule('AllowSsh', 300, { sourceAddressPrefix: '203.0.113.0/24' }), rule('AllowHttps', 310, { destinationPortRange: '443' })])
  const { possible, impossible } = diff(nsg(), narrow, { network: around })
  assert.deepEqual(possible, [])
  assert.ok(impossible.length > 0 && impossible.every(({ kind, ports }) => kind === 'reach' && ports.includes('22')))
  const renumbered = nsg([rule('Https', 120, { destinationPortRange: '443' }), rule('Ssh', 110)])
  assert.equal(diff(nsg(), renumbered, { network: around }).equal, true)
})

test('loaded networks are compared as their documents are', () => {
  const around = network().slice(0, -1)
  const narrow = nsg([rule('AllowSsh', 300, { sourceAddressPrefix: '203.0.113.0/24' }), rule('AllowHttps', 310, { destinationPortRange: '443' })])
  const unknown = nsg([rule('AllowSsh', 300, { sourceAddressPrefix: 'Nowhere.AtAll' })])
  for (const [one, other] of [[nsg(), narrow], [narrow, nsg()], [nsg(), nsg()], [unknown, unknown], [unknown, nsg()]]) {
    const { reports, ...expected } = diff(one, other, { network: around })
    const [before, after] = [one, other].map((last) => loadNetwork([...around, last]))
    const { reports: own, ...found } = before.diff(after)
    assert.deepEqual(found, expected)
    assert.equal(own.before.length, around.length + 1)
    assert.deepEqual(own.after.map(({ role, index }) => [role, index]), own.after.map((_, index) => ['network', index]))
    assert.deepEqual(before.diff(after), before.diff(after))
  }
  // Without machines, behind each NSG there is one that may have any address.
  const [before, after] = [nsg(), narrow].map((alone) => loadNetwork(alone))
  const { reports, ...expected } = diff(nsg(), narrow)
  const { reports: own, ...found } = before.diff(after)
  assert.deepEqual(found, expected)
  assert.ok(found.impossible.length > 0)
  // A machine that is gone is reached by nothing.
  const gone = loadNetwork(nsg())
  assert.ok(loadNetwork(network()).diff(gone).impossible.length > 0)
  assert.ok(gone.diff(loadNetwork(network())).possible.length > 0)
})

test('loaded networks are compared under their policies', () => {
  const [open, closed] = [undefined, policy()].map((given) => loadNetwork(network(), { policy: given, now: NOW }))
  const { possible, impossible, complete } = open.diff(closed, { now: NOW })
  assert.deepEqual(possible, [])
  assert.ok(complete && impossible.every(({ kind, ports }) => kind === 'reach' && ports.includes('22')))
})

test('many machines are compared, a few at a time', () => {
  const [machine, nic, ...rest] = network()
  const many = Array.from({ length: 150 }, (_, at) => ({ ...machine, id: `${MACHINES}/other${at}`, name: `other${at}` }))
  const all = loadNetwork([machine, nic, ...rest, ...many])
  const half = loadNetwork([machine, nic, ...rest, ...many.slice(75)])
  const { impossible, possible } = all.diff(half)
  assert.equal(new Set(impossible.map(({ machine: id }) => id)).size, 75)
  assert.deepEqual(possible, [])
  assert.equal(all.diff(all).equal, true)
})

test('a network that was freed answers no more', () => {
  const net = loadNetwork(network())
  const { diagnostics } = net
  net[Symbol.dispose]()
  net.free()
  assert.deepEqual(net.diagnostics, diagnostics)
  const freed = { name: 'TypeError', message: 'this network was freed: load it again with `loadNetwork`' }
  assert.throws(() => net.reach(ssh), freed)
  assert.throws(() => net.machines(), freed)
  assert.throws(() => net.preview({ policy: policy() }), freed)
})

test('after a trap the network is read again, as it was', async () => {
  let broken = false
  let started = 0
  const start = (instance) => {
    started += 1
    return { exports: broken ? { ...instance.exports, reach: trap } : instance.exports }
  }
  await instances(
    start,
    ({ loadNetwork, JitgateError }) => {
      const files = network().map((file) => new TextEncoder().encode(JSON.stringify(file)))
      broken = true
      const net = loadNetwork(files, { policy: policy(), requests: request(), now: NOW })
      for (const file of files) file.fill(0)
      for (let round = 0; round < 2; round++) assert.throws(() => net.reach(ssh), JitgateError)
      broken = false
      assert.equal(net.reach({ ...ssh, now: NOW }).reachable, 'yes')
      assert.equal(net.reach({ ...ssh, now: NOW, from: '203.0.113.8' }).reachable, 'no')
      assert.equal(started, 3)
    },
    'network.node.js',
  )
})

test('misuse is told in a sentence', () => {
  const net = loadNetwork(network())
  const twins = loadNetwork([...network(), { ...network()[0], id: `${MACHINES.replace('shop', 'other')}/web1` }])
  const cases = [
    [() => loadNetwork(), /^the network is missing: give text, bytes, a parsed object, or a list of them$/],
    [() => loadNetwork([]), /^the network is missing/],
    [() => loadNetwork(['{}', Promise.resolve('{}')]), /^the network, number 2, is a promise: await it first$/],
    [() => loadNetwork('{}', { policies: '{}' }), /^`loadNetwork` has no option `policies`: it takes `policy`, .* and `callerAddress`$/],
    [() => loadNetwork('{}', { mode: 'off' }), /^`mode` is `off`: it may be `enforce` or `document`$/],
    [() => loadNetwork('{}', { now: 'soon' }), /^`now` is `soon`/],
    [() => loadNetwork('{}', { callerAddress: 'home' }), /^`callerAddress` is `home`/],
    [() => net.reach(), /^`machine` is `undefined`: give a machine's name or resource id$/],
    [() => net.reach({ ...ssh, machine: 'web2' }), /^`machine` is `web2`, and the network has none of that name or id$/],
    [() => twins.reach(ssh), /^`machine` is `web1`, and the network has several of that name: give the id$/],
    [() => net.reach({ ...ssh, from: '203.0.113.0/24' }), /^`from` is `203\.0\.113\.0\/24`, which is no IPv4 or IPv6 address$/],
    [() => net.reach({ ...ssh, from: 7 }), /^`from` is `7`/],
    [() => net.reach({ ...ssh, to: 'web1' }), /^`to` is `web1`/],
    [() => net.reach({ ...ssh, port: undefined }), /^`port` is `undefined`: a port is a whole number from 0 to 65535$/],
    [() => net.reach({ ...ssh, port: 65_536 }), /^`port` is `65536`/],
    [() => net.reach({ ...ssh, sourcePort: -1 }), /^`sourcePort` is `-1`/],
    [() => net.reach({ ...ssh, protocol: 'sctp' }), /^`protocol` is `sctp`: it may be `tcp`, `udp` or `icmp`$/],
    [() => net.reach({ ...ssh, protocol: 'toString' }), /^`protocol` is `toString`/],
    [() => net.reach({ ...ssh, now: 'soon' }), /^`now` is `soon`/],
    [() => net.reach({ ...ssh, machin: 'web1' }), /^`reach` has no option `machin`/],
    [() => net.traffic({ machine: 'web2' }), /^`machine` is `web2`, and the network has none/],
    [() => net.traffic({}), /^`machine` is `undefined`/],
    [() => net.traffic({ machine: 'web1', now: 'soon' }), /^`now` is `soon`/],
    [() => net.preview(), /^the policy is missing/],
    [() => net.preview({ policy: policy(), network: '{}' }), /^`preview` has no option `network`/],
    [() => preview(), /^the network is missing/],
    [() => preview({ network: network() }), /^the policy is missing/],
    [() => diff(policy()), /^the document after is missing/],
    [() => diff(policy(), policy(), { now: 'soon' }), /^`now` is `soon`/],
    [() => reach(undefined, ssh), /^the network is missing/],
    [() => reach(Array(1), ssh), /^the network, number 1, is missing/],
    [() => net.diff(), /^the network after is none: give one that `loadNetwork` gave$/],
    [() => net.diff('{}'), /^the network after is none/],
    [() => net.diff(net, { now: 'soon' }), /^`now` is `soon`/],
    [() => net.diff(net, { network: '{}' }), /^`diff` has no option `network`/],
  ]
  for (const [call, message] of cases) assert.throws(call, { name: 'TypeError', message }, String(call))
})

test('hostile files are answered', () => {
  const wide = nsg([rule('Deep', 100, { destinationPortRanges: Array.from({ length: 5000 }, (_, at) => `${at * 3}`), destinationPortRange: undefined })])
  for (const file of ['', 'x', '['.repeat(100_000), '{"type":"Microsoft.Network/networkSecurityGroups"}', 5, null, wide]) {
    const net = loadNetwork([file, ...network()])
    assert.equal(net.diagnostics.length, network().length + 1)
    assert.ok(['yes', 'maybe'].includes(net.reach(ssh).reachable))
  }
})
