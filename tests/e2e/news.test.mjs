// News: what somebody else changes is fetched by itself and alone, and nothing is missed when the connection breaks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Jit } from './pages/jit.mjs';
import { Machines, Panel } from './pages/panels.mjs';
import { besides } from './support/besides.mjs';
import { patience } from './support/jitter.mjs';
import { backends, usePortal } from './support/portal.mjs';
import { proxied } from './support/proxy.mjs';
import { until } from './support/until.mjs';

const portal = usePortal({ start: () => proxied() });

/** Those of the made-up fleet. */
const SUBSCRIPTIONS = 3;

/** Machines of one policy, with nothing open. */
const [ONE, OTHER] = ['orders-pg-psa-01', 'orders-pg-psa-02'];

const pathOf = request => new URL(request.url()).pathname;
const isCall = request => pathOf(request).startsWith('/subscriptions');

/** The calls that a page makes from now on, as paths without their version. */
function calls(page) {
  const made = [];
  page.on('request', request => {
    if (isCall(request)) made.push(`${request.method()} ${pathOf(request)}`);
  });
  return made;
}

/** The names of the machines whose rows are drawn anew from now on. */
async function redrawn(page) {
  await page.evaluate(() => {
    globalThis.redrawn = new Set();
    const look = changes => {
      for (const { target } of changes) {
        const element = target instanceof Element ? target : target.parentElement;
        const row = element?.closest('[role=row]');
        globalThis.redrawn.add(row?.querySelector('a')?.textContent ?? 'the table');
      }
    };
    const rows = document.querySelector('[role=grid] tbody');
    new MutationObserver(look).observe(rows, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => [...globalThis.redrawn]);
}

const opened = (jit, name) => jit.row(name).getByText('Open', { exact: true });

/** The page, once all has come that it asks for at first. */
async function jit(backend, text = 'orders-pg-psa') {
  const context = backend === 'server' ? await portal.context() : undefined;
  const under = new Set();
  let since = Date.now();
  const count = does => call => {
    if (!isCall(call)) return;
    under[does](call);
    since = Date.now();
  };
  context?.on('request', count('add')).on('requestfinished', count('delete')).on('requestfailed', count('delete'));
  // A stream that begins only after the first load has everything loaded once more.
  const begun = context?.waitForEvent('response', response => pathOf(response) === '/events');
  const [shown] = await Promise.all([portal.page(`/?q=${text}`, { backend, context }), begun]);
  const page = await new Jit(shown).ready();
  if (backend === 'server') {
    await until(async () => (await loaded(page.page)) >= SUBSCRIPTIONS, true);
    // However long the answers take; what one of them leads to is asked for late, too.
    const [quiet, end] = [patience(1_500, 1), Date.now() + patience(120_000)];
    while (under.size > 0 || Date.now() - since < quiet) {
      if (Date.now() > end) assert.fail(`no end of ${[...under].map(call => call.url()).join(' ')}`);
      await page.page.waitForTimeout(100);
    }
  }
  return page;
}

/** Of how many subscriptions the policies have come, which are asked for last. */
function loaded(page) {
  const list = '^[^?]*/subscriptions/[^/]+/providers/Microsoft.Security/jitNetworkAccessPolicies[?]';
  return page.evaluate(list => {
    const entries = performance.getEntriesByType('resource');
    return entries.filter(({ name, responseEnd }) => responseEnd > 0 && new RegExp(list).test(name)).length;
  }, list);
}

test('of what somebody else changes, only that is fetched and drawn', async () => {
  const { of, initiate, revoke } = await besides(portal);
  const page = await jit('server');
  const { policy, id } = of(ONE);
  const expected = [`GET ${policy.id}`, `GET ${id}/providers/Microsoft.Security/jitExposure`];
  for (const [act, count] of [[initiate, 1], [revoke, 0]]) {
    const [made, drawn] = [calls(page.page), await redrawn(page.page)];
    await act(ONE);
    await until(() => opened(page, ONE).count(), count);
    assert.deepEqual(made, expected);
    assert.deepEqual(await drawn(), [ONE]);
  }
});

test('a policy that goes, and one that comes', async () => {
  const { call, of } = await besides(portal);
  const name = 'parcel-sort-pne-01';
  const page = await jit('server', name);
  const { policy } = of(name);
  const made = calls(page.page);
  await call('DELETE', policy.id);
  await until(() => page.rows.count(), 0);
  await page.tab(/^Not configured/).click();
  await page.row(name).waitFor();
  const { kind, properties } = policy;
  await call('PUT', policy.id, { kind, properties: { virtualMachines: properties.virtualMachines } });
  await until(() => page.rows.count(), 0);
  await page.tab(/^Configured/).click();
  await page.row(name).waitFor();
  assert.ok(!made.some(path => path.endsWith('providers/Microsoft.Security/jitNetworkAccessPolicies')), made.join('\n'));
  const lists = made.filter(path => /^GET \/subscriptions\/[^/]+\/providers/.test(path));
  assert.deepEqual(lists, []);
});

test('what happens while the connection is broken is told when it is there again', async () => {
  const { initiate } = await besides(portal);
  const { cut, mend, asked } = await portal.at('server');
  const page = await jit('server');
  // Something has been heard, from where it goes on.
  await initiate(ONE);
  await opened(page, ONE).waitFor();
  cut();
  await page.page.getByText(/^The connection is lost since /).waitFor();
  const made = calls(page.page);
  await initiate(OTHER);
  mend();
  await opened(page, OTHER).waitFor({ timeout: patience(20_000) });
  await until(() => page.page.getByText('The connection is lost').count(), 0);
  assert.match(asked.at(-1)['last-event-id'], /^\d+$/);
  assert.ok(made.length > 0 && made.every(path => !/^GET \/subscriptions(\/[^/]+\/providers.*)?$/.test(path)), made.join('\n'));
});

test('without a place to go on from everything is loaded anew', async () => {
  const { revoke } = await besides(portal);
  const { cut, mend } = await portal.at('server');
  const page = await jit('server');
  cut();
  await page.page.getByText(/^The connection is lost since /).waitFor();
  await opened(page, ONE).waitFor();
  const made = calls(page.page);
  await revoke(ONE);
  mend();
  await until(() => page.page.getByText('The connection is lost').count(), 0).catch(() => {});
  await opened(page, ONE).waitFor({ state: 'detached', timeout: patience(20_000) });
  assert.ok(made.includes('GET /subscriptions'), made.join('\n'));
});

for (const backend of backends) {
  test(`two windows show the same, and draw only what has changed (${backend})`, async () => {
    const name = 'orders-pg-psa-03';
    const first = await jit(backend);
    const page = await portal.page('/', { backend: backend === 'server' ? backend : undefined, context: first.page.context() });
    const second = await new Machines(page).show('configured', name);
    const drawn = await redrawn(first.page);
    const panel = await second.menu(name, 'Request access');
    await panel.machine(name).ask('22 SSH', '198.18.4.7', '1');
    await new Panel(page).openPorts.click();
    await panel.dialog.getByText(`${name} port 22 is open`).waitFor();
    await opened(first, name).waitFor();
    assert.deepEqual(await drawn(), [name]);
  });
}

test('what another window does while the database answers late is not missed', async () => {
  const first = await jit('browser');
  await first.page.evaluate(() => {
    const late = new Promise(resolve => (globalThis.answer = resolve));
    const { getAll } = IDBObjectStore.prototype;
    const { set } = Object.getOwnPropertyDescriptor(IDBRequest.prototype, 'onsuccess');
    globalThis.asked = 0;
    IDBObjectStore.prototype.getAll = function (...what) {
      const request = getAll.apply(this, what);
      const onsuccess = { set: heard => set.call(request, event => late.then(() => heard(event))) };
      globalThis.asked++;
      return Object.defineProperty(request, 'onsuccess', onsuccess);
    };
  });
  const page = await portal.page('/', { context: first.page.context() });
  const second = await new Machines(page).show('configured', 'orders-pg-psa');
  for (const [index, name] of [ONE, OTHER].entries()) {
    const panel = await second.menu(name, 'Request access');
    await panel.machine(name).ask('22 SSH', '198.18.4.7', '1');
    await panel.openPorts.click();
    await panel.dialog.getByText(`${name} port 22 is open`).waitFor();
    await panel.dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
    await panel.gone();
    await until(() => first.page.evaluate(() => globalThis.asked), index + 1);
  }
  await first.page.evaluate(() => globalThis.answer());
  for (const name of [ONE, OTHER]) await opened(first, name).waitFor();
});

test('everything is looked at again when the rules are calm, and not by all windows at one moment', async () => {
  const { call, of } = await besides(portal);
  const { policy } = of(ONE);
  const { kind, properties } = policy;
  const waits = [];
  for (const random of [0, 0.4, 0.999]) {
    const page = await jit('server');
    // The longest waits that the page begins from now on are told, and end at once when they are let go; but not that for
    // a sign of life, of 45 seconds.
    await page.page.evaluate(random => {
      Math.random = () => random;
      globalThis.waits = [];
      const begin = globalThis.setTimeout;
      globalThis.setTimeout = (act, pause, ...rest) => {
        if (!(pause > 20_000) || pause === 45_000) return begin(act, pause, ...rest);
        globalThis.waits.push({ act, pause });
        return 0;
      };
    }, random);
    const made = calls(page.page);
    await call('PUT', policy.id, { kind, properties: { virtualMachines: properties.virtualMachines } });
    await until(() => page.page.evaluate(() => globalThis.waits.length), 1);
    await until(() => made.includes(`GET ${policy.id}`), true);
    assert.ok(!made.includes('GET /subscriptions'), made.join('\n'));
    waits.push(await page.page.evaluate(() => globalThis.waits[0].pause));
    await page.page.evaluate(() => globalThis.waits[0].act());
    await until(() => made.includes('GET /subscriptions'), true);
  }
  assert.deepEqual(waits.map(wait => Math.round(wait / 1_000)), [30, 42, 60]);
});
