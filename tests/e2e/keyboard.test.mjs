// From the keyboard: the focus stays with what it is on or goes where nothing is done unasked, a held key presses nothing
// else, and what is told is told once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Requests } from './pages/requests.mjs';
import { refusal } from './support/answers.mjs';
import { besides } from './support/besides.mjs';
import { machinesOf, OFFICE } from './support/machines.mjs';
import { backends, usePortal } from './support/portal.mjs';
import { drawn, until } from './support/until.mjs';

const portal = usePortal();
const machines = machinesOf(portal);

const [ONE, OTHER] = ['orders-pg-psa-01', 'orders-pg-psa-02'];
/** It has several ports. */
const SEVERAL = 'pay-app-pne-01';

test('a button that has the focus stays that of its own row, and goes to one that only asks when that is gone', async () => {
  const { initiate, revoke } = await besides(portal);
  const page = await portal.page('/requests', { backend: 'server' });
  const requests = new Requests(page);
  // The latest is the first.
  for (const name of [OTHER, ONE]) await initiate(name, 22);
  const first = () => requests.rows.first().getByRole('link').textContent();
  await until(first, ONE);
  const extend = requests.extend(`port 22 of ${OTHER}`);
  const has = button => button.evaluate(it => it === document.activeElement);
  await extend.focus();
  await revoke(ONE, 22);
  await until(first, OTHER);
  assert.ok(await has(extend));
  await initiate(ONE, 22);
  await until(first, ONE);
  assert.ok(await has(extend));
  // Extended, it is the latest.
  await page.keyboard.press('Enter');
  await until(first, OTHER);
  await requests.toast(`Extended: port 22 of ${OTHER}`).waitFor();
  assert.ok(await has(extend));
  const next = await requests.rows.nth(1).getByRole('button', { name: /^Close now/ }).getAttribute('aria-label');
  await revoke(OTHER, 22);
  await until(first, ONE);
  await until(() => requests.focused(), next);
  await revoke(ONE, 22);
});

test('so it does on the page of a machine', async () => {
  const { initiate, revoke } = await besides(portal);
  const page = await portal.page('/requests', { backend: 'server' });
  const requests = new Requests(page);
  for (const port of [22, 5985]) await initiate(SEVERAL, port);
  await requests.rows.first().getByRole('link', { name: SEVERAL }).click();
  await page.getByRole('link', { name: 'Exposure', exact: true }).click();
  const rows = page.getByRole('group', { name: 'Open by request' }).locator('tbody').getByRole('row');
  await until(() => rows.count(), 2);
  const buttons = rows.getByRole('button', { name: /^Extend/ });
  const [gone, stays] = await buttons.evaluateAll(all => all.map(one => /port \d+/.exec(one.ariaLabel)[0]));
  await buttons.last().focus();
  await revoke(SEVERAL, Number(/\d+/.exec(gone)[0]));
  await until(() => rows.count(), 1);
  assert.ok((await requests.focused()).includes(`: ${stays} of ${SEVERAL}`));
  await revoke(SEVERAL, Number(/\d+/.exec(stays)[0]));
  await until(() => rows.count(), 0);
  await until(() => requests.focused(), 'Open by request');
});

for (const backend of backends) {
  test(`a key that is still held when the ports are open leaves them on the screen (${backend})`, async () => {
    const page = await machines(backend, 'configured', ONE);
    const { keyboard } = page.page;
    const panel = await page.menu(ONE, 'Request access');
    await panel.machine(ONE).ask('22 SSH', OFFICE, '1');
    await until(() => panel.reason(), '');
    await panel.openPorts.focus();
    await keyboard.down('Enter');
    const opened = panel.dialog.getByText(`${ONE} port 22 is open`);
    await opened.waitFor();
    const close = panel.dialog.getByRole('button', { name: 'Close', exact: true }).last();
    await until(() => close.evaluate(it => it === document.activeElement), true);
    await keyboard.down('Enter');
    await keyboard.up('Enter');
    assert.equal(await opened.count(), 1);
    // Whoever goes on does not have to look for the form.
    await panel.dialog.getByRole('button', { name: 'Request more' }).focus();
    await keyboard.press('Enter');
    await until(() => page.page.evaluate(() => document.activeElement.className), 'side-panel-title');
  });
}

test('a short message is told once, also where a question opens over it', async () => {
  const { initiate } = await besides(portal);
  await initiate(OTHER, 22);
  const page = await portal.page('/requests', { backend: 'server' });
  const requests = new Requests(page);
  const words = `Extended: port 22 of ${OTHER}`;
  const button = requests.extend(`port 22 of ${OTHER}`);
  await button.waitFor();
  // Each time that a live region comes to have the words, a screen reader may tell them.
  await page.evaluate(words => {
    const has = new Set();
    globalThis.told = 0;
    const look = () => {
      for (const region of document.querySelectorAll('[role=status]')) {
        if (!region.textContent.includes(words)) has.delete(region);
        else if (!has.has(region)) globalThis.told += has.add(region) && 1;
      }
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  }, words);
  await button.click();
  await requests.toast(words).waitFor();
  await page.waitForTimeout(1_000);
  const shown = page.getByText(words).filter({ visible: true });
  await requests.rows.first().getByRole('button', { name: /^Close now/ }).click();
  await requests.question.getByText(words).waitFor();
  assert.equal(await shown.count(), 1);
  await page.keyboard.press('Escape');
  await until(() => requests.question.count(), 0);
  assert.equal(await shown.count(), 1);
  assert.equal(await page.evaluate(() => globalThis.told), 1);
});

test('whoever looks at how to connect when that ends is led to its heading', async () => {
  const { initiate, revoke } = await besides(portal);
  await initiate(SEVERAL, 22);
  const page = await portal.page('/requests', { backend: 'server' });
  const requests = new Requests(page);
  await requests.rows.getByRole('link', { name: SEVERAL }).click();
  await page.getByRole('link', { name: 'Connect', exact: true }).click();
  await page.getByRole('button', { name: 'Copy the SSH command' }).focus();
  await revoke(SEVERAL, 22);
  await page.getByText(/^No request is open\./).waitFor();
  await until(() => requests.focused(), 'Connection details');
});

test('a button beside how to connect stays that of its own port', async () => {
  const { initiate, revoke } = await besides(portal);
  for (const port of [22, 5985]) await initiate(SEVERAL, port);
  const page = await portal.page('/requests', { backend: 'server' });
  await new Requests(page).rows.getByRole('link', { name: SEVERAL }).first().click();
  await page.getByRole('link', { name: 'Connect', exact: true }).click();
  const cards = page.getByRole('article');
  await until(() => cards.count(), 2);
  const port = () => page.evaluate(() => /\d+/.exec(document.activeElement.closest('article')?.ariaLabel ?? '')?.[0]);
  // Whichever stands first ends, and then comes back.
  const [first, second] = await cards.evaluateAll(all => all.map(one => /\d+/.exec(one.ariaLabel)[0]));
  await cards.last().getByRole('button', { name: /^Copy/ }).focus();
  await revoke(SEVERAL, Number(first));
  await until(() => cards.count(), 1);
  assert.equal(await port(), second);
  await initiate(SEVERAL, Number(first));
  await until(() => cards.count(), 2);
  assert.equal(await port(), second);
  for (const port of [22, 5985]) await revoke(SEVERAL, port);
});

test('whoever has left a row is not brought back to it when it goes', async () => {
  const { initiate, revoke } = await besides(portal);
  const page = await portal.page('/requests', { backend: 'server' });
  const requests = new Requests(page);
  for (const name of [OTHER, ONE]) await initiate(name, 22);
  for (const name of [ONE, OTHER]) {
    const button = requests.extend(`port 22 of ${name}`);
    await button.focus();
    // To nowhere, as with a click between the elements; or to what goes itself later.
    if (name === ONE) await button.blur();
    else await requests.machine.focus();
    // What is looked for each second is looked for.
    const second = await page.getByText(/^\d:\d\d:\d\d left$/).first().textContent();
    await until(() => page.getByText(second, { exact: true }).count(), 0);
    if (name === OTHER) await requests.machine.blur();
    await revoke(name, 22);
    await until(() => button.count(), 0);
    await drawn(page);
    await drawn(page);
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'BODY');
  }
});

test('a held key sends a token once', async () => {
  const page = await portal.page('/settings', { backend: 'server' });
  await page.getByRole('button', { name: 'Sign out' }).click();
  const field = page.getByLabel('Access token');
  await field.fill('nobody');
  let calls = 0;
  await page.route(/\/me\b/, () => (calls += 1));
  await field.focus();
  for (let press = 0; press < 5; press += 1) await page.keyboard.down('Enter');
  await page.keyboard.up('Enter');
  await until(() => calls, 1);
});

test('what could not be loaded while the server was away comes with the next thing that is done', async () => {
  const { initiate } = await besides(portal);
  await initiate(OTHER, 22);
  const page = await portal.page('/requests', { backend: 'server', expected: /ERR_FAILED/ });
  const requests = new Requests(page);
  const button = requests.extend(`port 22 of ${OTHER}`);
  const [fault, unknown] = ['could not be loaded', 'It is not known whether'].map(text => page.getByRole('alert').filter({ hasText: text }));
  await button.waitFor();
  const away = route => route.abort('failed');
  let lists = 0;
  page.on('requestfailed', request => (lists += /\/subscriptions\?/.test(request.url())));
  await page.route(/\/subscriptions\b/, away);
  await button.focus();
  await page.keyboard.press('Enter');
  await unknown.waitFor();
  // It may be out of sight, and is told by itself.
  await page.locator('.toast').getByText(`It is not known whether port 22 of ${OTHER} was extended.`).waitFor();
  assert.equal(await requests.toast('It is not known whether').count(), 0);
  await fault.waitFor();
  // Now everything is loaded, with three tries.
  await page.keyboard.press('Enter');
  await until(() => lists, 3);
  await unknown.waitFor();
  await page.unroute(/\/subscriptions\b/, away);
  await page.keyboard.press('Enter');
  await requests.toast(`Extended: port 22 of ${OTHER}`).waitFor();
  await until(() => fault.count(), 0);
});

test('what came of a request is in sight, however far down its form was', async () => {
  const page = await machines('server', 'configured', ONE, { viewport: { width: 360, height: 780 } });
  const panel = await page.menu(ONE, 'Request access');
  await panel.machine(ONE).ask('22 SSH', OFFICE, '1');
  await until(() => panel.reason(), '');
  await page.page.route(/\/initiate\b/, refusal);
  const body = panel.dialog.locator('.side-panel-body');
  const top = () => body.evaluate(it => it.scrollTop);
  await panel.impact.getByText('Will be open').waitFor();
  await body.evaluate(it => it.scrollTo(0, it.scrollHeight));
  assert.ok((await top()) > 100);
  await panel.openPorts.focus();
  await page.page.keyboard.press('Enter');
  await panel.dialog.getByRole('alert').getByText('Not by you.').waitFor();
  await until(top, 0);
});
