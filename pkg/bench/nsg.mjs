// A machine behind an NSG of any number of rules, made up as people write them: mostly single ports and small
// prefixes, some ranges, some `*`, a fifth of them denies. The same number gives the same network.

const GROUP = '/subscriptions/0b9a2c4e-7d13-4f58-9e6a-51c8d2f03b74/resourceGroups/rg-fleet-prod'
const NETWORK = `${GROUP}/providers/Microsoft.Network`
export const MACHINE = `${GROUP}/providers/Microsoft.Compute/virtualMachines/web1`
const PORTS = ['22', '80', '443', '1433', '3306', '3389', '5432', '5985-5986', '6379', '8000-8999', '8080', '9000-9100']
const TAGS = ['VirtualNetwork', 'AzureLoadBalancer', 'Internet']

/** The files around an NSG. */
export const around = [
  { id: MACHINE, name: 'web1', type: 'Microsoft.Compute/virtualMachines', properties: { networkProfile: { networkInterfaces: [{ id: `${NETWORK}/networkInterfaces/web1` }] } } },
  {
    id: `${NETWORK}/networkInterfaces/web1`,
    name: 'web1',
    type: 'Microsoft.Network/networkInterfaces',
    properties: {
      virtualMachine: { id: MACHINE },
      ipConfigurations: [{ name: 'main', properties: { privateIPAddress: '10.0.0.4', subnet: { id: `${NETWORK}/virtualNetworks/fleet/subnets/web` } } }],
    },
  },
  {
    id: `${NETWORK}/virtualNetworks/fleet`,
    name: 'fleet',
    type: 'Microsoft.Network/virtualNetworks',
    properties: {
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [{ id: `${NETWORK}/virtualNetworks/fleet/subnets/web`, name: 'web', properties: { addressPrefix: '10.0.0.0/24', networkSecurityGroup: { id: `${NETWORK}/networkSecurityGroups/web` } } }],
      virtualNetworkPeerings: [],
    },
  },
].map((resource) => JSON.stringify(resource))

/** An NSG's text; `changed` has one rule in a hundred made anew. */
export function nsg(rules, { changed = false } = {}) {
  const dice = generator(1)
  const other = generator(2)
  const securityRules = Array.from({ length: rules }, (_, at) => {
    const rule = made(dice, at)
    return changed && at % 100 === 50 ? made(other, at) : rule
  })
  return JSON.stringify({ id: `${NETWORK}/networkSecurityGroups/web`, name: 'web', type: 'Microsoft.Network/networkSecurityGroups', properties: { securityRules } })
}

function made(dice, at) {
  const one = (list) => list[dice(list.length)]
  const prefix = () => `${1 + dice(222)}.${dice(256)}.0.0/16`
  const block = () => `${1 + dice(222)}.${dice(256)}.${dice(256)}.0/24`
  const address = () => `${1 + dice(222)}.${dice(256)}.${dice(256)}.${dice(256)}`
  const source = dice(20)
  return {
    name: `rule-${at}`,
    properties: {
      priority: 100 + at,
      direction: 'Inbound',
      access: dice(5) === 0 ? 'Deny' : 'Allow',
      protocol: dice(10) === 0 ? '*' : dice(8) === 0 ? 'Udp' : 'Tcp',
      sourceAddressPrefix: source === 0 ? one(TAGS) : source < 4 ? prefix() : source < 12 ? block() : address(),
      sourcePortRange: '*',
      destinationAddressPrefix: dice(3) === 0 ? '10.0.0.4' : dice(2) === 0 ? '10.0.0.0/24' : '*',
      destinationPortRange: source > 17 ? '*' : one(PORTS),
    },
  }
}

/** Whole numbers below a limit, one after the other, always the same. */
function generator(seed) {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}
