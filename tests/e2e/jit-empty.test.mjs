// Just-in-time VM access where a tab has no machines: it says why, and what to do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Jit } from './pages/jit.mjs';
import { axe } from './support/axe.mjs';
import { fleet } from './support/fleet.mjs';
import { heading } from './support/heading.mjs';
import { backends, usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

// Nine machines that have an NSG, and no policy.
const portal = usePortal({ data: { files: fleet(9).files, policies: [] } });
// A network without any machine.
const bare = usePortal({ data: { files: fleet(9).files.filter(({ name }) => name === 'nsgs.json'), policies: [] } });

for (const backend of backends) {
  for (const width of [1280, 360]) {
    test(`tabs without machines at ${width} pixels (${backend})`, async () => {
      const page = await portal.page('/', { backend, viewport: { width, height: 780 } });
      const jit = new Jit(page);
      await page.getByText('No machine is configured yet').waitFor();
      await axe(page, 'nothing configured');
      await jit.tab(/^Unsupported/).click();
      await page.getByText('No machine is unsupported').waitFor();
      await jit.tab(/^Configured/).click();
      await page.getByRole('link', { name: 'See machines without JIT' }).click();
      await until(() => jit.rowCount(), 9);
      assert.equal(await jit.isTooWide(), false);
    });
  }

  test(`where nobody has asked for access there is nothing to point at (${backend})`, async () => {
    const page = await portal.page('/requests', { backend });
    await page.getByText('No request is open.', { exact: true }).waitFor();
    await page.getByText('Nothing that is listed below was open in this time.').waitFor();
    assert.equal(await page.getByText('Point at a bar').count(), 0);
    await axe(page, 'no requests at all');
  });

  test(`every page says that there is no machine where there is none (${backend})`, async () => {
    const page = await bare.page('/', { backend });
    for (const path of ['/', '/machines', '/requests', '/activity']) {
      await page.goto(new URL(path, page.url()).href);
      await heading(page).waitFor();
      const words = path === '/activity' ? /^No events$|^\d+ events?/ : 'No virtual machines';
      await page.getByText(words).first().waitFor();
      await axe(page, path);
    }
  });
}
