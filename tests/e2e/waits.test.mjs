// Whoever answers late, or asks to wait, or knows its user no more in the middle of it: what is known is said, and nothing is done twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Activity } from './pages/activity.mjs';
import { Jit } from './pages/jit.mjs';
import { answers, asked, broken, ended, lost, refusal } from './support/answers.mjs';
import { axe } from './support/axe.mjs';
import { held } from './support/held.mjs';
import { machinesOf, OFFICE } from './support/machines.mjs';
import { usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();
const machines = machinesOf(portal);

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
  const refusal = panel.dialog.getByText('Your sign-in had ended: nothing was opened.');
  await refusal.waitFor();
  // Whoever has signed in again is not asked to.
  const field = panel.dialog.getByLabel('Access token');
  await field.fill((await portal.at('server')).token);
  await panel.dialog.getByRole('button', { name: 'Sign in' }).click();
  await field.waitFor({ state: 'detached' });
  await until(() => panel.reason(), '');
  assert.equal(await refusal.count(), 0);
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
  const { release, released } = held();
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

const busy = (status, wait) => route =>
  route.fulfill({ status, headers: { 'retry-after': wait }, json: { error: { code: 'Busy', message: 'Too much.' } } });

test('a server that asks to wait is asked again when it says, and that is told', async () => {
  const context = await portal.timed();
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
  const page = await machines('server', 'configured', name, { context: await portal.timed() });
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
  const page = await machines('server', 'configured', machine, { context: await portal.timed() });
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
  const context = await portal.timed({ timezoneId: 'UTC' });
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
    const context = await portal.timed();
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

test('a load that was given up changes nothing any more', async () => {
  const context = await portal.timed();
  const { release, released } = held();
  const calls = await answers(context, /\/permissions\?/, 'GET', [route => released.then(() => refusal(route))]);
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
  const context = await portal.timed();
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
