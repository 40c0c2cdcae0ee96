// News of the activity log: they are counted while the page is open, move nothing, and come where they are asked for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Activity } from './pages/activity.mjs';
import { Requests } from './pages/requests.mjs';
import { axe, inEverySize } from './support/axe.mjs';
import { backends, usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();
const CLOSE = 'Microsoft.Security/locations/jitNetworkAccessPolicies/revoke/action';

for (const backend of backends) {
  const open = async () =>
    new Activity(await portal.page('/activity', { backend, timezoneId: 'UTC' })).ready();

  /** Another window, in which open access is closed: each call closes the first there is. */
  const other = async ({ page }) => {
    const context = page.context();
    const requests = new Requests(
      await portal.page('/requests', { backend: backend === 'server' ? backend : undefined, context }),
    );
    return async () => {
      await requests.rows.first().waitFor();
      const count = await requests.rows.count();
      await requests.rows.first().getByRole('button', { name: /^Close now/ }).click();
      await requests.question.getByRole('button', { name: 'Close now' }).click();
      await until(() => requests.rows.count(), count - 1);
    };
  };

  /** What events are, without how long ago. */
  const events = activity =>
    activity.rows.evaluateAll(rows =>
      rows.map(row => [...row.children].filter((_, column) => column !== 2).map(cell => cell.textContent).join(' | ')),
    );
  const counted = async activity => Number.parseInt(await activity.news.textContent(), 10);
  const tops = activity => activity.rows.evaluateAll(rows => rows.map(row => row.getBoundingClientRect().top + scrollY));

  test(`news are counted, and put above what was loaded when they are asked for (${backend})`, async () => {
    const activity = await open();
    await activity.more.click();
    await until(() => activity.rows.count(), 200);
    const [before, places] = [await events(activity), await tops(activity)];
    const close = await other(activity);
    await close();
    await activity.news.waitFor();
    const first = await counted(activity);
    await close();
    await until(async () => (await counted(activity)) > first, true);
    assert.deepEqual(await events(activity), before);
    assert.deepEqual(await tops(activity), places);
    await inEverySize(activity.page, 'news of the log');
    await activity.page.setViewportSize({ width: 1280, height: 720 });
    const count = await counted(activity);
    await activity.show.click();
    await until(() => activity.rows.count(), before.length + count);
    const after = await events(activity);
    assert.deepEqual(after.slice(count), before);
    const stamps = await activity.column('Time stamp');
    assert.deepEqual(stamps, stamps.toSorted().reverse());
    assert.equal(await activity.news.count(), 0);
    await until(() => activity.rows.first().getByRole('button').evaluate(it => it === document.activeElement), true);
    await axe(activity.page, 'news that are shown');
    // What comes after is what came after.
    await activity.more.click();
    await until(async () => (await activity.rows.count()) > after.length, true);
    assert.deepEqual((await events(activity)).slice(0, after.length), after);
    const all = await activity.column('Time stamp');
    assert.deepEqual(all, all.toSorted().reverse());
  });

  test(`only news that pass the filters are told (${backend})`, async () => {
    const all = await open();
    const activity = new Activity(
      await portal.page(`/activity?operation=${encodeURIComponent(CLOSE)}`, {
        backend: backend === 'server' ? backend : undefined,
        context: all.page.context(),
      }),
    );
    await activity.ready();
    const close = await other(activity);
    await close();
    await activity.show.click();
    await until(async () => new Set(await activity.column('Operation name')), new Set(['Revoke JIT Network Access']));
    // Of all there are more, since rules change with it.
    await all.news.waitFor();
  });
}

test('of more news than are looked at, the log is loaded anew', async () => {
  const activity = await new Activity(await portal.page('/activity', { backend: 'server' })).ready();
  await activity.page.route(/eventtypes/, async route => {
    const response = await route.fetch();
    const page = await response.json();
    for (const event of page.value) event.eventDataId = `new-${event.eventDataId}`;
    await route.fulfill({ response, json: page });
  });
  const requests = new Requests(
    await portal.page('/requests', { backend: 'server', context: activity.page.context() }),
  );
  await requests.rows.first().getByRole('button', { name: /^Close now/ }).click();
  await requests.question.getByRole('button', { name: 'Close now' }).click();
  await activity.page.getByRole('status').filter({ hasText: '100 new events or more' }).waitFor();
  await activity.page.unrouteAll({ behavior: 'wait' });
  const loaded = activity.page.waitForResponse(response => /eventtypes/.test(response.url()));
  await activity.show.click();
  await (await loaded).finished();
  await until(() => activity.rows.count(), 100);
  // The closing is among the latest; were they put above the others, there would be twice as many.
  await until(async () => (await activity.column('Operation name')).includes('Revoke JIT Network Access'), true);
  await until(() => activity.news.count(), 0);
});
