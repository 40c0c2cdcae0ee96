// The static copy without a network, after the first visit; and what becomes of it when the site gets a newer version, or
// half of one.
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Jit } from './pages/jit.mjs';
import { Machines, openMachine } from './pages/machines.mjs';
import { Settings } from './pages/settings.mjs';
import { Workbench } from './pages/workbench.mjs';
import { heading } from './support/heading.mjs';
import { usePortal } from './support/portal.mjs';
import { FOLDER, startSite } from './support/site.mjs';
import { until } from './support/until.mjs';

const GROUP = '/subscriptions/20ff7fc3-e762-44dd-bd96-b71116dcdc23/resourceGroups/g1/providers';

const folders = [];
after(() => Promise.all(folders.map(folder => rm(folder, { recursive: true, force: true }))));

/** A site of a test's own, which can go away, come back, and change. */
async function site() {
  const folder = await mkdtemp(join(tmpdir(), 'jitgate-site-'));
  folders.push(folder);
  await cp(FOLDER, folder, { recursive: true });
  let running = await startSite(folder);
  const { url, port } = running;
  const [version] = await readdir(join(folder, 'static'));
  const edit = async (name, change) => writeFile(join(folder, name), change(await readFile(join(folder, name), 'utf8')));
  return {
    url,
    version,
    folder,
    edit,
    stop: () => running.stop(),
    start: async () => (running = await startSite(folder, port)),
    /** A newer version takes the place of this one, whose files are gone. */
    renew: async next => {
      await rename(join(folder, 'static', version), join(folder, 'static', next));
      for (const name of ['index.html', 'sw.js']) await edit(name, text => text.replaceAll(version, next));
      await edit('index.html', text => text.replace('<head>', '<head><meta name="tests-version" content="next">'));
    },
  };
}

let own;
const portal = usePortal({ site: () => own });

/** A page over the demo fleet that has what it needs without a network. */
async function visited() {
  own = await site();
  const page = await portal.page('/');
  await new Settings(page).start();
  await controlled(page);
  return page;
}

const at = (page, path) => page.goto(new URL(path, page.url()).href);
const controlled = page => page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
const caches = page => page.evaluate(() => globalThis.caches.keys());
/** The version whose files a page has loaded: one, and no other. */
async function versions(page) {
  const names = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname));
  return [...new Set(names.filter(name => name.startsWith('/static/')).map(name => name.split('/')[2]))];
}

test('every page works without a network after the first visit', async () => {
  const page = await visited();
  await own.stop();
  await page.reload();
  const jit = await new Jit(page).ready();
  assert.ok((await jit.rowCount()) > 50);
  await at(page, '/machines');
  await new Machines(page).rows.first().waitFor();
  const machine = await openMachine(page, 'dc-swe-02');
  for (const name of ['Configuration', 'Connect', 'Exposure']) await machine.go(name);
  await page.reload();
  await page.getByRole('region', { name: 'Exposure', exact: true }).waitFor();
  for (const [path, name] of [
    ['/requests', 'Requests'],
    ['/activity', 'Activity log'],
    ['/rules', 'Rules'],
    ['/rules/JIT201', /JIT201/],
    ['/rules/JIT741', /JIT741/],
    ['/settings', 'Settings'],
    ['/nowhere', 'Page not found'],
    ['/workbench', 'Workbench'],
  ]) {
    await at(page, path);
    await heading(page, name).waitFor();
  }
  // The rules' pages have their text, and the workbench decides and previews.
  await at(page, '/rules/JIT201');
  await page.getByRole('heading', { name: 'Why' }).waitFor();
  await at(page, '/workbench');
  const workbench = await new Workbench(page).ready();
  await workbench.decisionJson();
  await workbench.openSample('Exported from Azure');
  await workbench.bars.first().waitFor();
  // What is done is kept; and the demo fleet is at hand, too, for who begins anew.
  await at(page, '/settings');
  const settings = new Settings(page);
  const records = await settings.records();
  const vms = [{ id: `${GROUP}/Microsoft.Compute/virtualMachines/vm1`, name: 'vm1', properties: {} }];
  const buffer = Buffer.from(JSON.stringify(vms));
  await settings.ownExports.setInputFiles({ name: 'vms.json', mimeType: 'application/json', buffer });
  await until(() => settings.records(), records + 1);
  await page.reload();
  assert.equal(await settings.records(), records + 1);
  await settings.beginAnew();
  await at(page, '/');
  await settings.start();
  await new Jit(page).ready();
});

test('a newer version is there at the next visit, whole, and the older one goes', async () => {
  const page = await visited();
  const before = own.version;
  assert.deepEqual(await versions(page), [before]);
  assert.deepEqual(await caches(page), [`jitgate-${before}`]);
  const records = await (async () => (await at(page, '/settings'), new Settings(page).records()))();

  await own.renew('f00dfeedf00dfeed');
  // While the old page is open, it has its own files, though the site has them no more.
  await page.getByRole('link', { name: 'Rules', exact: true }).first().click();
  await heading(page, 'Rules').waitFor();
  await at(page, '/settings');
  assert.equal(await new Settings(page).records(), records);
  assert.equal(await page.locator('meta[name=tests-version]').count(), 1);
  assert.deepEqual(await versions(page), ['f00dfeedf00dfeed']);
  await until(async () => (await caches(page)).includes('jitgate-f00dfeedf00dfeed'), true);
  // Once no page of the old version is left, its files go.
  const context = page.context();
  const next = await portal.page('/rules', { context });
  await page.close();
  // Chromium forgets a page that was left a while later: until then a visit still counts as one of the old version.
  const visit = async () => {
    await next.goto('about:blank');
    await next.goto(new URL('/rules', own.url).href);
    await controlled(next);
    return caches(next);
  };
  await until(visit, ['jitgate-f00dfeedf00dfeed']);
  await own.stop();
  await at(next, '/settings');
  assert.equal(await new Settings(next).records(), records);
  assert.deepEqual(await versions(next), ['f00dfeedf00dfeed']);
});

test('half of a newer version leaves the older one as it is', async () => {
  const page = await visited();
  const before = own.version;
  // The page and the worker are the newer ones, but a file of theirs is missing: an upload that broke off.
  await own.renew('badbadbadbadbad1');
  await rm(join(own.folder, 'static', 'badbadbadbadbad1', 'demo.json'));
  await at(page, '/settings');
  await heading(page, 'Settings').waitFor();
  await page.evaluate(() => navigator.serviceWorker.getRegistration().then(own => own.update()).catch(() => {}));
  await until(() => page.evaluate(() => navigator.serviceWorker.getRegistration().then(own => own.installing === null && own.waiting === null)), true);
  await own.stop();
  await at(page, '/settings');
  const records = await new Settings(page).records();
  assert.ok(records > 0);
  assert.equal(await page.locator('meta[name=tests-version]').count(), 0);
  assert.deepEqual(await versions(page), [before]);
  await at(page, '/');
  await new Jit(page).ready();
});

test('while the site answers with faults of its own, the portal goes on with what it has', async () => {
  const page = await visited();
  await own.stop();
  const ill = createServer((_, response) => response.writeHead(502).end('Bad gateway'));
  await new Promise(listening => ill.listen(new URL(own.url).port, '127.0.0.1', listening));
  after(() => ill.close());
  await at(page, '/settings');
  assert.ok((await new Settings(page).records()) > 0);
});
