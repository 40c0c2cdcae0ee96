// Data in the browser: how it begins, that it stays, that windows share it, how it leaves and comes back.
import assert from 'node:assert/strict';
import { readFile, writeFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Settings } from './pages/settings.mjs';
import { axe } from './support/axe.mjs';
import { heading } from './support/heading.mjs';
import { usePortal } from './support/portal.mjs';

const portal = usePortal();

/** A page over the demo fleet, in a browser that was empty before. */
async function demo(path = '/settings', options = {}) {
  const page = await portal.page('/', options);
  await new Settings(page).start();
  if (path !== '/') await page.goto(new URL(path, page.url()).href);
  return page;
}

const VM = {
  id: '/subscriptions/20ff7fc3-e762-44dd-bd96-b71116dcdc23/resourceGroups/g1/providers/Microsoft.Compute/virtualMachines/vm1',
  name: 'vm1',
  type: 'Microsoft.Compute/virtualMachines',
  location: 'westeurope',
  properties: {},
};
const file = (name, text) => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) });

test('an empty browser is asked what to begin with', async () => {
  const page = await portal.page('/');
  const settings = new Settings(page);
  await settings.beginning.waitFor();
  await axe(page, 'the first page');
  await settings.start();
  await page.reload();
  await heading(page).waitFor();
  assert.equal(await settings.beginning.count(), 0);
});

test('exports of ones own are read, and what is wrong with them is said', async () => {
  const page = await portal.page('/');
  const settings = new Settings(page);
  await settings.ownExports.setInputFiles([file('notes.json', '{"a": 1}')]);
  await page.getByText('nothing was imported').waitFor();
  await settings.ownExports.setInputFiles([file('vms.json', JSON.stringify([VM])), file('broken.json', '[{"id": ')]);
  await page.getByText('Read: 1 virtualMachines.').waitFor();
  await page.getByRole('list', { name: 'Imported files' }).getByText('broken.json').waitFor();
  await axe(page, 'after an import');
  await page.getByRole('button', { name: 'Go on to the machines' }).click();
  await page.goto(new URL('/settings', page.url()).href);
  await page.getByRole('list', { name: 'Files of the network' }).getByText('vms.json').waitFor();
});

test('the page says who one is and what one may do, and is told the address', async () => {
  const page = await demo();
  const settings = new Settings(page);
  await page.getByRole('row', { name: /7a1c52d4.* Yes Yes Yes/ }).waitFor();
  await settings.name.fill('Ann');
  await settings.address.fill('not an address');
  await page.getByText('This is no IP address').waitFor();
  await settings.address.fill('203.0.113.9');
  await settings.save.click();
  await page.getByRole('definition').filter({ hasText: '203.0.113.9' }).waitFor();
  await page.getByRole('definition').filter({ hasText: 'Ann' }).waitFor();
  await page.reload();
  await page.getByRole('definition').filter({ hasText: '203.0.113.9' }).waitFor();
  await axe(page, 'the settings');
});

test('everything leaves as one file and comes back, whole or not at all', async () => {
  const page = await demo();
  const settings = new Settings(page);
  const before = await settings.records();
  const [download] = await Promise.all([page.waitForEvent('download'), settings.exports.click()]);
  const folder = await mkdtemp(join(tmpdir(), 'jitgate-'));
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  const text = await readFile(path, 'utf8');
  assert.equal(text.split('\n').filter(line => line.includes('"previous"')).length, before);

  await settings.beginAnew();
  const broken = join(folder, 'broken.jsonl');
  await writeFile(broken, text.replace('ines.okafor', 'ines.okafar'));
  await settings.restore.setInputFiles(broken);
  await page.getByText('The chain of records is broken').waitFor();
  await settings.restore.setInputFiles(path);
  await page.getByText(`The chain of ${before} records is whole.`).waitFor();
  await page.goto(new URL('/settings', page.url()).href);
  assert.equal(await settings.records(), before);
});

test('two windows have one ledger', async () => {
  const one = await demo();
  const context = one.context();
  const two = await portal.page('/settings', { context });
  const [first, second] = [new Settings(one), new Settings(two)];
  const before = await first.records();
  assert.equal(await second.records(), before);
  // Both import at the same time: neither of the two is lost.
  const machine = name => file(`${name}.json`, JSON.stringify([{ ...VM, name, id: VM.id.replace('vm1', name) }]));
  await Promise.all([
    first.ownExports.setInputFiles([machine('left')]),
    second.ownExports.setInputFiles([machine('right')]),
  ]);
  for (const page of [one, two]) {
    for (const name of ['left.json', 'right.json']) {
      await page.getByRole('list', { name: 'Files of the network' }).getByText(name).waitFor();
    }
  }
  await one.getByText(`${before + 2} records`).waitFor();
  await two.getByText(`${before + 2} records`).waitFor();
  await second.beginAnew();
  await one.getByText(/^0 records/).waitFor();
  await one.goto(new URL('/', one.url()).href);
  await first.beginning.waitFor();
});

test('the user of a server may try the browser, and go back', async () => {
  const page = await portal.page('/settings', { backend: 'server' });
  const settings = new Settings(page);
  await page.getByRole('row', { name: /Yes Yes Yes/ }).first().waitFor();
  await axe(page, 'the settings with a server');
  await page.getByRole('radio', { name: /^This browser/ }).check();
  await settings.ownExports.waitFor({ state: 'attached' });
  assert.equal(await settings.records(), 0);
  await page.reload();
  assert.equal(await settings.records(), 0);
  await page.getByRole('radio', { name: /^This server/ }).check();
  await page.getByRole('row', { name: /Yes Yes Yes/ }).first().waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('Nobody is signed in.').waitFor();
});
