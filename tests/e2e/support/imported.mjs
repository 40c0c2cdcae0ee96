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

/**
 * A server with that inventory and these policies: `{ url, token, stop, restart }`. `restart` stops it at once; what it
 * gives starts it again over the same data, at the same address.
 */
export async function serverWith({ files, policies }) {
  const { data, remove } = await imported(files);
  const args = ['--data', data];
  const first = await startServer(args);
  let current = first;
  try {
    for (const { path, body } of policies) await put(first, path, body);
  } catch (error) {
    await first.stop();
    await remove();
    throw error;
  }
  const restart = async () => {
    await current.stop();
    return async () => {
      current = await startServer(args, { port: new URL(first.url).port, token: first.token });
    };
  };
  const stop = async () => {
    await current.stop();
    await remove();
  };
  return { ...first, stop, restart };
}

async function put({ url, token }, path, body) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(new URL(path, url), { method: 'PUT', headers, body });
  if (!response.ok) throw new Error(`PUT ${path}: ${response.status} ${await response.text()}`);
  await response.arrayBuffer();
}
