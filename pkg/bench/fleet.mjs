// Policies of any number of machines: clean under every rule, or with faults in one of twenty port rules.

const SUBSCRIPTION = '/subscriptions/0b9a2c4e-7d13-4f58-9e6a-51c8d2f03b74'
const GROUP = `${SUBSCRIPTION}/resourceGroups/rg-fleet-prod`
const NUMBERS = [22, 3389, 5985, 5986]
const ROLES = ['web', 'api', 'worker', 'cache', 'queue', 'build', 'report', 'gateway']

/** What goes wrong in practice; the schemas refuse each of these, too. */
const FAULTS = [
  (port) => ({ ...port, number: 70000 + port.number }),
  (port) => ({ ...port, number: String(port.number) }),
  (port) => ({ ...port, protocol: 'tcp' }),
  (port) => ({ ...port, maxRequestAccessDuration: 'PT30H' }),
  (port) => ({ ...port, allowedSourceAddressPrefix: '10.20.300.0/24', allowedSourceAddressPrefixes: undefined }),
  ({ maxRequestAccessDuration, ...port }) => ({ ...port, maxRequestAcessDuration: maxRequestAccessDuration }),
  ({ protocol, ...port }) => port,
]

/** The text of a policy. */
export function fleet(machines, { faulty }) {
  let rules = 0
  let faults = 0
  const port = (number, machine) => {
    const sound = { number, protocol: 'TCP', ...source(machine, number), maxRequestAccessDuration: 'PT3H' }
    rules += 1
    return faulty && rules % 20 === 4 ? FAULTS[faults++ % FAULTS.length](sound) : sound
  }
  const machine = (_, at) => ({
    id: `${GROUP}/providers/Microsoft.Compute/virtualMachines/${ROLES[at % ROLES.length]}-weu-${String(at).padStart(5, '0')}`,
    ports: NUMBERS.map((number) => port(number, at)),
  })
  const policy = {
    id: `${GROUP}/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default`,
    name: 'default',
    type: 'Microsoft.Security/locations/jitNetworkAccessPolicies',
    kind: 'Basic',
    location: 'westeurope',
    properties: { provisioningState: 'Succeeded', virtualMachines: Array.from({ length: machines }, machine) },
  }
  // One flat string, as it comes from a file.
  return { text: Buffer.from(JSON.stringify(policy)).toString('latin1'), rules, faults }
}

/** One office in most port rules, two in some. */
function source(machine, number) {
  const office = (at) => `10.${at % 200}.${(at * 7) % 250}.0/24`
  if (number !== 3389) return { allowedSourceAddressPrefix: office(machine) }
  return { allowedSourceAddressPrefixes: [office(machine), office(machine + 50)] }
}
