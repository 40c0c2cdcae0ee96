// A `jitgate serve` of the tests' own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The program, with the portal inside. */
export const JITGATE = process.env.JITGATE ?? fileURLToPath(new URL('../../../target/debug/jitgate', import.meta.url));

/**
 * Starts a server, with the made-up fleet unless `args` say otherwise: `{ url, token, stop }`. One that is started again
 * over its data is told `port` and `token`, since it prints the token no more.
 */
export async function startServer(args = ['--demo'], { port = 0, token } = {}) {
  const child = spawn(JITGATE, ['serve', '--listen', `127.0.0.1:${port}`, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const found = new Promise((resolve, reject) => {
    const hear = line => {
      said += `${line}\n`;
      const link = /(http:\/\/127\.0\.0\.1:\d+)\/#token=(\S+)/.exec(line);
      if (link) resolve({ url: link[1], token: link[2] });
      const again = /^jitgate is on (\S+)/.exec(line);
      if (again && token) resolve({ url: again[1], token });
    };
    createInterface({ input: child.stdout }).on('line', hear);
    createInterface({ input: child.stderr }).on('line', hear);
    child.on('error', reject);
    // Not `exit`: what it said last is read by then.
    child.on('close', code => reject(new Error(`the server ended with ${code}:\n${said}`)));
  });
  const stop = async () => {
    // Whoever was ended by a signal has no code.
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return { ...(await found), stop };
}
