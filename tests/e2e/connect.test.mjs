// How to connect: what a request tells once it is granted is what the machine's page tells, and never a line that cannot work.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Machine, openMachine } from './pages/machines.mjs';
import { Panel } from './pages/panels.mjs';
import { axe, inEverySize } from './support/axe.mjs';
import { hold } from './support/held.mjs';
import { machinesOf, OFFICE } from './support/machines.mjs';
import { backends, usePortal } from './support/portal.mjs';
import { network } from './support/samples.mjs';
import { until } from './support/until.mjs';

const portal = usePortal();
const machines = machinesOf(portal);

const [first, ...others] = network();
const [web1, ...rest] = JSON.parse(first.text);
const located = { ...web1, location: 'westeurope', storageProfile: { osDisk: { osType: 'Linux' } } };
const files = [{ ...first, text: JSON.stringify([located, ...rest]) }, ...others];
const policyOf = virtualMachine => ({
  path: `${web1.id.split('/providers/')[0]}/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default?api-version=2020-01-01`,
  body: JSON.stringify({ kind: 'Basic', properties: { virtualMachines: [{ id: web1.id, ...virtualMachine }] } }),
});
/** SSH by two protocols, each for some of its own, and some for both. */
const rule = (protocol, own, time) => ({
  number: 22,
  protocol,
  allowedSourceAddressPrefixes: [own, '10.20.0.0/16'],
  maxRequestAccessDuration: time,
});
const ports = [rule('TCP', '198.18.4.0/24', 'PT3H'), rule('UDP', '203.0.113.0/24', 'PT1H')];
const two = usePortal({ data: { files, policies: [policyOf({ ports })] } });
/** The policy names a firewall that is not in the inventory. */
const hidden = usePortal({ data: { files, policies: [policyOf({ ports: [ports[0]], publicIpAddress: '198.51.100.9' })] } });

/** Reached through a firewall alone; the second without just-in-time access, so that no policy names its firewall. */
const [BEHIND, NEW] = ['jump-swe-04', 'build-swe-02'];
const group = (place, name) => place.getByRole('group', { name, exact: true });

/** Opens a port, and gives what is told then. */
async function ask(page, name, port, from, hours) {
  await new Machine(page).request.click();
  const panel = await new Panel(page).ready();
  await panel.machine(name).ask(port, from, hours);
  await until(() => panel.reason(), '');
  await panel.openPorts.click();
  await panel.dialog.getByText(/ is open from /).first().waitFor();
  return panel;
}

async function leave(panel) {
  await panel.dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  await panel.gone();
}

for (const backend of backends) {
  test(`whoever is let in through a firewall is told its port (${backend})`, async () => {
    const page = await machines(backend, 'notConfigured', NEW);
    let panel = await page.menu(NEW, 'Enable JIT');
    await until(() => panel.reason(), '');
    await panel.save.click();
    await page.shell.toast('JIT is enabled on 1 machine').waitFor();
    await panel.gone();
    for (const [name, port, command] of [[BEHIND, '3389 RDP', 'Remote Desktop command'], [NEW, '22 SSH', 'SSH command']]) {
      await page.show('configured', name);
      panel = await page.menu(name, 'Request access');
      await panel.machine(name).ask(port, OFFICE, '1');
      await until(() => panel.reason(), '');
      await panel.openPorts.click();
      await panel.dialog.getByText(/^Through the firewall: its port \d{5} leads to port \d+\.$/).waitFor();
      const line = await group(panel.dialog, command).textContent();
      assert.match(line, /^(mstsc \/v:198\.19\.\d+\.\d+:\d{5}|ssh -p \d{5} azureuser@198\.19\.\d+\.\d+)$/);
      await inEverySize(page.page, 'a port of a firewall');
      await leave(panel);
      await page.page.goto(new URL('/machines', page.page.url()).href);
      const machine = await openMachine(page.page, name);
      await machine.go('Connect');
      await until(() => group(page.page, command).textContent(), line);
      // What can be done about it stands beside what is told of it, and not over that.
      await page.page.setViewportSize({ width: 1280, height: 900 });
      await machine.go('Exposure');
      await machine.open.getByRole('button', { name: /^Extend to / }).waitFor();
      const [time, buttons] = await machine.open.evaluate(row =>
        ['.stamp', '.row-buttons'].map(part => [...row.querySelectorAll(part)].at(-1).getBoundingClientRect()),
      );
      assert.ok(time.right <= buttons.left, `${time.right} ${buttons.left}`);
    }
  });

  test(`a port that is open for UDP is told from one that is open for TCP (${backend})`, async () => {
    const page = await two.page('/machines', { backend });
    const machine = await openMachine(page, 'web1');
    await machine.go('Connect');
    let panel = await ask(page, 'web1', '22 SSH', '203.0.113.9', '0,5');
    await panel.dialog.getByText('web1 port 22/UDP is open from 203.0.113.9').waitFor();
    assert.equal(await group(panel.dialog, 'address').textContent(), '10.30.0.4:22');
    await axe(page, 'a port that is open for UDP');
    await leave(panel);
    const card = port => page.getByRole('article', { name: new RegExp(`^Port ${port} for `) });
    await until(() => group(card('22/UDP'), 'address').textContent(), '10.30.0.4:22');
    assert.equal(await machine.fact('Protocol').textContent(), 'UDP');
    assert.equal(await page.getByLabel('User name').count(), 0);
    assert.equal(await page.getByText('ssh').count(), 0);

    // It is open for both then.
    panel = await ask(page, 'web1', '22 SSH', '10.20.0.7', '0,5');
    await until(() => group(panel.dialog, 'SSH command').textContent(), 'ssh azureuser@10.30.0.4');
    await panel.dialog.getByText('web1 port 22 is open from 10.20.0.7').waitFor();
    assert.deepEqual(await panel.dialog.locator('.connect-note').allTextContents(), ['TCP', 'UDP']);
    assert.equal(await group(panel.dialog, 'address').textContent(), '10.30.0.4:22');
    await leave(panel);
    await until(() => group(card('22/TCP'), 'SSH command').textContent(), 'ssh azureuser@10.30.0.4');
    assert.equal(await group(card('22/UDP'), 'SSH command').count(), 0);
    await inEverySize(page, 'two protocols');
    await machine.go('Overview');
    assert.match(await machine.fact('Open now').textContent(), /^Port 22\/TCP for .*Port 22\/UDP for /);

    // A call that closes names no protocol.
    await machine.go('Exposure');
    await until(() => machine.open.count(), 2);
    await machine.close('port 22 of web1').first().click();
    await machine.question.getByText('All protocols of the port are closed: TCP, UDP.').waitFor();
    await axe(page, 'the question about two protocols');
    await machine.question.getByRole('button', { name: 'Close now' }).click();
    await until(() => machine.open.count(), 0);
  });

  test(`no line is told where the port of a firewall is not known (${backend})`, async () => {
    const page = await hidden.page('/machines', { backend });
    const machine = await openMachine(page, 'web1');
    await machine.go('Connect');
    const panel = await ask(page, 'web1', '22 SSH', OFFICE, '1');
    await panel.dialog.getByText('The firewall 198.51.100.9 leads to it, and it is not known here from which of its ports.').waitFor();
    assert.equal(await panel.dialog.locator('.copy-line').count(), 0);
    await leave(panel);
    await page.getByText('A firewall leads to it, and it is not known here from which of its ports.').waitFor();
    assert.equal(await machine.fact('Address').textContent(), '198.51.100.9');
    assert.equal(await machine.fact('Port').textContent(), 'Not known');
    assert.equal(await page.locator('.copy-line').count(), 0);
  });
}

test('until it is known how to connect, it is said that it is looked up', async () => {
  const name = 'jump-swe-05';
  const page = await machines('server', 'configured', name);
  const panel = await page.menu(name, 'Request access');
  await panel.machine(name).ask('3389 RDP', OFFICE, '1');
  await until(() => panel.reason(), '');
  const release = await hold(page.page, new RegExp(`${name}/.*/jitExposure\\b`));
  await panel.openPorts.click();
  // Whether it is open is not known either.
  await panel.dialog.getByText(`${name} port 3389 is granted`).waitFor();
  await panel.dialog.getByText('Looking up how to connect …').waitFor();
  assert.equal(await panel.dialog.locator('.copy-line').count(), 0);
  release();
  await until(async () => /^mstsc \/v:198\.19\.\d+\.\d+:\d{5}$/.test(await group(panel.dialog, 'Remote Desktop command').textContent()), true);
  assert.equal(await panel.dialog.getByText('Looking up').count(), 0);
  await panel.dialog.getByText(`${name} port 3389 is open`).waitFor();
});

test('where it cannot be looked up how to connect, nothing is made up', async () => {
  const name = 'jump-swe-06';
  const page = await machines('server', 'configured', name);
  const panel = await page.menu(name, 'Request access');
  await panel.machine(name).ask('3389 RDP', OFFICE, '1');
  await until(() => panel.reason(), '');
  const refused = route => route.fulfill({ status: 403, json: { error: { code: 'AuthorizationFailed', message: 'Not by you.' } } });
  await page.page.route(/\/jitExposure\b/, refused);
  await panel.openPorts.click();
  await panel.dialog.getByText(`How to connect could not be looked up: see Connect on the page of ${name}.`).waitFor();
  assert.equal(await panel.dialog.locator('.copy-line').count(), 0);
});
