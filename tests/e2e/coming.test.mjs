// What stands on a page that is still coming: its name, why it is not there yet, and nothing that is not so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Jit } from './pages/jit.mjs';
import { ended } from './support/answers.mjs';
import { axe } from './support/axe.mjs';
import { heading } from './support/heading.mjs';
import { hold } from './support/held.mjs';
import { usePortal } from './support/portal.mjs';
import { drawn, until } from './support/until.mjs';

const portal = usePortal();

/** A page whose answers can be held before it asks for anything. */
async function opened(path, what, options) {
  const context = await portal.context();
  const release = await hold(context, what);
  return { page: await portal.page(path, { backend: 'server', context, ...options }), release };
}

const named = (page, name) => page.getByRole('heading', { level: 1, name });
const focused = page => page.evaluate(() => document.activeElement.tagName);

test('whoever is signed in already is not asked to sign in', async () => {
  const { page, release } = await opened('/', /\/me\b/);
  await page.getByRole('status').filter({ hasText: 'Signing in…' }).waitFor();
  await named(page, 'Just-in-time VM access').waitFor();
  assert.equal(await page.getByLabel('Access token').count(), 0);
  await axe(page, 'a sign-in on its way');
  release();
  await new Jit(page).ready();
  // Nobody has moved between pages: the focus is where the browser put it.
  assert.equal(await focused(page), 'BODY');
});

test('a sign-in that is not answered can be tried again, or be done with another token', async () => {
  const context = await portal.context();
  let isBack = false;
  await context.route(/\/me\b/, route => (isBack ? route.continue() : undefined));
  const page = await portal.page('/rules', { backend: 'server', context });
  await heading(page, 'Rules').waitFor();
  await page.clock.install();
  await page.reload();
  await page.getByRole('link', { name: 'Requests' }).first().click();
  await page.getByRole('status').filter({ hasText: 'Signing in…' }).waitFor();
  assert.equal(await page.getByLabel('Access token').count(), 0);
  await page.clock.fastForward(15_000);
  await heading(page, 'Sign in').waitFor();
  await page.getByLabel('Access token').waitFor();
  const late = page.getByRole('status').filter({ hasText: 'The server has not answered yet.' });
  await late.waitFor();
  await axe(page, 'a sign-in without an answer');
  isBack = true;
  await late.getByRole('button', { name: 'Try again' }).click();
  await heading(page, 'Requests').waitFor();
});

test('a load is told once where nothing that has come matches', async () => {
  const { page, release } = await opened('/?q=no-such-machine', /jitNetworkAccessPolicies/);
  const jit = new Jit(page);
  // Machines have come, and none of them matches.
  await jit.status(/Loading… [1-9][\d,]* so far/).waitFor();
  await jit.status(/^0 machines so far match/).waitFor();
  assert.equal(await page.getByRole('status').filter({ hasText: 'Loading' }).count(), 1);
  release();
  await page.getByText('No machine matches').waitFor();
});

test('a sign-in that did not reach the server is tried again without the token', async () => {
  const context = await portal.context();
  await context.route(/\/me\b/, route => route.abort('failed'));
  const page = await portal.page('/', { backend: 'server', context, expected: /net::ERR_FAILED/ });
  await heading(page, 'Sign in').waitFor();
  const again = page.getByRole('alert').getByRole('button', { name: 'Try again' });
  await again.waitFor();
  await axe(page, 'a sign-in that failed');
  await context.unroute(/\/me\b/);
  await again.click();
  await new Jit(page).ready();
});

test('a token that is not taken is not tried again', async () => {
  const page = await portal.page('/', { backend: 'server', signedIn: false });
  const token = page.getByLabel('Access token');
  await token.fill('jgt_wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'The server does not take this token.' });
  await alert.waitFor();
  assert.equal(await alert.getByRole('button').count(), 0);
  assert.equal(await token.inputValue(), 'jgt_wrong');
});

test('a page whose code is still coming has its name, and the focus when it was asked for', async () => {
  const { page, release } = await opened('/', '**/split_records.wasm');
  await new Jit(page).ready();
  await page.getByRole('link', { name: 'Activity log' }).first().click();
  await page.getByRole('status').filter({ hasText: 'Loading…' }).waitFor();
  await named(page, 'Activity log').waitFor();
  assert.match(await page.title(), /^Activity log/);
  assert.equal(await focused(page), 'H1');
  assert.equal(await heading(page, 'Activity log').count(), 0);
  await axe(page, 'a page on its way');
  release();
  await heading(page, 'Activity log').waitFor();
  assert.equal(await focused(page), 'H1');
});

test('whoever leaves a page that never came hears of the next one', async () => {
  const { page, release } = await opened('/', '**/split_tools.wasm');
  await new Jit(page).ready();
  await page.getByRole('link', { name: 'Rules' }).first().click();
  await named(page, 'Rules').waitFor();
  await page.getByRole('link', { name: 'Requests' }).first().click();
  await heading(page, 'Requests').waitFor();
  await until(() => page.evaluate(() => document.activeElement.textContent), 'Requests');
  assert.equal(await focused(page), 'H1');
  release();
});

test('the settings say that a sign-in is on its way, and ask for nothing', async () => {
  const { page, release } = await opened('/settings', /\/me\b/);
  await heading(page, 'Settings').waitFor();
  await page.getByRole('status').filter({ hasText: 'Signing in…' }).waitFor();
  assert.equal(await page.getByLabel('Access token').count(), 0);
  release();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
});

test('a sign-out takes along a token that nobody has judged', async () => {
  const page = await portal.page('/', { backend: 'server', expected: /net::ERR_FAILED/ });
  const jit = await new Jit(page).ready();
  await page.route(/\/subscriptions\b/, ended);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByLabel('Access token').fill('jgt_next');
  await page.route(/\/me\b/, route => route.abort('failed'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Try again' }).waitFor();
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('Nobody is signed in.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Try again' }).count(), 0);
  assert.equal(await jit.page.evaluate(() => sessionStorage.getItem('jitgate-token')), null);
});

test('what was begun last counts: a sign-in that ends late changes nothing', async () => {
  const { page, release } = await opened('/settings', /\/me\b/);
  await page.getByRole('status').filter({ hasText: 'Signing in…' }).waitFor();
  await page.getByRole('radio', { name: /This browser/ }).check();
  const facts = page.locator('.facts').filter({ hasText: 'Object id' });
  const before = await facts.innerText();
  const answered = page.waitForResponse(/\/me\b/);
  release();
  await (await answered).finished();
  // The browser has drawn what came of it.
  await drawn(page);
  await drawn(page);
  assert.equal(await facts.innerText(), before);
  assert.ok(await page.getByRole('radio', { name: /This browser/ }).isChecked());
});

test('whoever goes on while a page comes keeps the focus', async () => {
  const { page, release } = await opened('/', '**/split_tools.wasm');
  await new Jit(page).ready();
  await page.getByRole('link', { name: 'Rules' }).first().click();
  await named(page, 'Rules').waitFor();
  await page.getByRole('link', { name: 'Requests' }).first().focus();
  release();
  await heading(page, 'Rules').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Requests');
});
