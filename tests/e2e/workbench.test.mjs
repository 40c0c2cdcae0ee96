// The workbench: typing, fixing, deciding, opening files, from the keyboard alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Workbench } from './pages/workbench.mjs';
import { heading } from './support/heading.mjs';
import { usePortal } from './support/portal.mjs';
import { fleet, link, policy, request } from './support/samples.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();

/** A workbench that holds this. */
async function open(shared, options) {
  return new Workbench(await portal.page(link(shared), options)).ready();
}

test('it opens on a sample with findings and a refusal', async () => {
  const workbench = await new Workbench(await portal.page('/workbench')).ready();
  assert.ok((await workbench.policy.findings.count()) >= 4);
  await workbench.decision.getByText('Refused.').waitFor();
  await workbench.takeNearest.waitFor();
});

test('findings appear while typing, next to their line, and go when it is mended', async () => {
  const { policy: panel } = await open({ policy: policy() });
  await until(() => panel.findings.count(), 0);
  await panel.editor.fill(policy({ number: 70000 }));
  await panel.finding('JIT201').waitFor();
  assert.match(await panel.finding('JIT201').textContent(), /Line 9, column \d+/);
  const line = panel.region.locator('.editor-line').filter({ hasText: '70000' });
  assert.equal(await line.locator('.mark').textContent(), '70000');
  assert.equal(await line.locator('.mark').getAttribute('data-severity'), 'error');
  await panel.editor.fill(policy({ number: 7000 }));
  await until(() => panel.finding('JIT201').count(), 0);
});

test('a finding leads to its place in the text and to its rule', async () => {
  const workbench = await open({ policy: policy({ number: 70000 }) });
  const finding = workbench.policy.finding('JIT201');
  await finding.getByRole('button', { name: /^Line/ }).click();
  assert.equal(await workbench.policy.selection(), '70000');
  await finding.getByRole('link', { name: 'JIT201' }).click();
  await heading(workbench.page, 'JIT201 port-out-of-range').waitFor();
  await workbench.page.goBack();
  await workbench.ready();
  assert.equal(await workbench.policy.text(), policy({ number: 70000 }));
});

test('a fix mends the text, and undo takes it back', async () => {
  const before = policy({ number: '22' });
  const { policy: panel, page } = await open({ policy: before });
  await panel.fix('JIT203').click();
  await until(() => panel.text(), policy());
  await until(() => panel.finding('JIT203').count(), 0);
  await panel.editor.focus();
  await page.keyboard.press('Control+Z');
  await until(() => panel.text(), before);
  await panel.finding('JIT203').waitFor();
});

test('all safe fixes at once leave everything else as it was', async () => {
  const before = policy({ number: '22', protocol: 'tcp' });
  const workbench = await open({ policy: before });
  await workbench.policy.fixAll.click();
  await until(() => workbench.policy.text(), policy());
  await workbench.toast('Applied 2 safe fixes').waitFor();
  await until(() => workbench.policy.fixAll.count(), 0);
});

test('the ends of lines stay through edits, fixes, links and the clipboard', async () => {
  const windows = text => text.replaceAll('\n', '\r\n');
  const clipboard = { permissions: ['clipboard-read', 'clipboard-write'] };
  const workbench = await open({ policy: policy() }, clipboard);
  const { policy: panel, page } = workbench;
  const copied = async key => {
    await panel.editor.focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.press(`Control+${key}`);
    return page.evaluate(() => navigator.clipboard.readText());
  };
  // A file that has them.
  await panel.open('policy.json', windows(policy({ number: '22' })));
  await panel.fix('JIT203').click();
  await until(() => panel.text(), policy());
  assert.equal(await copied('C'), windows(policy()));
  await panel.editor.press('Control+End');
  await page.keyboard.type(' ');
  await workbench.copyLink.click();
  await workbench.toast('Link copied').waitFor();
  const url = new URL(await page.evaluate(() => navigator.clipboard.readText()));
  const there = await new Workbench(await portal.page(`/workbench${url.hash}`, clipboard)).ready();
  await there.policy.editor.focus();
  await there.page.keyboard.press('Control+A');
  await there.page.keyboard.press('Control+C');
  assert.equal(await there.page.evaluate(() => navigator.clipboard.readText()), windows(`${policy()} `));
  // What is pasted in place of everything brings its own.
  const paste = async text => {
    await page.bringToFront();
    await page.evaluate(text => navigator.clipboard.writeText(text), text);
    await panel.editor.focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Control+V');
  };
  await paste(policy({ number: 3389 }));
  assert.equal(await copied('C'), policy({ number: 3389 }));
  await paste(windows(policy({ number: 5985 })));
  await until(() => panel.text(), policy({ number: 5985 }));
  assert.equal(await copied('X'), windows(policy({ number: 5985 })));
  await until(() => panel.text(), '');
  await page.keyboard.press('Control+Z');
  await until(() => panel.text(), policy({ number: 5985 }));
});

test('a refused request: every reason, the nearest one, and one click to have it', async () => {
  const asked = request({ allowedSourceAddressPrefix: '10.0.0.0/8', duration: 'PT5H' });
  const workbench = await open({ policy: policy(), request: asked, now: '2026-01-15T12:00:00Z', from: '10.20.0.7' });
  await workbench.decision.getByText('Refused.').waitFor();
  await until(() => workbench.reasons.count(), 2);
  await workbench.takeNearest.click();
  await workbench.decision.getByText('Granted.').waitFor();
  await until(() => workbench.opens.count(), 1);
  const row = await workbench.opens.textContent();
  for (const words of ['web1', '22', 'TCP', '3 h', '2026-01-15 12:00', '15:00']) assert.ok(row.includes(words), row);
  assert.equal(JSON.parse(await workbench.request.text()).virtualMachines[0].ports[0].duration, 'PT3H');
  assert.equal(JSON.parse(await workbench.decisionJson()).decision, 'granted');
});

test('the time and the caller decide, and a slip in either is told', async () => {
  const asked = request({ allowedSourceAddressPrefix: undefined });
  const workbench = await open({ policy: policy(), request: asked });
  await workbench.decision.getByText('Refused.').waitFor();
  await workbench.caller.fill('10.20.0.9');
  await workbench.decision.getByText('Granted.').waitFor();
  await workbench.caller.fill('10.20.0');
  await workbench.decision.getByText('Not an IP address').waitFor();
  assert.equal(await workbench.caller.getAttribute('aria-invalid'), 'true');
  assert.equal(await workbench.opens.count(), 0);
  await workbench.caller.fill('10.20.0.9');
  await workbench.now.fill('tomorrow');
  await workbench.decision.getByText('Not a time').waitFor();
  await workbench.now.fill('2026-01-15T12:00:00Z');
  await workbench.opens.filter({ hasText: '2026-01-15 12:00' }).waitFor();
});

test('without a time of its own the decision is for now', async () => {
  const workbench = await open({ policy: policy(), request: request() });
  await workbench.opens.waitFor();
  const start = new Date(JSON.parse(await workbench.decisionJson()).grants[0].startTimeUtc);
  assert.ok(Math.abs(Date.now() - start) < 60_000, `${start}`);
});

test('a file is opened, and what it was read as is said', async () => {
  const { policy: panel } = await open({ policy: policy() });
  await panel.open('request.json', request({ duration: 'PT30H' }));
  await until(() => panel.text(), request({ duration: 'PT30H' }));
  await until(() => panel.kind.locator('option:checked').textContent(), 'request');
  await panel.kind.selectOption('policy');
  await until(async () => JSON.parse(await panel.json()).kind, 'policy');
});

test('a file is dropped', async () => {
  const { policy: panel, page } = await open({ policy: policy() });
  const transfer = await page.evaluateHandle(text => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'policy.json'));
    return transfer;
  }, policy({ number: 3389 }));
  await panel.editor.dispatchEvent('dragover', { dataTransfer: transfer });
  await panel.editor.dispatchEvent('drop', { dataTransfer: transfer });
  await until(() => panel.text(), policy({ number: 3389 }));
});

test('a file beyond what an editor holds is refused in words', async () => {
  const { policy: panel } = await open({ policy: policy() });
  await panel.open('fleet.json', Buffer.alloc(8_500_000, ' '));
  await panel.fault.filter({ hasText: 'fleet.json is too large' }).waitFor();
  assert.equal(await panel.text(), policy());
});

test('every sample opens', async () => {
  const workbench = await new Workbench(await portal.page('/workbench')).ready();
  await workbench.samples.click();
  const names = await workbench.page.locator('.menu-name').allTextContents();
  await workbench.page.keyboard.press('Escape');
  assert.ok(names.length >= 5);
  const seen = new Set();
  for (const name of names) {
    await workbench.openSample(name);
    await workbench.toast(`Sample opened: ${name}`).waitFor();
    seen.add(await workbench.policy.text());
    await workbench.decision.getByText(/Granted\.|Refused\./).waitFor();
  }
  assert.equal(seen.size, names.length);
});

test('a sample takes the place of what was changed only after a question', async () => {
  const workbench = await new Workbench(await portal.page('/workbench')).ready();
  const { page, policy: panel } = workbench;
  await panel.editor.fill(policy());
  await workbench.openSample('Exported from Azure');
  const question = page.getByRole('dialog', { name: 'Open the sample “Exported from Azure”?' });
  await question.waitFor();
  await page.keyboard.press('Escape');
  await until(() => question.count(), 0);
  assert.equal(await panel.text(), policy());
  await workbench.openSample('Exported from Azure');
  await question.getByRole('button', { name: 'Open the sample' }).click();
  await workbench.toast('Sample opened: Exported from Azure').waitFor();
  await until(() => workbench.bars.count(), 3);
});

test('everything works from the keyboard', async () => {
  const asked = request({ duration: 'PT5H' });
  const workbench = await open({ policy: policy({ number: '22' }), request: asked });
  const { page, policy: panel } = workbench;
  await panel.editor.focus();
  await page.keyboard.press('F8');
  await workbench.toast('1 of 1: warning').waitFor();
  assert.equal(await panel.selection(), '"22"');
  // Tab leaves the editor: it must never be a trap.
  await page.keyboard.press('Tab');
  await until(() => page.evaluate(() => document.activeElement.textContent), 'Apply 1 safe fix');
  await page.keyboard.press('Enter');
  await until(() => panel.text(), policy());
  await workbench.takeNearest.focus();
  await page.keyboard.press('Space');
  await workbench.decision.getByText('Granted.').waitFor();
  await workbench.samples.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  // The text was mended: a sample in its place is asked about.
  await page.getByRole('dialog', { name: /^Open the sample/ }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await workbench.toast('Sample opened').waitFor();
});

test('what was found is spoken when the user pauses', async () => {
  const workbench = await open({ policy: policy({ number: '22', protocol: 'tcp' }) });
  await workbench.toast('Policy: 1 error, 1 warning.').waitFor();
});

test('hostile text stays text', async () => {
  const hostile = ['<img src=x onerror=alert(1)>', '\u202Eevil\u2066', '🦀'.repeat(40), 'x'.repeat(300), '</textarea><script>', '&amp;'];
  const workbench = await new Workbench(await portal.page('/workbench')).ready();
  for (const text of hostile) {
    await workbench.policy.editor.fill(policy({ number: 70000, protocol: text }, text));
    await workbench.policy.findings.first().waitFor();
    await until(() => workbench.policy.text(), policy({ number: 70000, protocol: text }, text));
    await workbench.request.editor.fill(request({ duration: text }, text));
    await workbench.decision.getByText('Refused.').waitFor();
  }
  assert.equal(await workbench.page.locator('img, main script').count(), 0);
});

test('the coloured copy lies exactly under the text', async () => {
  const { policy: panel } = await open({ policy: `{\n\t"tab":\t"ä🦀"\n}${'\n'.repeat(200)}"end of it"` });
  const heights = () =>
    panel.editor.evaluate(area => {
      const line = parseFloat(getComputedStyle(area).lineHeight);
      const last = [...document.querySelectorAll('.editor-line')].find(it => it.textContent.startsWith('"end of it"'));
      const top = last.getBoundingClientRect().top - area.getBoundingClientRect().top;
      return Math.round(top + area.scrollTop - 8 - 202 * line);
    });
  await panel.editor.evaluate(area => area.scrollTo(0, area.scrollHeight));
  await panel.region.locator('.editor-line').filter({ hasText: 'end of it' }).waitFor();
  assert.equal(await heights(), 0);
});

test('a long document is drawn and listed in parts', async () => {
  const { policy: panel } = await open({ policy: policy() });
  await panel.open('fleet.json', fleet(2000).replaceAll('"number": 22', '"number": 70000'));
  await panel.finding('JIT201').first().waitFor();
  assert.equal(await panel.findings.count(), 50);
  assert.ok((await panel.region.locator('.editor-line').count()) < 100);
  await panel.region.getByRole('button', { name: /^Show more/ }).click();
  await until(() => panel.findings.count(), 100);
});

test('nothing is sent while documents are judged', async () => {
  const workbench = await open({ policy: policy() });
  const sent = [];
  // Parts of the portal that are fetched in advance tell nobody anything.
  const part = /^GET http:\/\/127\.0\.0\.1:\d+\/static\/[0-9a-z]+\/\w+\.wasm$/;
  workbench.page.on('request', request => {
    const line = `${request.method()} ${request.url()}`;
    if (!part.test(line) || request.postData() !== null) sent.push(line);
  });
  await workbench.policy.editor.fill(policy({ number: 70000 }));
  await workbench.request.editor.fill(request());
  await workbench.decision.getByText('Refused.').waitFor();
  await workbench.policy.open('policy.json', policy());
  await workbench.decision.getByText('Granted.').waitFor();
  assert.deepEqual(sent, []);
});

test('results are taken as files', async () => {
  const workbench = await open({ policy: policy({ number: 70000 }) });
  const expected = await workbench.policy.json();
  const [download] = await Promise.all([
    workbench.page.waitForEvent('download'),
    workbench.policy.region.getByRole('button', { name: 'Download JSON' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'policy-report.json');
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  assert.equal(Buffer.concat(chunks).toString(), expected);
});

test('where the clipboard refuses, the words say what can be done: a JSON that is too long to be shown is downloaded', async () => {
  const { page, policy: panel } = await open({ policy: policy() });
  await page.evaluate(() => {
    const writeText = () => Promise.reject(new DOMException('Write permission denied.', 'NotAllowedError'));
    Object.defineProperty(navigator, 'clipboard', { value: { writeText } });
  });
  const copy = panel.region.getByRole('button', { name: 'Copy JSON' });
  assert.match(await panel.json(), /"diagnostics"/);
  await copy.click();
  const said = page.getByRole('status').filter({ hasText: 'The browser does not let this page copy: ' });
  await said.filter({ hasText: /: select the text, and copy it yourself$/ }).waitFor();
  const json = JSON.parse(policy());
  const [machine] = json.properties.virtualMachines;
  machine.ports = Array.from({ length: 2_000 }, (_, index) => ({ ...machine.ports[0], number: 70_000 + index }));
  await panel.open('long.json', JSON.stringify(json));
  await panel.region.getByText('Too long to be shown: copy or download it.').waitFor();
  await copy.click();
  await said.filter({ hasText: /: download it$/ }).waitFor();
});
