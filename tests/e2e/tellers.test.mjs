// What is told to whom: what comes of an act is for the user who did it, and for nobody who has signed in since.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Jit } from './pages/jit.mjs';
import { Requests } from './pages/requests.mjs';
import { another, answers, asked, ended, refusal } from './support/answers.mjs';
import { held } from './support/held.mjs';
import { machinesOf, OFFICE } from './support/machines.mjs';
import { usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();
const machines = machinesOf(portal);

/** Signs out on the page of settings, and whoever the token is of in. */
async function again(page) {
  const leave = page.getByRole('button', { name: 'Sign out' });
  await leave.click();
  await page.getByText('Nobody is signed in.').waitFor();
  await page.getByLabel('Access token').fill((await portal.at('server')).token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await leave.waitFor();
}

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
  // The same once more, in a form of their own. What was looked for has gone too.
  const jit = new Jit(page.page);
  await until(() => jit.search.inputValue(), '');
  await jit.search.fill(machine);
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

test('what is not known of a request is told to its user again, whose panel has gone with another sign-in', async () => {
  const machine = 'orders-pg-pne-04';
  const page = await machines('server', 'configured', machine, { expected: /ERR_FAILED/ });
  const { page: browser, shell } = page;
  const panel = await page.menu(machine, 'Request access');
  await panel.machine(machine).ask('22 SSH', OFFICE, '1');
  await until(() => panel.reason(), '');
  await answers(browser, /\/initiate\b/, 'POST', [route => route.abort('failed'), ended]);
  await panel.openPorts.click();
  const field = panel.dialog.getByLabel('Access token');
  await field.fill((await portal.at('server')).token);
  await another(browser);
  await panel.dialog.getByRole('button', { name: 'Sign in' }).click();
  await panel.gone();
  const report = shell.report(`It is not known whether all ports that you asked for were opened (${machine})`);
  assert.equal(await report.count(), 0);
  await browser.unroute(/\/me\b/);
  await shell.link('Settings').click();
  await again(browser);
  await report.waitFor();
});

test('what stays until it is dismissed is for the user whom it was told, also after a sign-out', async () => {
  const name = 'orders-pg-pne-04';
  const page = await machines('server', 'configured', name);
  const { page: browser, shell } = page;
  const { release, released } = held();
  await answers(browser, /\/jitNetworkAccessPolicies\//, 'PUT', [route => released.then(() => refusal(route))]);
  const panel = await page.menu(name, 'Edit');
  await panel.port('22 SSH').click();
  await panel.fill({ time: '2' });
  await panel.save.click();
  await panel.leave();
  release();
  const report = shell.report(`Not all that was being saved is stored (${name})`);
  await report.waitFor();
  await shell.link('Settings').click();
  await again(browser);
  assert.equal(await report.count(), 1);
  await another(browser);
  await again(browser);
  assert.equal(await report.count(), 0);
});

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
    const { release, released } = held();
    const calls = await answers(browser, call, method, [route => released.then(() => refusal(route))]);
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
