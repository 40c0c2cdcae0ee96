// Accessibility: axe-core's verdict on a page as it stands.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The rules whose verdict hangs on colours: the rest says the same of a page in any theme. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** Fails unless axe finds nothing at all on the page as it stands, best practices included. */
export async function axe(page, state, options = {}) {
  // Evaluated by the debugger, and so not subject to the page's content security policy; once for a page.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source);
  const run = options => globalThis.axe.run({ ...options, resultTypes: ['violations'] });
  const { violations } = await page.evaluate(run, options);
  const found = violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map(node => node.target.join(' ')) }));
  assert.deepEqual(found, [], `axe found faults: ${state}`);
}

/** The same in both themes. The page is the same in each but for its colours, and so only those are judged again. */
export async function axeInThemes(page, state) {
  await page.emulateMedia({ colorScheme: 'light' });
  await axe(page, `${state}, light`);
  await page.emulateMedia({ colorScheme: 'dark' });
  await axe(page, `${state}, dark`, { runOnly: COLOURS });
  await page.emulateMedia({ colorScheme: 'light' });
}

/** What pages are looked at in: a desk, a phone, and a desk whose page is twice the size. */
const SIZES = [
  { width: 1280, height: 900 },
  { width: 360, height: 780 },
  { width: 640, height: 450 },
];

/** In every size and theme: nothing for axe to find, and nothing that makes the page scroll sideways. */
export async function inEverySize(page, state) {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    // What follows the size is drawn with the next frame.
    await page.evaluate(() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    await axeInThemes(page, `${state}, ${size.width}`);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${state}: ${over} pixels wider than ${size.width}`);
  }
}
