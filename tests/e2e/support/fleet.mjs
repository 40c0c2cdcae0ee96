// Inventories of any size, as `az` exports them, and the policies that protect some of their machines.
const SUBSCRIPTION = '5d1f0c1e-33f1-4a8e-9d9f-0b9a6f7c2e51';
const REGIONS = ['westeurope', 'northeurope', 'eastus2', 'southeastasia'];
/** Machines in a resource group: a network of its own, and at most one policy. */
const GROUP = 50;

const group = number => `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-fleet-${String(number).padStart(3, '0')}/providers`;

/** The lists of an export: machines, NICs, networks, NSGs. Each machine is `{ id, name, location, windows }`. */
export function exported(machines, { bare = () => false, openTo } = {}) {
  const lists = { vms: [], nics: [], vnets: [], nsgs: [] };
  const groups = new Map();
  machines.forEach((machine, index) => {
    const base = machine.id.slice(0, machine.id.indexOf('/providers') + '/providers'.length);
    if (!groups.has(base)) groups.set(base, { number: groups.size, location: machine.location, count: 0 });
    const own = groups.get(base);
    const nic = `${base}/Microsoft.Network/networkInterfaces/nic-${index}`;
    const vnet = `${base}/Microsoft.Network/virtualNetworks/vnet`;
    // The last subnet has no NSG: JIT has nothing to work with there.
    const subnet = `${vnet}/subnets/${bare(index) ? 'bare' : 'servers'}`;
    const address = `10.${own.number % 250}.${bare(index) ? 2 : 1}.${4 + own.count++}`;
    lists.vms.push({
      id: machine.id,
      name: machine.name,
      type: 'Microsoft.Compute/virtualMachines',
      location: machine.location,
      hardwareProfile: { vmSize: 'Standard_D2s_v5' },
      storageProfile: { osDisk: { osType: machine.windows ? 'Windows' : 'Linux' } },
      networkProfile: { networkInterfaces: [{ id: nic }] },
    });
    lists.nics.push({
      id: nic,
      name: `nic-${index}`,
      type: 'Microsoft.Network/networkInterfaces',
      location: machine.location,
      ipConfigurations: [{ name: 'ipconfig1', privateIPAddress: address, primary: true, subnet: { id: subnet } }],
      virtualMachine: { id: machine.id },
    });
  });
  for (const [base, { number, location }] of groups) {
    const nsg = `${base}/Microsoft.Network/networkSecurityGroups/nsg-servers`;
    const vnet = `${base}/Microsoft.Network/virtualNetworks/vnet`;
    const subnets = ['servers', 'bare'].map((name, at) => ({
      id: `${vnet}/subnets/${name}`,
      name,
      addressPrefix: `10.${number % 250}.${at + 1}.0/24`,
      ...(name === 'servers' ? { networkSecurityGroup: { id: nsg } } : {}),
    }));
    lists.vnets.push({
      id: vnet,
      name: 'vnet',
      type: 'Microsoft.Network/virtualNetworks',
      location,
      addressSpace: { addressPrefixes: [`10.${number % 250}.0.0/16`] },
      subnets,
    });
    const rule = {
      name: 'AllowManagement',
      priority: 200,
      direction: 'Inbound',
      access: 'Allow',
      protocol: 'Tcp',
      sourcePortRange: '*',
      sourceAddressPrefix: openTo?.(number) ?? '198.18.4.0/24',
      destinationAddressPrefix: '*',
      destinationPortRanges: ['22', '3389'],
    };
    lists.nsgs.push({
      id: nsg,
      name: 'nsg-servers',
      type: 'Microsoft.Network/networkSecurityGroups',
      location,
      securityRules: [rule],
    });
  }
  return Object.entries(lists).map(([name, list]) => ({ name: `${name}.json`, text: JSON.stringify(list) }));
}

/** That many machines: six of ten with a policy, one of ten without an NSG. */
export function fleet(count) {
  const machines = Array.from({ length: count }, (_, index) => {
    const number = Math.floor(index / GROUP);
    const name = `${['web', 'api', 'db', 'job'][index % 4]}-${index + 1}`;
    const id = `${group(number)}/Microsoft.Compute/virtualMachines/${name}`;
    return { id, name, location: REGIONS[number % REGIONS.length], windows: index % 4 === 2 };
  });
  const files = exported(machines, { bare: index => index % 10 === 9, openTo: number => (number % 5 === 0 ? '*' : undefined) });
  return { files, policies: policies(machines.filter((_, index) => index % 10 < 6)) };
}

/** PUTs of a policy for each resource group and region: `{ path, body }`. */
export function policies(machines) {
  const groups = new Map();
  for (const machine of machines) {
    const base = machine.id.slice(0, machine.id.indexOf('/providers') + '/providers'.length);
    const path = `${base}/Microsoft.Security/locations/${machine.location}/jitNetworkAccessPolicies/default?api-version=2020-01-01`;
    groups.set(path, [...(groups.get(path) ?? []), machine]);
  }
  const port = windows => ({
    number: windows ? 3389 : 22,
    protocol: 'TCP',
    allowedSourceAddressPrefix: '*',
    maxRequestAccessDuration: 'PT3H',
  });
  return [...groups].map(([path, own]) => {
    const virtualMachines = own.map(({ id, windows }) => ({ id, ports: [port(windows)] }));
    return { path, body: JSON.stringify({ kind: 'Basic', properties: { virtualMachines } }) };
  });
}
