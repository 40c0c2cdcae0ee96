// Documents travel in the address: there and back, too long, damaged.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { Workbench } from './pages/workbench.mjs';
import { heading } from './support/heading.mjs';
import { usePortal } from './support/portal.mjs';
import { link, policy, request } from './support/samples.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();
const clipboard = { permissions: ['clipboard-read', 'clipboard-write'] };

async function copied(workbench) {
  await workbench.copyLink.click();
  await workbench.toast('Link copied').waitFor();
  return workbench.page.evaluate(() => navigator.clipboard.readText());
}

test('a link opens the same documents for somebody else', async () => {
  const here = await new Workbench(await portal.page('/workbench', clipboard)).ready();
  await here.policy.editor.fill(policy({ number: 70000 }));
  await here.request.editor.fill(`${request()}\n// 🦀 "ä"`);
  await here.policy.kind.selectOption('template');
  await here.now.fill('2026-01-15T12:00:00Z');
  await here.caller.fill('10.20.0.7');
  const url = new URL(await copied(here));
  const there = await new Workbench(await portal.page(`/workbench${url.hash}`)).ready();
  assert.equal(await there.policy.text(), await here.policy.text());
  assert.equal(await there.request.text(), await here.request.text());
  assert.equal(await there.policy.kind.inputValue(), 'template');
  assert.equal(await there.now.inputValue(), '2026-01-15T12:00:00Z');
  assert.equal(await there.caller.inputValue(), '10.20.0.7');
});

test('the address follows the documents and survives a reload', async () => {
  const workbench = await new Workbench(await portal.page('/workbench')).ready();
  assert.equal(new URL(workbench.page.url()).hash, '');
  const length = await workbench.page.evaluate(() => history.length);
  await workbench.policy.editor.fill(policy({ number: 3389 }));
  await workbench.page.waitForURL(/#v1=/);
  await workbench.page.reload();
  await workbench.ready();
  assert.equal(await workbench.policy.text(), policy({ number: 3389 }));
  assert.equal(await workbench.page.evaluate(() => history.length), length);
});

test("a server's link signs its user in, and the token leaves the address", async () => {
  const { url, token } = await portal.at('server');
  const page = await portal.page('/rules', { backend: 'server', signedIn: false });
  await page.goto(`${url}/#token=${token}`);
  await heading(page, 'Just-in-time VM access').waitFor();
  assert.equal(new URL(page.url()).hash, '');
  await page.reload();
  await heading(page, 'Just-in-time VM access').waitFor();
});

test('documents outlive a visit to another page, by link and by the back button', async () => {
  const workbench = await new Workbench(await portal.page('/workbench')).ready();
  await workbench.policy.editor.fill(policy({ number: 3389 }));
  await workbench.page.waitForURL(/#v1=/);
  await workbench.link('Rules').click();
  await heading(workbench.page, 'Rules').waitFor();
  await workbench.link('Workbench').click();
  await workbench.ready();
  assert.equal(await workbench.policy.text(), policy({ number: 3389 }));
  await workbench.page.goBack();
  await heading(workbench.page, 'Rules').waitFor();
  await workbench.page.goBack();
  await workbench.ready();
  assert.equal(await workbench.policy.text(), policy({ number: 3389 }));
});

test('another link in the same tab opens its documents', async () => {
  const workbench = await new Workbench(await portal.page(link({ policy: policy() }))).ready();
  await workbench.page.evaluate(hash => (location.hash = hash), link({ policy: policy({ number: 443 }) }).split('#')[1]);
  await until(() => workbench.policy.text(), policy({ number: 443 }));
});

test('of two links that are opened in a row the last one counts, however long the first one takes', async () => {
  const workbench = await new Workbench(await portal.page(link({ policy: policy() }))).ready();
  const { page } = workbench;
  await page.evaluate(() => {
    const late = new Promise(resolve => (globalThis.release = resolve));
    const { read } = ReadableStreamDefaultReader.prototype;
    ReadableStreamDefaultReader.prototype.read = async function () {
      const isFirst = (globalThis.first ??= this) === this;
      if (isFirst) await late;
      const chunk = await read.call(this);
      if (isFirst && chunk.done) globalThis.isRead = true;
      return chunk;
    };
  });
  const open = number => page.evaluate(hash => (location.hash = hash), link({ policy: policy({ number }) }).split('#')[1]);
  await open(443);
  await page.waitForFunction(() => globalThis.first !== undefined);
  await open(8443);
  await until(() => workbench.policy.text(), policy({ number: 8443 }));
  await page.evaluate(() => globalThis.release());
  await page.waitForFunction(() => globalThis.isRead);
  assert.equal(await workbench.policy.text(), policy({ number: 8443 }));
});

test('documents too long for a link are said to be', async () => {
  const workbench = await new Workbench(await portal.page('/workbench', clipboard)).ready();
  await workbench.policy.editor.fill(policy({ protocol: randomBytes(40_000).toString('base64') }));
  await workbench.copyLink.click();
  await workbench.toast('too long for a link').waitFor();
  await until(() => new URL(workbench.page.url()).hash, '');
});

const squeezed = text => `v1=${deflateRawSync(text).toString('base64url')}`;
const damaged = {
  'no version': 'hello',
  'another version': link({ policy: policy() }).slice(2).replace('v1', 'v9'),
  'cut off': link({ policy: policy() }).slice(2, -20),
  'no base64url': 'v1=%%%',
  'not deflated': 'v1=AAAA',
  'no JSON': squeezed('policy'),
  'no object': squeezed('"policy"'),
  'no text': squeezed('{"policy":7}'),
  'a bomb': `v1=${deflateRawSync(Buffer.alloc(50_000_000, ' ')).toString('base64url')}`,
};
for (const [name, fragment] of Object.entries(damaged)) {
  test(`a damaged link is told: ${name}`, async () => {
    const workbench = new Workbench(await portal.page(`/workbench#${fragment}`));
    const alert = workbench.page.getByRole('alert').filter({ hasText: 'could not be read' });
    await alert.waitFor();
    await alert.getByRole('button', { name: 'Dismiss' }).click();
    await alert.waitFor({ state: 'detached' });
    await workbench.policy.editor.fill(policy({ number: 70000 }));
    await workbench.policy.finding('JIT201').waitFor();
  });
}

test("a server's link that is opened in a tab of the portal signs in, whatever keeps the data there", async () => {
  const { token } = await portal.at('server');
  const page = await portal.page('/settings', { backend: 'server', signedIn: false });
  const follow = () => page.evaluate(token => (location.hash = `token=${token}`), token);
  const rights = page.getByRole('row', { name: /Yes Yes Yes/ }).first();
  await page.getByLabel('Access token').or(page.getByText('Nobody is signed in.')).first().waitFor();
  await follow();
  await rights.waitFor();
  assert.equal(new URL(page.url()).hash, '');
  await page.getByRole('radio', { name: /^This browser/ }).check();
  await page.getByText(/^0 records/).waitFor();
  await follow();
  await rights.waitFor();
  assert.equal(await page.getByRole('radio', { name: /^This server/ }).isChecked(), true);
  assert.equal(new URL(page.url()).hash, '');
});

test('the address of a workbench that is come back to stands for what is on it', async () => {
  const workbench = await new Workbench(await portal.page('/workbench')).ready();
  const { page } = workbench;
  await workbench.policy.editor.fill(policy({ number: 3389 }));
  await page.waitForURL(/#v1=/);
  await workbench.link('Rules').click();
  await heading(page, 'Rules').waitFor();
  await workbench.link('Workbench').click();
  await page.waitForURL(/\/workbench#v1=/);
  await page.reload();
  await workbench.ready();
  assert.equal(await workbench.policy.text(), policy({ number: 3389 }));
});

test('what is typed beside a damaged link stays, and gets a link of its own', async () => {
  const workbench = new Workbench(await portal.page('/workbench#v1=AAAA'));
  const { page } = workbench;
  await page.getByRole('alert').filter({ hasText: 'could not be read' }).waitFor();
  await workbench.policy.editor.fill(policy({ number: 3389 }));
  await page.waitForURL(url => url.hash.length > 20);
  await workbench.link('Rules').click();
  await heading(page, 'Rules').waitFor();
  await workbench.link('Workbench').click();
  await workbench.ready();
  assert.equal(await workbench.policy.text(), policy({ number: 3389 }));
});

/** Reloads, and gives the kinds of questions that the browser asked before it. */
async function reloaded(page) {
  const asked = [];
  const hear = dialog => {
    asked.push(dialog.type());
    dialog.accept();
  };
  page.on('dialog', hear);
  await page.reload();
  page.off('dialog', hear);
  return asked;
}

test('what no address holds is asked about before it is lost', async () => {
  const workbench = await new Workbench(await portal.page('/workbench')).ready();
  const { page, policy: panel } = workbench;
  await panel.editor.fill(policy({ number: 3389 }));
  await page.waitForURL(/#v1=/);
  assert.deepEqual(await reloaded(page), []);
  await workbench.ready();
  const long = policy({ protocol: randomBytes(40_000).toString('base64') });
  await panel.editor.fill(long);
  await until(() => new URL(page.url()).hash, '');
  // A link in the same tab takes its place only after a question.
  const other = link({ policy: policy({ number: 443 }) }).split('#')[1];
  const question = page.getByRole('dialog', { name: 'Open the documents of the link?' });
  await page.evaluate(hash => (location.hash = hash), other);
  // No link can hold this one.
  await question.getByText('where no link can hold it, copy the texts').waitFor();
  await question.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await panel.text(), long);
  // Also from another page.
  await workbench.link('Rules').click();
  await heading(page, 'Rules').waitFor();
  assert.deepEqual(await reloaded(page), ['beforeunload']);
});

test('where there is no clipboard, as over plain HTTP, that is said', async () => {
  const workbench = await new Workbench(await portal.page('/workbench')).ready();
  await workbench.page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await workbench.copyLink.click();
  await workbench.toast('The browser does not let this page copy').waitFor();
});
