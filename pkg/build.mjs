// Assembles the npm package in `dist/` from the wasm modules, the JavaScript in `js/` and the declarations:
// `node build.mjs --wasm FILE --network-wasm FILE`. `cargo xtask pack` runs it.

import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { brotliCompressSync, constants } from 'node:zlib'
import { build } from 'esbuild'
import { compress } from 'lzma1'
import { unpack } from './js/lzma.js'
import { join as joined, PARTS } from './js/streams.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = join(here, '..')
const dist = join(here, 'dist')

const { values } = parseArgs({ options: { wasm: { type: 'string' }, 'network-wasm': { type: 'string' } } })
const [wasm, networkWasm] = ['wasm', 'network-wasm'].map((name) => {
  if (values[name] === undefined) throw new Error(`\`--${name} FILE\` is missing: a wasm module`)
  return readFileSync(values[name])
})

const LC3_LP0_PB2 = 0x5d
const lean = packed(wasm)
const full = packed(networkWasm)

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
await bundles()
declarations()
writeFileSync(join(dist, 'jitgate.wasm'), wasm)
licences()

/** Every entry for every kind of host and module. */
async function bundles() {
  const disk = { hosts: ['disk', 'node'], target: 'node20' }
  const node = { hosts: ['node'], target: 'node20' }
  const browser = { hosts: ['browser'], target: 'es2022' }
  await Promise.all([
    bundle('index.js', 'node.js', { ...disk, format: 'esm' }),
    bundle('index.js', 'node.cjs', { ...disk, format: 'cjs' }),
    bundle('index.js', 'node.bundle.js', { ...node, format: 'esm' }),
    bundle('network.js', 'network.node.js', { ...node, format: 'esm', data: full }),
    bundle('network.js', 'network.node.cjs', { ...node, format: 'cjs', data: full }),
    bundle('network.js', 'network.browser.js', { ...browser, format: 'esm', data: full }),
    bundle('network.js', 'network.browser.cjs', { ...browser, format: 'cjs', data: full }),
    bundle('index.js', 'browser.js', { ...browser, format: 'esm' }),
    bundle('index.js', 'browser.cjs', { ...browser, format: 'cjs' }),
    bundle('slim.js', 'slim.node.js', { ...node, format: 'esm' }),
    bundle('slim.js', 'slim.node.cjs', { ...node, format: 'cjs' }),
    bundle('slim.js', 'slim.browser.js', { ...browser, format: 'esm' }),
    bundle('pages.js', 'pages.js', { ...browser, format: 'esm' }),
    bundle('pages.js', 'pages.cjs', { ...browser, format: 'cjs' }),
  ])
}

async function bundle(entry, name, { hosts, format, target, data = lean }) {
  const node = hosts.includes('node')
  const common = node && format === 'cjs'
  await build({
    entryPoints: [join(here, 'js', entry)],
    outfile: join(dist, name),
    bundle: true,
    minify: true,
    // Node prints the line that an error comes from, should nobody catch it.
    lineLimit: node ? 160 : 0,
    format,
    platform: node ? 'node' : 'neutral',
    target,
    legalComments: 'none',
    // CommonJS has no address of its own file.
    define: common ? { 'import.meta.url': 'fileUrl' } : {},
    banner: common ? { js: "'use strict';const fileUrl=require('node:url').pathToFileURL(__filename).href;" } : {},
    plugins: [parts(hosts, data)],
  })
}

/** `jitgate:packed` and the like are files for the first of the hosts that has one; `jitgate:data` is made here. */
function parts(hosts, data) {
  return {
    name: 'parts',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^jitgate:data$/ }, () => ({ path: 'data', namespace: 'jitgate', sideEffects: false }))
      onLoad({ filter: /.*/, namespace: 'jitgate' }, () => ({ contents: data }))
      onResolve({ filter: /^jitgate:(packed|page|files|network)$/ }, ({ path }) => {
        const files = hosts.map((host) => join(here, 'js', `${path.slice('jitgate:'.length)}.${host}.js`))
        return { path: files.find((file) => existsSync(file)), sideEffects: false }
      })
    },
  }
}

/** What is packed into the files, each where it is used. */
function packed(wasm) {
  const { content, starts } = parted(wasm)
  const lzmaWasm = lzma(content)
  const data = { wasmSize: wasm.length, parts: starts, lzmaWasm, brotliWasm: brotli(wasm), pages: pages() }
  return Object.entries(data).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)}`).join('\n')
}

function brotli(content) {
  const params = { [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS }
  return brotliCompressSync(content, { params }).toString('base64')
}

/**
 * The module in the parts that `js/streams.js` joins, and where each starts. Joining itself tells them: whatever byte of
 * a part it asks for is given the module's next byte.
 */
function parted(wasm) {
  const parts = Array.from({ length: PARTS }, () => [])
  const far = 2 ** 32
  let next = 0
  const asked = (place) => {
    const part = parts[Math.floor(place / far)]
    const at = place % far
    if (at === part.length) {
      // Without this an instruction that is not known there could ask for ever.
      if (next === wasm.length) throw new Error('`js/streams.js` reads on past the end of the module')
      part.push(wasm[next++])
    }
    return part[at]
  }
  const input = new Proxy(wasm, { get: (_, name) => (name === 'length' ? wasm.length : asked(name)) })
  joined(input, parts.map((_, part) => part * far))
  const content = Buffer.from(parts.flat())
  const starts = parts.map((_, part) => parts.slice(0, part).flat().length)
  if (!wasm.equals(joined(content, starts))) throw new Error('the parted module is not the module')
  return { content, starts }
}

/** Without the header, which says what `js/lzma.js` knows. */
function lzma(content) {
  const packed = compress(content, 9)
  if (packed[0] !== LC3_LP0_PB2) throw new Error('the module is packed in a way that `js/lzma.js` cannot unpack')
  const bare = Buffer.from(packed).subarray(13)
  if (!content.equals(unpack(bare, Buffer.alloc(content.length)))) throw new Error('the packed module is not the module')
  return bare.toString('base64')
}

/** The rules' pages by code, from beside the rules. */
function pages() {
  const rules = join(root, 'core/src/rules')
  const files = readdirSync(rules, { recursive: true }).filter((name) => name.endsWith('.md'))
  const pages = files.map((name) => {
    const page = readFileSync(join(rules, name), 'utf8')
    const code = /^# (JIT\d+) /.exec(page)?.[1]
    if (code === undefined) throw new Error(`\`core/src/rules/${name}\` does not start with its rule's code`)
    return [code, page]
  })
  return Object.fromEntries(pages.sort(([a], [b]) => a.localeCompare(b)))
}

/** The declarations, for modules and for CommonJS. */
function declarations() {
  for (const name of ['index', 'network', 'traffic', 'slim', 'pages', 'codes']) {
    const text = readFileSync(join(here, `${name}.d.ts`), 'utf8')
    writeFileSync(join(dist, `${name}.d.ts`), text)
    writeFileSync(join(dist, `${name}.d.cts`), text.replaceAll(/from '(\.\/\w+)\.js'/g, "from '$1.cjs'"))
  }
}

/** npm takes the licences only from beside `package.json`. */
function licences() {
  for (const name of ['LICENSE-MIT', 'LICENSE-APACHE']) copyFileSync(join(root, name), join(here, name))
}
