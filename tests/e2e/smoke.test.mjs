// The portal starts under its content security policy, shows its pages, and stays where it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Shell } from './pages/shell.mjs';
import { heading } from './support/heading.mjs';
import { usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();

test('the page says what it is', async () => {
  const page = await portal.page('/workbench');
  await heading(page, 'Workbench').waitFor();
  assert.equal(await page.title(), 'Workbench · jitgate');
  for (const landmark of ['banner', 'navigation', 'main']) await page.getByRole(landmark).first().waitFor();
});

test('the policy lets no inline script run', async () => {
  const page = await portal.page('/workbench');
  const response = await page.request.get(page.url());
  const policy = response.headers()['content-security-policy'];
  assert.match(policy, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';/);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'/);
});

test('moving between pages names the page and brings the focus to its heading', async () => {
  const page = await portal.page('/workbench');
  const shell = new Shell(page);
  await shell.link('Rules').click();
  await heading(page, 'Rules').waitFor();
  await until(() => page.title(), 'Rules · jitgate');
  await until(() => page.evaluate(() => document.activeElement.textContent), 'Rules');
  await until(() => shell.link('Rules').getAttribute('aria-current'), 'page');
  await page.goBack();
  await heading(page, 'Workbench').waitFor();
  await until(() => page.evaluate(() => document.activeElement.textContent), 'Workbench');
  await until(() => shell.link('Workbench').getAttribute('aria-current'), 'page');
});

test('an address that is none of ours says so', async () => {
  const page = await portal.page('/nowhere/at/all');
  await heading(page, 'Page not found').waitFor();
  await page.getByText('/nowhere/at/all').waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Workbench' }).click();
  await heading(page, 'Workbench').waitFor();
});

test('the skip link goes to the content and leaves the address alone', async () => {
  const page = await portal.page('/rules');
  const shell = new Shell(page);
  await shell.title.waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  assert.ok(page.url().endsWith('/rules'));
});

test('the theme is kept', async () => {
  const page = await portal.page('/', { colorScheme: 'light' });
  const shell = new Shell(page);
  const canvas = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  await shell.title.waitFor();
  assert.equal(await canvas(), 'light');
  await shell.theme('Dark').check({ force: true });
  assert.equal(await canvas(), 'dark');
  await page.reload();
  await shell.title.waitFor();
  assert.equal(await canvas(), 'dark');
  assert.ok(await shell.theme('Dark').isChecked());
  await shell.theme('System').check({ force: true });
  assert.equal(await canvas(), 'light');
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.equal(await canvas(), 'dark');
});

test('on a narrow screen the navigation opens and closes', async () => {
  const page = await portal.page('/', { viewport: { width: 360, height: 700 } });
  const shell = new Shell(page);
  await shell.title.waitFor();
  assert.ok(!(await shell.navigation.isVisible()));
  await shell.menu.click();
  await shell.navigation.waitFor();
  await page.keyboard.press('Escape');
  await shell.navigation.waitFor({ state: 'hidden' });
  await shell.menu.click();
  await shell.link('Rules').click();
  await heading(page, 'Rules').waitFor();
  await shell.navigation.waitFor({ state: 'hidden' });
});

test('a fault of the wasm is told', async () => {
  const page = await portal.page('/workbench');
  await new Shell(page).title.waitFor();
  await page.evaluate(() => {
    const error = new WebAssembly.RuntimeError('unreachable');
    dispatchEvent(new ErrorEvent('error', { error, cancelable: true }));
  });
  await page.getByRole('alert').filter({ hasText: 'Reload the page' }).waitFor();
});
