// Answers that come late, not at all, or from somebody else than the server: nothing is said that is not known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Jit } from './pages/jit.mjs';
import { Machines } from './pages/panels.mjs';
import { Requests } from './pages/requests.mjs';
import { axe } from './support/axe.mjs';
import { heading } from './support/heading.mjs';
import { usePortal } from './support/portal.mjs';

const portal = usePortal();

/** What a network sends that wants somebody to sign in first. */
const signIn = route => route.fulfill({ contentType: 'text/html; charset=utf-8', body: '<!doctype html><title>Welcome</title>' });

/** The page of requests, with the question whether the first one is to be closed answered by yes. */
async function closing(page) {
  const requests = new Requests(page);
  await requests.rows.first().waitFor();
  const button = requests.rows.first().getByRole('button', { name: /^Close now/ });
  const what = /^Close now: (port \d+ of \S+) for/.exec(await button.getAttribute('aria-label'))[1];
  await button.click();
  const sent = page.waitForRequest(/\/revoke\b/);
  await requests.question.getByRole('button', { name: 'Close now' }).click();
  await sent;
  return { requests, what };
}

test('whoever leaves the page while access is closed hears of it all the same', async () => {
  const page = await portal.page('/rules', { backend: 'server' });
  await heading(page, 'Rules').waitFor();
  await page.getByRole('link', { name: 'Requests' }).first().click();
  let release;
  const released = new Promise(resolve => (release = resolve));
  await page.route(/\/revoke\b/, async route => {
    await released;
    await route.continue();
  });
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

test('a panel that was opened while another one was saved stays', async () => {
  const name = 'orders-pg-pne-02';
  const page = await portal.page(Machines.at('configured', name), { backend: 'server' });
  const machines = new Machines(page);
  let release;
  const released = new Promise(resolve => (release = resolve));
  await page.route(/\/jitNetworkAccessPolicies\//, async route => {
    if (route.request().method() === 'PUT') await released;
    await route.continue();
  });
  const panel = await machines.menu(name, 'Edit');
  await panel.port('22 SSH').click();
  await panel.fill({ time: '2' });
  const sent = page.waitForRequest(request => request.method() === 'PUT');
  await panel.save.click();
  await sent;
  await panel.cancel.click();
  await panel.question.getByRole('button', { name: 'Discard' }).click();
  await panel.gone();
  const next = await machines.menu(name, 'Request access');
  release();
  await machines.shell.toast('Saved the configuration of 1 machine').waitFor();
  await next.machine(name).toggle('22 SSH').waitFor();
});

for (const [name, answer] of [['no answer', route => route.abort('failed')], ['a web page', signIn]]) {
  test(`${name} to a call that closes is not taken for closed`, async () => {
    const page = await portal.page('/requests', { backend: 'server', expected: /net::ERR_FAILED/ });
    await page.route(/\/revoke\b/, answer);
    const { requests, what } = await closing(page);
    await page.getByRole('alert').filter({ hasText: `It is not known whether ${what} was closed.` }).waitFor();
    assert.equal(await requests.toast('Closed').count(), 0);
    assert.match(await requests.rows.first().textContent(), /left/);
    await axe(page, 'a closing without an answer');
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
