// What panels say before and after a change, of machines behind an NSG that lets everybody in at port 22.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hold } from './support/held.mjs';
import { machinesOf } from './support/machines.mjs';
import { usePortal } from './support/portal.mjs';
import { until } from './support/until.mjs';

const GROUP = '/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rga/providers';
const network = path => `${GROUP}/Microsoft.Network/${path}`;
const vm = name => `${GROUP}/Microsoft.Compute/virtualMachines/${name}`;
const policyOf = name => `${GROUP}/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/${name}`;
const VERSION = '?api-version=2020-01-01';

const machine = (name, ip) => [
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
    ipConfigurations: [{ name: 'c', privateIPAddress: ip, subnet: { id: network('virtualNetworks/vnet/subnets/web') } }],
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
const NAMES = ['pub', 'twice', 'quiet', 'dns', 'spare', 'slow'];
const files = [
  {
    name: 'net.json',
    text: JSON.stringify([
      ...NAMES.flatMap((name, place) => machine(name, `10.30.0.${place + 4}`)),
      {
        id: network('virtualNetworks/vnet'),
        name: 'vnet',
        addressSpace: { addressPrefixes: ['10.30.0.0/16'] },
        subnets: [
          {
            id: network('virtualNetworks/vnet/subnets/web'),
            name: 'web',
            addressPrefix: '10.30.0.0/24',
            networkSecurityGroup: { id: network('networkSecurityGroups/nsg-web') },
          },
        ],
      },
      {
        id: network('networkSecurityGroups/nsg-web'),
        name: 'nsg-web',
        securityRules: [rule('AllowSsh', 300, 'Allow', '*', '22'), rule('DenyAll', 400, 'Deny', '*', '*')],
      },
    ]),
  },
];
const port = (number, more) => ({
  number,
  protocol: '*',
  allowedSourceAddressPrefix: '*',
  maxRequestAccessDuration: 'PT3H',
  ...more,
});
const member = (name, ...ports) => ({ id: vm(name), ports });
const body = machines => JSON.stringify({ kind: 'Basic', properties: { virtualMachines: machines } });
const policies = [
  {
    path: policyOf('default') + VERSION,
    body: body([
      member('pub', port(22), port(3389)),
      member('twice', port(22)),
      member('quiet', port(22)),
      member('dns', port(53, { protocol: 'TCP', maxRequestAccessDuration: 'PT1H' }), port(53, { protocol: 'UDP' })),
      member('slow', port(22)),
    ]),
  },
  { path: policyOf('other') + VERSION, body: body([member('twice', port(3389))]) },
];

const portal = usePortal({ data: { files, policies } });
const machines = machinesOf(portal);

/** A group of lines in what a panel says it does. */
const lines = (panel, title) => panel.impact.locator('.impact-group').filter({ hasText: title }).locator('li');

/** A call to the server behind the page. */
async function call(page, path, sent, method = 'POST') {
  const { url, token } = await portal.at('server');
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(new URL(path + VERSION, url), { method, headers, body: JSON.stringify(sent) });
  assert.ok(answer.ok, await answer.text());
}
const open = (page, name, number) => {
  const ports = [{ number, duration: 'PT1H', allowedSourceAddressPrefix: '203.0.113.9' }];
  return call(page, `${policyOf('default')}/initiate`, { virtualMachines: [{ id: vm(name), ports }] });
};

for (const [what, change] of [
  ['is removed', panel => panel.removePort('22 SSH').click()],
  ['becomes another', async panel => (await panel.port('22 SSH').click(), panel.fill({ port: '2222' }))],
  ['gets another protocol', async panel => (await panel.port('22 SSH').click(), panel.fill({ protocol: 'UDP' }))],
]) {
  test(`a port that ${what} is told to be open again where the network lets it in`, async () => {
    const panel = await (await machines('server', 'configured', 'pub')).menu('pub', 'Edit');
    await change(panel);
    await lines(panel, 'Open again').getByText(/^pub 22 .*from Any/).waitFor();
    await panel.cancel.click();
  });
}

test('rules that made room when the policy was made are not said to move once more', async () => {
  const panel = await (await machines('server', 'configured', 'pub')).menu('pub', 'Edit');
  await panel.port('22 SSH').click();
  await panel.fill({ time: '1' });
  const room = lines(panel, 'Also touched').filter({ hasText: 'to make room' });
  await room.getByText(/^\d rules? of NSG nsg-web stands? at other priorities than in what was imported/).waitFor();
  assert.doesNotMatch(await room.textContent(), /moved/);
  await panel.cancel.click();
});

test('a port that was reached before is not said to have been reached by nothing', async () => {
  const panel = await (await machines('server', 'configured', 'pub')).menu('pub', 'Edit');
  await panel.port('3389 RDP').click();
  await panel.fill({ time: '2' });
  await lines(panel, 'Closed at rest').getByText(/^pub 22/).waitFor();
  await panel.removePort('22 SSH').click();
  await lines(panel, 'Open again').first().waitFor();
  assert.deepEqual(await lines(panel, 'Closed at rest').allTextContents(), ['pub: nothing would reach these ports without it either']);
});

test('a machine in two policies is one machine', async () => {
  const panel = await (await machines('server', 'configured', 'twice')).menu('twice', 'Edit');
  await panel.dialog.getByText('The ports of 1 machine that').waitFor();
});

test('who gets access while a panel is open is told to lose it', async () => {
  const page = await machines('server', 'configured', 'quiet');
  const panel = await page.menu('quiet', 'Remove');
  await panel.dialog.getByText('Nobody has access to these machines now.').waitFor();
  await open(page, 'quiet', 22);
  await panel.dialog.getByText(/^quiet port 22 of .*, from 203\.0\.113\.9/).waitFor();
  await panel.cancel.click();
  const edit = await page.menu('quiet', 'Edit');
  assert.equal(await edit.dialog.getByText('Access that ends').count(), 0);
  const ends = edit.dialog.getByText(/^quiet port 22 of .*, from 203\.0\.113\.9/);
  await edit.port('22 SSH').click();
  await edit.fill({ protocol: 'UDP' });
  await ends.waitFor();
  await edit.fill({ protocol: 'Any' });
  await ends.waitFor({ state: 'detached' });
  await edit.fill({ port: '2222' });
  await ends.waitFor();
});

test('a port with two protocols is asked for once, and opens both', async () => {
  const page = await machines('server', 'configured', 'dns');
  const panel = await page.menu('dns', 'Request access');
  const part = panel.machine('dns').region;
  const ask = part.getByRole('switch', { name: '53', exact: true });
  await part.getByText('TCP, up to 1 hour, from Any; UDP, up to 3 hours, from Any').waitFor();
  assert.equal(await ask.count(), 1);
});

test('what is chosen in one tab is not chosen in another', async () => {
  const page = await machines('server', 'notConfigured', 'spare');
  await page.box('spare').check();
  await call(page, policyOf('spare'), JSON.parse(body([member('spare', port(22))])), 'PUT');
  await page.page.getByRole('tab', { name: /^Configured/ }).click();
  await page.box('spare').waitFor();
  assert.equal(await page.box('spare').isChecked(), false);
});

test('nothing can be typed while it is saved, and a failure is seen by whoever is asked about leaving', async () => {
  const page = await machines('server', 'configured', 'slow');
  const panel = await page.menu('slow', 'Edit');
  await panel.port('22 SSH').click();
  await panel.fill({ time: '2' });
  const refuse = route =>
    route.fulfill({ status: 403, contentType: 'application/json', body: '{"error":{"code":"Forbidden","message":"Not by you."}}' });
  const release = await hold(page.page, /\/jitNetworkAccessPolicies\//, 'PUT', refuse);
  await panel.save.click();
  await panel.dialog.locator('.panel-form[inert]').waitFor();
  await panel.cancel.click();
  await panel.leaving.waitFor();
  release();
  await panel.leaving.waitFor({ state: 'detached' });
  await panel.dialog.getByText('Not by you.').waitFor();
  assert.equal(await panel.question.count(), 0);
  await until(() => panel.dialog.locator('.panel-form[inert]').count(), 0);
});

test('the address that a request shows is the one that it is made from', async () => {
  const page = await machines('server', 'configured', 'pub');
  await page.page.route(/\/me\b/, async route => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), ipAddress: '203.0.113.77' } });
  });
  const panel = await page.menu('pub', 'Request access');
  await panel.dialog.getByText('Your address: 203.0.113.77').waitFor();
});
