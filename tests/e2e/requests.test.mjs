// Requests: what is open and what was, as tables and as a picture.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Requests } from './pages/requests.mjs';
import { axe, inEverySize } from './support/axe.mjs';
import { backends, usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();

for (const backend of backends) {
  const open = async (path = '/requests', options = {}) => {
    const requests = new Requests(await portal.page(path, { backend, ...options }));
    await requests.rows.first().waitFor();
    return requests;
  };

  test(`live, scheduled and past requests (${backend})`, async () => {
    const requests = await open();
    assert.equal(await requests.rows.count(), await requests.count('Live'));
    assert.ok((await requests.count('Past')) > 100);
    await requests.tab('Scheduled').click();
    await requests.page.getByText('No request opens later: what is granted opens at once.').waitFor();
    await axe(requests.page, 'nothing scheduled');
    await requests.page.keyboard.press('ArrowRight');
    await until(() => requests.rows.filter({ hasText: 'Expired' }).count().then(count => count > 100), true);
    assert.match(requests.page.url(), /tab=past/);
    assert.equal(await requests.rows.getByRole('button').count(), 0);
  });

  test(`filters by machine and by user, which the address holds (${backend})`, async () => {
    const requests = await open('/requests?tab=past');
    await requests.user.selectOption('priya.nair@meridian.example');
    await until(() => requests.rows.filter({ hasNotText: 'priya.nair' }).count(), 0);
    await requests.machine.fill('old-fax');
    await until(() => requests.rows.filter({ hasNotText: 'old-fax' }).count(), 0);
    const query = new URL(requests.page.url()).searchParams;
    assert.deepEqual([query.get('user'), query.get('machine')], ['priya.nair@meridian.example', 'old-fax']);
    await requests.machine.fill('zzzz');
    await requests.page.getByText('No requests', { exact: true }).waitFor();
    await requests.page.getByText('No request has ended in the last 30 days that the filters let through.').waitFor();
    await axe(requests.page, 'nothing found');
  });

  test(`the picture is reached from the keyboard, and says what the table says (${backend})`, async () => {
    const requests = await open();
    await requests.more.click();
    const day = await requests.bars.count();
    assert.ok(day >= (await requests.rows.count()), `${day} bars`);
    await requests.span.focus();
    await requests.page.keyboard.press('Tab');
    await until(() => requests.focused().then(name => /port \d+, .* from .*: live from/.test(name)), true);
    const first = await requests.focused();
    await requests.timeline.getByRole('status').filter({ hasText: first }).waitFor();
    await requests.page.keyboard.press('ArrowDown');
    const second = await requests.focused();
    assert.notEqual(second, first);
    await requests.page.keyboard.press('ArrowUp');
    assert.equal(await requests.focused(), first);
    await requests.page.keyboard.press('End');
    await requests.page.keyboard.press('Tab');
    // One stop for all of the bars: the next is beyond them.
    await until(() => requests.page.evaluate(() => document.activeElement.closest('svg') === null), true);
    await requests.span.selectOption('168');
    await until(async () => (await requests.bars.count()) > day, true);
    await requests.lanes.selectOption('user');
    await requests.timeline.locator('svg').getByText('mei.tanaka@meridian.example', { exact: true }).waitFor();
  });

  test(`a live request closes from here (${backend})`, async () => {
    const requests = await open();
    const live = await requests.count('Live');
    const row = requests.rows.first();
    const machine = await row.getByRole('link').textContent();
    const [who] = /\S+@\S+?\.example/.exec(await row.getByRole('cell').nth(1).textContent());
    await row.getByRole('button', { name: /^Close now/ }).click();
    await requests.question.getByText(who).first().waitFor();
    await requests.question.getByRole('button', { name: 'Close now' }).click();
    await requests.toast(`of ${machine}`).waitFor();
    await until(async () => (await requests.count('Live')) < live, true);
    await requests.tab('Past').click();
    const closed = requests.rows.filter({ hasText: machine }).filter({ hasText: 'Closed' }).first();
    // When, and by whom: the end that was asked for stands beside it.
    const by = backend === 'server' ? /by \S+/ : /by you/;
    await closed.getByRole('cell').filter({ hasText: 'Closed' }).filter({ hasText: by }).waitFor();
    const end = closed.getByRole('cell').filter({ hasText: 'asked for until' }).locator('time');
    const [at, asked] = await end.evaluateAll(all => all.map(one => Date.parse(one.dateTime)));
    assert.ok(at < asked && Math.abs(Date.now() - at) < 120_000, `${at}, ${asked}`);
  });

  test(`whoever closes access goes on with the next row, where it is (${backend})`, async () => {
    const requests = await open('/requests', { viewport: { width: 360, height: 700 } });
    const { page, rows } = requests;
    const button = row => row.getByRole('button', { name: /^Close now/ });
    const close = async row => {
      await button(row).click();
      await requests.question.getByRole('button', { name: 'Close now' }).click();
    };
    const count = await rows.count();
    assert.ok(count > 2, `${count} rows`);
    const next = await button(rows.nth(1)).getAttribute('aria-label');
    await button(rows.first()).scrollIntoViewIfNeeded();
    const top = await page.evaluate(() => scrollY);
    assert.ok(top > 0);
    await close(rows.first());
    await until(() => requests.focused(), next);
    assert.equal(await rows.count(), count - 1);
    assert.equal(await page.evaluate(() => scrollY), top);
    // After the last one, with the one before it.
    const last = await button(rows.nth(count - 3)).getAttribute('aria-label');
    await close(rows.last());
    await until(() => requests.focused(), last);
    assert.equal(await rows.count(), count - 2);
  });

  test(`every size and theme (${backend})`, async () => {
    const requests = await open('/requests');
    for (const tab of ['Live', 'Past']) {
      await requests.tab(tab).click();
      await inEverySize(requests.page, tab);
    }
  });
}
