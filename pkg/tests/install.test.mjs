// What is in the package, and that every way of loading it gives the same.

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { faulty, NOW, policy, request } from './support/documents.mjs'
import { folder, load, packaged, require } from './support/installed.mjs'
import { network } from './support/network.mjs'

const manifest = JSON.parse(readFileSync(packaged('package.json'), 'utf8'))

test('every file that the manifest names is there', () => {
  const named = (value) => (typeof value === 'string' ? [value] : Object.values(value).flatMap(named))
  for (const name of [...named(manifest.exports), manifest.types, manifest.main, manifest.module]) {
    assert.ok(readFileSync(packaged(name)).length > 0, name)
  }
  const top = readdirSync(packaged('.'))
  for (const name of ['README.md', 'LICENSE-MIT', 'LICENSE-APACHE']) assert.ok(top.includes(name), name)
  assert.equal(manifest.dependencies, undefined)
})

test('TypeScript finds the types of every entry where it does not read `exports`, as with `node10`', () => {
  const entries = Object.entries(manifest.exports).filter(([, entry]) => entry.import)
  const types = entries.map(([name, entry]) => [name.replace('./', ''), [entry.import.types]])
  assert.deepEqual({ '.': [manifest.types], ...manifest.typesVersions['*'] }, Object.fromEntries(types))
})

test('every entry gives the same answers', async () => {
  const entries = {
    import: await load(),
    require: require('jitgate'),
    network: await load('jitgate/network'),
    'network, CommonJS': require('jitgate/network'),
    'network, browser': await import(pathToFileURL(packaged('dist/network.browser.js'))),
    'network, browser, CommonJS': require(packaged('dist/network.browser.cjs')),
    browser: await import(pathToFileURL(packaged('dist/browser.js'))),
    'browser, CommonJS': require(packaged('dist/browser.cjs')),
    slim: await load('jitgate/slim'),
    'slim, CommonJS': require('jitgate/slim'),
    'slim, browser': await import(pathToFileURL(packaged('dist/slim.browser.js'))),
  }
  await entries.slim.init()
  await entries['slim, CommonJS'].init()
  entries['slim, browser'].initSync(readFileSync(require.resolve('jitgate/jitgate.wasm')))
  const aboutNetworks = ({ check, diff, loadNetwork, preview, reach }) => [
    check(network(), { now: NOW }),
    diff(policy(), faulty(), { now: NOW }),
    preview({ network: network(), policy: policy(), requests: request(), now: NOW }),
    reach(network(), { machine: 'web1', from: '203.0.113.7', port: 22 }),
    loadNetwork(network()).machines(),
  ]
  const answers = ({ check, decide, explain, rules, ...rest }) => [
    check(faulty(), { now: NOW }),
    decide(policy(), request(), { now: NOW }),
    explain('JIT201'),
    rules(),
    ...aboutNetworks({ check, ...rest }),
  ]
  const expected = answers(entries.import)
  assert.ok(expected[0].diagnostics.length > 0)
  for (const [name, entry] of Object.entries(entries)) assert.deepEqual(answers(entry), expected, name)
})

test('entries export the same names', async () => {
  const names = ['JitgateError', 'check', 'convert', 'decide', 'diff', 'explain', 'loadNetwork', 'preview', 'reach', 'rules']
  for (const entry of ['jitgate', 'jitgate/network']) {
    assert.deepEqual(Object.keys(await load(entry)), names)
    assert.deepEqual(Object.keys(require(entry)).sort(), names)
  }
  assert.deepEqual(Object.keys(await load('jitgate/slim')).sort(), [...names, 'init', 'initSync'].sort())
})

test('named imports from CommonJS code work, as Node reads them', () => {
  const code = "import { check } from './node_modules/jitgate/dist/node.cjs'; console.log(check('{}').kind)"
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', code], { cwd: folder })
  assert.equal(printed.toString(), 'unknown\n')
})

test("every CommonJS entry works where `TextEncoder` is no global, as in Jest's jsdom", () => {
  const code = `
    delete globalThis.TextEncoder
    delete globalThis.TextDecoder
    for (const name of ['node', 'browser', 'network.node', 'network.browser', 'slim.node']) {
      const { check, initSync } = require('./node_modules/jitgate/dist/' + name + '.cjs')
      initSync?.(require('node:fs').readFileSync(require.resolve('jitgate/jitgate.wasm')))
      console.log(check('{"é": 1}').kind)
    }`
  const printed = execFileSync(process.execPath, ['--eval', code], { cwd: folder })
  assert.equal(printed.toString(), 'unknown\n'.repeat(5))
})

test('an error that nobody catches is told in short lines', () => {
  for (const entry of ['jitgate', 'jitgate/network', 'jitgate/slim']) {
    for (const [type, line] of [['module', `import { check } from '${entry}'`], ['commonjs', `const { check } = require('${entry}')`]]) {
      const run = spawnSync(process.execPath, [`--input-type=${type}`, '--eval', `${line}; check('', { knd: 'policy' })`], { cwd: folder })
      const printed = run.stderr.toString()
      assert.match(printed, /^TypeError: `check` has no option `knd`: it takes `kind` and `now`$/m)
      // And not the packed module, which stands in a line beside it. Where the package lies does not count.
      const longest = Math.max(...printed.replaceAll(folder, '').split('\n').map((line) => line.length))
      assert.ok(longest < 400, `${entry} prints a line of ${longest} characters`)
    }
  }
})

test('a bundle for Node stands by itself', async () => {
  for (const format of ['esm', 'cjs']) {
    const line =
      format === 'esm' ? "import { check } from 'jitgate'" : "const { check } = require('jitgate')"
    const { outputFiles } = await build({
      stdin: { contents: `${line}\nconsole.log(check('{}').kind)`, resolveDir: folder },
      bundle: true,
      platform: 'node',
      format,
      write: false,
    })
    const elsewhere = mkdtempSync(join(tmpdir(), 'jitgate-bundle-'))
    try {
      const file = join(elsewhere, format === 'esm' ? 'bundle.mjs' : 'bundle.cjs')
      writeFileSync(file, outputFiles[0].contents)
      assert.equal(execFileSync(process.execPath, [file]).toString(), 'unknown\n', format)
    } finally {
      rmSync(elsewhere, { recursive: true })
    }
  }
})

test('loading alone compiles nothing', () => {
  const code = `
    WebAssembly.Module = class { constructor() { throw new Error('compiled') } }
    const { check } = await import('jitgate')
    try { check('{}') } catch ({ name, message }) { console.log(name, message) }`
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', code], { cwd: folder })
  // As where a page's policy forbids it.
  assert.match(printed.toString(), /^JitgateError the validator cannot be compiled here \(compiled\): .*'wasm-unsafe-eval'`\n$/)
})
