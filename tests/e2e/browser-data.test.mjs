// Data in the browser that something has happened to: edited, of a newer version, refused by the browser, or too large for
// it. Nothing is lost without a question, and no page stays blank.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { Activity } from './pages/activity.mjs';
import { Machines } from './pages/panels.mjs';
import { Settings } from './pages/settings.mjs';
import { axe } from './support/axe.mjs';
import { heading } from './support/heading.mjs';
import { OFFICE } from './support/machines.mjs';
import { usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();
const at = (page, path) => page.goto(new URL(path, page.url()).href);
const demo = path => portal.page(path, { backend: 'browser' });

/** Edits a record where the browser keeps it. */
const tamper = (page, number) =>
  page.evaluate(async number => {
    const opened = request => new Promise((done, failed) => ((request.onsuccess = done), (request.onerror = failed))).then(() => request.result);
    const database = await opened(indexedDB.open('jitgate'));
    const store = database.transaction('records', 'readwrite').objectStore('records');
    const record = JSON.parse(await opened(store.get(number)));
    record.time = '2020-01-01T00:00:00Z';
    await opened(store.put(JSON.stringify(record), number));
    database.close();
  }, number);

test('an edited record is found: by who verifies the chain, and by the next page that opens', async () => {
  const page = await demo('/activity');
  const activity = await new Activity(page).ready();
  await activity.verify.click();
  await activity.chain.getByText(/^[\d,]+ records, unbroken/).waitFor();
  await tamper(page, 7);
  await activity.verify.click();
  await activity.chain.getByRole('alert').filter({ hasText: /^The chain is broken: record 7 was edited/ }).waitFor();

  await at(page, '/');
  await heading(page, 'The data in this browser cannot be opened').waitFor();
  await page.getByText('The chain of records is broken: record 7 was edited.').waitFor();
  await axe(page, 'broken data');
  // What needs no data works.
  await at(page, '/rules/JIT201');
  await heading(page, /JIT201/).waitFor();

  await at(page, '/settings');
  await page.getByText(/^The data in this browser cannot be opened. The chain/).waitFor();
  await axe(page, 'settings over broken data');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the records as they are' }).click();
  const lines = (await readFile(await (await download).path(), 'utf8')).trimEnd().split('\n');
  assert.equal(JSON.parse(lines[6]).time, '2020-01-01T00:00:00Z');

  const settings = new Settings(page);
  const remove = page.getByRole('button', { name: 'Delete everything in this browser…' });
  const question = settings.question('Delete the data in this browser?');
  await remove.click();
  await axe(page, 'the question');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await page.reload();
  await remove.click();
  await question.getByRole('button', { name: 'Delete everything' }).click();
  assert.equal(await settings.records(), 0);
  await at(page, '/');
  await settings.start();
});

test('what a newer version wrote is left alone, and can be deleted', async () => {
  const page = await portal.page('/rules');
  // Before the portal's own script, which would have the database open, and keep others from changing it.
  await page.addInitScript(() => {
    const request = indexedDB.open('jitgate', 7);
    request.onupgradeneeded = () => request.result.createObjectStore('other');
    request.onsuccess = () => request.result.close();
  });
  await at(page, '/');
  await page.getByText('A newer version of this portal wrote it').waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('A newer version of this portal wrote it').waitFor();
  await at(page, '/settings');
  await page.getByRole('button', { name: 'Save the records as they are' }).click();
  await page.getByText('They cannot be read.').waitFor();
  await page.getByRole('button', { name: 'Delete everything in this browser…' }).click();
  await new Settings(page).question(/^Delete the data/).getByRole('button', { name: 'Delete everything' }).click();
  assert.equal(await new Settings(page).records(), 0);
});

/** How browsers refuse to keep anything: no database, one that may not be looked at, one that does not open. */
const refusals = {
  'that has no database': () => Object.defineProperty(globalThis, 'indexedDB', { value: undefined }),
  'that lets nobody look at it': () =>
    Object.defineProperty(globalThis, 'indexedDB', {
      get() {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      },
    }),
  'that does not open it': () => {
    IDBFactory.prototype.open = () => {
      const request = new EventTarget();
      request.error = new DOMException('Not in private windows.', 'InvalidStateError');
      setTimeout(() => request.onerror(new Event('error')));
      return request;
    };
  },
};
for (const [what, refuse] of Object.entries(refusals)) {
  test(`a browser ${what} is told what to do, and has what needs no data`, async () => {
    const page = await portal.page('/rules');
    await page.addInitScript(refuse);
    for (const path of ['/', '/machines', '/requests', '/activity']) {
      await at(page, path);
      await heading(page, 'The data in this browser cannot be opened').waitFor();
      await page.getByRole('alert').filter({ hasText: 'as in private windows, or where site data are blocked' }).waitFor();
    }
    await axe(page, what);
    await page.getByRole('link', { name: 'Settings' }).last().click();
    await page.getByRole('alert').filter({ hasText: 'as in private windows' }).waitFor();
    await axe(page, `settings, ${what}`);
    await at(page, '/workbench');
    await heading(page, 'Workbench').waitFor();
  });
}

test('data that the browser deletes under an open page are missed, and can still be exported', async () => {
  const name = 'orders-pg-psa-02';
  const page = await demo(Machines.at('configured', name));
  const panel = await new Machines(page).menu(name, 'Request access');
  await panel.machine(name).ask('22 SSH', OFFICE, '1');
  await until(() => panel.reason(), '');
  const devtools = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  // Another connection, which hears of its end as that of the portal does.
  const closed = await page.evaluateHandle(async () => {
    const request = indexedDB.open('jitgate');
    await new Promise(done => (request.onsuccess = done));
    return { end: new Promise(done => (request.result.onclose = () => done(true))) };
  });
  await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
  await closed.evaluate(({ end }) => end);
  await panel.openPorts.click();
  await panel.dialog.getByText('The browser has deleted this site\'s data, or closed them, while this page was open.').waitFor();
  await panel.cancel.click();
  await panel.question.getByRole('button', { name: 'Discard' }).click();
  const settings = new Settings(page);
  await page.getByRole('link', { name: 'Settings' }).first().click();
  const before = await settings.records();
  const [download] = await Promise.all([page.waitForEvent('download'), settings.exports.click()]);
  const ledger = await readFile(await download.path());
  await page.goto(new URL('/', page.url()).href);
  await settings.startWith(ledger);
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await until(() => settings.records(), before);
});

test('what is too large for the browser changes nothing', async () => {
  const page = await demo('/settings');
  const settings = new Settings(page);
  const before = await settings.records();
  const [download] = await Promise.all([page.waitForEvent('download'), settings.exports.click()]);
  const ledger = { name: 'ledger.jsonl', mimeType: 'application/json', buffer: await readFile(await download.path()) };
  await page.evaluate(() => {
    globalThis.add = IDBObjectStore.prototype.add;
    let left = 100;
    IDBObjectStore.prototype.add = function (...record) {
      if (left-- === 0) throw new DOMException('Full.', 'QuotaExceededError');
      return globalThis.add.apply(this, record);
    };
  });
  await settings.restore.setInputFiles(ledger);
  await settings.question('Restore this ledger?').getByRole('button', { name: 'Restore' }).click();
  const full = page.getByRole('alert').filter({ hasText: 'The space that the browser gives this site is full.' });
  await full.waitFor();
  await axe(page, 'a full browser');
  await page.reload();
  assert.equal(await settings.records(), before);
});

test('before anything is replaced it is said what goes', async () => {
  const page = await demo('/settings');
  const settings = new Settings(page);
  const before = await settings.records();
  const [download] = await Promise.all([page.waitForEvent('download'), settings.exports.click()]);
  const text = await readFile(await download.path(), 'utf8');
  const file = text => ({ name: 'ledger.jsonl', mimeType: 'application/json', buffer: Buffer.from(text) });
  const goes = new RegExp(
    `^These are deleted from this browser: ${before.toLocaleString('en')} records of what was done, \\d+ policies, \\d+ open ports?, \\d+ files of the network\\.$`,
  );

  // Files that are none of ours, in the wrong place, or damaged: said, and nothing is asked.
  for (const [content, words] of [
    ['[{"id": 1}]', 'this is no exported ledger. Exports of a network are opened with “Open your own exports”.'],
    [text.replace('"version":1', '"version":9'), 'A newer version of this portal exported it'],
    [text.slice(0, text.length / 4), 'The file is damaged: it ends among its records.'],
    [text.replace('ines.okafor', 'ines.okafar'), 'The chain of records is broken'],
  ]) {
    await settings.restore.setInputFiles(file(content));
    await page.getByRole('alert').filter({ hasText: `ledger.jsonl was not restored, and nothing has changed: ${words}` }).waitFor();
    assert.equal(await page.getByRole('dialog').count(), 0);
  }
  await settings.ownExports.setInputFiles(file(text));
  await page.getByText('ledger.jsonl is an exported ledger, and nothing was imported.').waitFor();

  for (const [ask, name, action] of [
    [() => settings.restore.setInputFiles(file(text)), 'Restore this ledger?', 'Restore'],
    [() => page.getByRole('button', { name: 'Demo fleet…' }).click(), 'Put the demo fleet here?', 'Put the demo fleet here'],
    [() => page.getByRole('button', { name: 'Begin anew…' }).click(), 'Begin anew?', 'Delete everything'],
  ]) {
    await ask();
    const question = settings.question(name);
    await question.getByText(goes).waitFor();
    await axe(page, name);
    await question.getByRole('button', { name: action }).waitFor();
    const [kept] = await Promise.all([
      page.waitForEvent('download'),
      question.getByRole('button', { name: 'Export everything first' }).click(),
    ]);
    assert.equal(await readFile(await kept.path(), 'utf8'), text);
    await question.getByRole('button', { name: 'Cancel' }).click();
    await until(() => question.count(), 0);
    assert.equal(await settings.records(), before);
  }
});
