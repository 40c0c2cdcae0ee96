// What the form of a request says before it is sent: which access of one's own it ends, and who else gets in with it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEverySize } from './support/axe.mjs';
import { machinesOf, OFFICE } from './support/machines.mjs';
import { backends, usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const GROUP = '/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers';
const network = path => `${GROUP}/Microsoft.Network/${path}`;
const vm = name => `${GROUP}/Microsoft.Compute/virtualMachines/${name}`;

/** A machine in a subnet of a network of its own name, where a firewall may stand before it. */
const machine = (name, net, firewall) => {
  const subnet = which => network(`virtualNetworks/${name}/subnets/${which}`);
  const address = `${net}.0.4`;
  const own = [
    {
      id: vm(name),
      name,
      type: 'Microsoft.Compute/virtualMachines',
      location: 'westeurope',
      networkProfile: { networkInterfaces: [{ id: network(`networkInterfaces/${name}`) }] },
    },
    {
      id: network(`networkInterfaces/${name}`),
      name,
      ipConfigurations: [{ name: 'c', privateIPAddress: address, subnet: { id: subnet('web') } }],
    },
    {
      id: network(`virtualNetworks/${name}`),
      name,
      addressSpace: { addressPrefixes: [`${net}.0.0/16`] },
      subnets: [
        { id: subnet('web'), name: 'web', addressPrefix: `${net}.0.0/24`, networkSecurityGroup: { id: network('networkSecurityGroups/nsg') } },
        { id: subnet('AzureFirewallSubnet'), name: 'AzureFirewallSubnet', addressPrefix: `${net}.1.0/26` },
      ],
    },
  ];
  if (!firewall) return own;
  const [way, publicIp] = firewall;
  const rules = way.map(([sources, port]) => ({
    name: `to-${port}`,
    protocols: ['TCP'],
    sourceAddresses: sources,
    destinationAddresses: [publicIp],
    destinationPorts: [port],
    translatedAddress: address,
    translatedPort: '22',
  }));
  return [
    ...own,
    {
      id: network(`azureFirewalls/${name}`),
      name,
      type: 'Microsoft.Network/azureFirewalls',
      properties: {
        ipConfigurations: [
          {
            name: 'ip',
            properties: {
              privateIPAddress: `${net}.1.4`,
              subnet: { id: subnet('AzureFirewallSubnet') },
              publicIPAddress: { id: network(`publicIPAddresses/${name}`) },
            },
          },
        ],
        natRuleCollections: [{ name: 'nat', properties: { priority: 200, action: { type: 'Dnat' }, rules } }],
        networkRuleCollections: [],
      },
    },
    {
      id: network(`publicIPAddresses/${name}`),
      name,
      type: 'Microsoft.Network/publicIPAddresses',
      sku: { name: 'Standard' },
      properties: { ipAddress: publicIp },
    },
  ];
};

const files = [
  {
    name: 'net.json',
    text: JSON.stringify([
      ...machine('again', '10.30'),
      ...machine('shared', '10.31', [[[['203.0.113.0/24'], '2222']], '198.51.100.10']),
      ...machine('alone', '10.32', [[], '198.51.100.11']),
      { id: network('networkSecurityGroups/nsg'), name: 'nsg', securityRules: [] },
    ]),
  },
];
const port = number => ({ number, protocol: 'TCP', allowedSourceAddressPrefix: '*', maxRequestAccessDuration: 'PT3H' });
const policy = (name, virtualMachines) => ({
  path: `${GROUP}/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/${name}?api-version=2020-01-01`,
  body: JSON.stringify({ kind: 'Basic', properties: { virtualMachines } }),
});
const policies = [
  policy('default', ['again', 'shared', 'alone'].map(name => ({ id: vm(name), ports: [port(22), port(3389)] }))),
];

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

  test(`who else gets in through a firewall (${backend})`, async () => {
    const page = await machines(backend, 'configured', '');
    const told = panel => panel.impact.locator('.impact-group').filter({ hasText: 'Who else gets in' });
    for (const [name, others] of [
      ['shared', /^shared 22\/TCP from 203\.0\.113\.0\/24 until .*: the firewall's own rules lead there, and the machine lets the firewall in$/],
      ['alone', undefined],
    ]) {
      const panel = await page.menu(name, 'Request access');
      await panel.machine(name).ask('22 SSH', OFFICE, '1');
      await panel.impact.getByText(new RegExp(`^${name} 22/TCP from ${OFFICE} until`)).waitFor();
      assert.equal(await told(panel).count(), others ? 1 : 0, name);
      if (others) {
        assert.match(await told(panel).locator('li').textContent(), others);
        await inEverySize(page.page, 'who else gets in');
      }
      await panel.cancel.click();
      await panel.question.getByRole('button', { name: 'Discard' }).click();
      await panel.gone();
    }
  });
}
