// Signing in over TLS as Azure's own library for JavaScript does it, MSAL beneath.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { SecurityCenter } from '@azure/arm-security'
import { ClientSecretCredential } from '@azure/identity'
import { generate } from 'selfsigned'
import { SUBSCRIPTION, all, serve } from './support.mjs'

const TENANT = '6a697467-6174-4500-8000-000000000001'

let folder, server, secret, trust

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jitgate-tls-'))
  const subjectAltName = { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }
  const made = await generate([{ name: 'commonName', value: 'jitgate' }], { extensions: [subjectAltName] })
  const files = ['cert', 'private'].map((part) => {
    const file = join(folder, `${part}.pem`)
    writeFileSync(file, made[part])
    return file
  })
  server = await serve('--tls-cert', files[0], '--tls-key', files[1])
  secret = server.token('caller')
  const policy = {
    name: 'trust',
    sendRequest(request, next) {
      request.tlsSettings = { ca: made.cert }
      return next(request)
    },
  }
  trust = { additionalPolicies: [{ policy, position: 'perRetry' }], retryOptions: { maxRetries: 0 } }
})

after(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true })
})

function policies(tenant, password, options) {
  const host = { authorityHost: server.url, ...options }
  const credential = new ClientSecretCredential(tenant, server.id('caller'), password, { ...host, ...trust })
  const scopes = [`${server.url}/.default`]
  const center = new SecurityCenter(credential, SUBSCRIPTION, {
    endpoint: server.url,
    credentialScopes: scopes,
    credentials: { scopes },
    ...trust,
  })
  return center.jitNetworkAccessPolicies
}

for (const [tenant, options] of [
  [TENANT, { disableInstanceDiscovery: true }],
  ['adfs', {}],
]) {
  test(`the tenant ${tenant}`, async () => {
    assert.deepEqual(await all(policies(tenant, secret, options).list()), [])
    await assert.rejects(all(policies(tenant, 'jgt_wrong', options).list()), /AADSTS7000215/)
  })
}
