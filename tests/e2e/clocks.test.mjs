// Clocks: that of who keeps the data decides what is open, whatever the user's own shows; and what ends does so on view.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMachine } from './pages/machines.mjs';
import { Machines } from './pages/panels.mjs';
import { Requests } from './pages/requests.mjs';
import { Settings } from './pages/settings.mjs';
import { machinesOf, OFFICE } from './support/machines.mjs';
import { backends, usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();
const machines = machinesOf(portal);

/** What Chromium says of calls without a network. */
const OFFLINE = /net::ERR_INTERNET_DISCONNECTED/;

const requests = async options => {
  const requests = new Requests(await portal.page('/requests', { backend: 'server', ...options }));
  await requests.rows.first().waitFor();
  return requests;
};

/** A browser whose clock is so many milliseconds ahead of the true time. */
async function skewed(millis) {
  const context = await portal.context();
  await context.addInitScript(ahead => {
    const True = Date;
    globalThis.Date = class extends True {
      constructor(...parts) {
        super(...(parts.length > 0 ? parts : [True.now() + ahead]));
      }
      static now() {
        return True.now() + ahead;
      }
    };
  }, millis);
  return context;
}

for (const [name, millis] of [['ten minutes ahead', 600_000], ['two days behind', -172_800_000]]) {
  test(`a clock that is ${name} changes nothing of what is open`, async () => {
    const right = await requests();
    const live = await right.count('Live');
    assert.ok(live > 10, `${live}`);
    const wrong = await requests({ context: await skewed(millis) });
    await until(() => wrong.count('Live'), live);
    assert.equal(await wrong.count('Scheduled'), 0);
    const left = page => page.rows.first().getByRole('timer').textContent();
    const seconds = text => text.match(/(\d+):(\d\d):(\d\d) left/).slice(1).reduce((sum, part) => sum * 60 + Number(part), 0);
    const [one, other] = [seconds(await left(right)), seconds(await left(wrong))];
    assert.ok(Math.abs(one - other) <= 5, `${one}, ${other}`);
  });
}

for (const backend of backends) {
  test(`what is open ends on view, even without a network (${backend})`, async () => {
    const name = 'orders-pg-psa-02';
    const page = await machines(backend, 'configured', name, { expected: OFFLINE });
    await page.page.clock.install();
    await page.page.reload();
    const panel = await page.menu(name, 'Request access');
    await panel.machine(name).ask('22 SSH', OFFICE, '0,5');
    await until(() => panel.reason(), '');
    await panel.openPorts.click();
    await panel.dialog.getByText(new RegExp(`${name} port 22 is open`)).waitFor();
    await panel.dialog.getByRole('button', { name: 'Close', exact: true }).first().click();
    await page.page.getByRole('link', { name: 'Requests', exact: true }).click();
    const list = new Requests(page.page);
    await list.machine.fill(name);
    await until(() => list.rows.count(), 1);
    // What has just been asked for is live at once.
    await until(() => list.count('Live'), 1);
    assert.match(await list.rows.first().getByRole('timer').textContent(), /^0:(29|30):\d\d left$/);
    await page.page.context().setOffline(true);
    await page.page.clock.fastForward('31:00');
    await until(() => list.count('Live'), 0);
    await list.page.getByText('No requests', { exact: true }).waitFor();
    await list.tab('Past').click();
    await list.rows.first().getByText('Expired').waitFor();
  });
}

test('a countdown that is over says so, in one word', async () => {
  const page = await portal.page('/machines', { backend: 'server', expected: OFFLINE });
  await page.clock.install();
  await page.reload();
  const machine = await openMachine(page, 'dc-swe-02');
  await machine.section('Exposure').click();
  const timer = page.getByRole('timer').first();
  await until(async () => / left$/.test(await timer.textContent()), true);
  await page.context().setOffline(true);
  await page.clock.fastForward('06:00:00');
  await until(() => timer.textContent(), 'ended');
  assert.doesNotMatch(await page.getByRole('main').textContent(), /ended left/);
});

/** The made-up fleet in a browser alone, whose clock shows this time. */
async function demoAt(time, timezoneId) {
  const context = await portal.context({ timezoneId });
  await context.clock.install({ time });
  const page = await portal.page('/', { backend: 'browser', context });
  await new Settings(page).start();
  return page;
}

for (const zone of ['Asia/Kolkata', 'America/St_Johns', 'Pacific/Chatham']) {
  test(`times are those of the user's zone: ${zone}`, async () => {
    const context = await portal.context({ timezoneId: zone });
    const page = await portal.page('/requests', { backend: 'server', context });
    const list = new Requests(page);
    await list.rows.first().waitFor();
    // As the browser has them, whatever the page works out.
    const [shown, wanted, zoned] = await page.evaluate(() => {
      const part = Object.fromEntries(
        new Intl.DateTimeFormat('en', { timeZoneName: 'longOffset' }).formatToParts(new Date()).map(({ type, value }) => [type, value]),
      );
      const all = [...document.querySelectorAll('time.stamp')];
      // In Sweden dates are written so.
      const local = time => new Date(time).toLocaleString('sv');
      // Of the hour that comes twice it is said which one is meant.
      const plain = time => time.textContent.replace(/ UTC.*/, '');
      return [all.map(plain), all.map(time => local(time.dateTime)), part.timeZoneName.replace('GMT', 'UTC')];
    });
    assert.ok(shown.length > 20, `${shown.length}`);
    assert.deepEqual(shown, wanted);
    await page.getByText(`Times are those of your zone, ${zoned.replace('−', '-')};`).waitFor();
    // Round times by the clock on the wall.
    const ticks = await list.timeline.locator('.lane-tick:not(.lane-tick-now)').allTextContents();
    assert.ok(ticks.length >= 5 && ticks.every(tick => /^(00|04|08|12|16|20):00$/.test(tick)), ticks.join());
  });
}

test('clocks that are put back while access is open do not stretch it, and say which hour is meant', async () => {
  // At 01:00 UTC, 03:00 in Berlin becomes 02:00.
  const page = await demoAt('2026-10-25T00:40:00Z', 'Europe/Berlin');
  const name = 'orders-pg-psa-02';
  const panel = await (await new Machines(page).show('configured', name)).menu(name, 'Request access');
  await panel.machine(name).ask('22 SSH', OFFICE, '1');
  await until(() => panel.reason(), '');
  await panel.dialog.getByText(/^Until 02:4\d \(01:4\d UTC\)/).waitFor();
  await panel.openPorts.click();
  await panel.dialog.getByText(`${name} port 22 is open`).waitFor();
  await page.goto(new URL(`/requests?machine=${name}`, page.url()).href);
  const list = new Requests(page);
  await until(() => list.rows.count(), 1);
  const times = await list.rows.first().locator('time.stamp').allTextContents();
  assert.match(times[0], /^2026-10-25 02:4\d:\d\d UTC\+02:00$/);
  assert.match(times[1], /^2026-10-25 02:4\d:\d\d UTC\+01:00$/);
  assert.match(await list.rows.first().getByRole('timer').textContent(), /^(1:00:00|0:5\d:\d\d) left$/);
  await page.getByText('your zone, UTC+02:00;').waitFor();
  await page.clock.fastForward('30:00');
  await page.getByText('your zone, UTC+01:00;').waitFor();
  await until(async () => /^0:(29|30|2\d):\d\d left$/.test(await list.rows.first().getByRole('timer').textContent()), true);
});

test('what is said of the present goes on with it', async () => {
  const page = await demoAt('2026-06-01T10:00:00Z', 'UTC');
  await page.goto(new URL('/activity?span=all', page.url()).href);
  const rows = page.getByRole('group', { name: 'Events' }).locator('tbody tr');
  // The latest one, of which others may come before.
  const stamp = await rows.first().locator('[data-name="Time stamp"]').textContent();
  const ago = rows.filter({ hasText: stamp }).first().locator('[data-name="Time"]');
  await ago.getByText(/min ago$|just now/).waitFor();
  await page.clock.fastForward('05:00:00');
  await ago.getByText(/^[56] h ago$/).waitFor();
  await page.goto(new URL('/requests', page.url()).href);
  const list = new Requests(page);
  const now = list.timeline.locator('.lane-tick-now');
  await now.getByText(/^now 15:\d\d$/).waitFor();
  await page.clock.fastForward('02:00:00');
  await now.getByText(/^now 17:\d\d$/).waitFor();
  // Not away from under the bar that has the focus.
  await list.bars.first().focus();
  const bar = await list.focused();
  await page.clock.fastForward('01:00:00');
  await page.getByText('Times are those of your zone').waitFor();
  assert.equal(await list.focused(), bar);
});
