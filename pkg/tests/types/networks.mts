// How networks are used from modules, and what must not compile.

import { check, convert, diff, loadNetwork, preview, reach } from 'jitgate'
import type { Bounds, Change, Conversion, Diff, Format, Inputs, Machine, Network, Preview, Reach, Report, Residual, Traffic } from 'jitgate'
import * as full from 'jitgate/network'

const files: Inputs = ['{}', new Uint8Array(), { value: [] }]
const net: Network = loadNetwork(files, { policy: '{}', requests: [{}], now: 0, mode: 'document', callerAddress: '::1' })
const answer: Reach = net.reach({ machine: 'web1', from: '203.0.113.7', port: 22, protocol: 'udp', sourcePort: 1, to: '::1', now: new Date() })
const stage: string | undefined = answer.decidedBy[0]?.stage
const machines: Machine[] = net.machines()
const reports: Report[] = net.diagnostics
const traffic: Bounds = net.traffic({ machine: 'web1' })
const surely: Traffic = traffic.exact ? traffic.may : traffic.surely
const shown: Preview = net.preview({ policy: {} })
const residual: Residual | undefined = shown.machines[0]?.residual[0]
const compared: Diff = diff('{}', ['{}'], { network: files })
const change: Change | undefined = compared.possible[0]
const between: Diff = net.diff(full.loadNetwork(files), { now: 0 })
if (change?.kind === 'open') console.log(change.after)
else console.log(change?.certain)
console.log(between.equal, stage, machines, reports, surely.witness, residual?.closing.steps)
preview({ network: files, policy: '{}', mode: 'enforce', now: '2026-01-15T12:00:00Z' })
reach('{}', { machine: 'web1', from: '::1', protocol: 'icmp' })
full.check(check('{}').kind)
const bicep: Format = 'bicep'
const code: Conversion = convert('{}', { to: bicep, kind: 'policy', now: 0, name: undefined, location: 'westeurope' })
const text: string | null = code.text
console.log(full.convert(new Uint8Array(), { to: 'json' }).notes[0], code.diagnostics[0]?.code, text, code.reasons)
{
  using loaded = full.loadNetwork('{}')
  loaded.free()
}

// @ts-expect-error: no such format
convert('{}', { to: 'yaml' })
// @ts-expect-error: the format is missing
convert('{}')
// @ts-expect-error: there may be no text
const always: string = convert('{}', { to: 'az' }).text
// @ts-expect-error: files are missing
loadNetwork()
// @ts-expect-error: no such mode
loadNetwork('{}', { mode: 'off' })
// @ts-expect-error: the machine is missing
net.reach({ from: '::1', port: 22 })
// @ts-expect-error: no such protocol
net.reach({ machine: 'web1', from: '::1', protocol: 'sctp' })
// @ts-expect-error: the policy is missing
net.preview({ requests: '{}' })
// @ts-expect-error: the network is missing
preview({ policy: '{}' })
// @ts-expect-error: the second version is missing
diff('{}')
// @ts-expect-error: files are no network that was loaded
net.diff('{}')
// @ts-expect-error: what surely reaches it is there only where that is not all
traffic.surely
// @ts-expect-error: reports are not for writing
net.diagnostics = []
