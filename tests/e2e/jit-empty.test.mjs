// Just-in-time VM access where a tab has no machines: it says why, and what to do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Jit } from './pages/jit.mjs';
import { axe } from './support/axe.mjs';
import { fleet } from './support/fleet.mjs';
import { serverWith } from './support/imported.mjs';
import { usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

// Nine machines that have an NSG, and no policy.
const portal = usePortal({ start: () => serverWith({ files: fleet(9).files, policies: [] }) });

for (const width of [1280, 360]) {
  test(`tabs without machines at ${width} pixels`, async () => {
    const page = await portal.page('/', { backend: 'server', viewport: { width, height: 780 } });
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
