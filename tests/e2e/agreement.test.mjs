// The page gives the same JSON as every other surface on each of the shared cases.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Workbench } from './pages/workbench.mjs';
import { usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();
const folder = fileURLToPath(new URL('../cases/', import.meta.url));

/** The cases' names with their files. */
async function cases() {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter(entry => entry.isDirectory()).map(entry => entry.name);
  return Promise.all(
    names.map(async name => {
      const files = await readdir(folder + name);
      const read = files.map(async file => [file, await readFile(`${folder}${name}/${file}`)]);
      return [name, Object.fromEntries(await Promise.all(read))];
    }),
  );
}

/** Puts a case on the workbench and waits for its expected answer. */
async function check(workbench, files) {
  const told = JSON.parse(files['case.json']);
  await workbench.now.fill(told.now);
  await workbench.caller.fill(told.from ?? '');
  // What the last case left must not stand for this one's answer.
  await workbench.policy.clear.click();
  await workbench.request.clear.click();
  await workbench.policy.kind.selectOption(told.kind ?? '');
  const document = files['document.json'] ?? files['document.txt'];
  if (document) {
    await workbench.policy.open('document.json', document);
    await until(async () => JSON.parse(await workbench.policy.json()), JSON.parse(files['expected.report.json']));
  } else {
    await workbench.policy.open('policy.json', files['policy.json']);
    await workbench.request.open('request.json', files['request.json']);
    await until(async () => JSON.parse(await workbench.decisionJson()), JSON.parse(files['expected.decision.json']));
  }
}

// One page for all of them: a page for each would take minutes.
test('the page agrees on every case', async () => {
  const workbench = await new Workbench(await portal.page('/workbench')).ready();
  const all = await cases();
  assert.ok(all.length > 50, `${all.length} cases in ${folder}`);
  const failed = [];
  for (const [name, files] of all) {
    await check(workbench, files).catch(error => failed.push(`${name}: ${error.message}`));
  }
  assert.equal(failed.length, 0, failed.join('\n\n'));
});
