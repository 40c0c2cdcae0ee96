// Machines that cannot have just-in-time access: it is said what each would need, and there is nothing to tick.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Jit } from './pages/jit.mjs';
import { Machine } from './pages/machines.mjs';
import { axe } from './support/axe.mjs';
import { fleet } from './support/fleet.mjs';
import { backends, usePortal } from './support/portal.mjs';

/** An instance of EC2 that no security group is attached to. */
const instance = {
  InstanceId: 'i-0123456789abcdef0',
  InstanceType: 't3.micro',
  PrivateIpAddress: '10.9.0.4',
  VpcId: 'vpc-1',
  SubnetId: 'subnet-1',
  SecurityGroups: [],
  NetworkInterfaces: [],
  Tags: [{ Key: 'Name', Value: 'lone-instance' }],
};
const instances = { name: 'instances.json', text: JSON.stringify({ Reservations: [{ Instances: [instance] }] }) };
// One of ten has no NSG.
const { files, policies } = fleet(10);
const portal = usePortal({ data: { files: [...files, instances], policies } });

for (const backend of backends) {
  test(`unsupported machines cannot be ticked, and say what they need (${backend})`, async () => {
    const jit = await new Jit(await portal.page('/?tab=unsupported', { backend })).ready();
    assert.deepEqual((await jit.names()).sort(), ['api-10', 'lone-instance']);
    assert.equal(await jit.table.getByRole('checkbox').count(), 0);
    await axe(jit.page, 'the tab of unsupported machines');
    for (const [name, needs, not] of [
      ['lone-instance', 'It needs a security group in front of it.', /Azure Firewall/],
      ['api-10', 'It needs a network security group or an Azure Firewall in front of it', /EC2/],
    ]) {
      await jit.row(name).getByRole('link', { name, exact: true }).click();
      const machine = new Machine(jit.page);
      await machine.go('Configuration');
      const notice = jit.page.getByRole('main').getByRole('status').filter({ hasText: needs });
      await notice.waitFor();
      assert.doesNotMatch(await notice.textContent(), not);
      await jit.link('Just-in-time VM access').click();
      await jit.tab(/^Unsupported/).click();
    }
  });
}
