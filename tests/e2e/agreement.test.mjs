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
const cases = (await readdir(folder, { withFileTypes: true })).filter(entry => entry.isDirectory());

/** The case's files by name. */
async function files(name) {
  const names = await readdir(`${folder}${name}`);
  return Object.fromEntries(await Promise.all(names.map(async it => [it, await readFile(`${folder}${name}/${it}`)])));
}

test('there are cases', () => assert.ok(cases.length > 0, `none in ${folder}`));

for (const { name } of cases) {
  test(name, async () => {
    const found = await files(name);
    const told = JSON.parse(found['case.json']);
    const workbench = await new Workbench(await portal.page()).ready();
    await workbench.now.fill(told.now);
    await workbench.caller.fill(told.from ?? '');
    const document = found['document.json'] ?? found['document.txt'];
    if (document) {
      await workbench.policy.kind.selectOption(told.kind ?? '');
      await workbench.policy.open('document.json', document);
      await until(async () => JSON.parse(await workbench.policy.json()), JSON.parse(found['expected.report.json']));
    } else {
      await workbench.policy.open('policy.json', found['policy.json']);
      await workbench.request.open('request.json', found['request.json']);
      await until(async () => JSON.parse(await workbench.decisionJson()), JSON.parse(found['expected.decision.json']));
    }
  });
}
