// A server with an inventory of the tests' own.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { JITGATE, startServer } from './server.mjs';

const run = promisify(execFile);

/** Imports files `{ name, text }` into an empty data folder: `{ folder, remove }`. */
export async function imported(files) {
  const folder = await mkdtemp(join(tmpdir(), 'jitgate-tests-'));
  const paths = [];
  for (const { name, text } of files) {
    const path = join(folder, name);
    await writeFile(path, text);
    paths.push(path);
  }
  const data = join(folder, 'data');
  await run(JITGATE, ['import', '--data', data, '--fail-on', 'never', ...paths], { maxBuffer: 1 << 28 });
  return { data, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A server with that inventory and these policies: `{ url, token, stop }`. */
export async function serverWith({ files, policies }) {
  const { data, remove } = await imported(files);
  const server = await startServer(['--data', data]);
  for (const { path, body } of policies) await put(server, path, body);
  const stop = async () => {
    await server.stop();
    await remove();
  };
  return { ...server, stop };
}

async function put({ url, token }, path, body) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(new URL(path, url), { method: 'PUT', headers, body });
  if (!response.ok) throw new Error(`PUT ${path}: ${response.status} ${await response.text()}`);
  await response.arrayBuffer();
}
