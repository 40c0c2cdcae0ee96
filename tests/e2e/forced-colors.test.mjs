// Forced colours: whoever has the browser draw in a few colours of their own still sees what is chosen, on, and focused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Jit } from './pages/jit.mjs';
import { openMachine } from './pages/machines.mjs';
import { Machines } from './pages/panels.mjs';
import { axe } from './support/axe.mjs';
import { heading } from './support/heading.mjs';
import { usePortal } from './support/portal.mjs';

const portal = usePortal();
const forced = { forcedColors: 'active', backend: 'server' };

/** Two elements of a size look different, though they may say the same. */
async function differ(one, other, what) {
  const marks = locator =>
    locator.evaluate(element => {
      const of = pseudo => {
        const { borderBottomColor, outlineStyle, outlineColor, backgroundColor, transform } = getComputedStyle(element, pseudo);
        return [borderBottomColor, outlineStyle === 'none' ? '' : outlineColor, backgroundColor, transform];
      };
      return JSON.stringify([of(null), of('::before')]);
    });
  const [a, b] = [await marks(one), await marks(other)];
  assert.notEqual(a, b, `${what}: nothing but a word tells them apart`);
}

for (const colorScheme of ['light', 'dark']) {
  test(`the pages, ${colorScheme}`, async () => {
    const page = await portal.page('/?tab=configured', { ...forced, colorScheme });
    const jit = await new Jit(page).ready();
    await differ(jit.tab(/^Configured/), jit.tab(/^Not configured/), 'tabs');
    await differ(jit.link('Just-in-time VM access'), jit.link('Requests'), 'pages');
    await differ(page.getByTitle('System theme'), page.getByTitle('Light theme'), 'themes');
    await axe(page, `Just-in-time VM access, ${colorScheme}`);
    await page.goto(new URL('/machines', page.url()).href);
    const machine = await openMachine(page, 'old-fax-psa-01');
    await machine.go('Exposure');
    await differ(machine.section('Exposure'), machine.section('Connect'), 'sections');
    await axe(page, `a machine, ${colorScheme}`);
    await page.goto(new URL('/requests', page.url()).href);
    await page.locator('.lane-bar[data-state="Live"]').first().waitFor();
    const looks = await page.locator('.lane-bar').evaluateAll(bars =>
      bars.map(bar => {
        const { fill, stroke } = getComputedStyle(bar);
        // Bars that overlap have an edge between them.
        if (fill === stroke) throw new Error(`${bar.dataset.state} has no edge`);
        return [bar.dataset.state, `${fill} ${stroke}`];
      }),
    );
    const states = new Map(looks);
    assert.ok(states.size > 1, [...states.keys()].join());
    assert.ok([...states].every(([state, look]) => state === 'Live' || look !== states.get('Live')), JSON.stringify([...states]));
    for (const path of ['/requests', '/activity', '/workbench', '/rules', '/settings']) {
      await page.goto(new URL(path, page.url()).href);
      await heading(page).waitFor();
      await axe(page, `${path}, ${colorScheme}`);
    }
  });

  test(`a panel, ${colorScheme}`, async () => {
    const name = 'orders-pg-psa-01';
    const page = await portal.page('/', { ...forced, colorScheme });
    const panel = await (await new Machines(page).show('configured', name)).menu(name, 'Request access');
    const box = panel.machine(name).toggle('22 SSH');
    const picture = async on => {
      await box.setChecked(on);
      await panel.justification.focus();
      return (await box.screenshot()).toString('base64');
    };
    assert.notEqual(await picture(true), await picture(false), 'a switch looks the same on and off');
    await box.focus();
    await page.keyboard.press('Tab');
    // Whatever has the focus has a ring, until the browser's own controls have it.
    const ring = () => page.evaluate(() => document.activeElement !== document.body && getComputedStyle(document.activeElement).outlineStyle);
    const rings = [];
    for (let step = 0; step < 12; step++) {
      rings.push(await ring());
      await page.keyboard.press('Tab');
    }
    const own = rings.filter(style => style !== false);
    assert.ok(own.length > 5 && own.every(style => style === 'solid'), rings.join());
    await axe(page, `a panel, ${colorScheme}`);
  });
}
