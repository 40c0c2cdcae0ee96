// The portal's files as any web server would give them: for the backend that lives in the browser.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The portal as the build made it. */
export const FOLDER = process.env.PORTAL ?? fileURLToPath(new URL('../../../target/site', import.meta.url));

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** What `jitgate serve` sends with the portal as well: the tests run under it. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Serves the folder on a port of this machine, a free one unless told: `{ url, port, stop }`. */
export async function startSite(folder = FOLDER, port = 0) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://site');
    // A path whose last part has no ending is one of the portal's own addresses.
    const name = extname(pathname) === '' ? '/index.html' : normalize(decodeURIComponent(pathname));
    response.setHeader('content-security-policy', POLICY);
    response.setHeader('cache-control', name.startsWith('/static/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    try {
      const content = await readFile(join(folder, name));
      response.setHeader('content-type', TYPES[extname(name)] ?? 'application/octet-stream');
      response.end(content);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise(listening => server.listen(port, '127.0.0.1', listening));
  const stop = () => {
    server.closeAllConnections();
    return new Promise(closed => server.close(closed));
  };
  const own = server.address().port;
  return { url: `http://127.0.0.1:${own}`, port: own, stop };
}
