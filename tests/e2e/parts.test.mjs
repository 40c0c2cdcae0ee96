// What is loaded when: the first page comes without the code of what nobody has asked for yet, and a part that cannot
// be had, or that hangs, says so, and comes when it is tried again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Jit } from './pages/jit.mjs';
import { Settings } from './pages/settings.mjs';
import { Shell } from './pages/shell.mjs';
import { answers } from './support/answers.mjs';
import { axe } from './support/axe.mjs';
import { heading } from './support/heading.mjs';
import { hold } from './support/held.mjs';
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
  const release = await hold(context, '**/portal_bg.wasm');
  const page = await portal.page('/rules', { context });
  await page.getByRole('status').filter({ hasText: 'Loading the portal…' }).waitFor();
  release();
  await heading(page, 'Rules').waitFor();
  await until(() => page.getByText('Loading the portal…').count(), 0);
});

/** What stands around the first page, in a context. */
async function shellOf(context) {
  const { page } = await new Jit(await portal.page('/', { backend: 'server', context })).ready();
  return new Shell(page);
}

for (const [part, page] of [
  ['tools', 'Rules'],
  ['records', 'Activity log'],
]) {
  test(`a part of the portal that hangs says so, and can be asked for again: ${part}`, async () => {
    const context = await portal.timed();
    const calls = await answers(context, `**/split_${part}.wasm`, 'GET', [() => {}]);
    const shell = await shellOf(context);
    const { page: browser } = shell;
    await shell.link(page).click();
    await until(() => calls.length, 1);
    await browser.clock.fastForward('00:11');
    const late = browser.getByRole('status').filter({ hasText: 'The server takes long to answer.' });
    await late.waitFor();
    await axe(browser, `a part that hangs: ${part}`);
    await late.getByRole('button', { name: 'Try again' }).click();
    await heading(browser, page).waitFor();
    assert.equal(calls.length, 2);
  });
}

test('the panels may hang before anybody has asked for one', async () => {
  const context = await portal.timed();
  const calls = await answers(context, '**/split_panels.wasm', 'GET', [() => {}]);
  const { page } = await shellOf(context);
  // They are asked for as soon as nothing else is waited for.
  await until(() => calls.length, 1);
  await page.getByRole('button', { name: /^More for/ }).first().click();
  await page.getByRole('menuitem', { name: 'Properties' }).click();
  const panel = page.getByRole('dialog', { name: 'Just-in-time VM access' });
  await panel.getByText('Loading…').waitFor();
  await page.clock.fastForward('00:11');
  await axe(page, 'panels that hang');
  await panel.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('dialog').getByText('Operating system', { exact: true }).waitFor();
  assert.equal(await page.getByRole('dialog').count(), 1);
});

test('the data of a browser are asked for again where their part hangs', async () => {
  // What a service worker asks for is not the page's.
  const context = await portal.timed({ serviceWorkers: 'block' });
  const calls = await answers(context, '**/split_local.wasm', 'GET', [() => {}]);
  const page = await portal.page('/', { backend: 'browser', context, expected: /Service Worker registration blocked/ });
  await page.getByRole('status').filter({ hasText: 'Opening the data in this browser…' }).waitFor();
  await until(() => calls.length, 1);
  await page.clock.fastForward('00:11');
  const late = page.getByRole('status').filter({ hasText: 'This takes long.' });
  await axe(page, 'data that are not opened');
  await late.getByRole('button', { name: 'Try again' }).click();
  await new Settings(page).beginning.waitFor();
  assert.equal(calls.length, 2);
});
