// Waits for a page to become what a test wants.
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { patience } from './jitter.mjs';

/**
 * Asks again and again until the answer is the expected one; after ten seconds, or more where answers are late, the
 * difference is the failure.
 */
export async function until(ask, expected) {
  const end = Date.now() + patience(10_000);
  while (Date.now() < end) {
    try {
      assert.deepEqual(await ask(), expected);
      return;
    } catch {
      await setTimeout(50);
    }
  }
  assert.deepEqual(await ask(), expected);
}

/** Until the page has drawn what it was about to draw. */
export const drawn = page => page.evaluate(() => new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn))));
