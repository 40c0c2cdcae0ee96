// What is loaded when: the first page comes without the code of what nobody has asked for yet, and a part that cannot
// be had says so, and comes when it is tried again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Jit } from './pages/jit.mjs';
import { heading } from './support/heading.mjs';
import { usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();

/** The parts that a page has loaded. */
const parts = page =>
  page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(entry => entry.name.split('/').pop())
      .filter(name => name.startsWith('split_'))
      .sort(),
  );

test('a server’s first page comes without the workbench and without the ledger of a browser', async () => {
  const page = await portal.page('/', { backend: 'server' });
  await new Jit(page).ready();
  // The panels come as soon as nothing else is waited for.
  await until(() => parts(page), ['split_panels.wasm']);
});

test('the workbench brings its own part, and once', async () => {
  const page = await portal.page('/settings');
  await page.getByRole('link', { name: 'Workbench' }).first().click();
  await heading(page, 'Workbench').waitFor();
  const tools = async () => (await parts(page)).filter(name => name === 'split_tools.wasm');
  await until(tools, ['split_tools.wasm']);
  await page.getByRole('link', { name: 'Rules' }).first().click();
  await heading(page, 'Rules').waitFor();
  assert.deepEqual(await tools(), ['split_tools.wasm']);
});

test('a part that cannot be had says so, and comes when it is tried again', async () => {
  // Where there is a service worker, it has all parts by then.
  const page = await portal.page('/settings', { backend: 'server', expected: /split_tools\.wasm|net::ERR_FAILED/ });
  await heading(page, 'Settings').waitFor();
  await page.route('**/split_tools.wasm', route => route.abort('failed'));
  await page.getByRole('link', { name: 'Workbench' }).first().click();
  await page.getByRole('alert').filter({ hasText: 'This part of the portal could not be loaded.' }).waitFor();
  await page.unroute('**/split_tools.wasm');
  await page.getByRole('button', { name: 'Try again' }).click();
  await heading(page, 'Workbench').waitFor();
});

test('who waits for the portal is told so, until it is there', async () => {
  const context = await portal.context();
  let held;
  const hold = new Promise(resolve => (held = resolve));
  await context.route('**/portal_bg.wasm', async route => {
    await hold;
    await route.continue();
  });
  const page = await portal.page('/rules', { context });
  await page.getByRole('status').filter({ hasText: 'Loading the portal…' }).waitFor();
  held();
  await heading(page, 'Rules').waitFor();
  await until(() => page.getByText('Loading the portal…').count(), 0);
});
