// Whoever answers late, or asks to wait, or knows its user no more in the middle of it: what is known is said, and nothing is done twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Activity } from './pages/activity.mjs';
import { Jit } from './pages/jit.mjs';
import { Requests } from './pages/requests.mjs';
import { Settings } from './pages/settings.mjs';
import { Shell } from './pages/shell.mjs';
import { axe } from './support/axe.mjs';
import { heading } from './support/heading.mjs';
import { machinesOf, OFFICE } from './support/machines.mjs';
import { usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();
const machines = machinesOf(portal);

const ended = route => route.fulfill({ status: 401, json: { error: { code: 'InvalidAuthenticationToken', message: 'expired' } } });
const lost = async route => {
  await route.fetch();
  await route.abort('failed');
};
const broken = async route => {
  await route.fetch();
  await route.fulfill({ status: 502, body: 'Bad gateway' });
};

/** A context whose time goes on as tests say. */
async function timed(options) {
  const context = await portal.context(options);
  await context.clock.install();
  return context;
}

/** What a call is answered with, one after the other; the rest by the server. Gives the headers of all. */
async function answers(page, what, method, list) {
  const calls = [];
  await page.route(what, async route => {
    if (route.request().method() !== method) return route.fallback();
    calls.push(route.request().headers());
    const answer = list[calls.length - 1] ?? (route => route.continue());
    await answer(route);
  });
  return calls;
}

/** What stands around the first page, in a context. */
async function shellOf(context) {
  const { page } = await new Jit(await portal.page('/', { backend: 'server', context })).ready();
  return new Shell(page);
}

/** Until whatever the page was about to ask for has been asked for: what it asks after that comes after it. */
const asked = page => page.evaluate(() => fetch('/').then(answer => answer.text()).then(() => undefined));

/** From now on the token is another user's. */
const another = page =>
  page.route(/\/me\b/, async route => {
    const response = await route.fetch();
    const user = await response.json();
    assert.ok(user.objectId);
    await route.fulfill({ response, json: { ...user, objectId: '00000000-0000-4000-8000-000000000009' } });
  });

for (const [name, list, presses] of [
  ['a lost answer and', [lost, ended], 1],
  ['a try that was given up and', [broken, broken, broken, ended], 2],
]) {
  test(`${name} a sign-in that has ended: it is not known, and the same is sent again`, async () => {
    const machine = 'orders-pg-pne-02';
    const page = await machines('server', 'configured', machine, { expected: /ERR_FAILED|502/ });
    const panel = await page.menu(machine, 'Request access');
    await panel.machine(machine).ask('22 SSH', OFFICE, '1');
    await until(() => panel.reason(), '');
    const calls = await answers(page.page, /\/initiate\b/, 'POST', list);
    await panel.openPorts.click();
    const unknown = panel.dialog.getByText('It is not known whether the ports of policy');
    await unknown.waitFor();
    if (presses === 2) await panel.tryAgain.click();
    const field = panel.dialog.getByLabel('Access token');
    await field.waitFor();
    await unknown.waitFor();
    assert.equal(await panel.dialog.getByText('nothing was opened').count(), 0);
    await axe(page.page, 'a request that is not known, and nobody signed in');
    const { token } = await portal.at('server');
    await field.fill(token);
    await panel.dialog.getByRole('button', { name: 'Sign in' }).click();
    await field.waitFor({ state: 'detached' });
    await panel.tryAgain.click();
    await panel.dialog.getByText(`${machine} port 22 is open`).waitFor();
    assert.equal(calls.length, list.length + 1);
    assert.equal(new Set(calls.map(headers => headers['x-ms-client-request-id'])).size, 1);
  });
}

test('a sign-in that has ended before anything was sent opened nothing', async () => {
  const machine = 'orders-pg-pne-03';
  const page = await machines('server', 'configured', machine);
  const panel = await page.menu(machine, 'Request access');
  await panel.machine(machine).ask('22 SSH', OFFICE, '1');
  await until(() => panel.reason(), '');
  await answers(page.page, /\/initiate\b/, 'POST', [ended]);
  await panel.openPorts.click();
  await panel.dialog.getByText('Your sign-in had ended: nothing was opened.').waitFor();
});

test('a request that is not known is not the same for another user who signs in', async () => {
  const machine = 'orders-pg-pne-03';
  const page = await machines('server', 'configured', machine, { expected: /ERR_FAILED/ });
  const panel = await page.menu(machine, 'Request access');
  await panel.machine(machine).ask('22 SSH', OFFICE, '1');
  await until(() => panel.reason(), '');
  const calls = await answers(page.page, /\/initiate\b/, 'POST', [route => route.abort('failed'), ended]);
  await panel.openPorts.click();
  await panel.dialog.getByText('It is not known whether the ports of policy').waitFor();
  const field = panel.dialog.getByLabel('Access token');
  await field.fill((await portal.at('server')).token);
  await another(page.page);
  await panel.dialog.getByRole('button', { name: 'Sign in' }).click();
  await panel.gone();
  // The same once more, in a form of their own.
  await page.menu(machine, 'Request access');
  await panel.machine(machine).ask('22 SSH', OFFICE, '1');
  await until(() => panel.reason(), '');
  await panel.openPorts.click();
  await panel.dialog.getByText(`${machine} port 22 is open`).waitFor();
  const ids = calls.map(headers => headers['x-ms-client-request-id']);
  assert.equal(ids.length, 3);
  assert.equal(ids[0], ids[1]);
  assert.notEqual(ids[1], ids[2]);
});

test('what stays until it is dismissed is for the user whom it was told, also after a sign-out', async () => {
  const name = 'orders-pg-pne-04';
  const page = await machines('server', 'configured', name);
  const { page: browser, shell } = page;
  const refused = route => route.fulfill({ status: 403, json: { error: { code: 'Forbidden', message: 'Not by you.' } } });
  let release;
  const released = new Promise(resolve => (release = resolve));
  await answers(browser, /\/jitNetworkAccessPolicies\//, 'PUT', [route => released.then(() => refused(route))]);
  const panel = await page.menu(name, 'Edit');
  await panel.port('22 SSH').click();
  await panel.fill({ time: '2' });
  await panel.save.click();
  await panel.leave();
  release();
  const report = shell.report(`Not all that was being saved is stored (${name})`);
  await report.waitFor();
  await shell.link('Settings').click();
  const { token } = await portal.at('server');
  const leave = browser.getByRole('button', { name: 'Sign out' });
  const again = async () => {
    await leave.click();
    await browser.getByText('Nobody is signed in.').waitFor();
    await browser.getByLabel('Access token').fill(token);
    await browser.getByRole('button', { name: 'Sign in' }).click();
    await leave.waitFor();
  };
  await again();
  assert.equal(await report.count(), 1);
  await another(browser);
  await again();
  assert.equal(await report.count(), 0);
});

test('rights that are told late are not taken for those of whoever has signed in since', async () => {
  const machine = 'orders-pg-pne-04';
  const page = await machines('server', 'configured', machine);
  const { page: browser } = page;
  const [what, list] = [/Microsoft\.Authorization\/permissions/, /\/subscriptions\?/];
  const nothing = route => route.fulfill({ json: { value: [] } });
  // So many calls tell that it is allowed nowhere.
  const all = await answers(browser, what, 'GET', Array(9).fill(nothing));
  const panel = await page.menu(machine, 'Request access');
  await until(async () => /^You may not request access/.test(await panel.reason()), true);
  await panel.cancel.click();
  await panel.gone();
  await browser.unroute(what);
  let release;
  const released = new Promise(resolve => (release = resolve));
  // The second one is that of who signs in.
  const late = route => released.then(() => nothing(route));
  const calls = await answers(browser, what, 'GET', [late, undefined, ...Array(9).fill(nothing)]);
  await page.menu(machine, 'Request access');
  await until(() => calls.length, 1);
  await browser.route(list, ended);
  await browser.getByRole('button', { name: 'Refresh' }).dispatchEvent('click');
  const field = panel.dialog.getByLabel('Access token');
  await field.fill((await portal.at('server')).token);
  await browser.unroute(list);
  const told = browser.waitForResponse(what);
  await panel.dialog.getByRole('button', { name: 'Sign in' }).click();
  await field.waitFor({ state: 'detached' });
  await (await told).finished();
  release();
  await until(() => calls.length, all.length + 1);
  await asked(browser);
  assert.doesNotMatch(await panel.reason(), /^You may not/);
});

/** Signs out on the page of settings, and whoever the token is of in. */
async function again(page) {
  const leave = page.getByRole('button', { name: 'Sign out' });
  await leave.click();
  await page.getByText('Nobody is signed in.').waitFor();
  await page.getByLabel('Access token').fill((await portal.at('server')).token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await leave.waitFor();
}

const NAME = 'orders-pg-pne-04';

/** What is begun, and left under way: the call that it makes, and what is said of it where it is refused. */
const ACTS = {
  'a request': {
    call: /\/initiate\b/,
    method: 'POST',
    report: `Not all ports that you asked for were opened (${NAME})`,
    async begin() {
      const page = await machines('server', 'configured', NAME);
      const panel = await page.menu(NAME, 'Request access');
      await panel.machine(NAME).ask('22 SSH', OFFICE, '1');
      await until(() => panel.reason(), '');
      return { page, act: () => panel.openPorts.click(), leave: () => panel.leave() };
    },
  },
  'a change': {
    call: /\/jitNetworkAccessPolicies\//,
    method: 'PUT',
    report: `Not all that was being saved is stored (${NAME})`,
    async begin() {
      const page = await machines('server', 'configured', NAME);
      const panel = await page.menu(NAME, 'Edit');
      await panel.port('22 SSH').click();
      await panel.fill({ time: '2' });
      return { page, act: () => panel.save.click(), leave: () => panel.leave() };
    },
  },
  'a closing': {
    call: /\/revoke\b/,
    method: 'POST',
    report: 'This could not be closed: port ',
    async begin() {
      const requests = new Requests(await portal.page('/requests', { backend: 'server' }));
      await requests.rows.first().getByRole('button', { name: /^Close now/ }).click();
      return {
        page: { page: requests.page, shell: requests },
        act: () => requests.question.getByRole('button', { name: 'Close now' }).click(),
        leave: () => requests.question.getByRole('button', { name: 'Cancel' }).click(),
      };
    },
  },
};
for (const [what, { call, method, report, begin }] of Object.entries(ACTS)) {
  test(`what comes of ${what} is told to nobody but its user, who hears it on coming back`, async () => {
    const { page, act, leave } = await begin();
    const { page: browser, shell } = page;
    let release;
    const released = new Promise(resolve => (release = resolve));
    const refused = route => route.fulfill({ status: 403, json: { error: { code: 'Forbidden', message: 'Not by you.' } } });
    const calls = await answers(browser, call, method, [route => released.then(() => refused(route))]);
    await act();
    await until(() => calls.length, 1);
    await leave();
    await shell.link('Settings').click();
    await another(browser);
    await again(browser);
    const told = browser.waitForResponse(response => response.request().method() === method && call.test(response.url()));
    release();
    await (await told).finished();
    await asked(browser);
    assert.equal(await shell.report(report).count(), 0);
    assert.equal(await browser.getByText('Not by you.').count(), 0);
    await browser.unroute(/\/me\b/);
    await again(browser);
    await browser.getByRole('alert').filter({ hasText: report }).waitFor();
    await another(browser);
    await again(browser);
    assert.equal(await shell.report(report).count(), 0);
  });
}

const busy = (status, wait) => route =>
  route.fulfill({ status, headers: { 'retry-after': wait }, json: { error: { code: 'Busy', message: 'Too much.' } } });

test('a server that asks to wait is asked again when it says, and that is told', async () => {
  const context = await timed();
  const calls = await answers(context, /\/jitExposure\b/, 'GET', [busy(429, '30')]);
  const page = await portal.page('/', { backend: 'server', context });
  const wait = page.getByRole('status').filter({ hasText: /^The server asks to wait\. It is tried again at \d\d:\d\d:\d\d\.$/ });
  await wait.waitFor();
  assert.equal(calls.length, 1);
  await page.clock.fastForward('00:15');
  await asked(page);
  assert.equal(calls.length, 1);
  await axe(page, 'a wait that the server asks for');
  await page.clock.fastForward('00:16');
  await new Jit(page).ready();
  await until(() => wait.count(), 0);
});

test('a change that was too much for the server is not sent late, but when the user says so', async () => {
  const name = 'orders-pg-pne-04';
  const page = await machines('server', 'configured', name, { context: await timed() });
  const calls = await answers(page.page, /\/jitNetworkAccessPolicies\//, 'PUT', [busy(429, '15')]);
  const panel = await page.menu(name, 'Edit');
  await panel.port('22 SSH').click();
  await panel.fill({ time: '2' });
  await panel.save.click();
  await panel.dialog.getByText('Too much. Please try again after 15 seconds.').first().waitFor();
  await axe(page.page, 'a change that was too much for the server');
  await page.page.clock.fastForward('00:16');
  await asked(page.page);
  assert.equal(calls.length, 1);
  await panel.retry.click();
  await page.shell.toast('Saved the configuration of 1 machine').waitFor();
  assert.equal(calls.length, 2);
});

test('a request is sent again by itself only after the usual wait', async () => {
  const machine = 'orders-pg-pne-01';
  const page = await machines('server', 'configured', machine, { context: await timed() });
  const panel = await page.menu(machine, 'Request access');
  await panel.machine(machine).ask('22 SSH', OFFICE, '1');
  await until(() => panel.reason(), '');
  const calls = await answers(page.page, /\/initiate\b/, 'POST', [busy(429, '0'), busy(429, '20')]);
  await panel.openPorts.click();
  await panel.dialog.getByText('Too much. Please try again after 20 seconds.').first().waitFor();
  await page.page.clock.fastForward('00:21');
  await asked(page.page);
  assert.equal(calls.length, 2);
  await panel.openPorts.click();
  await panel.dialog.getByText(`${machine} port 22 is open`).waitFor();
  assert.equal(calls.length, 3);
});

/** Asks to wait until so many seconds after the moment that the answer tells, in the words of HTTP. */
const busyUntil = (status, seconds, words = date => date.toUTCString()) => {
  const told = Date.UTC(2026, 0, 15, 12, 0, 0);
  const headers = { date: new Date(told).toUTCString(), 'retry-after': words(new Date(told + seconds * 1_000)) };
  return route => route.fulfill({ status, headers, json: { error: { code: 'Busy', message: 'Too much.' } } });
};

test('a server may name the moment from which on it is to be asked again', async () => {
  const context = await portal.context({ timezoneId: 'UTC' });
  await context.clock.install();
  const calls = await answers(context, /\/jitExposure\b/, 'GET', [busyUntil(429, 25)]);
  const page = await portal.page('/', { backend: 'server', context });
  // As exactly as a clock is known that tells whole seconds, and never sooner.
  const wait = page.getByRole('status').filter({ hasText: /^The server asks to wait\. It is tried again at 12:00:2[5-9]\.$/ });
  await wait.waitFor();
  await page.clock.fastForward('00:26');
  await new Jit(page).ready();
  await until(() => wait.count(), 0);
  assert.ok(calls.length > 1);
});

test('a moment that is over, or is none, is not waited for; one too far away is told', async () => {
  const context = await portal.context();
  const list = [busyUntil(429, -60), busyUntil(429, 25, date => date.toISOString()), busyUntil(503, 3_630)];
  const calls = await answers(context, /\/subscriptions\?/, 'GET', list);
  const page = await portal.page('/', { backend: 'server', context, expected: /503/ });
  await page.getByRole('alert').filter({ hasText: 'Too much. Please try again after 60 minutes.' }).waitFor();
  assert.equal(calls.length, 3);
});

test('whoever asks to wait too long is not waited for', async () => {
  const context = await portal.context();
  const calls = await answers(context, /\/subscriptions\?/, 'GET', [busy(503, '3600')]);
  const page = await portal.page('/', { backend: 'server', context, expected: /503/ });
  await page.getByRole('alert').filter({ hasText: 'Too much. Please try again after 60 minutes.' }).waitFor();
  assert.equal(calls.length, 1);
  await page.getByRole('button', { name: 'Retry' }).click();
  await new Jit(page).ready();
});

for (const [path, what, ready] of [
  ['/', /\/subscriptions\?/, page => new Jit(page).ready()],
  ['/machines', /\/jitExposure\b/, page => page.getByRole('grid').getByRole('link').first().waitFor()],
  ['/requests', /\/jitNetworkAccessPolicies\?/, page => page.getByRole('tab', { name: /^Live/ }).waitFor()],
  ['/activity', /\/eventtypes\//, page => page.getByRole('button', { name: 'Load more' }).waitFor()],
  ['/settings', /\/permissions\?/, page => page.getByRole('columnheader', { name: 'Configure' }).waitFor()],
]) {
  test(`a list that hangs says so, and can be asked for again: ${path}`, async () => {
    const context = await timed();
    const calls = await answers(context, what, 'GET', [() => {}]);
    const page = await portal.page(path, { backend: 'server', context });
    await until(() => calls.length, 1);
    await page.clock.fastForward('00:11');
    const late = page.getByRole('status').filter({ hasText: 'The server takes long to answer.' });
    await late.waitFor();
    await axe(page, `a list that hangs: ${path}`);
    await late.getByRole('button', { name: 'Try again' }).click();
    await ready(page);
    await until(() => late.count(), 0);
  });
}

for (const [part, page] of [
  ['tools', 'Rules'],
  ['records', 'Activity log'],
]) {
  test(`a part of the portal that hangs says so, and can be asked for again: ${part}`, async () => {
    const context = await timed();
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
  const context = await timed();
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
  const context = await timed({ serviceWorkers: 'block' });
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

test('a load that was given up changes nothing any more', async () => {
  const context = await timed();
  let release;
  const released = new Promise(resolve => (release = resolve));
  const refused = route => route.fulfill({ status: 403, json: { error: { code: 'Forbidden', message: 'Not by you.' } } });
  const calls = await answers(context, /\/permissions\?/, 'GET', [route => released.then(() => refused(route))]);
  const page = await portal.page('/settings', { backend: 'server', context });
  await until(() => calls.length, 1);
  await page.clock.fastForward('00:11');
  await page.getByRole('button', { name: 'Try again' }).click();
  const table = page.getByRole('columnheader', { name: 'Configure' });
  await table.waitFor();
  const late = page.waitForResponse(response => response.status() === 403);
  release();
  await (await late).finished();
  await asked(page);
  assert.equal(await table.count(), 1);
  assert.equal(await page.getByText('Not by you.').count(), 0);
});

test('events that are shown stay when those after them are asked for again', async () => {
  const context = await timed();
  const activity = await new Activity(await portal.page('/activity', { backend: 'server', context })).ready();
  const { page } = activity;
  const stamps = await activity.column('Time stamp');
  // Not those of the latest events, which are looked at when there may be news.
  const calls = await answers(page, /\/eventtypes\/.*skiptoken/i, 'GET', [() => {}]);
  await activity.more.click();
  await until(() => calls.length, 1);
  await page.clock.fastForward('00:11');
  await page.getByRole('button', { name: 'Try again' }).click();
  await until(() => activity.rows.count(), 2 * stamps.length);
  assert.deepEqual((await activity.column('Time stamp')).slice(0, stamps.length), stamps);
});
