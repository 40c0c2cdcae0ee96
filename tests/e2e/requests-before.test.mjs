// What the form of a request says before it is sent: which access of one's own it ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEverySize } from './support/axe.mjs';
import { machinesOf, OFFICE } from './support/machines.mjs';
import { backends, usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const GROUP = '/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers';
const network = path => `${GROUP}/Microsoft.Network/${path}`;
const vm = name => `${GROUP}/Microsoft.Compute/virtualMachines/${name}`;

const subnet = network('virtualNetworks/vnet/subnets/web');
const files = [
  {
    name: 'net.json',
    text: JSON.stringify([
      {
        id: vm('again'),
        name: 'again',
        type: 'Microsoft.Compute/virtualMachines',
        location: 'westeurope',
        networkProfile: { networkInterfaces: [{ id: network('networkInterfaces/again') }] },
      },
      {
        id: network('networkInterfaces/again'),
        name: 'again',
        ipConfigurations: [{ name: 'c', privateIPAddress: '10.30.0.4', subnet: { id: subnet } }],
      },
      {
        id: network('virtualNetworks/vnet'),
        name: 'vnet',
        addressSpace: { addressPrefixes: ['10.30.0.0/16'] },
        subnets: [{ id: subnet, name: 'web', addressPrefix: '10.30.0.0/24', networkSecurityGroup: { id: network('networkSecurityGroups/nsg') } }],
      },
      { id: network('networkSecurityGroups/nsg'), name: 'nsg', securityRules: [] },
    ]),
  },
];
const port = number => ({ number, protocol: 'TCP', allowedSourceAddressPrefix: '*', maxRequestAccessDuration: 'PT3H' });
const policy = (name, virtualMachines) => ({
  path: `${GROUP}/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/${name}?api-version=2020-01-01`,
  body: JSON.stringify({ kind: 'Basic', properties: { virtualMachines } }),
});
const policies = [policy('default', [{ id: vm('again'), ports: [port(22), port(3389)] }])];

for (const backend of backends) {
  const portal = usePortal({ data: { files, policies } });
  const machines = machinesOf(portal);

  test(`which access of one's own a request ends (${backend})`, async () => {
    const page = await machines(backend, 'configured', 'again');
    const form = async (hours, ranges = OFFICE) => {
      const panel = await page.menu('again', 'Request access');
      await panel.machine('again').ask('22 SSH', ranges, hours);
      await until(() => panel.reason(), '');
      return panel;
    };
    const said = panel => panel.dialog.getByText(/You have access to this port/);
    const first = await form('2');
    assert.equal(await said(first).count(), 0, 'there is none yet');
    await first.openPorts.click();
    await first.dialog.getByText(/ is open from /).waitFor();
    assert.equal(await said(first).count(), 0, 'what came of the request itself is no older one');
    await page.page.keyboard.press('Escape');
    await first.gone();

    const panel = await form('1', '203.0.113.9');
    await said(panel).waitFor();
    const clock = hours => page.page.evaluate(ms => new Date(ms).toTimeString().slice(0, 3), Date.now() + hours * 3_600_000);
    const words = () => said(panel).textContent();
    assert.ok((await words()).includes(`You have access to this port from ${OFFICE} until ${await clock(2)}`), await words());
    assert.match(await words(), /\. Opening it anew ends that, and closes the port sooner, at \d\d:\d\d \(.*UTC\)\.$/);
    assert.ok((await words()).includes(`at ${await clock(1)}`), 'when the new one ends');
    await inEverySize(page.page, 'what a request ends');
    await panel.machine('again').time.fill('3');
    await until(async () => /\. Opening it anew ends that\.$/.test(await words()), true);
    // Of another port nothing is said.
    await panel.machine('again').toggle('22 SSH').uncheck();
    await panel.machine('again').ask('3389 RDP', OFFICE, '1');
    await until(() => panel.reason(), '');
    assert.equal(await said(panel).count(), 0);
  });
}
