// What panels say of what stands around a change: other filters, other policies, and other instances of a security group.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machinesOf, OFFICE } from './support/machines.mjs';
import { backends, usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const GROUP = '/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rga/providers';
const network = path => `${GROUP}/Microsoft.Network/${path}`;
const vm = name => `${GROUP}/Microsoft.Compute/virtualMachines/${name}`;
const policyOf = name =>
  `${GROUP}/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/${name}?api-version=2020-01-01`;

const machine = (name, ip, subnet) => [
  {
    id: vm(name),
    name,
    type: 'Microsoft.Compute/virtualMachines',
    location: 'westeurope',
    storageProfile: { osDisk: { osType: 'Linux' } },
    networkProfile: { networkInterfaces: [{ id: network(`networkInterfaces/${name}`) }] },
  },
  {
    id: network(`networkInterfaces/${name}`),
    name,
    location: 'westeurope',
    ipConfigurations: [{ name: 'c', privateIPAddress: ip, subnet: { id: network(`virtualNetworks/vnet/subnets/${subnet}`) } }],
  },
];
const rule = (name, priority, access, from, port) => ({
  name,
  priority,
  direction: 'Inbound',
  access,
  protocol: '*',
  sourceAddressPrefix: from,
  sourcePortRange: '*',
  destinationAddressPrefix: '*',
  destinationPortRange: port,
});
const nsg = (name, ...securityRules) => ({ id: network(`networkSecurityGroups/${name}`), name, securityRules });
const subnet = (name, addressPrefix, filter) => ({
  id: network(`virtualNetworks/vnet/subnets/${name}`),
  name,
  addressPrefix,
  ...(filter && { networkSecurityGroup: { id: network(`networkSecurityGroups/${filter}`) } }),
});

const [FIRST, SECOND, ALONE] = ['i-0a1b2c3d4e5f60718', 'i-0a1b2c3d4e5f60719', 'i-0a1b2c3d4e5f60720'];
const instance = (id, address, group) => ({
  InstanceId: id,
  PrivateIpAddress: address,
  NetworkInterfaces: [
    {
      NetworkInterfaceId: `eni-${address}`,
      Groups: [{ GroupId: group, GroupName: group }],
      PrivateIpAddresses: [{ PrivateIpAddress: address, Primary: true }],
    },
  ],
});
const group = (id, ...ports) => ({
  GroupId: id,
  GroupName: id,
  IpPermissions: ports.map(port => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp: '0.0.0.0/0' }] })),
});

const files = [
  {
    name: 'net.json',
    text: JSON.stringify([
      ...machine('twice', '10.30.0.4', 'web'),
      ...machine('shut', '10.30.1.4', 'locked'),
      ...machine('bare', '10.30.2.4', 'plain'),
      {
        id: network('virtualNetworks/vnet'),
        name: 'vnet',
        addressSpace: { addressPrefixes: ['10.30.0.0/16'] },
        subnets: [
          subnet('web', '10.30.0.0/24', 'nsg-web'),
          subnet('locked', '10.30.1.0/24', 'nsg-locked'),
          subnet('plain', '10.30.2.0/24'),
        ],
      },
      nsg('nsg-web', rule('AllowAdmin', 300, 'Allow', '*', '22'), rule('AllowRdp', 310, 'Allow', '*', '3389')),
      // No rule has a place above this one.
      nsg('nsg-locked', rule('Block', 100, 'Deny', OFFICE, '22')),
    ]),
  },
  {
    name: 'instances.json',
    text: JSON.stringify({
      Reservations: [
        {
          Instances: [
            instance(FIRST, '10.40.0.4', 'sg-shared'),
            instance(SECOND, '10.40.0.5', 'sg-shared'),
            instance(ALONE, '10.40.0.6', 'sg-alone'),
          ],
        },
      ],
    }),
  },
  {
    name: 'groups.json',
    text: JSON.stringify({ SecurityGroups: [group('sg-shared', 22, 3389), group('sg-alone', 22)] }),
  },
];
const port = number => ({
  number,
  protocol: 'TCP',
  allowedSourceAddressPrefix: '*',
  maxRequestAccessDuration: 'PT3H',
});
const member = (name, ...ports) => ({ id: vm(name), ports: ports.map(port) });
const body = machines => JSON.stringify({ kind: 'Basic', properties: { virtualMachines: machines } });
const policies = [
  {
    path: policyOf('default'),
    body: body([member('twice', 22, 3389), member('shut', 22), member('bare', 22), member(FIRST, 22)]),
  },
  { path: policyOf('other'), body: body([member('twice', 22)]) },
];

const portal = usePortal({ data: { files, policies } });
const machines = machinesOf(portal);

/** The lines of a group of what a panel says it does. */
const lines = (panel, title) => panel.impact.locator('.impact-group').filter({ hasText: title }).locator('li');

for (const backend of backends) {
  test(`a grant that another filter stops is not said to be open (${backend})`, async () => {
    const page = await machines(backend, 'configured', 'shut');
    const panel = await page.menu('shut', 'Request access');
    await panel.machine('shut').ask('22 SSH', OFFICE, '1');
    await lines(panel, 'Granted, but not open').getByText(/^shut 22\/TCP .* another filter still stops it/).waitFor();
    assert.equal(await lines(panel, 'Will be open').count(), 0);
    await panel.openPorts.click();
    await panel.dialog.getByText(/another filter still stops it/).first().waitFor();
    assert.equal(await panel.dialog.getByText(/shut port 22 is open/).count(), 0);
  });

  test(`where no rule is written no filter is said to stop anything (${backend})`, async () => {
    const page = await machines(backend, 'configured', 'bare');
    const panel = await page.menu('bare', 'Request access');
    await panel.machine('bare').ask('22 SSH', OFFICE, '1');
    await panel.impact.getByText(/^bare 22\/TCP from/).first().waitFor();
    assert.equal(await panel.dialog.getByText(/another filter/).count(), 0);
  });

  test(`what two policies kept closed is told to open when both let go of it (${backend})`, async () => {
    const page = await machines(backend, 'configured', 'twice');
    let panel = await page.menu('twice', 'Remove');
    await lines(panel, 'Open again').getByText(/^twice 22.* from Any/).waitFor();
    await until(async () => (await lines(panel, 'Open again').allTextContents()).join().includes('3389'), true);
    await panel.cancel.click();
    panel = await page.menu('twice', 'Edit');
    await panel.removePort('3389 RDP').click();
    await lines(panel, 'Open again').getByText(/^twice 3389/).waitFor();
    assert.equal(await lines(panel, 'Open again').getByText(/^twice 22/).count(), 0);
    await panel.cancel.click();
  });

  test(`instances that share a security group are named where a change touches them (${backend})`, async () => {
    let page = await machines(backend, 'configured', FIRST);
    let panel = await page.menu(FIRST, 'Remove');
    const opens = id => lines(panel, 'Open again').getByText(new RegExp(`^${id} 22 \\(TCP\\) from Any`));
    await opens(FIRST).waitFor();
    await opens(SECOND).getByText('it shares sg-shared').waitFor();
    assert.equal(await panel.impact.getByText(ALONE).count(), 0);
    await panel.cancel.click();
    panel = await page.menu(FIRST, 'Edit');
    await panel.port('22 SSH').click();
    await panel.fill({ port: '3389' });
    const closes = id => lines(panel, 'Also touched').getByText(new RegExp(`^${id} 3389 \\(TCP\\) from Any is closed as well`));
    await closes(SECOND).waitFor();
    await opens(SECOND).waitFor();
    assert.equal(await closes(FIRST).count(), 0);
  });
}
