// Lists that show more when somebody asks: from the keyboard one goes on with what has come, and nobody is taken away
// from where they have gone meanwhile.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Activity } from './pages/activity.mjs';
import { Requests } from './pages/requests.mjs';
import { Workbench } from './pages/workbench.mjs';
import { axe } from './support/axe.mjs';
import { hold } from './support/held.mjs';
import { usePortal } from './support/portal.mjs';
import { policy } from './support/samples.mjs';
import { drawn, until } from './support/until.mjs';

const portal = usePortal();

/** The index of the row, among these, that has the focus. */
const focused = rows => rows.evaluateAll(rows => rows.findIndex(row => row.contains(document.activeElement)));
const has = control => control.evaluate(it => it === document.activeElement);

/** What comes after the events that are shown. */
const NEXT = /\/eventtypes\/.*skiptoken/i;

test('whoever loads more events goes on with the first of them', async () => {
  const activity = await new Activity(await portal.page('/activity', { backend: 'server' })).ready();
  for (const count of [100, 200]) {
    await activity.more.press('Enter');
    await until(() => focused(activity.rows), count);
    assert.ok((await activity.rows.count()) > count);
  }
  await axe(activity.page, 'a row that one goes on with');
  // Nothing in the row is pressed by a key that is still held: it is the next stop.
  await activity.page.keyboard.press('Enter');
  assert.equal(await activity.details.count(), 0);
  await activity.page.keyboard.press('Tab');
  assert.ok(await has(activity.rows.nth(200).getByRole('button')));
});

test('whoever goes elsewhere while more events are loaded stays there', async () => {
  const activity = await new Activity(await portal.page('/activity', { backend: 'server' })).ready();
  const release = await hold(activity.page, NEXT);
  await activity.more.press('Enter');
  await activity.caller.focus();
  release();
  await until(() => activity.rows.count(), 200);
  await drawn(activity.page);
  assert.ok(await has(activity.caller));
});

test('events that cannot be loaded leave the focus on the last that is shown', async () => {
  const activity = await new Activity(await portal.page('/activity', { backend: 'server' })).ready();
  const refuse = { error: { code: 'AuthorizationFailed', message: 'You may not read this.' } };
  await activity.page.route(NEXT, route => route.fulfill({ status: 403, json: refuse }));
  await activity.more.press('Enter');
  await activity.page.getByRole('alert').filter({ hasText: 'You may not read this.' }).waitFor();
  await until(() => focused(activity.rows), 99);
  // Once more: what is shown stays, and one goes on with what comes.
  await activity.page.unroute(NEXT);
  await activity.page.getByRole('alert').getByRole('button', { name: 'Retry' }).press('Enter');
  await until(() => focused(activity.rows), 100);
});

test('whoever tries again to load what is not there at all is led to the heading', async () => {
  const page = await portal.page('/requests', { backend: 'server', expected: /ERR_FAILED/ });
  await new Requests(page).rows.first().waitFor();
  const away = route => route.abort('failed');
  await page.route(/\/subscriptions\b/, away);
  for (const name of ['Activity log', 'Just-in-time VM access']) {
    await page.getByRole('link', { name }).first().click();
    if (name !== 'Activity log') await page.getByRole('button', { name: 'Refresh' }).click();
    const fault = page.getByRole('alert').filter({ hasText: 'could not be loaded' });
    await fault.getByRole('button', { name: 'Retry' }).press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), name);
    await fault.waitFor();
  }
});

test('the button that shows more lanes stays, and shows fewer again', async () => {
  const requests = new Requests(await portal.page('/requests', { backend: 'server' }));
  await requests.more.waitFor();
  const lanes = requests.timeline.locator('.lane-name');
  const few = await lanes.count();
  await requests.more.press('Enter');
  const fewer = requests.timeline.getByRole('button', { name: 'Show fewer lanes' });
  await until(() => lanes.count().then(count => count > few), true);
  assert.ok(await has(fewer));
  await axe(requests.page, 'all lanes');
  await requests.page.keyboard.press('Enter');
  await until(() => lanes.count(), few);
  assert.ok(await has(requests.more));
});

test('whoever shows the last of many requests goes on with the first of them', async () => {
  const context = await portal.context();
  // Each request as if many had asked for it.
  await context.route(/\/jitNetworkAccessPolicies\?/, async route => {
    const response = await route.fetch();
    const json = await response.json();
    for (const { properties } of json.value) {
      const asked = request => ['', 'a.', 'b.', 'c.'].map(who => ({ ...request, requestor: `${who}${request.requestor}` }));
      properties.requests = properties.requests?.flatMap(asked);
    }
    await route.fulfill({ response, json });
  });
  const page = await portal.page('/requests?tab=past', { backend: 'server', context });
  const requests = new Requests(page);
  await until(async () => (await requests.count('Past')) > 400, true);
  const more = page.getByRole('button', { name: /^Show more \(/ });
  for (;;) {
    const count = await requests.rows.count();
    await more.press('Enter');
    await until(async () => (await requests.rows.count()) > count, true);
    if ((await more.count()) === 0) {
      await until(() => focused(requests.rows), count);
      break;
    }
    await drawn(page);
    assert.ok(await has(more));
  }
  await page.keyboard.press('Tab');
  await until(() => page.evaluate(() => document.activeElement.tagName), 'A');
});

test('whoever shows the last of many findings goes on with the first of them', async () => {
  const workbench = await new Workbench(await portal.page('/workbench')).ready();
  const json = JSON.parse(policy());
  const [machine] = json.properties.virtualMachines;
  machine.ports = Array.from({ length: 120 }, (_, index) => ({ ...machine.ports[0], number: 70_000 + index }));
  await workbench.policy.editor.fill(JSON.stringify(json, null, 2));
  await until(() => workbench.policy.findings.count(), 50);
  const more = workbench.policy.region.getByRole('button', { name: /^Show more \(/ });
  for (let count = 50; ; count += 50) {
    await more.press('Enter');
    await until(async () => (await workbench.policy.findings.count()) > count, true);
    if ((await more.count()) > 0) {
      await drawn(workbench.page);
      assert.ok(await has(more));
      continue;
    }
    await until(() => focused(workbench.policy.findings), count);
    break;
  }
});
