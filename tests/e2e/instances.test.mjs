// Instances of EC2, which a policy calls otherwise than the network does: every panel and page knows them as one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Activity } from './pages/activity.mjs';
import { Machine } from './pages/machines.mjs';
import { Requests } from './pages/requests.mjs';
import { machinesOf, OFFICE } from './support/machines.mjs';
import { backends, usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();
const machines = machinesOf(portal);

for (const backend of backends) {
  test(`access to an instance of EC2 is requested, shown under its name, and closed (${backend})`, async () => {
    const name = 'courier-api-03';
    const page = await machines(backend, 'configured', name);
    const panel = await page.menu(name, 'Request access');
    await panel.machine(name).ask('22 SSH', OFFICE, '1');
    await until(() => panel.reason(), '');
    await panel.impact.getByText(`${name} 22/TCP from ${OFFICE} until`).waitFor();
    await panel.openPorts.click();
    await panel.dialog.getByText(new RegExp(`${name} port 22 is open`)).waitFor();
    const ssh = page.page.getByRole('group', { name: 'SSH command' });
    await until(() => ssh.textContent(), 'ssh ec2-user@198.19.250.3');
    await panel.dialog.getByRole('button', { name: 'Close', exact: true }).first().click();
    await panel.gone();

    await page.shell.link('Requests').click();
    const requests = new Requests(page.page);
    await requests.machine.fill(name);
    await until(() => requests.count('Live'), 1);
    await requests.extend(`port 22 of ${name}`).click();
    await requests.toast(`Extended: port 22 of ${name} is open until `).waitFor();
    await requests.rows.getByRole('link', { name, exact: true }).click();
    await page.shell.title.getByText(name).waitFor();
    const section = name => page.page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name });
    // Nothing in Azure's inventory has its addresses.
    const machine = new Machine(page.page);
    await until(() => machine.fact('Private IP address').textContent(), '172.20.1.12');
    assert.equal(await machine.fact('Public IP address').textContent(), '198.19.250.3');
    await section('Connect').click();
    await until(() => ssh.textContent(), 'ssh ec2-user@198.19.250.3');
    await section('Exposure').click();
    await page.page.getByRole('button', { name: /^Close now: port 22 of courier-api-03/ }).click();
    await page.page.getByRole('dialog').getByRole('button', { name: 'Close now' }).click();
    await page.shell.toast(`Closed: port 22 of ${name}`).waitFor();
    await page.page.getByText('Closed early in the last seven days').waitFor();

    await section('Activity log').click();
    const activity = await new Activity(page.page).ready();
    await page.page.getByText(`Operations on ${name}`).waitFor();
    const initiated = async () => (await activity.column('Operation name')).includes('Initiate JIT Network Access Policy');
    assert.ok(await initiated());
    await page.page.getByRole('link', { name: 'Show all' }).click();
    await activity.resource.fill(name);
    await activity.resource.press('Enter');
    await page.page.waitForURL(/resource=courier/);
    await until(async () => new Set(await activity.column('Resource')).size <= 2 && (await initiated()), true);
  });

  test(`JIT is enabled on an instance of EC2, edited and removed (${backend})`, async () => {
    const name = 'route-job-02';
    const page = await machines(backend, 'notConfigured', name);
    let panel = await page.menu(name, 'Enable JIT');
    await panel.dialog.getByText('Policy: couriers in rg-aws-couriers (1 machine)').waitFor();
    await until(() => panel.reason(), '');
    await panel.save.click();
    await page.shell.toast('JIT is enabled on 1 machine').waitFor();
    await panel.gone();

    await page.show('configured', name);
    panel = await page.menu(name, 'Edit');
    await panel.port('22 SSH').click();
    await panel.fill({ time: '2' });
    await panel.save.click();
    await panel.gone();
    panel = await page.menu(name, 'Properties');
    await panel.dialog.getByRole('row', { name: /^22 Any Per request 2 hours/ }).waitFor();
    await page.page.keyboard.press('Escape');
    await panel.gone();

    panel = await page.menu(name, 'Remove');
    await until(() => panel.reason(), '');
    await panel.remove.click();
    await page.shell.toast('JIT is removed from 1 machine').waitFor();
    await (await page.show('notConfigured', name)).box(name).waitFor();
  });
}
