// The network on the workbench: its files, what becomes reachable, the timeline, and what changes of a policy do.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Workbench } from './pages/workbench.mjs';
import { usePortal } from './support/portal.mjs';
import { link, network, policy, request } from './support/samples.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();
const now = '2026-01-15T12:00:00Z';

/** A workbench with a network, a policy and a request. */
async function open(shared = {}, options) {
  const all = { policy: policy(), request: request(), now, from: '10.20.0.7', network: network(), ...shared };
  return new Workbench(await portal.page(link(all), options)).ready();
}

test('the sample shows a residual exposure, the rule behind it, and what closes it', async () => {
  const workbench = await new Workbench(await portal.page('/workbench')).ready();
  await until(() => workbench.networkFiles.count(), 5);
  const web1 = workbench.machine('web1');
  const exposure = web1.getByText('Residual exposure: ').first();
  await exposure.waitFor();
  const words = await web1.textContent();
  for (const part of ['Configured', '203.0.113.0/24', 'AllowSshFromPartner', 'nsg-web', 'To close it']) {
    assert.ok(words.includes(part), `${part} in ${words}`);
  }
  const other = name => workbench.preview.getByRole('row').filter({ hasText: name });
  assert.match(await other('legacy1').textContent(), /Unsupported/);
  assert.match(await other('web2').textContent(), /Not configured/);
});

test('the four states of a machine: what is closed at rest, what a request opens, and nothing left after it', async () => {
  const workbench = await open();
  const state = name => workbench.machine('web1').getByRole('group', { name, exact: true });
  await until(() => state('Before').getByRole('listitem').count(), 1);
  assert.match(await state('Before').textContent(), /TCP 22 from Any to 10\.30\.0\.4.*4,294,967,296 addresses/);
  assert.match(await state('At rest').textContent(), /Nobody reaches these ports.*closes: TCP 22 from Any/);
  assert.match(await state('Open').textContent(), /opens: TCP 22 from 10\.20\.0\.7 to 10\.30\.0\.4.*1 address/);
  assert.match(await state('After').textContent(), /Nobody reaches these ports.*closes: TCP 22 from 10\.20\.0\.7/);
  const proof = workbench.machine('web1').getByText('exactly the traffic at rest is left');
  await proof.click();
  const digests = await workbench.machine('web1').locator('.digests code').allTextContents();
  assert.match(digests[0], /^[0-9a-f]{64}$/);
  assert.equal(digests[0], digests[1]);
});

test('existing rules that stay where they are stay open', async () => {
  const workbench = await open();
  await workbench.machine('web1').waitFor();
  assert.equal(await workbench.preview.getByText('Residual exposure: ').count(), 0);
  await workbench.mode.selectOption('left where they are');
  const words = workbench.machine('web1').locator('.exposure');
  await words.getByText('rule AllowSsh of nsg-web, priority 300').waitFor();
  assert.equal(await words.count(), 1);
});

test('the preview is there as JSON', async () => {
  const workbench = await open();
  await workbench.machine('web1').waitFor();
  const preview = JSON.parse(await workbench.previewJson());
  assert.equal(preview.machines[0].name, 'web1');
  assert.equal(preview.machines[0].opened.addresses, '1');
  assert.equal(preview.machines[0].restored.same, true);
});

test('files are dropped, several at once, and removed', async () => {
  const workbench = await open({ network: undefined });
  await workbench.preview.getByText('Put a policy and the files of its network').waitFor();
  const transfer = await workbench.page.evaluateHandle(files => {
    const transfer = new DataTransfer();
    for (const { name, text } of files) transfer.items.add(new File([text], name));
    return transfer;
  }, network());
  await workbench.network.dispatchEvent('dragover', { dataTransfer: transfer });
  await workbench.network.dispatchEvent('drop', { dataTransfer: transfer });
  await until(() => workbench.networkFiles.count(), 2);
  await workbench.machine('web1').getByRole('group', { name: 'Before', exact: true }).waitFor();
  await workbench.network.getByRole('button', { name: 'Remove nsgs.json' }).click();
  await until(() => workbench.networkFiles.count(), 1);
  // What was put here by hand is asked about.
  const clear = workbench.network.getByRole('button', { name: 'Clear the network' });
  const question = workbench.page.getByRole('dialog', { name: 'Take all files of the network away?' });
  await clear.click();
  await question.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await workbench.networkFiles.count(), 1);
  await clear.click();
  await question.getByRole('button', { name: 'Take them away' }).click();
  await until(() => workbench.networkFiles.count(), 0);
  await workbench.preview.getByText('Put a policy and the files of its network').waitFor();
});

test('files are opened, pasted, and said what they are and what is wrong with them', async () => {
  const workbench = await open({ network: undefined });
  const [machines, groups] = network();
  await workbench.networkInput.setInputFiles([
    { name: machines.name, mimeType: 'application/json', buffer: Buffer.from(machines.text) },
  ]);
  await until(() => workbench.networkFiles.count(), 1);
  await workbench.paste.fill(groups.text.replace('"22"', '"99999"'));
  await workbench.network.getByRole('button', { name: 'Add' }).click();
  await until(() => workbench.networkFiles.count(), 2);
  const pasted = workbench.networkFiles.filter({ hasText: 'pasted-1.json' });
  assert.match(await pasted.textContent(), /network · \d/);
  await pasted.locator('summary').click();
  await pasted.getByRole('link', { name: /^JIT7\d\d$/ }).first().waitFor();
  assert.match(await pasted.textContent(), /Line \d+, column \d+/);
});

test('the timeline shows each grant with who, why and until when', async () => {
  const workbench = await new Workbench(await portal.page('/workbench')).ready();
  await workbench.openSample('Exported from Azure');
  await until(() => workbench.bars.count(), 3);
  const bar = workbench.bars.filter({ hasText: 'barbara@contoso.com' }).first();
  assert.match(await bar.getAttribute('aria-label'), /web1 · .* 22 for 10\.20\.4\.7.*barbara@contoso\.com.*until/);
  await bar.focus();
  await workbench.toast('barbara@contoso.com').waitFor();
  await workbench.preview.getByText('The timeline as a table').click();
  const rows = workbench.preview.getByRole('group', { name: 'The timeline as a table' }).locator('tbody tr');
  assert.equal(await rows.count(), 3);
});

test('what a change of the policy makes possible and impossible is told while typing', async () => {
  const workbench = await open();
  assert.equal(await workbench.changes.count(), 0);
  await workbench.policy.editor.fill(policy({ maxRequestAccessDuration: 'PT5H' }));
  await until(() => workbench.changes.allTextContents(), [
    '+for longer: web1: TCP 22 from 10.20.0.0/16 for up to 5 h instead of 3 h (65,536 addresses)',
  ]);
  await workbench.policy.editor.fill(policy({ maxRequestAccessDuration: 'PT2H' }));
  await until(() => workbench.changes.allTextContents(), [
    '−for a shorter time: web1: TCP 22 from 10.20.0.0/16 for up to 2 h instead of 3 h (65,536 addresses)',
  ]);
  await workbench.policy.editor.fill(policy({ allowedSourceAddressPrefix: '10.20.0.0/17' }));
  await until(() => workbench.changes.allTextContents(), [
    '−becomes impossible: web1: TCP 22 from 10.20.128.0/17 for up to 3 h (32,768 addresses)',
  ]);
  await workbench.policy.editor.fill(policy().replace('"kind"', ' "kind"'));
  await workbench.page.getByText('Nobody can open anything more or less than before').waitFor();
  await workbench.policy.editor.fill(policy());
  await until(() => workbench.page.getByRole('heading', { name: 'Your changes' }).count(), 0);
});

test('the network travels in the link, and is left out where it is too long', async () => {
  const clipboard = { permissions: ['clipboard-read', 'clipboard-write'] };
  const workbench = await open({}, clipboard);
  await workbench.copyLink.click();
  await workbench.toast('Link copied').waitFor();
  const url = new URL(await workbench.page.evaluate(() => navigator.clipboard.readText()));
  const there = await new Workbench(await portal.page(`/workbench${url.hash}`)).ready();
  await until(() => there.networkFiles.count(), 2);
  await there.machine('web1').waitFor();
  await workbench.networkInput.setInputFiles([
    { name: 'long.json', mimeType: 'application/json', buffer: Buffer.from(`"${randomBytes(40_000).toString('base64')}"`) },
  ]);
  await workbench.network.getByText('too long for a link').waitFor();
  await workbench.copyLink.click();
  await workbench.toast('Link copied, without the network').waitFor();
});

test('a damaged network in a link is told', async () => {
  for (const damaged of ['text', [7], [{ name: 7 }]]) {
    const page = await portal.page(link({ policy: policy(), network: damaged }));
    await page.getByRole('alert').filter({ hasText: 'could not be read' }).waitFor();
  }
});

test('hostile names in a network stay text', async () => {
  const hostile = '<img src=x onerror=alert(1)>';
  const files = network().map(({ name, text }) => ({ name: `${hostile}${name}`, text: text.replaceAll('AllowSsh', hostile) }));
  const workbench = await open({ network: files });
  await workbench.mode.selectOption('left where they are');
  await workbench.machine('web1').locator('.exposure').waitFor();
  assert.equal(await workbench.page.locator('img').count(), 0);
});
