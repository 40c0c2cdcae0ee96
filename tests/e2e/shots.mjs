// Pictures of every page in both themes and on a narrow screen: `PORTAL_URL=… node tests/e2e/shots.mjs [NAME…]`.
// They go to `shots/` beside this file; `--readme` also renews `docs/workbench.png`.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { heading } from './support/heading.mjs';
import { FLAGS } from './support/portal.mjs';

const portalUrl = process.env.PORTAL_URL ?? 'http://127.0.0.1:7080';
const folder = fileURLToPath(new URL('shots/', import.meta.url));
const picture = fileURLToPath(new URL('../../docs/workbench.png', import.meta.url));
const wide = { width: 1440, height: 1000 };
const narrow = { width: 360, height: 780 };

/** Name, path, and what to do before the picture is taken. */
const scenes = [
  ['workbench', '/workbench', async () => {}],
  [
    'granted',
    '/workbench',
    async page => {
      await page.getByRole('button', { name: /^Apply \d+ safe fix/ }).first().click();
      await page.getByRole('button', { name: 'Use this request' }).click();
    },
  ],
  ['preview', '/workbench', page => page.getByRole('heading', { name: 'Network' }).evaluate(it => it.scrollIntoView())],
  [
    'timeline',
    '/workbench',
    async page => {
      await page.getByRole('button', { name: 'Samples' }).click();
      await page.getByRole('button', { name: 'Exported from Azure' }).click();
      await page.getByRole('heading', { name: 'Timeline' }).scrollIntoViewIfNeeded();
    },
  ],
  ['samples', '/workbench', page => page.getByRole('button', { name: 'Samples' }).click()],
  ['rules', '/rules', async () => {}],
  ['rule', '/rules/JIT201', async () => {}],
  ['missing', '/nowhere', async () => {}],
];

const [readme, names] = [process.argv.includes('--readme'), process.argv.slice(2).filter(it => !it.startsWith('-'))];
await mkdir(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
for (const [name, path, prepare] of scenes.filter(([name]) => names.length === 0 || names.includes(name))) {
  for (const [suffix, options] of [
    ['light', { viewport: wide, colorScheme: 'light' }],
    ['dark', { viewport: wide, colorScheme: 'dark' }],
    ['narrow', { viewport: narrow, colorScheme: 'light' }],
  ]) {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    await page.goto(new URL(path, portalUrl).href);
    await heading(page).waitFor();
    await prepare(page);
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${folder}${name}-${suffix}.png`, fullPage: suffix === 'narrow' });
    if (readme && name === 'workbench' && suffix === 'light') await page.screenshot({ path: picture });
    await context.close();
  }
}
await browser.close();
