// Answers that come late, not at all, or from somebody else than the server: nothing is said that is not known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Activity } from './pages/activity.mjs';
import { Jit } from './pages/jit.mjs';
import { Machines, openMachine } from './pages/machines.mjs';
import { Requests } from './pages/requests.mjs';
import { pageOf, refusal, signIn } from './support/answers.mjs';
import { axe } from './support/axe.mjs';
import { heading } from './support/heading.mjs';
import { held, hold } from './support/held.mjs';
import { machinesOf, OFFICE } from './support/machines.mjs';
import { usePortal } from './support/portal.mjs';
import { drawn, until } from './support/until.mjs';

const portal = usePortal();
const machines = machinesOf(portal);

/** Changes the time of a machine's port 22, and saves: its panel, while the call is on its way. */
async function saving(page, name) {
  const panel = await page.menu(name, 'Edit');
  await panel.port('22 SSH').click();
  await panel.fill({ time: '2' });
  const sent = page.page.waitForRequest(request => request.method() === 'PUT');
  await panel.save.click();
  await sent;
  return panel;
}

const POLICY = /\/jitNetworkAccessPolicies\//;

test('what was read before a change was saved, and comes after it, does not take it back', async () => {
  const name = 'orders-pg-psa-01';
  const page = await machines('server', 'configured', name, { context: await portal.deaf() });
  const { page: browser } = page;
  await new Jit(browser).ready();
  const [before, loading] = [new Map(), browser.getByRole('status').filter({ hasText: 'Loading' })];
  const { release: tell, released: told } = held();
  // The first time as it is; then late, and as it was.
  await browser.route(/\/jitNetworkAccessPolicies\?/, async route => {
    const path = route.request().url();
    if (!before.has(path)) {
      const response = await route.fetch();
      before.set(path, await response.text());
      return route.fulfill({ response });
    }
    await told;
    await route.fulfill({ contentType: 'application/json', body: before.get(path) });
  });
  const refresh = async () => {
    const asked = browser.waitForRequest(/\/jitNetworkAccessPolicies\?/);
    await browser.getByRole('button', { name: 'Refresh' }).click();
    await asked;
  };
  await refresh();
  await until(() => loading.count(), 0);
  await refresh();
  const panel = await page.menu(name, 'Edit');
  await panel.port('22 SSH').click();
  await panel.fill({ time: '1' });
  await panel.save.click();
  await panel.gone();
  // Nor does it have to be read anew for that.
  await hold(browser, POLICY, 'GET');
  tell();
  await until(() => loading.count(), 0);
  const again = await page.menu(name, 'Edit');
  assert.match(await again.port('22 SSH').textContent(), /1 hour$/);
});

test('a panel that was opened while another one was saved stays', async () => {
  const name = 'orders-pg-pne-02';
  const page = await machines('server', 'configured', name);
  const release = await hold(page.page, POLICY, 'PUT');
  const panel = await saving(page, name);
  await panel.cancel.click();
  await panel.leaving.waitFor();
  await axe(page.page, 'leaving while it is saved');
  await panel.leaving.getByRole('button', { name: 'Cancel' }).click();
  await panel.leave();
  const next = await page.menu(name, 'Request access');
  release();
  await page.shell.toast('Saved the configuration of 1 machine').waitFor();
  await next.machine(name).toggle('22 SSH').waitFor();
});

test('a question whether to leave goes when there is nothing left to ask', async () => {
  const name = 'orders-pg-pne-03';
  const page = await machines('server', 'configured', name);
  const panel = await page.menu(name, 'Request access');
  await panel.machine(name).ask('22 SSH', OFFICE, '1');
  await until(() => panel.reason(), '');
  const release = await hold(page.page, /\/initiate\b/, 'POST');
  await panel.openPorts.click();
  await panel.cancel.click();
  await panel.leaving.waitFor();
  release();
  await panel.dialog.getByText(`${name} port 22 is open`).waitFor();
  await until(() => page.page.getByRole('dialog').count(), 1);
});

const LOST = /net::ERR_FAILED/;
for (const [answer, saved, opened] of [
  [route => route.abort('failed'), 'It is not known whether all of it was saved', 'It is not known whether all ports that you asked for were opened'],
  [refusal, 'Not all that was being saved is stored', 'Not all ports that you asked for were opened'],
]) {
  test(`whoever has left hears what is known: ${saved}`, async () => {
    const name = 'orders-pg-pne-04';
    const context = await portal.timed();
    const page = await machines('server', 'configured', name, { expected: LOST, context });
    const why = answer === refusal ? 'Not by you.' : 'The server does not answer: Failed to fetch';
    let release = await hold(page.page, POLICY, 'PUT', answer);
    await (await saving(page, name)).leave();
    release();
    const one = `${saved} (${name}): look at it before you go on. ${why}`;
    await page.page.getByRole('alert').getByText(one).waitFor();
    const panel = await page.menu(name, 'Request access');
    await panel.machine(name).ask('22 SSH', OFFICE, '1');
    await until(() => panel.reason(), '');
    release = await hold(page.page, /\/initiate\b/, 'POST', answer);
    await panel.openPorts.click();
    await panel.leave();
    release();
    const other = `${opened} (${name}): see the requests. ${why}`;
    await page.page.getByRole('alert').getByText(other).waitFor();
    // They stay, also over the next panel, and are told once.
    await page.page.clock.fastForward('10:00');
    await page.menu(name, 'Properties');
    for (const text of [one, other]) {
      await panel.dialog.getByText(text).waitFor();
      assert.equal(await page.page.getByRole('alert').filter({ hasText: text }).count(), 0);
    }
    await axe(page.page, 'messages that stay, in a panel');
    await page.shell.dismiss.first().click();
    await until(() => page.shell.report(one).count(), 0);
    await until(() => page.shell.dismiss.evaluate(it => it === document.activeElement), true);
    await page.page.keyboard.press('Escape');
    await until(() => page.page.getByRole('dialog').count(), 0);
    await page.shell.report(other).waitFor();
    await axe(page.page, 'a message that stays');
    await page.shell.dismiss.click();
    await until(() => page.shell.report(other).count(), 0);
    assert.equal(await page.page.evaluate(() => document.activeElement.tagName), 'H1');
  });
}

test('a message that comes behind a question is told when that is gone, and dismissing it does nothing else', async () => {
  const name = 'orders-pg-pne-04';
  const page = await machines('server', 'configured', name);
  const { page: browser, shell } = page;
  const release = await hold(browser, POLICY, 'PUT', refusal);
  await (await saving(page, name)).leave();
  const panel = await page.menu(name, 'Edit');
  await panel.port('22 SSH').click();
  await panel.fill({ time: '1' });
  await panel.cancel.click();
  await panel.question.waitFor();
  release();
  const words = `Not all that was being saved is stored (${name})`;
  await shell.report(words).waitFor();
  const alert = browser.locator('.reports [role=alert]').filter({ hasText: words });
  assert.equal(await alert.count(), 0);
  await panel.question.getByRole('button', { name: 'Cancel' }).click();
  await panel.dialog.getByRole('alert').filter({ hasText: words }).waitFor();
  const puts = [];
  browser.on('request', request => {
    if (request.method() === 'PUT') puts.push(request.url());
  });
  await shell.dismiss.focus();
  await browser.keyboard.down('Enter');
  await until(() => browser.evaluate(() => document.activeElement.className), 'side-panel-title');
  // Held, it presses again.
  await browser.keyboard.down('Enter');
  await browser.keyboard.up('Enter');
  assert.equal(await shell.report(words).count(), 0);
  await panel.field('Maximum request time').waitFor();
  assert.deepEqual(puts, []);
});

test('what may have been saved is not told as failed, and what was never sent is', async () => {
  const name = 'orders-pg-pne-04';
  const page = await machines('server', 'configured', name, { expected: /ERR_FAILED|50[02]/ });
  const { page: browser } = page;
  const release = await hold(browser, POLICY, 'PUT', route => route.fulfill({ status: 502, body: 'Bad gateway' }));
  const panel = await saving(page, name);
  release();
  const unknown = panel.dialog.getByText('It is not known whether this was saved. The answer has the status 502.');
  await unknown.waitFor();
  await panel.dialog.getByText('Saved 0 of 1 machines. 1 may be saved, too: a retry looks first.').waitFor();
  await axe(browser, 'a saving whose end is not known');
  await browser.route(POLICY, route => (route.request().method() === 'GET' ? route.abort('failed') : route.fallback()));
  await panel.retry.click();
  await panel.dialog.getByText(/: The server does not answer: /).waitFor();
  assert.equal(await unknown.count(), 0);
});

test('of several policies the rest is not saved for whoever has signed out meanwhile', async () => {
  const names = ['parcel-sort-psa-01', 'parcel-sort-pwe-01'];
  const page = await machines('server', 'notConfigured', 'parcel-sort-p');
  const panel = await page.choose(names, 'Enable JIT on VMs');
  const puts = [];
  page.page.on('request', request => {
    if (request.method() === 'PUT') puts.push(request.url());
  });
  const release = await hold(page.page, POLICY, 'PUT');
  const sent = page.page.waitForRequest(request => request.method() === 'PUT');
  await panel.save.click();
  await sent;
  await panel.dialog.getByText('0 of 2 are done.').waitFor();
  await panel.leave();
  await page.shell.link('Settings').click();
  await page.page.getByRole('button', { name: 'Sign out' }).click();
  await page.page.getByText('Nobody is signed in.').waitFor();
  release();
  // Told when they are back: nobody else is to hear of these machines.
  await page.page.getByLabel('Access token').fill((await portal.at('server')).token);
  await page.page.getByRole('button', { name: 'Sign in' }).click();
  await page.shell.report('Not all that was being saved is stored').waitFor();
  assert.equal(puts.length, 1);
});

test('an extension that is told late leaves the question about another one', async () => {
  const name = 'parcel-sort-pne-01';
  const page = await machines('server', 'configured', name);
  const panel = await page.menu(name, 'Request access');
  await panel.machine(name).ask('22 SSH', OFFICE, '1');
  await panel.openPorts.click();
  await panel.dialog.getByText(`${name} port 22 is open`).waitFor();
  await page.page.goto(new URL('/requests', page.page.url()).href);
  const requests = new Requests(page.page);
  const release = await hold(page.page, /\/initiate\b/, 'POST');
  await requests.extend(`port 22 of ${name}`).click();
  const other = requests.rows.filter({ hasNotText: name }).first();
  await other.getByRole('button', { name: /^Close now/ }).click();
  await requests.question.waitFor();
  // What follows is read once more, when the server says so.
  await page.page.route(/\/jitExposure\b/, route =>
    route.fulfill({ status: 429, headers: { 'retry-after': '20' }, json: { error: { code: 'Busy', message: 'Too much.' } } }),
  );
  release();
  // What is behind the question is not heard: both are told within it.
  const said = requests.question.getByRole('status');
  await said.filter({ hasText: `Extended: port 22 of ${name}` }).waitFor();
  await said.filter({ hasText: 'The server asks to wait.' }).waitFor();
  await axe(page.page, 'messages in a question');
});

test('a message that comes over the details of an event is told there, once, and dismissed there', async () => {
  const name = 'orders-pg-pne-04';
  const page = await machines('server', 'configured', name);
  const { page: browser, shell } = page;
  const release = await hold(browser, POLICY, 'PUT', refusal);
  await (await saving(page, name)).leave();
  await shell.link('Activity log').click();
  const activity = await new Activity(browser).ready();
  const event = activity.rows.first().getByRole('button');
  await event.click();
  await activity.details.getByText('Event initiated by').waitFor();
  release();
  const words = `Not all that was being saved is stored (${name})`;
  await activity.details.getByRole('alert').filter({ hasText: words }).waitFor();
  assert.equal(await browser.locator('[role=alert]').filter({ hasText: words }).count(), 1);
  await axe(browser, 'a message over the details of an event');
  await browser.keyboard.press('Escape');
  await until(() => activity.details.count(), 0);
  await shell.report(words).waitFor();
  assert.equal(await browser.getByRole('alert').count(), 0);
  await event.click();
  await activity.details.getByRole('button', { name: 'Dismiss' }).click();
  await until(() => shell.report(words).count(), 0);
  await until(() => browser.evaluate(() => document.activeElement.className), 'side-panel-title');
  await browser.keyboard.press('Escape');
  await until(() => activity.details.count(), 0);
  await until(() => event.evaluate(it => it === document.activeElement), true);
});

test('the page that enables it tells whoever has left what is not known, and keeps the focus when news come first', async () => {
  const name = 'ledger-sql-pne-01';
  const page = await portal.page('/', { backend: 'server', expected: LOST });
  // With all policies, so that one call is enough.
  await new Jit(page).ready();
  const list = new Machines(page);
  await page.getByRole('link', { name: 'Virtual machines', exact: true }).first().click();
  await list.rows.first().waitFor();
  const machine = await openMachine(page, name);
  await machine.go('Configuration');
  const release = await hold(page, POLICY, 'PUT', route => route.abort('failed'));
  await machine.enable.click();
  await machine.link('Rules').click();
  await heading(page, 'Rules').waitFor();
  release();
  await machine.report(`It is not known whether just-in-time access was enabled on ${name}. The server does not answer`).waitFor();
  await page.unroute(POLICY);
  await page.goBack();
  // Done, and told only later.
  const { release: tell, released: told } = held();
  await page.route(POLICY, async route => {
    if (route.request().method() !== 'PUT') return route.continue();
    const response = await route.fetch();
    await told;
    await route.fulfill({ response });
  });
  await machine.enable.click();
  await page.getByText('Just-in-time access is enabled on this virtual machine.').waitFor();
  tell();
  await machine.toast(`enabled on ${name}`).waitFor();
  await until(() => page.evaluate(() => document.activeElement.tagName), 'H1');
});

for (const [where, link] of [['where it is until its button goes', undefined], ['where the user has gone', 'Workbench']]) {
  test(`enabling a machine leaves the focus ${where}`, async () => {
    const page = await portal.page('/', { backend: 'server', context: await portal.deaf() });
    // With all policies, so that one call is enough.
    await new Jit(page).ready();
    await page.getByRole('link', { name: 'Virtual machines', exact: true }).first().click();
    const machine = await openMachine(page, link ? 'ledger-sql-pne-02' : 'ledger-sql-pne-03');
    await machine.go('Configuration');
    const stored = await hold(page, POLICY, 'PUT');
    const put = page.waitForRequest(request => request.method() === 'PUT');
    await machine.enable.press('Enter');
    await put;
    const read = await hold(page, POLICY, 'GET');
    if (link) await machine.link(link).focus();
    const focused = await page.evaluateHandle(() => document.activeElement);
    stored();
    await machine.toast('Just-in-time access is enabled on').waitFor();
    const stays = () => page.evaluate(it => it === document.activeElement, focused);
    assert.ok(await stays());
    read();
    await page.getByText('Just-in-time access is enabled on this virtual machine.').waitFor();
    await drawn(page);
    if (link) assert.ok(await stays());
    else await until(() => page.evaluate(() => document.activeElement.tagName), 'H1');
  });
}

test('a web page in place of the list of machines is not taken for an empty one', async () => {
  const context = await portal.context();
  await context.route(/\/subscriptions\b/, signIn);
  const page = await portal.page('/', { backend: 'server', context });
  await page.getByRole('alert').filter({ hasText: 'a web page came in place of the answer' }).waitFor();
  assert.equal(await page.getByText('No virtual machines').count(), 0);
  await context.unroute(/\/subscriptions\b/);
  await page.getByRole('button', { name: 'Retry' }).click();
  await new Jit(page).ready();
});

test('a web page in place of the stream of changes is not taken for a connection', async () => {
  const context = await portal.context();
  const asked = [];
  await context.route(/\/events\b/, route => {
    asked.push(route.request().url());
    return pageOf(asked.length === 2 ? 401 : 200)(route);
  });
  const page = await portal.page('/', { backend: 'server', context });
  await new Jit(page).ready();
  const since = page.getByRole('status').filter({ hasText: 'The connection is lost since' }).locator('time');
  const first = await since.getAttribute('datetime');
  const loaded = [];
  page.on('request', request => loaded.push(new URL(request.url()).pathname));
  const before = asked.length;
  // The second one has been answered when the third one is asked for.
  await until(() => asked.length >= Math.max(before + 1, 3), true);
  assert.equal(await since.getAttribute('datetime'), first);
  assert.deepEqual(loaded.filter(path => path !== '/events'), []);
  assert.equal(await page.getByLabel('Access token').count(), 0);
});

test('a list that goes on at the same page again and again ends with a failure', async () => {
  const same = route => route.fulfill({ json: { value: [], nextLink: route.request().url() } });
  const page = await portal.page('/settings', { backend: 'server' });
  const said = page.getByRole('alert').filter({ hasText: 'The server gives the same page of a list again and again.' });
  // Without the stream of changes nothing is loaded again by itself.
  await page.route(/\/events\b/, pageOf(403));
  for (const [path, list] of [['/machines', /jitExposure/], ['/activity', /eventtypes/]]) {
    await page.route(list, same);
    await page.goto(new URL(path, page.url()).href);
    await said.first().waitFor();
    await page.unroute(list);
  }
});
