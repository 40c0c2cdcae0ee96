// The activity log: filters, pages, details, the file for spreadsheets, and the chain verified in the browser.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { Activity } from './pages/activity.mjs';
import { openMachine } from './pages/machines.mjs';
import { asked } from './support/answers.mjs';
import { axe, inEverySize } from './support/axe.mjs';
import { hold } from './support/held.mjs';
import { backends, usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();
const COLUMNS = ['Operation name', 'Status', 'Time', 'Time stamp', 'Resource', 'Subscription', 'Event initiated by'];
const INITIATE = 'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action';

for (const backend of backends) {
  const open = async (path = '/activity', options = {}) =>
    new Activity(await portal.page(path, { backend, ...options })).ready();

  test(`events of all subscriptions, the latest first, page by page (${backend})`, async () => {
    const activity = await open();
    assert.deepEqual(await activity.events.getByRole('columnheader').allTextContents(), COLUMNS);
    assert.equal(await activity.rows.count(), 100);
    const stamps = await activity.column('Time stamp');
    assert.deepEqual(stamps, stamps.toSorted().reverse());
    assert.ok(new Set(await activity.column('Subscription')).size > 1);
    await activity.more.click();
    await until(() => activity.rows.count(), 200);
    const all = await activity.column('Time stamp');
    assert.deepEqual(all.slice(0, 100), stamps);
    assert.deepEqual(all, all.toSorted().reverse());
  });

  test(`times are those of the user's zone, with UTC at hand (${backend})`, async () => {
    const activity = await open('/activity', { timezoneId: 'Asia/Kolkata' });
    await activity.page.getByText('Times are those of your zone, UTC+05:30; the settings can show UTC instead.').waitFor();
    const time = activity.rows.first().locator('td').nth(2).locator('time');
    const instant = new Date(await time.getAttribute('datetime'));
    const plain = date => date.toISOString().slice(0, 19).replace('T', ' ');
    assert.equal(await time.getAttribute('title'), `${plain(instant)} UTC`);
    const local = instant => plain(new Date(instant.getTime() + 5.5 * 3_600_000));
    assert.equal(await time.textContent(), local(instant));
    // Those of what was asked for as well.
    await activity.operation.selectOption(INITIATE);
    await activity.status.selectOption('Accepted');
    await until(async () => new Set(await activity.column('Status')), new Set(['Accepted']));
    await activity.rows.getByRole('button').first().click();
    const json = JSON.parse(await activity.details.getByRole('group', { name: 'The event as JSON' }).textContent());
    const { startTimeUtc, endTimeUtc } = json.properties;
    for (const text of [startTimeUtc, endTimeUtc]) await activity.details.getByText(local(new Date(text)), { exact: true }).first().waitFor();
  });

  test(`whoever wants UTC has it on every page, with the own zone at hand (${backend})`, async () => {
    const page = await portal.page('/settings', { backend, timezoneId: 'Asia/Kolkata' });
    await page.getByRole('radio', { name: 'UTC', exact: true }).check();
    const plain = date => date.toISOString().slice(0, 19).replace('T', ' ');
    const told = async () => {
      await page.getByText('Times are in UTC; the settings can show those of your zone instead.').waitFor();
      const all = page.locator('main time.stamp').filter({ hasText: /^\d{4}-/ });
      await all.first().waitFor();
      const times = await all.evaluateAll(all => all.map(it => [it.dateTime, it.textContent, it.title]));
      for (const [time, text, title] of times) {
        const instant = new Date(time);
        assert.equal(text, plain(instant));
        assert.equal(title, `${plain(new Date(instant.getTime() + 5.5 * 3_600_000))} UTC+05:30`);
      }
    };
    for (const name of ['Activity log', 'Requests']) {
      await page.getByRole('link', { name, exact: true }).first().click();
      await told();
    }
    const bars = await page.locator('.lane-tick-now').allTextContents();
    assert.equal(bars[0], `now ${new Date().toISOString().slice(11, 16)}`);
    await page.reload();
    await told();
    await page.getByRole('link', { name: 'settings', exact: true }).click();
    await page.getByRole('radio', { name: 'Times of your zone' }).check();
    await page.getByRole('link', { name: 'Activity log', exact: true }).first().click();
    await page.getByText('Times are those of your zone, UTC+05:30').waitFor();
  });

  test(`filters go into the address and to the log (${backend})`, async () => {
    const activity = await open();
    await activity.span.selectOption('30d');
    await activity.operation.selectOption(INITIATE);
    await activity.status.selectOption('Failed');
    // What was chosen last shows that all of it has come.
    await until(async () => new Set(await activity.column('Status')), new Set(['Failed']));
    assert.deepEqual(new Set(await activity.column('Operation name')), new Set(['Initiate JIT Network Access Policy']));
    const failed = await activity.rows.count();
    assert.ok(failed >= 10, `${failed}`);
    await activity.page.reload();
    await activity.ready();
    await until(() => activity.rows.count(), failed);
    const [who] = await activity.column('Event initiated by');
    await activity.caller.fill(who);
    await activity.caller.press('Enter');
    await until(async () => new Set(await activity.column('Event initiated by')), new Set([who]));
    // A part of it, in other letters, finds as many at least, and on every page.
    const part = who.split('@')[0].slice(1).toUpperCase();
    const all = await activity.rows.count();
    await activity.caller.fill(part);
    await activity.caller.press('Enter');
    await until(() => new URL(activity.page.url()).searchParams.get('caller'), part);
    await activity.ready();
    await until(async () => (await activity.rows.count()) >= all, true);
    assert.ok((await activity.column('Event initiated by')).every(name => name.toUpperCase().includes(part)));
    await activity.caller.fill('nobody of that name');
    await activity.caller.press('Enter');
    await activity.page.getByText('No events', { exact: true }).waitFor();
    await activity.caller.fill(who);
    await activity.caller.press('Enter');
    await until(() => activity.rows.count(), all);
    await activity.resource.fill('nothing-of-that-name');
    await activity.resource.press('Enter');
    await activity.page.getByText(/There is no machine, resource group or policy/).waitFor();
    // What was asked for before is not shown for it.
    assert.equal(await activity.rows.count(), 0);
    await axe(activity.page, 'a filter that means nothing');
    await activity.resource.fill('rg-legacy-psa');
    await activity.resource.press('Enter');
    await activity.ready();
    assert.equal(new URL(activity.page.url()).searchParams.get('resource'), 'rg-legacy-psa');
  });

  test(`one event with all its members and as JSON (${backend})`, async () => {
    const activity = await open(`/activity?operation=${encodeURIComponent(INITIATE)}&status=Accepted`);
    const event = activity.rows.getByRole('button', { name: 'Initiate JIT Network Access Policy' }).first();
    await event.click();
    await activity.details.getByText('Event initiated by').waitFor();
    const json = JSON.parse(await activity.details.getByRole('group', { name: 'The event as JSON' }).textContent());
    assert.equal(json.operationName.value, INITIATE);
    assert.equal(json.status.value, 'Accepted');
    await activity.details.getByText(json.correlationId, { exact: true }).waitFor();
    await axe(activity.page, 'the details');
    await activity.page.keyboard.press('Escape');
    await until(() => activity.details.count(), 0);
  });

  test(`the log of one machine, from its page (${backend})`, async () => {
    const page = await portal.page('/machines', { backend });
    const machine = await openMachine(page, 'old-fax-psa-01');
    await machine.section('Activity log').click();
    const activity = await new Activity(page).ready();
    await page.getByText(/^Operations on old-fax-psa-01/).waitFor();
    await activity.rows.first().waitFor();
    assert.equal(await activity.resource.count(), 0);
    await page.getByRole('link', { name: 'Show all' }).click();
    await activity.resource.waitFor();
  });

  test(`the file for spreadsheets has what the filters let through (${backend})`, async () => {
    const activity = await open(`/activity?operation=${encodeURIComponent(INITIATE)}&span=30d&status=Accepted`);
    const saved = activity.page.waitForEvent('download');
    await activity.download.click();
    const file = await saved;
    assert.equal(file.suggestedFilename(), 'QueryResult.csv');
    const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split(/\r?\n/);
    assert.match(lines[0], /^Correlation id,Operation name,Status,Event category,Level,Time,Subscription,Event initiated by,/);
    assert.ok(lines.length > 100, `${lines.length} lines`);
    assert.equal(lines.filter(line => line.startsWith('Correlation id')).length, 1);
    assert.ok(lines.slice(1).every(line => line.includes(',Initiate JIT Network Access Policy,Accepted,')));
    await activity.toast(`Downloaded: ${lines.length - 1} lines`).waitFor();
  });

  test(`the chain is verified in the browser (${backend})`, async () => {
    const activity = await open();
    await activity.verify.click();
    await activity.chain.getByText(/^[\d,]+ records, unbroken, head [0-9a-f]{64}$/).waitFor();
    await axe(activity.page, 'a whole chain');
  });

  test(`every size and theme (${backend})`, async () => {
    await inEverySize((await open('/activity')).page, 'the log');
  });
}

/** What a server's records become on their way, and what the page says of it. */
const tampered = {
  'a changed record': [text => text.replace('ines.okafor@', 'eve@'), /^The chain is broken: record \d+ was edited/],
  'a record that is gone': [text => text.replace(/^.*\n/, ''), /^The chain is broken: record 1 was removed/],
};
for (const [what, [change, words]] of Object.entries(tampered)) {
  test(`the page finds ${what}`, async () => {
    const activity = await new Activity(await portal.page('/activity', { backend: 'server' })).ready();
    await activity.page.route(/\/records/, async route => {
      const response = await route.fetch();
      await route.fulfill({ response, body: change(await response.text()) });
    });
    await activity.verify.click();
    await activity.chain.getByRole('alert').filter({ hasText: words }).waitFor();
  });
}

test('who may not read all records is told so, and a log that cannot be loaded is tried again', async () => {
  const activity = await new Activity(await portal.page('/activity', { backend: 'server' })).ready();
  const refuse = { error: { code: 'AuthorizationFailed', message: 'You may not read this.' } };
  await activity.page.route(/\/records|eventtypes/, route => route.fulfill({ status: 403, json: refuse }));
  await activity.verify.click();
  await activity.chain.getByText(/Only who may read the activity log of everything/).waitFor();
  await activity.page.getByRole('button', { name: 'Refresh' }).click();
  await activity.page.getByRole('alert').filter({ hasText: 'You may not read this.' }).waitFor();
  await activity.page.unroute(/\/records|eventtypes/);
  await activity.page.getByRole('button', { name: 'Retry' }).click();
  await activity.page.getByRole('alert').filter({ hasText: 'You may not read this.' }).waitFor({ state: 'detached' });
  await activity.rows.first().waitFor();
});

test('the file for spreadsheets needs no log that is shown', async () => {
  const page = await portal.page('/settings', { backend: 'server' });
  const release = await hold(page, url => url.pathname.includes('eventtypes') && !url.search.includes('csv'), 'GET');
  await page.goto(new URL('/activity', page.url()).href);
  const activity = new Activity(page);
  const [download] = await Promise.all([page.waitForEvent('download'), activity.download.click()]);
  const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
  assert.ok(lines.length > 100, `${lines.length}`);
  release();
  await activity.ready();
});

test('what is named is looked up once the fleet has come', async () => {
  const page = await portal.page('/settings', { backend: 'server' });
  const release = await hold(page, /\/jitExposure\b/, 'GET');
  await page.goto(new URL('/activity?resource=orders-pg-pne-01', page.url()).href);
  await page.getByRole('combobox', { name: 'Time span' }).waitFor();
  await asked(page);
  assert.equal(await page.getByText(/There is no machine, resource group or policy/).count(), 0);
  release();
  const activity = await new Activity(page).ready();
  assert.ok((await activity.column('Resource')).includes('orders-pg-pne-01'));
});

test('a filter shows what is asked for, also where that is none of its choices', async () => {
  const page = await portal.page('/activity?span=90d&caller=nobody', { backend: 'server' });
  const shown = label => page.getByLabel(label, { exact: true }).evaluate(select => select.selectedOptions[0]?.textContent);
  await page.getByText('There is no time span “90d” to choose.').waitFor();
  assert.equal(await shown('Time span'), '90d');
  await new Activity(page).span.selectOption('30d');
  await page.getByText('No events', { exact: true }).waitFor();
  assert.equal(await page.getByRole('option', { name: '90d' }).count(), 0);
  await page.goto(new URL('/requests?user=nobody%40example.com', page.url()).href);
  await until(() => shown('User'), 'nobody@example.com');
});
