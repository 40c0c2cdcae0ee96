// The panels when something goes wrong on the way: two windows, failures in part, answers that are lost, ended sign-ins.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Machines } from './pages/panels.mjs';
import { Requests } from './pages/requests.mjs';
import { ended } from './support/answers.mjs';
import { axe } from './support/axe.mjs';
import { hold } from './support/held.mjs';
import { machinesOf, OFFICE } from './support/machines.mjs';
import { backends, usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();
const machines = machinesOf(portal);

for (const backend of backends) {
  /** Another window: of the browser that keeps the data, or of anybody who signs in. */
  const beside = ({ page }) => (backend === 'browser' ? { context: page.context() } : {});

  test(`two windows that edit different machines of one policy lose nothing (${backend})`, async () => {
    const first = await machines(backend, 'configured', 'orders-pg-pne-01');
    const second = await machines(backend, 'configured', 'orders-pg-pne-02', beside(first));
    const one = await first.menu('orders-pg-pne-01', 'Edit');
    const other = await second.menu('orders-pg-pne-02', 'Edit');
    for (const [panel, time] of [[one, '1'], [other, '2']]) {
      await panel.port('22 SSH').click();
      await panel.fill({ time });
      await panel.save.click();
      await panel.gone();
    }
    await first.page.reload();
    assert.match(await (await first.menu('orders-pg-pne-01', 'Edit')).port('22 SSH').textContent(), /1 hour/);
    assert.match(await (await (await machines(backend, 'configured', 'orders-pg-pne-02', beside(first))).menu('orders-pg-pne-02', 'Edit')).port('22 SSH').textContent(), /2 hours/);
  });

  test(`two windows that edit one machine are asked which version counts (${backend})`, async () => {
    const name = 'ledger-sql-psa-01';
    const first = await machines(backend, 'configured', name);
    const second = await machines(backend, 'configured', name, beside(first));
    const mine = await first.menu(name, 'Edit');
    const theirs = await second.menu(name, 'Edit');
    const port = (await theirs.dialog.getByRole('button', { name: /^Edit port/ }).first().textContent()).match(/Edit port (\d+)/)[1];
    for (const [panel, time] of [[theirs, '2'], [mine, '1']]) {
      await panel.port(port).click();
      await panel.fill({ time });
    }
    await theirs.save.click();
    await theirs.gone();
    await mine.save.click();
    const versions = mine.versions(name);
    await versions.getByText(/2 hours/).first().waitFor();
    await versions.getByText(/1 hour$/).first().waitFor();
    await axe(first.page, 'two versions');
    assert.equal(await mine.reason(), 'Choose first which version counts.');
    await versions.getByRole('button', { name: `Use yours for ${name}` }).click();
    await mine.save.click();
    await mine.gone();
    await second.page.reload();
    const after = await second.menu(name, 'Edit');
    assert.match(await after.port(port).textContent(), /1 hour/);

    // The other way round: what is stored stays.
    await after.port(port).click();
    await after.fill({ time: '4' });
    await first.page.reload();
    const again = await first.menu(name, 'Edit');
    await again.port(port).click();
    await again.fill({ time: '2' });
    await again.save.click();
    await again.gone();
    await after.save.click();
    await after.versions(name).getByRole('button', { name: /^Keep this for/ }).click();
    await after.dialog.getByText('the stored version stays').waitFor();
    assert.equal(await after.reason(), 'There is nothing to save.');
  });
}

// The browser's own data need no sign-in, and no answer of them is lost on its way. What can fail is to keep something.
test('what the browser cannot keep is told, has not happened, and is tried again', async () => {
  const name = 'ledger-sql-psa-03';
  const page = await machines('browser', 'configured', name);
  const panel = await page.menu(name, 'Request access');
  const part = panel.machine(name);
  const port = await part.region.getByRole('switch').first().evaluate(box => box.labels[0].textContent);
  await part.ask(port, OFFICE, '1');
  await until(() => panel.reason(), '');
  await page.page.evaluate(() => {
    globalThis.add = IDBObjectStore.prototype.add;
    IDBObjectStore.prototype.add = () => {
      throw new DOMException('Full.', 'QuotaExceededError');
    };
  });
  await panel.openPorts.click();
  await panel.dialog.getByText(/This browser could not keep it\. The space that the browser gives this site is full\./).waitFor();
  await axe(page.page, 'a full browser');
  await page.page.evaluate(() => (IDBObjectStore.prototype.add = globalThis.add));
  await panel.openPorts.click();
  await panel.dialog.getByText(new RegExp(`${name} port \\d+ is open`)).waitFor();
  await page.page.goto(new URL(`/requests?machine=${name}`, page.page.url()).href);
  await page.page.getByRole('tab', { name: /^Live\s*1$/ }).waitFor();
});

test('what failed is told for each machine, and only that is tried again', async () => {
  const names = ['parcel-sort-psa-01', 'parcel-sort-pwe-01'];
  const page = await machines('server', 'notConfigured', 'parcel-sort-p');
  const panel = await page.choose(names, 'Enable JIT on VMs');
  const broken = url => url.pathname.includes('/rg-parcels-pwe/') && url.pathname.endsWith('/default');
  const message = 'The policy cannot be stored now.';
  const refuse = route =>
    route.request().method() === 'PUT' ? route.fulfill({ status: 403, json: { error: { code: 'Forbidden', message } } }) : route.continue();
  await page.page.route(broken, refuse);
  await panel.save.click();
  await panel.dialog.getByText('Saved 1 of 2 machines. 1 failed: see why below, and retry.').waitFor();
  await panel.dialog.getByText(`parcel-sort-pwe-01 (default in rg-parcels-pwe): ${message}`).waitFor();
  await axe(page.page, 'a failure in part');
  await page.page.unroute(broken, refuse);
  const puts = [];
  page.page.on('request', request => {
    if (request.method() === 'PUT') puts.push(request.url());
  });
  await panel.retry.click();
  await panel.gone();
  assert.equal(puts.length, 1);
  const after = await machines('server', 'configured', 'parcel-sort-p');
  for (const name of names) await after.box(name).waitFor();
});

test('a session that ends in the middle of a form loses nothing', async () => {
  const name = 'ledger-sql-psa-02';
  const page = await machines('server', 'configured', name);
  const panel = await page.menu(name, 'Edit');
  await panel.add.click();
  await panel.fill({ port: '8080', protocol: 'TCP', blocks: '198.18.4.0/24' });
  const calls = /\/(subscriptions|me)\b/;
  await page.page.route(calls, ended);
  // The preview may have found out before.
  await panel.save.dispatchEvent('click');
  await panel.dialog.getByLabel('Access token').waitFor();
  await until(() => panel.reason(), 'Sign in first: what you have entered stays.');
  await axe(page.page, 'signed out');
  await page.page.unroute(calls, ended);
  const { token } = await portal.at('server');
  await panel.dialog.getByLabel('Access token').fill(token);
  await panel.dialog.getByRole('button', { name: 'Sign in' }).click();
  await panel.dialog.getByLabel('Access token').waitFor({ state: 'detached' });
  await panel.port('8080').waitFor();
  await panel.save.click();
  await panel.gone();
  await page.page.reload();
  await (await page.menu(name, 'Edit')).port('8080').waitFor();
});

test('whoever tries again to sign in within a panel keeps the focus there', async () => {
  const name = 'ledger-sql-psa-02';
  const page = await machines('server', 'configured', name, { expected: /net::ERR_FAILED/ });
  const panel = await page.menu(name, 'Edit');
  await panel.add.click();
  const calls = /\/(subscriptions|me)\b/;
  await page.page.route(calls, ended);
  await page.page.getByRole('button', { name: 'Refresh' }).dispatchEvent('click');
  await panel.dialog.getByLabel('Access token').fill((await portal.at('server')).token);
  await page.page.unroute(calls);
  await page.page.route(calls, route => route.abort('failed'));
  await panel.dialog.getByRole('button', { name: 'Sign in' }).click();
  const again = panel.dialog.getByRole('button', { name: 'Try again' });
  await again.waitFor();
  await page.page.unroute(calls);
  await again.click();
  await panel.dialog.getByLabel('Access token').waitFor({ state: 'detached' });
  // Not on a button: Enter may still be held.
  await until(() => page.page.evaluate(() => document.activeElement.className), 'side-panel-title');
});

test('whoever closes access after the sign-in has ended signs in again, and closes it then', async () => {
  const page = await portal.page('/requests', { backend: 'server' });
  const requests = new Requests(page);
  await requests.rows.first().waitFor();
  const live = await requests.count('Live');
  await page.route(/\/revoke\b/, ended);
  const close = async () => {
    await requests.rows.first().getByRole('button', { name: /^Close now/ }).click();
    await requests.question.getByRole('button', { name: 'Close now' }).click();
  };
  await close();
  await page.getByLabel('Access token').waitFor();
  await axe(page, 'signed out on the page of requests');
  await page.unroute(/\/revoke\b/, ended);
  const { token } = await portal.at('server');
  await page.getByLabel('Access token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Access token').waitFor({ state: 'detached' });
  await close();
  await until(async () => (await requests.count('Live')) < live, true);
});

test('whoever goes back leaves the panel, and is asked where something would be lost', async () => {
  const name = 'ledger-sql-psa-02';
  const page = await machines('server', 'configured', name);
  const { shell } = page;
  await shell.link('Requests').click();
  await shell.link('Just-in-time VM access').click();
  const panel = await page.menu('courier-api-01', 'Properties');
  await page.page.goBack();
  await panel.gone();
  await shell.title.getByText('Requests').waitFor();
  await page.page.goForward();
  const edited = await page.menu('courier-api-01', 'Edit');
  await edited.add.click();
  await page.page.goBack();
  await edited.question.getByRole('button', { name: 'Cancel' }).click();
  await edited.question.waitFor({ state: 'detached' });
  await edited.port('New port').waitFor();
  await page.page.goForward();
  await edited.question.getByRole('button', { name: 'Discard' }).click();
  await edited.gone();
});

test('a request whose answer is lost is tried again, and opens nothing twice', async () => {
  const name = 'ledger-sql-psa-03';
  const page = await machines('server', 'configured', name);
  const panel = await page.menu(name, 'Request access');
  const part = panel.machine(name);
  const port = await part.region.getByRole('switch').first().evaluate(box => box.labels[0].textContent);
  await part.ask(port, OFFICE, '1');
  await until(() => panel.reason(), '');
  const ids = [];
  const lose = async route => {
    ids.push(route.request().headers()['x-ms-client-request-id']);
    await route.fetch();
    await route.abort('aborted');
  };
  await page.page.route(/\/initiate/, lose);
  await panel.openPorts.click();
  await panel.dialog.getByText(/It is not known whether the ports of policy default were opened/).waitFor();
  await axe(page.page, 'an answer that was lost');
  await page.page.unroute(/\/initiate/, lose);
  await panel.tryAgain.click();
  await panel.dialog.getByText(new RegExp(`${name} port \\d+ is open`)).waitFor();
  assert.equal(new Set(ids).size, 1, 'every try has the same id');
  const { url, token } = await portal.at('server');
  const headers = { authorization: `Bearer ${token}` };
  const get = async path => (await fetch(url + path, { headers })).json();
  const { value: subscriptions } = await get('/subscriptions?api-version=2020-01-01');
  let found = [];
  for (const { subscriptionId } of subscriptions) {
    const { value } = await get(
      `/subscriptions/${subscriptionId}/providers/Microsoft.Security/jitNetworkAccessPolicies?api-version=2020-01-01&$top=1000`,
    );
    const requests = value.flatMap(policy => policy.properties.requests);
    const own = ({ id }) => id.endsWith(`/${name}`);
    found.push(...requests.filter(({ virtualMachines }) => virtualMachines.some(own)));
  }
  const fresh = found.filter(({ startTimeUtc }) => Date.now() - Date.parse(startTimeUtc) < 60_000);
  assert.equal(fresh.length, 1);
});

test('a panel that was opened before the policies had come gives the focus back to where it was opened', async () => {
  const name = 'orders-pg-psa-01';
  const page = await portal.page('/settings', { backend: 'server' });
  // Without the stream of changes nothing is loaded again by itself.
  await page.route(/\/events\b/, () => {});
  const refused = { status: 403, json: { error: { code: 'AuthorizationFailed', message: 'Not now.' } } };
  const release = await hold(page, /jitNetworkAccessPolicies\?/, 'GET', route => route.fulfill(refused));
  const panel = await (await new Machines(page).show('configured', name)).menu(name, 'Properties');
  await panel.dialog.getByText('Loading the policies').waitFor();
  await axe(page, 'a panel that waits');
  release();
  // What could not be loaded is not still being loaded.
  await panel.retry.waitFor();
  assert.equal(await panel.dialog.getByText('Loading the policies').count(), 0);
  await axe(page, 'a panel whose policies did not come');
  await page.unroute(/jitNetworkAccessPolicies\?/);
  await panel.retry.click();
  await panel.dialog.getByText('Policy default in').waitFor();
  await page.keyboard.press('Escape');
  await panel.gone();
  await until(() => page.evaluate(() => document.activeElement.ariaLabel), `More for ${name}`);
});
