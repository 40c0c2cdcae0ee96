// Just-in-time VM access with a large fleet: what is in the page, and what is said while it comes and when it does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Jit } from './pages/jit.mjs';
import { Machines } from './pages/machines.mjs';
import { Panel } from './pages/panels.mjs';
import { axe } from './support/axe.mjs';
import { fleet } from './support/fleet.mjs';
import { backends, usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const COUNT = 1_200;
const CONFIGURED = COUNT * 0.6;

const portal = usePortal({ data: fleet(COUNT) });
const open = (path = '/', options = {}) => portal.page(path, { backend: 'server', ...options });

for (const backend of backends) {
  test(`only the rows in sight are in the page, wherever it is scrolled to (${backend})`, async () => {
    const jit = await new Jit(await open('/', { backend })).ready();
    await until(() => jit.rowCount(), CONFIGURED);
    await jit.status(`${CONFIGURED} machines`).waitFor();
    const few = async () => (await jit.rows.count()) < 60;
    assert.ok(await few());
    for (const part of [0.5, 1, 0.25]) {
      await jit.page.evaluate(part => scrollTo(0, document.documentElement.scrollHeight * part), part);
      // Whatever stands in the middle of the window is a row.
      const middle = () => jit.page.evaluate(() => document.elementFromPoint(700, innerHeight / 2).closest('[role=row]') !== null);
      await until(middle, true);
      assert.ok(await few());
    }
    // Numbers count as numbers: they are in the order people count in.
    await jit.page.evaluate(() => scrollTo(0, 0));
    await until(async () => (await jit.names()).slice(0, 3), ['api-2', 'api-6', 'api-14']);
  });

  test(`all that a search leaves are selected at once (${backend})`, async () => {
    const jit = await new Jit(await open('/', { backend })).ready();
    await jit.search.fill('rg-fleet-003');
    await until(() => jit.rowCount(), 30);
    await jit.all.click();
    await jit.search.fill('');
    await jit.status(`${CONFIGURED} machines, 30 selected`).waitFor();
    await jit.all.click();
    await jit.status(`${CONFIGURED} selected`).waitFor();
  });
}

test('what many policies do is worked out, and few calls tell what the user may do', async () => {
  const jit = await new Jit(await open('/?q=rg-fleet-00')).ready();
  await until(() => jit.rowCount(), 300);
  await jit.all.click();
  await jit.status('300 selected').waitFor();
  const calls = { preview: 0, permissions: 0 };
  jit.page.on('request', request => {
    for (const name of Object.keys(calls)) if (request.url().includes(`/${name}`)) calls[name]++;
  });
  await jit.command('Edit').click();
  const panel = await new Panel(jit.page).ready();
  await panel.port('22 SSH').click();
  await panel.fill({ time: '2' });
  await panel.ok();
  await panel.impact.getByText('Closed at rest').waitFor();
  await until(() => panel.impact.getByText('are looked at').count(), 0);
  assert.equal(await panel.impact.getByText('not looked at').count(), 0);
  assert.deepEqual(calls, { preview: 10, permissions: 1 });
  await axe(jit.page, 'many policies');
});

test('the list of virtual machines has only the rows in sight in the page', async () => {
  const machines = new Machines(await open('/machines'));
  await until(() => machines.count(), COUNT);
  assert.ok((await machines.rows.count()) < 60);
  await machines.page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await machines.link(`web-${COUNT - 3}`).waitFor();
  assert.ok((await machines.rows.count()) < 60);
  await machines.search.fill('rg-fleet-003 linux');
  await until(() => machines.count(), 37);
});

// Of the browser's own data there is nothing to wait for, and no call that could fail on its way: this is about servers.
test('while machines come it is said how many there are', async () => {
  const page = await portal.page('/settings', { backend: 'server' });
  let release;
  const held = new Promise(done => (release = done));
  await page.route(/jitExposure/, async route => {
    await held;
    await route.continue();
  });
  await page.goto(new URL('/', page.url()).href);
  const jit = new Jit(page);
  await page.getByRole('status').filter({ hasText: 'Loading the virtual machines' }).waitFor();
  await axe(page, 'loading');
  release();
  await jit.ready();
  await jit.status(`${CONFIGURED} machines`).waitFor();
  await page.unrouteAll({ behavior: 'wait' });
});

test('what was loaded stays when it cannot be loaded anew, and a further try is offered', async () => {
  const jit = await new Jit(await open()).ready();
  await jit.status(`${CONFIGURED} machines`).waitFor();
  const error = { error: { code: 'AuthorizationFailed', message: 'Not today.' } };
  await jit.page.route(/jitExposure/, route => route.fulfill({ status: 403, json: error }));
  await jit.command('Refresh').click();
  await jit.page.getByRole('alert').filter({ hasText: 'Not today.' }).waitFor();
  assert.equal(await jit.rowCount(), CONFIGURED);
  await axe(jit.page, 'failed');
  await jit.page.unrouteAll({ behavior: 'wait' });
  await jit.page.getByRole('button', { name: 'Retry' }).click();
  await until(() => jit.page.getByRole('alert').filter({ hasText: 'Not today.' }).count(), 0);
  assert.equal(await jit.rowCount(), CONFIGURED);
});
