// The package as its users have it: `dist/jitgate.tgz`, installed by npm in a folder of its own.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const root = fileURLToPath(new URL('../../../', import.meta.url))
const tarball = join(root, 'pkg/dist/jitgate.tgz')

/** The folder that the package is installed in. */
export const folder = install()

/** `import … from 'jitgate'`, from that folder. */
export const load = (name = 'jitgate') => import(pathToFileURL(join(folder, `${name.replace('/', '-')}.mjs`)))

/** `require('jitgate')`, from that folder. */
export const require = createRequire(join(folder, 'package.json'))

/** The files of the package. */
export const packaged = (...names) => join(folder, 'node_modules/jitgate', ...names)

function install() {
  if (!existsSync(tarball)) throw new Error('`pkg/dist/jitgate.tgz` is missing: run `cargo xtask pack`')
  const name = createHash('sha256').update(readFileSync(tarball)).update(readFileSync(new URL(import.meta.url)))
  const folder = join(tmpdir(), `jitgate-tests-${name.digest('hex').slice(0, 16)}`)
  if (existsSync(folder)) return folder
  // Several files are tested at once: the first to be done gives the folder its name.
  const making = mkdtempSync(join(tmpdir(), 'jitgate-install-'))
  writeFileSync(join(making, 'package.json'), '{"name": "user", "private": true, "type": "module"}')
  for (const entry of ['jitgate', 'jitgate/network', 'jitgate/slim']) {
    writeFileSync(join(making, `${entry.replace('/', '-')}.mjs`), `export * from '${entry}'\n`)
  }
  mkdirSync(join(making, 'node_modules'))
  const npm = ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', tarball]
  execFileSync('npm', npm, { cwd: making, stdio: ['ignore', 'ignore', 'inherit'] })
  try {
    renameSync(making, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
    rmSync(making, { recursive: true })
  }
  return folder
}
