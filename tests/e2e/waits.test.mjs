// Whoever answers late, or asks to wait, or knows its user no more in the middle of it: what is known is said, and nothing is done twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Jit } from './pages/jit.mjs';
import { axe } from './support/axe.mjs';
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
async function timed() {
  const context = await portal.context();
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

const busy = (status, wait) => route =>
  route.fulfill({ status, headers: { 'retry-after': wait }, json: { error: { code: 'Busy', message: 'Too much.' } } });

test('a server that asks to wait is asked again when it says, and that is told', async () => {
  const context = await timed();
  const calls = await answers(context, /\/jitExposure\b/, 'GET', [busy(429, '20')]);
  const page = await portal.page('/', { backend: 'server', context });
  const wait = page.getByRole('status').filter({ hasText: /^The server asks to wait\. It is tried again at \d\d:\d\d:\d\d\.$/ });
  await wait.waitFor();
  assert.equal(calls.length, 1);
  await axe(page, 'a wait that the server asks for');
  await page.clock.fastForward('00:21');
  await new Jit(page).ready();
  await until(() => wait.count(), 0);
});

test('a change that was too much for the server is saved when it has time', async () => {
  const name = 'orders-pg-pne-04';
  const page = await machines('server', 'configured', name, { context: await timed() });
  const calls = await answers(page.page, /\/jitNetworkAccessPolicies\//, 'PUT', [busy(429, '15')]);
  const panel = await page.menu(name, 'Edit');
  await panel.port('22 SSH').click();
  await panel.fill({ time: '2' });
  await panel.save.click();
  await panel.dialog.getByText('The server asks to wait.').waitFor();
  assert.equal(calls.length, 1);
  await page.page.clock.fastForward('00:16');
  await page.shell.toast('Saved the configuration of 1 machine').waitFor();
  assert.equal(calls.length, 2);
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
