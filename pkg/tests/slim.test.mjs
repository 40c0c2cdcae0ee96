// `jitgate/slim`: every way of handing over the module.

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { folder as installation, packaged, require } from './support/installed.mjs'

const file = require.resolve('jitgate/jitgate.wasm')
const bytes = readFileSync(file)
let copies = 0
// Each test has a copy of its own, without a module yet.
const fresh = (name = 'slim.node.js') => import(`${pathToFileURL(packaged('dist', name))}?${(copies += 1)}`)

test('a call before the module says what to do', async () => {
  const { check } = await fresh()
  assert.throws(() => check('{}'), { name: 'TypeError', message: 'call `init` or `initSync` before anything else of `jitgate/slim`' })
})

test('the module comes from the package, an address, a response, bytes or as such', async () => {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/jitgate.wasm' ? 200 : 404).end(bytes)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const address = `http://127.0.0.1:${server.address().port}/jitgate.wasm`
  try {
    const sources = [
      undefined,
      pathToFileURL(file),
      pathToFileURL(file).href,
      file,
      address,
      fetch(address),
      await fetch(address),
      bytes,
      new WebAssembly.Module(bytes),
      Promise.resolve(bytes),
    ]
    for (const source of sources) {
      const { check, init } = await fresh()
      await init(source)
      assert.equal(check('{}').kind, 'unknown')
    }
    const { check, init } = await fresh('slim.browser.js')
    await init(address)
    assert.equal(check('{}').kind, 'unknown')
    await assert.rejects((await fresh()).init(`${address}x`), { message: /answered 404$/ })
  } finally {
    server.close()
  }
})

test('a bundle that has not got the module says what to do, and takes it', async () => {
  const contents = "export * from 'jitgate/slim'"
  const folder = mkdtempSync(join(tmpdir(), 'jitgate-slim-'))
  try {
    for (const [format, ending] of [['esm', 'mjs'], ['cjs', 'cjs']]) {
      const given = { stdin: { contents, resolveDir: installation }, bundle: true, platform: 'node', format, write: false }
      const { outputFiles } = await build({ ...given, logLevel: 'silent' })
      const bundle = join(folder, `bundle.${ending}`)
      writeFileSync(bundle, outputFiles[0].text)
      const { check, init } = await import(pathToFileURL(bundle))
      await assert.rejects(init(), { message: /^`jitgate.wasm` is not beside .* give `init` its address$/ })
      await init(pathToFileURL(file))
      assert.equal(check('{}').kind, 'unknown')
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a bundle for browsers may require it', async () => {
  const contents = `
    const { check, initSync } = require('jitgate/slim')
    initSync(given)
    told.push(check('{}').kind)`
  const stdin = { contents, resolveDir: installation }
  const { outputFiles } = await build({ stdin, bundle: true, platform: 'browser', write: false, logLevel: 'silent' })
  const told = []
  Function('given', 'told', outputFiles[0].text)(bytes, told)
  assert.deepEqual(told, ['unknown'])
})

test('`initSync` takes bytes and modules', async () => {
  for (const source of [bytes, new Uint8Array(bytes).buffer, new WebAssembly.Module(bytes)]) {
    const { check, initSync } = await fresh()
    initSync(source)
    assert.equal(check('{}').kind, 'unknown')
  }
  for (const source of [undefined, file, {}, fetch]) {
    const { initSync } = await fresh()
    assert.throws(() => initSync(source), { name: 'TypeError', message: /^`initSync` takes/ })
  }
})
