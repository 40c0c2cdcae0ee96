// Just-in-time VM access: tabs, search, filters, order, selection, menus, the keyboard.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Jit } from './pages/jit.mjs';
import { axe, inEverySize } from './support/axe.mjs';
import { backends, usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();

async function open(backend, path = '/', options = {}) {
  return new Jit(await portal.page(path, { backend, ...options })).ready();
}

for (const backend of backends) {
  test(`each tab has its count, its sentence and its columns (${backend})`, async () => {
    const jit = await open(backend);
    await jit.page.getByText('VMs configured to support just-in-time VM access.').waitFor();
    const heads = () => jit.table.getByRole('columnheader').getByRole('button').allTextContents();
    assert.deepEqual(await heads(), ['Virtual machine', 'Approved requests', 'Last access', 'Connection details', 'Last user']);
    for (const [name, words] of [
      ['Not configured', 'VMs without JIT enabled, but that can support JIT. We recommend that you enable JIT for these VMs.'],
      ['Unsupported', "VMs that don't support JIT."],
    ]) {
      await jit.tab(new RegExp(`^${name}`)).click();
      await jit.page.getByText(words).waitFor();
      const count = await jit.countOf(name);
      assert.ok(count > 0);
      await until(() => jit.rowCount(), count);
    }
    await until(() => new URL(jit.page.url()).searchParams.get('tab'), 'unsupported');
    await until(heads, ['Virtual machine', 'Reason', 'Resource group', 'Region', 'Reachable now']);
    await jit.rows.filter({ hasText: /Missing network security group|Classic VM/ }).first().waitFor();
  });

  test(`a search narrows all tabs, is in the address, and tells how many are left (${backend})`, async () => {
    const jit = await open(backend);
    const all = await jit.countOf('Configured');
    await jit.search.fill('JUMP');
    await until(async () => (await jit.countOf('Configured')) < all, true);
    await until(() => new URL(jit.page.url()).searchParams.get('q'), 'JUMP');
    const [few, shown] = [await jit.countOf('Configured'), await jit.names()];
    assert.ok(shown.length > 0 && shown.every(name => name.includes('jump')), `${shown}`);
    await jit.status(`${few} machines match`).waitFor();
    await jit.page.reload();
    await jit.ready();
    assert.equal(await jit.search.inputValue(), 'JUMP');
    await until(() => jit.rowCount(), few);
    await jit.search.fill('no such machine');
    await jit.page.getByText('No machine matches').waitFor();
    await jit.clear.click();
    await until(() => jit.countOf('Configured'), all);
    assert.equal(await jit.search.inputValue(), '');
  });

  test(`filters take several values, show them as chips, and give them back (${backend})`, async () => {
    const jit = await open(backend);
    const all = await jit.rowCount();
    await jit.filter('Region').click();
    const boxes = jit.page.getByRole('group', { name: 'Region' }).getByRole('checkbox');
    await boxes.first().check();
    await until(async () => (await jit.rowCount()) < all, true);
    const one = await jit.rowCount();
    await boxes.nth(1).check();
    await until(async () => (await jit.rowCount()) > one, true);
    await jit.page.keyboard.press('Escape');
    const chips = jit.chips.getByRole('button');
    await until(() => chips.count(), 2);
    await jit.page.reload();
    await jit.ready();
    await until(() => chips.count(), 2);
    await chips.nth(1).click();
    await until(() => jit.rowCount(), one);
    await jit.clear.click();
    await until(() => jit.rowCount(), all);
  });

  test(`every column sorts, and says so (${backend})`, async () => {
    const jit = await open(backend);
    const heads = await jit.table.getByRole('columnheader').getByRole('button').allTextContents();
    for (const name of heads) {
      const button = jit.head(name).getByRole('button');
      if (name !== heads[0]) await button.click();
      await until(() => jit.head(name).getAttribute('aria-sort'), 'ascending');
      await button.click();
      await until(() => jit.head(name).getAttribute('aria-sort'), 'descending');
      await until(() => jit.table.locator('[aria-sort]').count(), 1);
    }
    const counts = async () => {
      const texts = await jit.rows.locator('[data-column=requests]').allTextContents();
      return texts.map(Number);
    };
    await jit.head('Approved requests').getByRole('button').click();
    await until(async () => (await counts()).every((count, at, all) => at === 0 || all[at - 1] <= count), true);
    await jit.head('Approved requests').getByRole('button').click();
    await until(async () => (await counts()).every((count, at, all) => at === 0 || all[at - 1] >= count), true);
    assert.ok((await counts())[0] > 0);
  });

  test(`a selection survives filters and a refresh, and enables the commands (${backend})`, async () => {
    const jit = await open(backend);
    const request = jit.command('Request access');
    assert.ok(await request.isDisabled());
    const names = await jit.names();
    await jit.row(names[1]).getByRole('checkbox').check();
    await jit.row(names[4]).getByRole('checkbox').click({ modifiers: ['Shift'] });
    await jit.status('4 selected').waitFor();
    assert.ok(await request.isEnabled());
    await jit.search.fill('no such machine');
    await jit.status('4 selected (4 not shown)').waitFor();
    await jit.search.fill(names[2]);
    await until(() => jit.row(names[2]).getByRole('checkbox').isChecked(), true);
    await jit.search.fill('');
    await jit.command('Refresh').click();
    await jit.status(/^\d+ machines, 4 selected$/).waitFor();
    await until(() => jit.row(names[4]).getByRole('checkbox').isChecked(), true);
    const count = await jit.rowCount();
    await jit.all.click();
    await jit.status(`${count} selected`).waitFor();
    await jit.page.getByRole('button', { name: 'Clear selection' }).click();
    await until(() => request.isDisabled(), true);
  });

  test(`the numbers above the tabs lead to the machines behind them (${backend})`, async () => {
    const jit = await open(backend);
    const figure = jit.figure('Exposed in spite of JIT');
    const count = Number((await figure.textContent()).match(/^[\d,]+/)[0]);
    assert.ok(count > 0);
    await figure.click();
    await until(() => jit.countOf('Configured'), count);
    await until(async () => (await jit.rows.getByRole('button', { name: 'Exposed' }).count()) === (await jit.rows.count()), true);
    const badge = jit.rows.first().getByRole('button', { name: 'Exposed' });
    await badge.click();
    await jit.page.getByRole('dialog', { name: /^What reaches/ }).getByText(/^Port \d+ \(\w+\) is protected, and reached all the same/).first().waitFor();
    await axe(jit.page, 'why a machine is exposed');
    await jit.page.keyboard.press('Escape');
    await until(() => badge.evaluate(it => it === document.activeElement), true);
  });

  test(`a row's menu opens from its button, the mouse and the keyboard (${backend})`, async () => {
    const jit = await open(backend);
    const [name, second] = await jit.names();
    const more = jit.row(name).getByRole('button', { name: `More for ${name}` });
    await more.click();
    const items = jit.more.getByRole('menuitem');
    await until(() => items.allTextContents(), ['Request access', 'Properties', 'Activity Log', 'Edit', 'Remove']);
    assert.match(await jit.item('Activity Log').getAttribute('href'), /^\/activity\?machine=\S+$/);
    await until(() => items.first().evaluate(it => it === document.activeElement), true);
    await jit.page.keyboard.press('ArrowUp');
    await until(() => items.last().evaluate(it => it === document.activeElement), true);
    await axe(jit.page, "a row's menu");
    await jit.page.keyboard.press('Escape');
    await until(() => more.evaluate(it => it === document.activeElement), true);
    await jit.row(second).click({ button: 'right', position: { x: 400, y: 8 } });
    await until(() => jit.more.getAttribute('aria-label'), second);
    await jit.page.keyboard.press('Escape');
    await jit.page.keyboard.press('Shift+F10');
    await until(() => jit.more.isVisible(), true);
    await jit.item('Properties').click();
    await jit.panel.filter({ hasText: 'Properties' }).waitFor();
  });

  test(`the keyboard walks through the table (${backend})`, async () => {
    const jit = await open(backend);
    const names = await jit.names();
    const focused = () => jit.page.evaluate(() => document.activeElement.textContent);
    const place = () =>
      jit.page.evaluate(() => Number(document.activeElement.closest('[role=row]')?.getAttribute('aria-rowindex')) - 2);
    await jit.row(names[0]).getByRole('link').focus();
    await jit.page.keyboard.press('ArrowDown');
    await until(focused, names[1]);
    await jit.page.keyboard.press('PageDown');
    await until(async () => (await place()) > 4, true);
    await jit.page.keyboard.press('Control+End');
    await until(place, (await jit.rowCount()) - 1);
    await until(() => jit.page.evaluate(() => document.activeElement.getBoundingClientRect().bottom <= innerHeight), true);
    await jit.page.keyboard.press('Home');
    await jit.page.keyboard.press('Space');
    await jit.status('1 selected').waitFor();
    await jit.page.keyboard.press('Control+Home');
    await until(place, 0);
    // Below the bars that stay at the top.
    await until(() => jit.page.evaluate(() => document.activeElement.getBoundingClientRect().top > 80), true);
    const stops = await jit.page.evaluate(() => document.querySelectorAll('tbody [tabindex="0"]').length);
    assert.equal(stops, 1, 'one stop of the Tab key');
  });

  test(`focus and scroll stay where they are when the machines come anew (${backend})`, async () => {
    const jit = await open(backend);
    await jit.row((await jit.names())[0]).getByRole('link').focus();
    for (let times = 0; times < 3; times++) await jit.page.keyboard.press('PageDown');
    const [before, name] = await jit.page.evaluate(() => [scrollY, document.activeElement.textContent]);
    assert.ok(before > 0);
    await jit.page.evaluate(() => [...document.querySelectorAll('button')].find(it => it.textContent === 'Refresh').click());
    await jit.status(/^\d+ machines$/).waitFor();
    await until(() => jit.page.evaluate(() => [scrollY, document.activeElement.textContent]), [before, name]);
  });

  test(`rows are chosen and have their menu with the mouse in every size (${backend})`, async () => {
    for (const width of [360, 640, 1000, 1280]) {
      const jit = await open(backend, '/?q=orders-pg-psa', { viewport: { width, height: 700 } });
      const name = (await jit.names())[0];
      await jit.row(name).getByRole('checkbox').check();
      await jit.status('1 selected').waitFor();
      await jit.row(name).getByRole('button', { name: `More for ${name}` }).click();
      await jit.item('Properties').waitFor();
      await jit.page.context().close();
    }
  });

  test(`what can be reached is told by its ports, and the Internet only where it can (${backend})`, async () => {
    const jit = await open(backend, '/?tab=notConfigured&q=build-swe-05');
    const cell = name => jit.row(name).locator('[data-column="reachable"] .visually-hidden').textContent();
    const shown = name => jit.row(name).locator('[data-column="reachable"] [aria-hidden="true"]:not(svg)').textContent();
    assert.equal(await cell('build-swe-05'), '22 from 10.0.0.0/16 and 1 more; 3389, 5985, 5986 from 10.0.0.0/16');
    assert.equal(await shown('build-swe-05'), '22 from 10.0.0.0/16 and 1 more; also 3389, 5985, 5986');
    await jit.search.fill('pay-app-pwe-01');
    await jit.row('pay-app-pwe-01').waitFor();
    assert.match(await cell('pay-app-pwe-01'), /^3389 from the Internet; 22, 5985, 5986 from 10\.0\.0\.0\/16/);
    await jit.tab(/^Unsupported/).click();
    await jit.search.fill('customs-01');
    await jit.row('customs-01').waitFor();
    assert.equal(await shown('customs-01'), '22, 3389, 5985, 5986 from the Internet');
  });

  test(`the ports that are open or reached can be read at every width (${backend})`, async () => {
    const jit = await open(backend, '/?show=open');
    for (const [path, column] of [
      ['/?show=open', 'connection'],
      ['/?tab=notConfigured', 'reachable'],
      ['/?tab=unsupported', 'reachable'],
    ]) {
      await jit.page.goto(new URL(path, jit.page.url()).href);
      await jit.ready();
      for (const width of [360, 640, 1000, 1180, 1280]) {
        await jit.page.setViewportSize({ width, height: 900 });
        const texts = jit.table.locator(`td[data-column="${column}"] [aria-hidden="true"]:not(svg)`);
        await texts.first().waitFor();
        const cut = await texts.evaluateAll(all => all.map(text => {
          // Up to the last port.
          const [box, row] = [text.parentElement, text.closest('[role=row]')].map(it => it.getBoundingClientRect());
          const range = document.createRange();
          range.selectNodeContents(text.querySelector('bdi') ? text.firstChild : text);
          const { right, bottom } = range.getBoundingClientRect();
          return [text.textContent, right > box.right + 1 || bottom > box.bottom + 1 || box.bottom > row.bottom];
        }));
        assert.ok(cut.length > 0);
        assert.deepEqual(cut.filter(([, is]) => is), [], `${path} at ${width}`);
      }
      await jit.page.setViewportSize({ width: 1280, height: 900 });
    }
  });

  test(`nothing for axe to find in any tab, and no sideways scroll (${backend})`, async () => {
    const jit = await open(backend);
    for (const path of ['/', '/?tab=notConfigured', '/?tab=unsupported', '/?show=open']) {
      await jit.page.goto(new URL(path, jit.page.url()).href);
      await jit.ready();
      await inEverySize(jit.page, path);
    }
  });
}

test('why a machine is unsupported can be read in full, whatever the width', async () => {
  const jit = await open('server', '/?tab=unsupported');
  for (const width of [360, 480, 640, 900, 1280]) {
    await jit.page.setViewportSize({ width, height: 800 });
    const seen = new Map();
    // Only the rows in sight are there.
    for (const end of [0, 0.5, 1]) {
      await jit.page.evaluate(end => scrollTo(0, end * document.body.scrollHeight), end);
      await jit.rows.first().waitFor();
      const cut = await jit.table.locator('td[data-column="reason"] .jit-words').evaluateAll(all =>
        all.map(words => {
          const [own, row] = [words, words.closest('[role=row]')].map(element => element.getBoundingClientRect());
          return [words.textContent, words.scrollHeight > words.clientHeight || own.bottom > row.bottom];
        }),
      );
      cut.forEach(([words, is]) => seen.set(words, is));
    }
    assert.ok(seen.size >= 2, `${width}: ${[...seen.keys()]}`);
    assert.deepEqual([...seen].filter(([, is]) => is), [], `${width}`);
  }
});
