// Documents for the tests, and links to them as the workbench reads them.
import { deflateRawSync } from 'node:zlib';

const MACHINES =
  '/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines';

/** A policy with these members in its one port rule. */
export function policy(port = {}, machine = 'web1') {
  const rule = { number: 22, protocol: 'TCP', allowedSourceAddressPrefix: '10.20.0.0/16', maxRequestAccessDuration: 'PT3H' };
  const virtualMachines = [{ id: `${MACHINES}/${machine}`, ports: [{ ...rule, ...port }] }];
  return JSON.stringify({ kind: 'Basic', properties: { virtualMachines } }, null, 2);
}

/** A request with these members in its one port. */
export function request(port = {}, machine = 'web1') {
  const asked = { number: 22, allowedSourceAddressPrefix: '10.20.0.7', duration: 'PT1H' };
  const virtualMachines = [{ id: `${MACHINES}/${machine}`, ports: [{ ...asked, ...port }] }];
  return JSON.stringify({ virtualMachines, justification: 'patching' }, null, 2);
}

/** A policy with that many machines. */
export function fleet(count) {
  const one = JSON.parse(policy()).properties.virtualMachines[0];
  const virtualMachines = Array.from({ length: count }, (_, index) => ({ ...one, id: `${one.id}${index}` }));
  return JSON.stringify({ kind: 'Basic', properties: { virtualMachines } }, null, 2);
}

/** A network in two files: `web1` behind an NSG that lets everybody in to its port 22. */
export function network() {
  const group = `${MACHINES.replace('Compute/virtualMachines', 'Network')}`;
  const [nsg, nic, subnet] = ['networkSecurityGroups/nsg-web', 'networkInterfaces/nic-web1', 'virtualNetworks/vnet/subnets/web'];
  const id = path => `${group}/${path}`;
  const machines = [
    { id: `${MACHINES}/web1`, name: 'web1', networkProfile: { networkInterfaces: [{ id: id(nic) }] } },
    {
      id: id(nic),
      name: 'nic-web1',
      ipConfigurations: [{ name: 'ipconfig1', privateIPAddress: '10.30.0.4', subnet: { id: id(subnet) } }],
    },
    {
      id: id('virtualNetworks/vnet'),
      name: 'vnet',
      addressSpace: { addressPrefixes: ['10.30.0.0/16'] },
      subnets: [{ id: id(subnet), name: 'web', addressPrefix: '10.30.0.0/24', networkSecurityGroup: { id: id(nsg) } }],
    },
  ];
  const rule = {
    name: 'AllowSsh',
    priority: 300,
    direction: 'Inbound',
    access: 'Allow',
    protocol: 'Tcp',
    sourceAddressPrefix: '*',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
    destinationPortRange: '22',
  };
  const groups = [{ id: id(nsg), name: 'nsg-web', securityRules: [rule] }];
  return [
    { name: 'machines.json', text: JSON.stringify(machines, null, 2) },
    { name: 'nsgs.json', text: JSON.stringify(groups, null, 2) },
  ];
}

/** The address of a workbench that holds this. */
export function link(shared) {
  return `/workbench#v1=${deflateRawSync(JSON.stringify(shared)).toString('base64url')}`;
}
