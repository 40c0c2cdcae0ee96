// One Chromium for each test file, and pages that fail their test on anything a user should never meet: an error on
// the console, an exception, a breach of the content security policy, a request that fails or leaves the portal.
import assert from 'node:assert/strict';
import { after, afterEach } from 'node:test';
import { chromium } from 'playwright-core';
import { Settings } from '../pages/settings.mjs';
import { archiveOf } from './archive.mjs';
import { serverWith } from './imported.mjs';
import { patience, shake } from './jitter.mjs';
import { startServer } from './server.mjs';
import { startSite } from './site.mjs';

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

/** Where the portal finds its data: every flow is to work with either. */
export const backends = ['server', 'browser'];

/** Pages that show data: they ask a browser that has none where to begin. */
const WITH_DATA = /^\/($|machines|requests|activity)/;

/**
 * To be called once at the top of a test file. The result opens pages:
 * `page('/rules', { colorScheme: 'dark' })` gives Playwright's page at that address, in a browser context of its own.
 * With `backend: 'server'` the page comes from a server that all tests of the file share, with its owner signed in;
 * with `backend: 'browser'` from a static copy whose browser has the made-up fleet, and otherwise from one that has no
 * data. `data` are files and policies that both have in place of it. `context` puts it into a browser context that is
 * there already, with the data that it has. `expected` are the faults that a test brings about. `args` are the server's
 * own; `start` starts another one, and `site` gives a static copy of a test's own.
 */
export function usePortal({ args, data, site, start = () => (data ? serverWith(data) : startServer(args)) } = {}) {
  let browser;
  let open = [];
  const started = {};
  let archive;

  after(async () => {
    await (await browser)?.close();
    // One that could not be started has failed its tests already; the others must not keep this process alive.
    await Promise.all(Object.values(started).map(one => one.then(it => it.stop(), () => {})));
  });
  afterEach(async () => {
    const done = open;
    open = [];
    for (const context of new Set(done.map(({ context }) => context))) {
      // An answer that is being made when a test ends is for nobody.
      const routed = [...context.pages(), context];
      await Promise.all(routed.map(one => one.unrouteAll({ behavior: 'ignoreErrors' }).catch(() => {})));
      await context.close();
    }
    const unexpected = ({ faults, expected }) => faults.filter(fault => !expected?.test(fault));
    const faults = done.flatMap(unexpected);
    // A test that failed already shows only its own failure: these are likely its cause.
    if (faults.length > 0) console.error(faults.join('\n'));
    assert.deepEqual(faults, [], 'the page did what no page may do');
  });

  const begin = async () => {
    const server = await start();
    // As it begins, whatever tests do to it later.
    if (data) archive = await archiveOf(server, data.files);
    return server;
  };
  const launched = () =>
    (browser ??= chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS }));

  /** Where a backend's pages are, once it is there: `{ url, token? }`. */
  const at = backend => {
    if (backend !== 'server' && site) return site();
    return (started[backend] ??= backend === 'server' ? begin() : startSite());
  };

  return {
    at,
    /** A browser context of a test's own, for pages that are opened in it. */
    async context(options = {}) {
      const context = await (await launched()).newContext({ reducedMotion: 'reduce', ...options });
      await shake(context);
      return context;
    },
    /** One whose time goes on as a test says. */
    async timed(options) {
      const context = await this.context(options);
      await context.clock.install();
      return context;
    },
    /** One whose pages hear no news: they load everything once, and then what they have changed themselves. */
    async deaf() {
      const context = await this.context();
      await context.route(/\/events\b/, () => {});
      return context;
    },
    async page(path = '/', { backend, context: shared, signedIn = true, expected, ...options } = {}) {
      const { url, token } = await at(backend ?? 'browser');
      const context = shared ?? (await this.context(options));
      if (token !== undefined && signedIn) await context.addInitScript(signIn, token);
      const page = await context.newPage();
      page.setDefaultTimeout(patience(20_000));
      open.push({ context, faults: watch(page, url), expected });
      // A browser begins empty, and gets its data where a test is about them.
      const { href, pathname } = new URL(path, url);
      if (backend === 'browser' && shared === undefined) {
        const asks = WITH_DATA.test(pathname);
        await page.goto(asks ? href : url);
        if (data) await at('server');
        await (data ? new Settings(page).startWith(archive) : new Settings(page).start());
        if (asks) return page;
      }
      await page.goto(href);
      return page;
    },
  };
}

/** What the portal itself keeps when somebody has signed in; only once, so that a sign-out stays one. */
function signIn(token) {
  if (sessionStorage.getItem('tests-signed-in') === null) {
    sessionStorage.setItem('tests-signed-in', 'yes');
    sessionStorage.setItem('jitgate-token', token);
  }
}

/** Answers of the API may be refusals: the page's text tells them. */
function isApi(url) {
  return /^\/(subscriptions|me|events|records)(\/|\?|$)/.test(new URL(url).pathname + new URL(url).search);
}

/** Collects what a page does wrong. */
function watch(page, url) {
  const faults = [];
  page.on('console', message => {
    const refusal = /status of 4\d\d/.test(message.text()) && isApi(message.location().url);
    if ((message.type() === 'error' || message.type() === 'warning') && !refusal) faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', error => faults.push(`exception: ${error.stack ?? error}`));
  page.on('requestfailed', request => {
    // A reload breaks off what is still on its way: that is the browser's doing, and the page asks again.
    const error = request.failure()?.errorText;
    if (error !== 'net::ERR_ABORTED') faults.push(`failed: ${request.url()} ${error}`);
  });
  page.on('response', response => {
    if (response.status() >= (isApi(response.url()) ? 500 : 400)) faults.push(`${response.status()}: ${response.url()}`);
  });
  page.on('request', request => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'blob:' && protocol !== 'data:' && origin !== new URL(url).origin) {
      faults.push(`left the portal: ${request.url()}`);
    }
  });
  return faults;
}
