// Access that is closed: whoever asks for it hears what came of it, and nothing is said that is not known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Machine, openMachine } from './pages/machines.mjs';
import { Requests } from './pages/requests.mjs';
import { lost, pageOf, signIn } from './support/answers.mjs';
import { axe } from './support/axe.mjs';
import { besides } from './support/besides.mjs';
import { heading } from './support/heading.mjs';
import { held, hold } from './support/held.mjs';
import { OFFICE } from './support/machines.mjs';
import { usePortal } from './support/portal.mjs';
import { drawn, until } from './support/until.mjs';

const portal = usePortal();

const LOST = /net::ERR_FAILED/;

/**
 * The page of requests, with the question whether the first one is to be closed answered by yes; and how many were live
 * before.
 */
async function closing(page) {
  const requests = new Requests(page);
  await requests.rows.first().waitFor();
  const live = await requests.count('Live');
  const button = requests.rows.first().getByRole('button', { name: /^Close now/ });
  const what = /^Close now: (port \d+ of \S+) for/.exec(await button.getAttribute('aria-label'))[1];
  await button.click();
  const sent = page.waitForRequest(/\/revoke\b/);
  await requests.question.getByRole('button', { name: 'Close now' }).click();
  await sent;
  return { requests, what, live };
}

test('whoever leaves the page while access is closed hears of it all the same', async () => {
  const page = await portal.page('/rules', { backend: 'server' });
  await heading(page, 'Rules').waitFor();
  await page.getByRole('link', { name: 'Requests' }).first().click();
  const release = await hold(page, /\/revoke\b/);
  const { requests, what } = await closing(page);
  await page.goBack();
  await heading(page, 'Rules').waitFor();
  const search = page.getByRole('searchbox', { name: 'Search' });
  await search.focus();
  release();
  await requests.toast(`Closed: ${what}`).waitFor();
  // What the user is at now keeps the focus.
  assert.ok(await search.evaluate(it => it === document.activeElement));
});

const others = [401, 403, 404].map(status => [`a web page with the status ${status}`, pageOf(status)]);
for (const [name, answer] of [['no answer', route => route.abort('failed')], ['a web page', signIn], ...others]) {
  test(`${name} to a call that closes is not taken for closed`, async () => {
    const page = await portal.page('/requests', { backend: 'server', expected: LOST });
    await page.route(/\/revoke\b/, answer);
    const read = page.waitForResponse(/\/jitNetworkAccessPolicies\/[^/]+\?/);
    const { requests, what } = await closing(page);
    // The policy is asked at once, and as it was: nothing is known by that.
    await (await read).finished();
    await drawn(page);
    await page.getByRole('alert').filter({ hasText: `It is not known whether ${what} was closed.` }).waitFor();
    assert.equal(await requests.toast('Closed').count(), 0);
    assert.match(await requests.rows.first().textContent(), /left/);
    assert.equal(await page.getByLabel('Access token').count(), 0);
    await axe(page, 'a closing without an answer');
  });
}

test('what was not known about a call that closes goes when the policy tells', async () => {
  const page = await portal.page('/requests', { backend: 'server', context: await portal.deaf(), expected: LOST });
  const release = await hold(page, /\/jitNetworkAccessPolicies\/[^/]+\?/, 'GET');
  await page.route(/\/revoke\b/, lost);
  const { requests, what, live } = await closing(page);
  const alert = page.getByRole('alert').filter({ hasText: `It is not known whether ${what} was closed.` });
  await alert.waitFor();
  release();
  await until(async () => (await requests.count('Live')) < live, true);
  await until(() => alert.count(), 0);
});

test('what is not known about a call that closes stays when policies come as they were', async () => {
  const context = await portal.deaf();
  const release = await hold(context, /\/jitNetworkAccessPolicies\?/, 'GET');
  const { url, token } = await portal.at('server');
  const page = await portal.page('/machines', { backend: 'server', context, expected: LOST });
  const name = 'orders-pg-psa-02';
  await openMachine(page, name);
  const id = new URL(page.url()).searchParams.get('id');
  const call = async (path, data) => {
    const options = { method: data ? 'POST' : 'GET', headers: { authorization: `Bearer ${token}` }, data };
    const answer = await page.request.fetch(`${url}${path}?api-version=2020-01-01`, options);
    assert.ok(answer.ok(), `${path}: ${answer.status()}`);
    return answer.text();
  };
  const [{ id: policy }] = JSON.parse(await call(`${id}/providers/Microsoft.Security/jitExposure`)).policies;
  const ports = [{ number: 22, duration: 'PT1H', allowedSourceAddressPrefix: OFFICE }];
  const initiate = () => call(`${policy}/initiate`, { virtualMachines: [{ id, ports }] });
  // What was closed before shows that the policies have come.
  await initiate();
  await call(`${policy}/revoke`, { virtualMachines: [{ id, ports: [{ number: 22 }] }] });
  await initiate();
  await page.reload();
  const machine = new Machine(page);
  await machine.go('Exposure');
  await page.route(/\/revoke\b/, route => route.abort('failed'));
  await page.route(/\/jitNetworkAccessPolicies\/[^/]+\?/, route => route.abort('failed'));
  await machine.close(`port 22 of ${name}`).click();
  await machine.question.getByRole('button', { name: 'Close now' }).click();
  const alert = page.getByRole('alert').filter({ hasText: `It is not known whether port 22 of ${name} was closed.` });
  await alert.waitFor();
  const come = page.getByRole('heading', { name: 'Closed early in the last seven days' });
  assert.equal(await come.count(), 0);
  release();
  await come.waitFor();
  await drawn(page);
  assert.equal(await alert.count(), 1);
  assert.equal(await machine.open.count(), 1);
});

test('what the news tell before the answer of a call that closes is lost is not said to be unknown', async () => {
  const page = await portal.page('/requests', { backend: 'server', expected: LOST });
  const { release, released } = held();
  await page.route(/\/revoke\b/, async route => {
    await route.fetch();
    await released;
    await route.abort('failed');
  });
  const { requests, live } = await closing(page);
  await until(async () => (await requests.count('Live')) < live, true);
  release();
  // With the answer the question goes.
  await until(() => requests.question.count(), 0);
  assert.equal(await page.getByRole('alert').filter({ hasText: 'It is not known' }).count(), 0);
});

test('access that somebody else closes while the question is open had been closed', async () => {
  const name = 'orders-pg-psa-02';
  const { initiate, revoke } = await besides(portal);
  await initiate(name);
  const page = await portal.page('/requests', { backend: 'server' });
  const requests = new Requests(page);
  const button = page.getByRole('button', { name: `Close now: port 22 of ${name}`, includeHidden: true });
  await button.click();
  await requests.question.waitFor();
  await revoke(name);
  await until(() => button.count(), 0);
  await requests.question.getByRole('button', { name: 'Close now' }).click();
  await requests.toast(`It had been closed, or had ended, already: port 22 of ${name}.`).waitFor();
  await until(() => requests.question.count(), 0);
  assert.equal(await page.getByRole('alert').filter({ hasText: 'could not be closed' }).count(), 0);
});

test('the question names whoever gets access while it is open', async () => {
  const name = 'orders-pg-psa-02';
  const { initiate, revoke } = await besides(portal);
  await initiate(name);
  const context = await portal.context();
  // An application's, of whose name nothing is known; somebody else's beside it comes later.
  let more = [];
  await context.route(/\/jitExposure/, async route => {
    const response = await route.fetch();
    const json = await response.json();
    for (const one of json.value ?? [json]) {
      if (!one.id?.endsWith(`/${name}`)) continue;
      one.open = one.open.flatMap(open => [{ ...open, requestor: '' }, ...more.map(requestor => ({ ...open, requestor }))]);
    }
    await route.fulfill({ response, json });
  });
  const page = await portal.page('/machines', { backend: 'server', context });
  const machine = await openMachine(page, name);
  await machine.go('Exposure');
  await machine.close(`port 22 of ${name} for an application`).click();
  const losers = machine.question.getByRole('listitem');
  await until(() => losers.allTextContents(), [`an application from ${OFFICE}`]);
  more = ['ann@contoso.com'];
  await initiate(name);
  await until(() => losers.filter({ hasText: 'ann@contoso.com' }).count(), 1);
  await revoke(name);
});

for (const status of [403, 404]) {
  test(`a web page with the status ${status} takes nothing away`, async () => {
    const page = await portal.page('/requests', { backend: 'server', context: await portal.deaf() });
    await page.route(/\/jitNetworkAccessPolicies\/[^/]+\?/, pageOf(status));
    const { requests, what, live } = await closing(page);
    await requests.toast(`Closed: ${what}`).waitFor();
    await page.getByRole('alert').filter({ hasText: 'a web page came in place of the answer' }).waitFor();
    assert.equal(await requests.count('Live'), live);
  });
}
