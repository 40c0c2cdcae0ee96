// Every operation of `@azure/arm-security` on just-in-time policies.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { GROUP, REGION, all, client, machine, policyId, serve } from './support.mjs'

let server
let owner
let policies

before(async () => {
  server = await serve()
  owner = server.token('owner')
  policies = client(server.url, owner)
})

after(async () => assert.equal(await server?.stop(), 0, 'the server did not stop in order'))

const rule = (number, prefix = '*', longest = 'PT3H') => ({
  number,
  protocol: '*',
  allowedSourceAddressPrefix: prefix,
  maxRequestAccessDuration: longest,
})

const policy = (...names) => ({
  kind: 'Basic',
  virtualMachines: names.map((name) => ({ id: machine(name), ports: [rule(22), rule(3389, '10.4.0.0/16', 'PT1H')] })),
})

const put = (name, ...machines) => policies.createOrUpdate(GROUP, REGION, name, policy(...machines))

const failure = (status, code) => (error) => {
  assert.equal(error.name, 'RestError')
  assert.equal(error.statusCode, status)
  assert.equal(error.code, code)
  return true
}

test('put answers with the policy, and get gives it again', async () => {
  const made = await put('put', 'web')
  assert.equal(made.id, policyId('put'))
  assert.equal(made.name, 'put')
  assert.equal(made.location, REGION)
  assert.equal(made.provisioningState, 'Succeeded')
  assert.deepEqual(made.requests, [])
  assert.deepEqual(made.virtualMachines, policy('web').virtualMachines)
  assert.deepEqual(await policies.get(GROUP, REGION, 'put'), made)
})

test('what is large comes encoded', async () => {
  const names = Array.from({ length: 50 }, (_, number) => `web${number}`)
  const made = await put('large', ...names)
  assert.deepEqual(await policies.get(GROUP, REGION, 'large'), made)
  const path = `${server.url}${policyId('large')}?api-version=2020-01-01`
  const answer = await fetch(path, { headers: { authorization: `Bearer ${owner}` } })
  assert.match(answer.headers.get('content-encoding'), /^(br|gzip)$/)
  assert.equal(answer.headers.get('vary'), 'accept-encoding')
  const body = await answer.json()
  assert.deepEqual(body.properties.virtualMachines.map(({ id }) => id), names.map((name) => machine(name)))
})

test('get, change, put', async () => {
  await put('edit', 'web')
  const got = await policies.get(GROUP, REGION, 'edit')
  got.virtualMachines.push(...policy('db').virtualMachines)
  const made = await policies.createOrUpdate(GROUP, REGION, 'edit', got)
  assert.deepEqual(made.virtualMachines.map(({ id }) => id), [machine('web'), machine('db')])
})

test('the four lists, over more pages than one', async () => {
  const made = new Set()
  for (let index = 0; index < 130; index += 1) made.add((await put(`list${index}`, `vm${index}`)).id)
  const lists = [
    policies.list(),
    policies.listByRegion(REGION),
    policies.listByResourceGroup(GROUP),
    policies.listByResourceGroupAndRegion(GROUP, REGION),
  ]
  for (const list of lists) {
    const ids = (await all(list)).map(({ id }) => id).filter((id) => id.includes('/list'))
    assert.equal(ids.length, made.size)
    assert.deepEqual(new Set(ids), made)
  }
  assert.deepEqual(await all(policies.listByRegion('nowhere')), [])
})

test('initiate opens, and later reads say so', async () => {
  await put('open', 'web')
  const endTimeUtc = new Date(Date.now() + 3_600_000)
  const ports = [{ number: 22, allowedSourceAddressPrefix: '10.9.8.7', endTimeUtc }]
  const answer = await policies.initiate(GROUP, REGION, 'open', {
    virtualMachines: [{ id: machine('web'), ports }],
    justification: 'the disk is full',
  })
  const opened = { number: 22, allowedSourceAddressPrefix: '10.9.8.7', endTimeUtc, statusReason: 'UserRequested' }
  assert.deepEqual(answer.virtualMachines, [{ id: machine('web'), ports: [{ ...opened, status: 'Initiating' }] }])
  assert.equal(answer.justification, 'the disk is full')
  assert.ok(Math.abs(answer.startTimeUtc - Date.now()) < 20_000)
  const [stored] = (await policies.get(GROUP, REGION, 'open')).requests
  assert.deepEqual(stored.virtualMachines[0].ports, [{ ...opened, status: 'Initiated' }])
})

test('a source left out is the address of the caller', async () => {
  await put('source', 'web')
  const ports = [{ number: 22, endTimeUtc: new Date(Date.now() + 3_600_000) }]
  const answer = await policies.initiate(GROUP, REGION, 'source', { virtualMachines: [{ id: machine('web'), ports }] })
  assert.equal(answer.virtualMachines[0].ports[0].allowedSourceAddressPrefix, '127.0.0.1')
})

test('delete answers 200, then 204', async () => {
  await put('gone', 'web')
  const statuses = []
  const onResponse = ({ status }) => statuses.push(status)
  await policies.delete(GROUP, REGION, 'gone', { onResponse })
  await policies.delete(GROUP, REGION, 'gone', { onResponse })
  assert.deepEqual(statuses, [200, 204])
  await assert.rejects(policies.get(GROUP, REGION, 'gone'), failure(404, 'ResourceNotFound'))
})

test('errors are read as such', async () => {
  await put('errors', 'web')
  const endTimeUtc = new Date(Date.now() + 3_600_000)
  const ask = (port, name = 'errors') =>
    policies.initiate(GROUP, REGION, name, { virtualMachines: [{ id: machine('web'), ports: [{ endTimeUtc, ...port }] }] })
  await assert.rejects(ask({ number: 22 }, 'missing'), failure(404, 'PolicyNotFound'))
  await assert.rejects(ask({ number: 23 }), failure(400, 'InvalidInitiateInput'))
  await assert.rejects(ask({ number: 3389, allowedSourceAddressPrefix: '10.5.0.1' }), failure(400, 'InvalidInitiateInput'))
  await assert.rejects(ask({ number: 22, endTimeUtc: new Date(Date.now() + 30 * 3_600_000) }), failure(400, 'InvalidInitiateInput'))
  const bad = { virtualMachines: [{ id: machine('web'), ports: [rule(22, 'nowhere')] }] }
  await assert.rejects(policies.createOrUpdate(GROUP, REGION, 'errors', bad), failure(400, 'InvalidPolicyInput'))
  const reader = client(server.url, server.token('reader', 'Reader'))
  await assert.rejects(reader.createOrUpdate(GROUP, REGION, 'errors', policy('web')), failure(403, 'AuthorizationFailed'))
  await assert.rejects(client(server.url, 'wrong').get(GROUP, REGION, 'errors'), failure(401, 'InvalidAuthenticationToken'))
})

test('what the client sends again after a lost answer opens nothing twice', async () => {
  await put('again', 'web')
  const ports = [{ number: 22, allowedSourceAddressPrefix: '10.9.8.7', endTimeUtc: new Date(Date.now() + 3_600_000) }]
  const body = { virtualMachines: [{ id: machine('web'), ports }] }
  // A pipeline's policy that carries the call out and then says that it failed, twice.
  let calls = 0
  const lossy = client(server.url, owner, {
    retryOptions: { maxRetries: 3, retryDelayInMs: 10 },
    additionalPolicies: [
      {
        position: 'perRetry',
        policy: {
          name: 'lossy',
          async sendRequest(request, next) {
            const response = await next(request)
            calls += 1
            return calls < 3 ? { ...response, status: 503, bodyAsText: '{}' } : response
          },
        },
      },
    ],
  })
  await lossy.initiate(GROUP, REGION, 'again', body)
  assert.equal(calls, 3)
  assert.equal((await policies.get(GROUP, REGION, 'again')).requests.length, 1)
})
