// Accessibility: axe-core's verdict on a page as it stands.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails unless axe finds nothing at all on the page as it stands, best practices included. */
export async function axe(page, state) {
  // Evaluated by the debugger, and so not subject to the page's content security policy; once for a page.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const found = violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map(node => node.target.join(' ')) }));
  assert.deepEqual(found, [], `axe found faults: ${state}`);
}
