// Many windows in one browser, which has six connections to a server for all of them together: those that are covered
// hold none, and miss nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Jit } from './pages/jit.mjs';
import { besides } from './support/besides.mjs';
import { patience } from './support/jitter.mjs';
import { usePortal } from './support/portal.mjs';
import { proxied } from './support/proxy.mjs';
import { until } from './support/until.mjs';

const portal = usePortal({ start: () => proxied() });
const MACHINE = 'orders-pg-psa-01';

/** Whether the window is covered by another, as a browser tells its page: none of Playwright's ever is. */
const cover = (page, covered) =>
  page.evaluate(covered => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => covered });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, covered);

const opened = jit => jit.row(MACHINE).getByText('Open', { exact: true });

/** A window that has heard something, so that it knows where to go on, and is covered. */
async function covered(context, { initiate, revoke }) {
  const page = await portal.page('/?q=orders-pg-psa', { backend: 'server', context });
  const jit = await new Jit(page).ready();
  await initiate(MACHINE);
  await opened(jit).waitFor();
  await revoke(MACHINE);
  await until(() => opened(jit).count(), 0);
  const gone = page.waitForEvent('requestfailed', call => new URL(call.url()).pathname === '/events');
  await cover(page, true);
  await gone;
  return jit;
}

test('eight windows work, and each hears the news when it is looked at', async () => {
  const server = await besides(portal);
  const { asked } = await portal.at('server');
  const context = await portal.context();
  const windows = [];
  for (let count = 0; count < 7; count++) windows.push(await covered(context, server));
  // The eighth is in sight: it is told of what happens.
  const page = await portal.page('/?q=orders-pg-psa', { backend: 'server', context });
  const last = await new Jit(page).ready();
  await server.initiate(MACHINE);
  await opened(last).waitFor();
  const first = windows[0];
  assert.equal(await opened(first).count(), 0);
  const made = [];
  first.page.on('request', call => made.push(new URL(call.url()).pathname));
  await cover(page, true);
  await cover(first.page, false);
  await opened(first).waitFor();
  // It goes on where it was, and nothing but the news is fetched.
  assert.match(asked.at(-1)['last-event-id'], /^\d+$/);
  assert.ok(!made.includes('/subscriptions'), made.join('\n'));
  assert.equal(await first.page.getByText('The connection is lost').count(), 0);
  await server.revoke(MACHINE);
  await until(() => opened(first).count(), 0);
});

test('a window that comes into sight says so where it hears nothing', async () => {
  const server = await besides(portal);
  const { cut, mend } = await portal.at('server');
  const context = await portal.context();
  const jit = await covered(context, server);
  const banner = jit.page.getByText(/^The connection is lost since /);
  // No answer at all, as behind a network that is gone.
  await context.route(/\/events\b/, () => {});
  await cover(jit.page, false);
  await banner.waitFor({ timeout: patience(20_000) });
  await cover(jit.page, true);
  await context.unroute(/\/events\b/);
  cut();
  mend();
});
