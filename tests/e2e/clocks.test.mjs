// Clocks: that of who keeps the data decides what is open, whatever the user's own shows; and what ends does so on view.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMachine } from './pages/machines.mjs';
import { Requests } from './pages/requests.mjs';
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

for (const [name, millis] of [['two hours ahead', 7_200_000], ['two hours behind', -7_200_000]]) {
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
