// The types of networks and of code: what `loadNetwork`, `preview`, `diff`, `reach` and `convert` take and give. Written
// by hand; `tests/types.test.mjs` holds them against real answers.

import type { Diagnostic, Granted, Input, Kind, Now, Refused, Report } from './index.js'
import type { Bounds, Box, Resource, SecurityRule, Traffic } from './traffic.js'

export * from './traffic.js'

declare global {
  // As `esnext.disposable` has them, which TypeScript before 5.2 has not.
  interface SymbolConstructor {
    readonly dispose: unique symbol
  }
  interface Disposable {
    [Symbol.dispose](): void
  }
}

/**
 * One document or several; an array is several. How a network is spread over files makes no difference to the
 * answers.
 */
export type Inputs = Input | readonly Input[]

/**
 * Where just-in-time rules go: above the rules that would let traffic in, which are moved where there is no room
 * (`enforce`), or below (`document`): the rules that are there are left alone, and keep their effect.
 */
export type Mode = 'enforce' | 'document'

export interface LoadOptions {
  /** Policies in force; without one the network is taken as it is. For `reach`. */
  policy?: Inputs | undefined
  /** Requests: bodies of `initiate` calls, and requests as the service stores them. For `reach`. */
  requests?: Inputs | undefined
  /** When requests are decided. Default: the current time. */
  now?: Now | undefined
  /** Default: `enforce`. */
  mode?: Mode | undefined
  /** The source of requests that name none. */
  callerAddress?: string | undefined
}

export interface PreviewOptions {
  policy: Inputs
  /** Requests: bodies of `initiate` calls, decided now, and requests as the service stores them. */
  requests?: Inputs | undefined
  /** Default: the current time. */
  now?: Now | undefined
  /** Default: `enforce`. */
  mode?: Mode | undefined
  /** The source of requests that name none. */
  callerAddress?: string | undefined
}

export interface PreviewDocuments extends PreviewOptions {
  network: Inputs
}

export interface DiffOptions {
  /** The rest of the network, where the documents hold rules of NSGs. */
  network?: Inputs | undefined
  /** Default: the current time. */
  now?: Now | undefined
}

/** Could this address reach that machine and port? */
export interface ReachQuery {
  /** The machine's name or resource id, in any case. */
  machine: string
  /** The address that asks. */
  from: string
  /** The port that it asks for; ICMP has none. */
  port?: number | undefined
  /** Default: `tcp`. `icmp` is ICMPv6 where the address is one of IPv6. */
  protocol?: 'tcp' | 'udp' | 'icmp' | undefined
  /** Default: any from 49152. */
  sourcePort?: number | undefined
  /** The address that it asks: the machine's own or that of a firewall before it. Default: any. */
  to?: string | undefined
  /** The instant that is asked about; matters where policies are in force. Default: the current time. */
  now?: Now | undefined
}

/** A network in memory of its own, which is given back when nobody holds it any more, or at once by `free`. */
export interface Network {
  /** What is to be said about each file, in their order. */
  readonly diagnostics: Report[]
  machines(): Machine[]
  reach(query: ReachQuery): Reach
  /** Everything that may reach a machine: at `now`, where policies are in force. */
  traffic(query: { machine: string; now?: Now | undefined }): Bounds
  preview(options: PreviewOptions): Preview
  /** What becomes possible and impossible from this network to another: at `now`, where policies are in force. */
  diff(after: Network, options?: { now?: Now | undefined }): Diff
  free(): void
  [Symbol.dispose](): void
}

/** Can just-in-time access be had for a machine? */
export type MachineClass = 'configured' | 'notConfigured' | 'unsupported'

export interface Machine {
  id: string
  name: string
  class: MachineClass
  /** Why it is of that class. */
  reason: string
}

/** What `reach` answers. */
export interface Reach {
  /** `maybe`: it hangs on something that is not known. */
  reachable: 'yes' | 'no' | 'maybe'
  /** What decides at each stage of the way, up to where the packet is stopped. */
  decidedBy: Decider[]
}

/** What decides at one stage. */
export interface Decider {
  stage: 'firewall' | 'firewallNetworkRule' | 'subnetNsg' | 'nicNsg' | 'securityGroup' | 'noFilter' | 'publicAddress' | 'notGiven' | 'noAddress' | 'entangled'
  reachable: 'yes' | 'no' | 'maybe'
  /** Its name, or its id where it was not given. */
  resource: string
  id: string
  /** Null where no rule matches, and for the permissions of EC2, which have no names. */
  rule: string | null
  priority: number | null
  access: 'Allow' | 'Deny' | null
  /** What in the rule is not known. */
  unknown?: string[]
}

/** What `preview` answers. */
export interface Preview {
  /** The instant that `open` is about. */
  at: string
  /** Those of the network, then those that only policies name. */
  machines: MachinePreview[]
  /** The times in which nothing changes and something is open. */
  timeline: Interval[]
  /** The answer to each request, by its place among those given. */
  decisions: ((Granted | Refused) & { request: number })[]
  reports: DocumentReport[]
}

/** A report, and which document it is about, by its place among those of its role. */
export interface DocumentReport extends Report {
  role: 'policy' | 'request' | 'network'
  index: number
}

export interface MachinePreview extends Machine {
  /** The names of the policies that it is in. */
  policies: string[]
  /** The ports that they protect, such as `TCP 22`. */
  ports: string[]
  /** What just-in-time access writes. */
  rules: { added: RuleChange[]; moved: RuleMoves[]; removed: RuleChange[] }
  /** What may reach it. Null, as those below, where no policy protects it or it is not in the network. */
  states: States | null
  /** Before, less at rest. */
  closed: Traffic | null
  /** Open, less at rest. */
  opened: Traffic | null
  /** The filters whose rules cut each other into too many pieces, so that the states are bounds. */
  entangled?: string[]
  /** What reaches its protected ports in spite of just-in-time access. */
  residual: Residual[]
  /** Is the state after the last end the state at rest? Digests are SHA-256. */
  restored: { same: boolean; digest: string; atRest: string } | null
}

export interface States {
  /** Without just-in-time access. */
  before: Bounds
  /** As the network is now, where just-in-time rules for the machine are in it already. */
  asFound?: Bounds
  /** With just-in-time access, and no request open. */
  atRest: Bounds
  /** While requests are open; left out where it is as at rest. */
  open?: Bounds
  /** After the last of them has ended; left out where it is as at rest. */
  after?: Bounds
}

export interface RuleChange extends SecurityRule {
  resource: Resource
  /** Always there, or only while a request is open. */
  when: 'atRest' | 'open'
}

/** Rules that were there and get other priorities, all of one NSG. */
export interface RuleMoves {
  resource: Resource
  rules: { name: string; from: number; to: number }[]
}

export interface Residual {
  protocol: 'TCP' | 'UDP' | '*'
  port: number
  /** In the network as it is now, or once just-in-time rules are written. */
  state: 'asFound' | 'atRest'
  traffic: Bounds
  letInBy: RuleChange[]
  /** The addresses of the machine at which nothing filters what comes in; left out where there is none. */
  unfiltered?: string[]
  /** The smallest change that closes it, in sentences; `proved` by making it and asking again. */
  closing: { steps: string[]; proved: boolean }
}

/** A time in which nothing changes. */
export interface Interval {
  from: string
  until: string
  seconds: string
  grants: LiveGrant[]
  /** What is open then and not at rest. */
  opened: { id: string; name: string; traffic: Traffic; addressSeconds: string }[]
}

export interface LiveGrant {
  machine: string
  port: number
  protocol: 'TCP' | 'UDP' | '*'
  sources: string[]
  from: string
  until: string
  who: string | null
  why: string | null
  /** The document that it comes from. */
  document: { role: 'policy' | 'request'; index: number }
  /** The address and port of the Azure Firewall that lead there. */
  mapped?: { address: string; port: number }
}

/** What `diff` answers: exactly what becomes possible and impossible. */
export interface Diff {
  possible: Change[]
  impossible: Change[]
  /** Nothing does. */
  equal: boolean
  /** False where a document could not be judged, or where a value is not known and the versions are not the same: there may be more. */
  complete: boolean
  reports: { before: DocumentReport[]; after: DocumentReport[] }
}

export type Change = OpenChange | ReachChange

/** What a requester can open. */
export interface OpenChange {
  kind: 'open'
  machine: string
  text: string
  protocol: 'TCP' | 'UDP' | '*'
  ports: string[]
  sources: string[]
  /** The longest window before and after, such as `PT3H`; null for none. */
  before: string | null
  after: string | null
  addresses: string
  /** Addresses × ports × protocols × the seconds by which the window grows or shrinks. */
  addressSeconds: string
}

/** What reaches a machine. */
export interface ReachChange extends Box {
  kind: 'reach'
  machine: string
  /** False where it is a *maybe* that comes or goes. */
  certain: boolean
}

/** Reads a network: exports of machines, NICs, NSGs, virtual networks, firewalls and the like, in any number of files. */
export function loadNetwork(files: Inputs, options?: LoadOptions): Network

/** What policies and requests do to a network: what is reachable before, at rest, while open and after. */
export function preview(documents: PreviewDocuments): Preview

/** What two versions of a policy, or of a network's rules, differ in. */
export function diff(before: Inputs, after: Inputs, options?: DiffOptions): Diff

/** One question to a network; for more, `loadNetwork` reads it once. */
export function reach(files: Inputs, query: ReachQuery): Reach

/** A language that policies and requests are written in. Of these, `arm` and `bicep` know policies alone. */
export type Format = 'powershell' | 'az' | 'rest' | 'arm' | 'bicep' | 'terraform' | 'json'

export interface ConvertOptions {
  to: Format
  /** What the document is, where you know it; guessed from its shape otherwise. */
  kind?: Kind | undefined
  /** Default: the current time. */
  now?: Now | undefined
  /**
   * Where the policy is, as far as the document does not say it. What nobody says is a variable in the text. Of several
   * policies, those that are known to be elsewhere are left out.
   */
  subscription?: string | undefined
  resourceGroup?: string | undefined
  location?: string | undefined
  name?: string | undefined
  /**
   * Where calls go, as in `https://jit.example`: `https://`, or `http://` for this machine's own addresses, a host and
   * maybe a port. Default: Azure's Resource Manager.
   */
  endpoint?: string | undefined
}

/** What `convert` answers: the report on the document, and its content in another language. */
export interface Conversion extends Report {
  /** Ready to copy; null when there is a reason against it. */
  text: string | null
  /** What is to be filled in, and what was left out, a sentence each. */
  notes: string[]
  /** Why there is no text, a sentence each. */
  reasons: string[]
}

/** Policies and requests as code. */
export function convert(document: Input, options: ConvertOptions): Conversion
