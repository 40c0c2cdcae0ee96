// One Chromium for each test file, and pages that fail their test on anything a user should never meet: an error on
// the console, an exception, a breach of the content security policy, a request that fails or leaves the portal.
import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import { chromium } from 'playwright-core';

/** How Chromium is started: as root in a container, without a graphics card, and without calls home. */
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where the portal is served. */
export const portalUrl = process.env.PORTAL_URL ?? 'http://127.0.0.1:7080';

/**
 * To be called once at the top of a test file. The result opens pages:
 * `page('/rules', { colorScheme: 'dark' })` gives Playwright's page at that address, in a browser context of its own.
 */
export function usePortal() {
  let browser;
  let open = [];

  before(async () => {
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
  });
  after(() => browser?.close());
  afterEach(async () => {
    const done = open;
    open = [];
    for (const { context } of done) await context.close();
    const faults = done.flatMap(({ faults }) => faults);
    // A test that failed already shows only its own failure: these are likely its cause.
    if (faults.length > 0) console.error(faults.join('\n'));
    assert.deepEqual(faults, [], 'the page did what no page may do');
  });

  return {
    async page(path = '/', options = {}) {
      const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      open.push({ context, faults: watch(page) });
      await page.goto(new URL(path, portalUrl).href);
      return page;
    },
  };
}

/** Collects what a page does wrong. */
function watch(page) {
  const faults = [];
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', error => faults.push(`exception: ${error.stack ?? error}`));
  page.on('requestfailed', request => {
    // A reload breaks off what is still on its way: that is the browser's doing, and the page asks again.
    const error = request.failure()?.errorText;
    if (error !== 'net::ERR_ABORTED') faults.push(`failed: ${request.url()} ${error}`);
  });
  page.on('response', response => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
  });
  page.on('request', request => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'blob:' && protocol !== 'data:' && origin !== new URL(portalUrl).origin) {
      faults.push(`left the portal: ${request.url()}`);
    }
  });
  return faults;
}
