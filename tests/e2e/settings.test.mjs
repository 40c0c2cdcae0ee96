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
import { until } from './support/until.mjs';

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
const machine = name => file(`${name}.json`, JSON.stringify([{ ...VM, name, id: VM.id.replace('vm1', name) }]));

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

test('what is dropped one after the other on the first page comes together', async () => {
  const page = await portal.page('/');
  const settings = new Settings(page);
  await settings.ownExports.setInputFiles([machine('left')]);
  await page.getByText('Read: 1 virtualMachines.').waitFor();
  await settings.ownExports.setInputFiles([machine('right')]);
  await page.getByText('Read: 2 virtualMachines.').waitFor();
  // The demo fleet would take the place of them.
  await page.getByRole('button', { name: 'Start with the demo fleet' }).click();
  const question = settings.question('Put the demo fleet here?');
  await question.getByText(/2 records of what was done/).waitFor();
  await question.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Go on to the machines' }).click();
  await page.goto(new URL('/settings', page.url()).href);
  for (const name of ['left.json', 'right.json']) {
    await page.getByRole('list', { name: 'Files of the network' }).getByText(name).waitFor();
  }
});

for (const hears of [true, false]) {
  test(`what another window has begun with stays, ${hears ? 'and is shown' : 'though this one hears late of it'}`, async () => {
    const context = await portal.context();
    const one = await portal.page('/', { context });
    if (!hears) await context.addInitScript(() => delete globalThis.BroadcastChannel);
    const two = await portal.page('/', { context });
    const [first, second] = [new Settings(one), new Settings(two)];
    await second.beginning.waitFor();
    await first.ownExports.setInputFiles([machine('left')]);
    await one.getByText('Read: 1 virtualMachines.').waitFor();
    if (!hears) await two.getByRole('button', { name: 'Start with the demo fleet' }).click();
    await second.beginning.waitFor({ state: 'detached' });
    for (const page of [one, two]) {
      await page.goto(new URL('/settings', page.url()).href);
      assert.equal(await new Settings(page).records(), 1);
    }
  });
}

test('a ledger is restored though its page was left meanwhile', async () => {
  const from = await demo();
  const [download] = await Promise.all([from.waitForEvent('download'), new Settings(from).exports.click()]);
  const page = await portal.page('/');
  const settings = new Settings(page);
  await settings.beginning.waitFor();
  await page.evaluate(() => {
    const late = new Promise(resolve => (globalThis.release = resolve));
    File.prototype.arrayBuffer = async function () {
      await late;
      return Blob.prototype.arrayBuffer.call(this);
    };
  });
  await settings.restore.setInputFiles(await download.path());
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Rules' }).click();
  await heading(page, 'Rules').waitFor();
  await page.evaluate(() => globalThis.release());
  await page.getByText(/^The chain of \d+ records is whole/).waitFor();
});

test('a ledger that was left for the server ends', async () => {
  const context = await portal.context();
  await context.addInitScript(() => {
    globalThis.channels = 0;
    const { BroadcastChannel } = globalThis;
    globalThis.BroadcastChannel = class extends BroadcastChannel {
      constructor(name) {
        super(name);
        globalThis.channels += 1;
      }

      close() {
        super.close();
        globalThis.channels -= 1;
      }
    };
  });
  const page = await portal.page('/settings', { backend: 'server', context });
  const rights = page.getByRole('row', { name: /Yes Yes Yes/ }).first();
  for (let turn = 0; turn < 2; turn += 1) {
    await rights.waitFor();
    await page.getByRole('radio', { name: /^This browser/ }).check();
    await new Settings(page).records();
    assert.equal(await page.evaluate(() => globalThis.channels), 1);
    await page.getByRole('radio', { name: /^This server/ }).check();
  }
  await until(() => page.evaluate(() => globalThis.channels), 0);
});
