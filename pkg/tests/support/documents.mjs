// Documents that the tests share.

export const NOW = '2026-01-15T12:00:00Z'

export const MACHINES = '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines'

/** A policy in which nothing is wrong: one machine, one port. */
export const policy = () => ({
  kind: 'Basic',
  properties: {
    virtualMachines: [
      {
        id: `${MACHINES}/web1`,
        ports: [
          { number: 22, protocol: 'TCP', allowedSourceAddressPrefix: '203.0.113.0/24', maxRequestAccessDuration: 'PT3H' },
        ],
      },
    ],
  },
})

/** The same with a port that is none. */
export const faulty = () => {
  const faulty = policy()
  faulty.properties.virtualMachines[0].ports[0].number = 70000
  return faulty
}

/** A request for that port. */
export const request = (port = {}) => ({
  virtualMachines: [
    { id: `${MACHINES}/web1`, ports: [{ number: 22, duration: 'PT1H', allowedSourceAddressPrefix: '203.0.113.7', ...port }] },
  ],
})
