// A sign-in that has ended: what was shown and entered stays for its user, who is asked to sign in, and goes where another
// user signs in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Activity } from './pages/activity.mjs';
import { Jit } from './pages/jit.mjs';
import { Machines as List, openMachine } from './pages/machines.mjs';
import { Requests } from './pages/requests.mjs';
import { Shell } from './pages/shell.mjs';
import { Workbench } from './pages/workbench.mjs';
import { another, ended } from './support/answers.mjs';
import { axe } from './support/axe.mjs';
import { held } from './support/held.mjs';
import { machinesOf, OFFICE } from './support/machines.mjs';
import { usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();
const machines = machinesOf(portal);

/** What every page asks for first. */
const SUBSCRIPTIONS = /\/subscriptions\?/;
const NAME = 'orders-pg-pne-02';

const focused = page => page.evaluate(() => document.activeElement.labels?.[0]?.textContent ?? document.activeElement.tagName);

/** Ends the sign-in. */
async function end(page) {
  await page.route(SUBSCRIPTIONS, ended);
  // A panel may be over it.
  await page.getByRole('button', { name: 'Refresh' }).dispatchEvent('click');
  await page.getByText('Your sign-in has ended. Sign in again to go on').first().waitFor();
  await page.unroute(SUBSCRIPTIONS, ended);
}

/** Signs in, where it is asked for last: over the page, or in the panel. */
async function signIn(page) {
  const fields = page.getByLabel('Access token');
  await fields.last().fill((await portal.at('server')).token);
  await page.getByRole('button', { name: 'Sign in' }).last().click();
  await until(() => fields.count(), 0);
}

/** The same, as a user who gets no answer to what every page asks for first; gives what answers that there is nothing. */
async function signInAsAnother(page) {
  const { release, released } = held();
  await page.route(SUBSCRIPTIONS, async route => {
    await released;
    await route.fulfill({ json: { value: [] } });
  });
  await another(page);
  await signIn(page);
  await page.getByRole('banner').getByText('another').waitFor();
  return release;
}

/** Each page: the link that leads there, and what it shows of whoever is signed in. */
const PAGES = {
  'Just-in-time VM access': page => new Jit(page).rows,
  'Virtual machines': page => new List(page).rows,
  Requests: page => new Requests(page).rows,
  'Activity log': page => new Activity(page).rows,
};
for (const [name, shown] of Object.entries(PAGES)) {
  test(`another user sees nothing of what was loaded for the one before: ${name}`, async () => {
    const page = await portal.page('/', { backend: 'server' });
    await new Jit(page).ready();
    const rows = shown(page);
    if (name === 'Activity log') {
      await new Shell(page).link(name).click();
      await rows.first().waitFor();
      await end(page);
    } else {
      await end(page);
      await new Shell(page).link(name).click();
    }
    // Still there for whoever signs in again.
    await rows.first().waitFor();
    const answer = await signInAsAnother(page);
    assert.equal(await rows.count(), 0);
    assert.equal(await page.getByText('could not be loaded').count(), 0);
    assert.notEqual(await page.evaluate(() => document.activeElement.tagName), 'BODY');
    await axe(page, 'another user');
    answer();
    await page.getByText(/^No (virtual machines|events)$/).waitFor();
    assert.equal(await rows.count(), 0);
  });
}

test('a form goes with its user, and stays for whoever signs in again', async () => {
  const page = await machines('server', 'configured', NAME);
  const { page: browser, shell } = page;
  const panel = await page.menu(NAME, 'Request access');
  await panel.justification.fill('INC-4711');
  await end(browser);
  await signIn(browser);
  assert.equal(await panel.justification.inputValue(), 'INC-4711');
  await panel.machine(NAME).toggle('22 SSH').waitFor();
  await end(browser);
  await signInAsAnother(browser);
  await panel.gone();
  await shell.toast('Another user has signed in').waitFor();
  await browser.unroute(SUBSCRIPTIONS);
  await browser.getByRole('button', { name: 'Refresh' }).click();
  // What was looked for has gone too: among all machines its row stays in sight only until the rest of them are there.
  const jit = new Jit(browser);
  await until(() => jit.search.inputValue(), '');
  await jit.search.fill(NAME);
  await page.menu(NAME, 'Request access');
  assert.equal(await panel.justification.inputValue(), '');
});

test('the address keeps nothing that the one before looked for, and the workbench nothing of what was on it', async () => {
  const page = await portal.page('/workbench', { backend: 'server' });
  const workbench = await new Workbench(page).ready();
  const sample = await workbench.policy.editor.inputValue();
  const own = '{ "kind": "Basic", "name": "of the one before" }';
  await workbench.policy.editor.fill(own);
  const shell = new Shell(page);
  const activity = new Activity(page);
  const look = async () => {
    await shell.link('Activity log').click();
    await activity.ready();
    await activity.resource.fill(NAME);
    await activity.resource.press('Enter');
    await until(() => page.url().includes('resource='), true);
    await end(page);
  };
  await look();
  // For the same one all of it stays.
  await signIn(page);
  assert.match(page.url(), /resource=/);
  await shell.link('Workbench').click();
  assert.equal(await workbench.policy.editor.inputValue(), own);
  await look();
  (await signInAsAnother(page))();
  await until(() => activity.resource.inputValue(), '');
  assert.equal(new URL(page.url()).search, '');
  await shell.link('Workbench').click();
  await until(() => workbench.policy.editor.inputValue(), sample);
});

test('what is asked for after the sign-in has ended leads to where one signs in', async () => {
  const page = await portal.page('/machines', { backend: 'server' });
  const shell = new Shell(page);
  const acts = {
    'Download as CSV': async () => {
      await shell.link('Activity log').click();
      await new Activity(page).ready();
      await end(page);
      await new Activity(page).download.click();
    },
    'Enable just-in-time': async () => {
      await shell.link('Just-in-time VM access').click();
      await new Jit(page).ready();
      await end(page);
      await shell.link('Virtual machines').click();
      const machine = await openMachine(page, 'ledger-sql-pne-02');
      await machine.go('Configuration');
      await machine.enable.click();
    },
  };
  for (const act of Object.values(acts)) {
    await act();
    await shell.toast('Your sign-in has ended: sign in first.').waitFor();
    await until(() => focused(page), 'Access token');
    await signIn(page);
  }
});

/** Opens port 22 of a machine for its user. */
async function opened(name) {
  const page = await machines('server', 'configured', name);
  const panel = await page.menu(name, 'Request access');
  await panel.machine(name).ask('22 SSH', OFFICE, '1');
  await panel.openPorts.click();
  await panel.dialog.getByText(`${name} port 22 is open`).waitFor();
  await page.page.keyboard.press('Escape');
  await panel.gone();
  await new Jit(page.page).row(name).getByText('Open', { exact: true }).waitFor();
  return page;
}

test('whoever extends or closes access after the sign-in has ended is told so, and led to where one signs in', async () => {
  const name = 'orders-pg-pne-01';
  const { page, shell } = await opened(name);
  await end(page);
  await shell.link('Requests').click();
  const requests = new Requests(page);
  const row = requests.rows.filter({ hasText: name }).filter({ has: page.getByRole('button', { name: /^Extend/ }) });
  // The form has its place on the page.
  const left = it => it.evaluate(element => element.getBoundingClientRect().left);
  assert.equal(await left(page.getByLabel('Access token')), await left(requests.title));
  const told = requests.toast('Your sign-in has ended: sign in first.');
  for (const act of ['Extend', 'Close now']) {
    await row.getByRole('button', { name: new RegExp(`^${act}`) }).click();
    if (act === 'Close now') await requests.question.getByRole('button', { name: act }).click();
    await told.waitFor();
    await until(() => requests.question.count(), 0);
    await until(() => focused(page), 'Access token');
    await requests.title.focus();
  }
  await signIn(page);
  await until(() => focused(page), 'H1');
  await row.getByRole('button', { name: /^Extend/ }).click();
  await requests.toast(`Extended: port 22 of ${name}`).waitFor();
});

test('how to connect is still told when the sign-in has ended', async () => {
  const name = 'orders-pg-pne-03';
  const { page, shell } = await opened(name);
  await shell.link('Virtual machines').click();
  const machine = await openMachine(page, name);
  await machine.go('Connect');
  const command = page.getByRole('group', { name: 'SSH command' }).first();
  await until(() => command.textContent().then(text => /^ssh azureuser@\d/.test(text)), true);
  await page.route(/\/permissions\b/, ended);
  await machine.request.click();
  await page.getByText('Your sign-in has ended. Sign in again to go on').first().waitFor();
  await page.keyboard.press('Escape');
  await until(() => page.getByRole('dialog').count(), 0);
  assert.equal(await command.count(), 1);
});

test('the settings ask for a sign-in that has ended', async () => {
  const page = await portal.page('/', { backend: 'server' });
  await new Jit(page).ready();
  await end(page);
  await new Shell(page).link('Settings').click();
  await page.getByRole('alert').filter({ hasText: 'Your sign-in has ended.' }).waitFor();
  await axe(page, 'the settings after the sign-in has ended');
  await signIn(page);
  await page.getByRole('columnheader', { name: 'Configure' }).waitFor();
  await until(() => focused(page), 'H1');
});
