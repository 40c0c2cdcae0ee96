// The small module and networks: in Node it fetches the network module by itself, elsewhere that is imported.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { build } from 'esbuild'
import { folder } from './support/installed.mjs'
import { network } from './support/network.mjs'

// Each in a process of its own: a module once imported is there for the whole process.
const printed = (code) => execFileSync(process.execPath, ['--input-type=module', '--eval', code], { cwd: folder, encoding: 'utf8' })

const files = JSON.stringify(network())
const TRY = `
  const files = ${JSON.stringify(files)}
  const tried = (call) => { try { const answer = call(); return answer.length ?? answer.kind } catch (error) { return [error instanceof jitgate.JitgateError, error.message] } }
  const all = () => console.log(JSON.stringify([tried(() => jitgate.check(files)), tried(() => jitgate.loadNetwork(files).machines())]))`
const missing = (name) => [true, `\`${name}\` does this only when \`jitgate/network\` is imported, too`]
const lines = (...answers) => answers.map((answer) => `${JSON.stringify(answer)}\n`).join('')

test('a browser reads networks when their module is imported', () => {
  for (const name of ['browser.js', 'slim.browser.js']) {
    const code = `
      import * as jitgate from './node_modules/jitgate/dist/${name}'
      import { readFileSync } from 'node:fs'
      ${TRY}
      jitgate.initSync?.(readFileSync('node_modules/jitgate/dist/jitgate.wasm'))
      all()
      await import('./node_modules/jitgate/dist/network.browser.js')
      all()`
    assert.equal(printed(code), lines([missing('check'), missing('loadNetwork')], ['network', 1]), name)
  }
})

test('a browser reads scripts when that module is imported', () => {
  for (const name of ['browser.js', 'slim.browser.js']) {
    const code = `
      import * as jitgate from './node_modules/jitgate/dist/${name}'
      import { readFileSync } from 'node:fs'
      jitgate.initSync?.(readFileSync('node_modules/jitgate/dist/jitgate.wasm'))
      const script = 'Set-AzJitNetworkAccessPolicy -Kind Basic -VirtualMachine @()'
      const tell = () => {
        const { kind, diagnostics } = jitgate.check(script)
        const { reasons } = jitgate.decide(script, '{}')
        console.log(kind, diagnostics[0].code, reasons.some(({ code }) => code === 'JIT106'))
      }
      tell()
      await import('./node_modules/jitgate/dist/network.browser.js')
      tell()`
    assert.equal(printed(code), 'unknown JIT106 true\npolicy JIT120 false\n', name)
  }
})

test('in Node the module comes by itself', () => {
  const code = `
    import * as jitgate from 'jitgate'
    ${TRY}
    all()
    try { jitgate.loadNetwork({ toJSON() { throw new Error('no') } }) } catch (error) { console.log(error.message) }`
  assert.equal(printed(code), `${lines(['network', 1])}the network cannot be written as JSON: no\n`)
})

test('a bundle for Node says what is missing, or has it', async () => {
  const bundled = async (imports) => {
    const contents = `${imports}\n${TRY}\nall()`
    const given = { stdin: { contents, resolveDir: folder }, bundle: true, platform: 'node', format: 'esm', write: false }
    const elsewhere = mkdtempSync(join(tmpdir(), 'jitgate-bundle-'))
    try {
      const file = join(elsewhere, 'bundle.mjs')
      writeFileSync(file, (await build(given)).outputFiles[0].contents)
      return execFileSync(process.execPath, [file], { encoding: 'utf8' })
    } finally {
      rmSync(elsewhere, { recursive: true })
    }
  }
  const lean = "import * as jitgate from 'jitgate'"
  assert.equal(await bundled(lean), lines([missing('check'), missing('loadNetwork')]))
  assert.equal(await bundled(`${lean}\nimport 'jitgate/network'`), lines(['network', 1]))
  assert.equal(await bundled("import * as jitgate from 'jitgate/network'"), lines(['network', 1]))
})

test('networks that nobody holds take no memory', () => {
  const code = `
    import { loadNetwork } from 'jitgate'
    const files = ${JSON.stringify(files)}
    const held = () => { gc(); return process.memoryUsage().arrayBuffers }
    loadNetwork(files)
    const before = held()
    for (let round = 0; round < 100; round++) loadNetwork(files).machines()
    await new Promise((done) => setTimeout(done, 10))
    const after = held()
    if (after - before > 16 * 1024 * 1024) throw new Error((after - before) + ' bytes are still held')`
  execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '--eval', code], { cwd: folder })
})
