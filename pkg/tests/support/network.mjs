// A small network that the tests share: one machine behind the NSG of its subnet.

import { MACHINES } from './documents.mjs'

const NETWORK = `${MACHINES.slice(0, MACHINES.indexOf('/providers/'))}/providers/Microsoft.Network`
const NSG = `${NETWORK}/networkSecurityGroups/web-nsg`
const VNET = `${NETWORK}/virtualNetworks/shop`
const SUBNET = `${VNET}/subnets/web`
const NIC = `${NETWORK}/networkInterfaces/web1-nic`
const ADDRESS = `${NETWORK}/publicIPAddresses/web1-ip`

/** A rule of the NSG. */
export const rule = (name, priority, properties = {}) => ({
  name,
  properties: {
    priority,
    direction: 'Inbound',
    access: 'Allow',
    protocol: 'Tcp',
    sourceAddressPrefix: '*',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
    destinationPortRange: '22',
    ...properties,
  },
})

export const nsg = (rules = [rule('AllowSsh', 300), rule('AllowHttps', 310, { destinationPortRange: '443' })]) => ({
  id: NSG,
  name: 'web-nsg',
  type: 'Microsoft.Network/networkSecurityGroups',
  location: 'westeurope',
  properties: { securityRules: rules, subnets: [{ id: SUBNET }] },
})

const machine = {
  id: `${MACHINES}/web1`,
  name: 'web1',
  type: 'Microsoft.Compute/virtualMachines',
  location: 'westeurope',
  properties: { networkProfile: { networkInterfaces: [{ id: NIC, properties: { primary: true } }] } },
}

const nic = {
  id: NIC,
  name: 'web1-nic',
  type: 'Microsoft.Network/networkInterfaces',
  location: 'westeurope',
  properties: {
    virtualMachine: { id: machine.id },
    ipConfigurations: [
      {
        id: `${NIC}/ipConfigurations/main`,
        name: 'main',
        properties: { primary: true, privateIPAddress: '10.0.0.4', subnet: { id: SUBNET }, publicIPAddress: { id: ADDRESS } },
      },
    ],
  },
}

const vnet = {
  id: VNET,
  name: 'shop',
  type: 'Microsoft.Network/virtualNetworks',
  location: 'westeurope',
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
    subnets: [{ id: SUBNET, name: 'web', properties: { addressPrefix: '10.0.0.0/24', networkSecurityGroup: { id: NSG } } }],
    virtualNetworkPeerings: [],
  },
}

const address = {
  id: ADDRESS,
  name: 'web1-ip',
  type: 'Microsoft.Network/publicIPAddresses',
  location: 'westeurope',
  sku: { name: 'Standard' },
  properties: { ipAddress: '198.51.100.4' },
}

/** Its files; the machine is named as the shared policy names it. */
export const network = (rules) => [machine, nic, vnet, address, nsg(rules)]
