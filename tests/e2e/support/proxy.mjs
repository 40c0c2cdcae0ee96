// A server behind a proxy that can end the streams of changes, and keep new ones away.
import { createServer, request } from 'node:http';
import { once } from 'node:events';
import { startServer } from './server.mjs';

/**
 * Starts a server, and a proxy in front of it: `{ url, token, stop, cut, mend }`. `cut()` ends the streams that are open
 * and refuses others until `mend()`. `asked` are the heads of the calls for streams that were let through.
 */
export async function proxied(start = startServer) {
  const server = await start();
  const streams = new Set();
  const asked = [];
  let isCut = false;
  const proxy = createServer((call, answer) => {
    const isStream = call.url.startsWith('/events');
    if (isStream && isCut) {
      answer.writeHead(403, { 'content-type': 'application/json' }).end('{"error":{"code":"Cut","message":"cut"}}');
      return;
    }
    const { hostname, port } = new URL(server.url);
    const onward = request({ hostname, port, path: call.url, method: call.method, headers: call.headers }, back => {
      answer.writeHead(back.statusCode, back.headers);
      answer.flushHeaders();
      back.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    call.pipe(onward);
    if (isStream) {
      asked.push(call.headers);
      streams.add({ onward, answer });
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    token: server.token,
    asked,
    cut() {
      isCut = true;
      for (const { onward, answer } of streams) {
        // As a server ends that goes in order.
        onward.removeAllListeners('error').on('error', () => {});
        answer.end();
        onward.destroy();
      }
      streams.clear();
    },
    mend() {
      isCut = false;
    },
    async stop() {
      proxy.closeAllConnections();
      proxy.close();
      await server.stop();
    },
  };
}
