// A server of its own for a file of tests, and Azure's own JavaScript client for it.

import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { SecurityCenter } from '@azure/arm-security'

export const SUBSCRIPTION = '5c1de2b4-0a54-4b9e-8f0b-2f6f6b0e7a11'
export const GROUP = 'harbour'
export const REGION = 'westeurope'

const program = process.env.JITGATE

export function machine(name, group = GROUP) {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`
}

export function policyId(name) {
  const type = `Microsoft.Security/locations/${REGION}/jitNetworkAccessPolicies`
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}/providers/${type}/${name}`
}

/** `jitgate serve` on a free port, with its data in a folder of its own; `options` are added to its command. */
export async function serve(...options) {
  const folder = mkdtempSync(join(tmpdir(), 'jitgate-clients-'))
  const data = join(folder, 'data')
  const child = spawn(program, ['serve', '--data', data, '--listen', '127.0.0.1:0', ...options], { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(child, 'exit')
  let url
  for await (const line of createInterface({ input: child.stdout })) {
    url = /https?:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]
    if (url !== undefined) break
  }
  if (url === undefined) throw new Error('the server did not start')
  const run = (...words) => {
    const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    return stdout
  }
  const token = (name, role = 'Owner', scope = `/subscriptions/${SUBSCRIPTION}`) => {
    return run('token', 'create', '--data', data, '--name', name, '--role', role, '--scope', scope).trim()
  }
  /** The id of the token of that name, which clients sign in with. */
  const id = (name) => new RegExp(`^${name} +(\\S+)`, 'm').exec(run('token', 'list', '--data', data))[1]
  const stop = async () => {
    child.kill('SIGTERM')
    const [code] = await ended
    rmSync(folder, { recursive: true })
    return code
  }
  return { url, token, id, stop }
}

/** All items of a list. A page that comes again would make it endless. */
export async function all(pages) {
  const found = new Map()
  for await (const one of pages) {
    assert.ok(!found.has(one.id), `${one.id} comes again`)
    found.set(one.id, one)
  }
  return [...found.values()]
}

/** The client as people make it; but its own policy for tokens insists on TLS. */
export function client(url, token, options = {}) {
  const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) }
  const center = new SecurityCenter(credential, SUBSCRIPTION, { endpoint: url, retryOptions: { maxRetries: 0 }, ...options })
  center.pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' })
  center.pipeline.addPolicy({
    name: 'token',
    sendRequest(request, next) {
      request.allowInsecureConnection = true
      request.headers.set('Authorization', `Bearer ${token}`)
      return next(request)
    },
  })
  return center.jitNetworkAccessPolicies
}
