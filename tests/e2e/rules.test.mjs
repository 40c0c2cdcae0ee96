// The catalogue of rules and their pages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rules } from './pages/rules.mjs';
import { Workbench } from './pages/workbench.mjs';
import { heading } from './support/heading.mjs';
import { usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();

async function open(path = '/rules') {
  const rules = new Rules(await portal.page(path));
  await rules.title.waitFor();
  return rules;
}

test('the catalogue lists every rule by family', async () => {
  const rules = await open();
  const count = await rules.rules.count();
  assert.ok(count >= 45, `${count} rules`);
  await rules.count(`${count} rules`).waitFor();
  assert.deepEqual(
    (await rules.families.allTextContents()).map(it => it.replace(/\d+$/, '')),
    ['Document', 'Ports', 'Sources', 'Time', 'Machines and names', 'Requests', 'Network and exposure'],
  );
});

test('search, family and severity narrow it down, and the address holds them', async () => {
  const rules = await open();
  await rules.search.fill('JIT201');
  await until(() => rules.rules.allTextContents(), ['JIT201port-out-of-range']);
  await until(() => new URL(rules.page.url()).search, '?q=JIT201');
  await rules.search.fill('');
  await rules.family.selectOption('Ports');
  await until(async () => (await rules.families.allTextContents()).length, 1);
  await rules.severity.selectOption('warning');
  await until(() => new URL(rules.page.url()).searchParams.get('severity'), 'warning');
  const shown = await rules.rules.allTextContents();
  assert.ok(shown.length > 0 && shown.every(name => name.startsWith('JIT2')), `${shown}`);
  await rules.page.reload();
  await until(() => rules.rules.allTextContents(), shown);
  assert.equal(await rules.severity.inputValue(), 'warning');
});

test('a search finds what only a page says', async () => {
  const rules = await open('/rules?q=16 bits UDP');
  await until(() => rules.rules.allTextContents(), ['JIT201port-out-of-range']);
});

test('pages that cannot be had are told of, and come when they are tried again', async () => {
  // Where there is a service worker, it may have them by then.
  const page = await portal.page('/settings', { backend: 'server', expected: /pages\.md|net::ERR_FAILED/ });
  await heading(page, 'Settings').waitFor();
  await page.route('**/pages.md', route => route.abort('failed'));
  await page.getByRole('link', { name: 'Rules' }).first().click();
  const rules = new Rules(page);
  // The catalogue does without them; a search would find less, and says so.
  await rules.rules.first().waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
  await rules.search.fill('bits');
  await page.getByRole('alert').filter({ hasText: 'could not be loaded' }).waitFor();
  await rules.search.fill('JIT201');
  await rules.rules.filter({ hasText: 'JIT201' }).click();
  await page.getByRole('alert').filter({ hasText: 'could not be loaded' }).waitFor();
  await page.unroute('**/pages.md');
  await page.getByRole('button', { name: 'Try again' }).click();
  await rules.main.getByRole('heading', { name: 'Why', exact: true }).waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
});

test('a search without result says so, and leads back', async () => {
  const rules = await open('/rules?q=zzzz');
  await rules.count('No rule matches').waitFor();
  await rules.page.getByRole('link', { name: 'show all rules' }).click();
  await rules.rules.first().waitFor();
  assert.equal(await rules.search.inputValue(), '');
});

test('the back button leads from a rule to the same selection', async () => {
  const rules = await open('/rules?family=ports');
  await rules.rules.filter({ hasText: 'JIT201' }).click();
  await heading(rules.page, 'JIT201 port-out-of-range').waitFor();
  await until(() => rules.page.title(), 'JIT201 port-out-of-range · jitgate');
  await rules.page.goBack();
  await until(() => rules.family.inputValue(), 'ports');
  await until(() => rules.families.count(), 1);
});

test("a rule's page is rendered, and its neighbours are one click away", async () => {
  const rules = await open('/rules/JIT201');
  for (const name of ['Why', 'Wrong', 'Right', 'Source']) await rules.main.getByRole('heading', { name, exact: true }).waitFor();
  await rules.main.locator('pre').filter({ hasText: '70000' }).waitFor();
  await rules.main.getByRole('link', { name: /^Next/ }).click();
  await until(async () => (await rules.title.textContent()) !== 'JIT201 port-out-of-range', true);
  await until(() => rules.page.evaluate(() => document.activeElement.tagName), 'H1');
});

test('a rule is found by its name and in any case', async () => {
  for (const path of ['/rules/port-out-of-range', '/rules/jit201']) {
    const rules = await open(path);
    assert.equal(await rules.title.textContent(), 'JIT201 port-out-of-range');
  }
});

test('a rule that is none is not found', async () => {
  const rules = await open('/rules/JIT999');
  assert.equal(await rules.title.textContent(), 'Page not found');
});

test('every rule has a page with all its parts', async () => {
  const rules = await open();
  const paths = await rules.rules.evaluateAll(links => links.map(link => link.getAttribute('href')));
  // The first from the catalogue, and each of the others from the one before it: the catalogue would be drawn for each.
  for (const path of paths) {
    await rules.main.locator(`a[href="${path}"]`).last().click();
    await rules.title.getByText(path.slice(-6), { exact: true }).waitFor();
    await rules.main.getByRole('heading', { name: 'Wrong', exact: true }).waitFor();
  }
  assert.ok(paths.length > 100, `${paths.length}`);
});

test('an example opens on the workbench and shows its finding', async () => {
  const rules = await open('/rules/JIT201');
  await rules.examples.first().click();
  const workbench = await new Workbench(rules.page).ready();
  await workbench.policy.finding('JIT201').waitFor();
  await until(() => workbench.policy.findings.count(), 1);
});

test('a policy and the request after it are one example', async () => {
  const rules = await open('/rules/JIT622');
  await rules.examples.nth(1).click();
  const workbench = await new Workbench(rules.page).ready();
  await workbench.decision.getByText('Refused.').waitFor();
  await workbench.decision.getByRole('link', { name: 'JIT622' }).waitFor();
});

test('an example takes the place of what was changed only after a question', async () => {
  const rules = await open('/workbench');
  const workbench = await new Workbench(rules.page).ready();
  await workbench.policy.editor.fill('{"kind": "Mine"}');
  await rules.page.waitForURL(/#v1=/);
  await workbench.link('Rules').click();
  await rules.page.getByRole('link', { name: 'JIT201' }).first().click();
  await rules.examples.first().click();
  const question = rules.page.getByRole('dialog', { name: 'Open the example?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await workbench.link('Workbench').click();
  await workbench.ready();
  assert.equal(await workbench.policy.text(), '{"kind": "Mine"}');
  await rules.page.goBack();
  await rules.examples.first().click();
  await question.getByRole('button', { name: 'Open the example' }).click();
  await workbench.ready();
  await workbench.policy.finding('JIT201').waitFor();
});
