// A server that goes away and comes back, or does not know its user any more: it is said, and since when; what is shown stays, and is renewed by itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Jit } from './pages/jit.mjs';
import { Settings } from './pages/settings.mjs';
import { ended } from './support/answers.mjs';
import { axe } from './support/axe.mjs';
import { fleet } from './support/fleet.mjs';
import { patience } from './support/jitter.mjs';
import { usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const data = fleet(9);
const portal = usePortal({ data });
/** What Chromium says of calls to a server that is not there. */
const LOST = /net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING)/;

test('a lost connection is told with its time, what is shown stays, and news come when it is back', async () => {
  const page = await portal.page('/', { backend: 'server', expected: LOST });
  const jit = await new Jit(page).ready();
  const count = await jit.rowCount();
  // What pages are made of is loaded when they are opened.
  const others = ['Activity log', 'Settings', 'Just-in-time VM access'];
  const show = async name => {
    await page.getByRole('link', { name, exact: true }).first().click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
  };
  for (const name of others) await show(name);
  const { url, token, restart } = await portal.at('server');
  const start = await restart();
  const banner = page.getByRole('status').filter({ hasText: 'The connection is lost since' });
  await banner.waitFor();
  const since = new Date(await banner.locator('time').getAttribute('datetime'));
  assert.ok(Math.abs(Date.now() - since.getTime()) < 30_000, `${since}`);
  assert.equal(await jit.rowCount(), count);
  await axe(page, 'a lost connection');
  // The time does not move on while it is tried again, and another page shows it as well.
  await page.getByRole('link', { name: 'Virtual machines', exact: true }).first().click();
  await banner.waitFor();
  assert.equal(new Date(await banner.locator('time').getAttribute('datetime')).getTime(), since.getTime());
  for (const name of others) {
    await show(name);
    await banner.waitFor();
    assert.equal(await banner.count(), 1, name);
  }

  await start();
  await banner.waitFor({ state: 'detached', timeout: patience(40_000) });
  // It is followed again: what somebody else does now shows by itself.
  const { path, body } = data.policies[0];
  const machines = JSON.parse(body).properties.virtualMachines;
  const fewer = { kind: 'Basic', properties: { virtualMachines: machines.slice(1) } };
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const put = await fetch(`${url}${path}`, { method: 'PUT', headers, body: JSON.stringify(fewer) });
  assert.equal(put.status, 200, await put.text());
  await until(() => jit.rowCount(), count - 1);
});

test('whoever only looks hears that the sign-in has ended', async () => {
  const page = await portal.page('/', { backend: 'server', expected: LOST });
  await new Jit(page).ready();
  const { restart, token } = await portal.at('server');
  await page.route(/\/events\b/, ended);
  await (await restart())();
  await page.getByLabel('Access token').waitFor({ timeout: patience(40_000) });
  await page.getByText('Your sign-in has ended. Sign in again to go on').waitFor();
  await axe(page, 'a sign-in that ended while nothing was done');
  await page.unroute(/\/events\b/);
  await page.getByLabel('Access token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Access token').waitFor({ state: 'detached' });
  await new Jit(page).ready();
});

test('a stream without a sign of life is lost, and heard anew', async () => {
  const context = await portal.timed();
  const page = await portal.page('/', { backend: 'server', context, expected: LOST });
  await new Jit(page).ready();
  const banner = page.getByText('The connection is lost since');
  // The next one does not come.
  await context.route(/\/events\b/, () => {});
  await page.clock.fastForward('00:40');
  assert.equal(await banner.count(), 0);
  await page.clock.fastForward('00:10');
  await banner.waitFor();
});

test('the loss of a server is nothing of the data in this browser', async () => {
  const page = await portal.page('/', { backend: 'server', expected: LOST });
  await new Jit(page).ready();
  await page.goto(new URL('/settings', page.url()).href);
  await page.getByRole('radio', { name: /^This browser/ }).check();
  await page.getByRole('link', { name: 'Just-in-time VM access' }).first().click();
  await new Settings(page).start();
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('radio', { name: /^This server/ }).check();
  await page.getByRole('row', { name: /Yes Yes Yes/ }).first().waitFor();
  const { restart } = await portal.at('server');
  const start = await restart();
  await page.getByRole('link', { name: 'Virtual machines', exact: true }).first().click();
  const banner = page.getByText('The connection is lost since');
  await banner.waitFor();
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('radio', { name: /^This browser/ }).check();
  await page.getByText(/^[\d,]+ records/).waitFor();
  await page.getByRole('link', { name: 'Virtual machines', exact: true }).first().click();
  await page.getByRole('grid').waitFor();
  assert.equal(await banner.count(), 0);
  await start();
});
