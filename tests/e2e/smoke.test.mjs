// The portal starts under its content security policy.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe } from './support/axe.mjs';
import { usePortal } from './support/portal.mjs';

const portal = usePortal();

test('the page shows its name', async () => {
  const page = await portal.page();
  await page.getByRole('heading', { name: 'jitgate', level: 1 }).waitFor();
});

test('the page is accessible', async () => {
  const page = await portal.page();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await axe(page);
});

test('the policy lets no inline script run', async () => {
  const page = await portal.page();
  const response = await page.request.get(page.url());
  const policy = response.headers()['content-security-policy'];
  assert.match(policy, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';/);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'/);
});
