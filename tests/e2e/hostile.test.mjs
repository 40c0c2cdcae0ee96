// Names that are markup, that turn the direction of text, that never end: shown as they are, and doing nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Jit } from './pages/jit.mjs';
import { axe } from './support/axe.mjs';
import { NAMES, LONG, hostile } from './support/hostile.mjs';
import { backends, usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

/** What nobody sees is shown by signs that everybody does. */
const UNSEEN = '\u200b\u200d\ufeff';
const shownAs = name => (name === UNSEEN ? '\ufffd'.repeat(3) : name);

const portal = usePortal({ data: hostile() });

async function harmless(page) {
  assert.equal(await page.evaluate(() => globalThis.hacked), undefined, 'a name was run');
  assert.equal(await page.locator('main img, main script, main b').count(), 0, 'a name became markup');
}

const screens = [
  [{ width: 1280, height: 1400 }, 'light'],
  [{ width: 360, height: 780 }, 'dark'],
];
for (const [backend, [viewport, colorScheme]] of backends.flatMap(backend => screens.map(screen => [backend, screen]))) {
  test(`hostile names at ${viewport.width} pixels (${backend})`, async () => {
    const page = await portal.page('/', { backend, viewport, colorScheme });
    const jit = await new Jit(page).ready();
    for (const tab of ['Configured', 'Not configured']) {
      await jit.tab(new RegExp(`^${tab}`)).click();
      await until(() => jit.rowCount(), NAMES.length);
      assert.equal(await jit.isTooWide(), false, `${tab} is too wide`);
      for (const name of NAMES.map(shownAs)) {
        await jit.search.fill(name.replaceAll(/\s+/g, ' ').slice(0, 40));
        const shown = async () => (await jit.names()).includes(name);
        await until(shown, true);
      }
      await jit.search.fill('');
      await until(() => jit.rowCount(), NAMES.length);
      await axe(page, tab);
      await harmless(page);
    }
    await jit.search.fill(LONG);
    await until(() => jit.rowCount(), 1);
    await jit.rows.first().getByRole('checkbox').check();
    await jit.rows.first().getByRole('button', { name: /^More for/ }).click();
    await jit.more.waitFor();
    assert.equal(await jit.isTooWide(), false, 'a menu is too wide');
    await page.keyboard.press('Escape');
    await harmless(page);
  });
}
