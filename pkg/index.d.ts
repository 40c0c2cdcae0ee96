// The types of the package `jitgate`. Written by hand; `tests/types.test.mjs` holds them against real answers.

import type { Code, RuleName } from './codes.js'

export type { Code, RuleName }

/**
 * How much a diagnostic matters: `error`: the service would refuse the document; `security`: accepted, but opens
 * more than it should; `warning`: accepted, surely not meant; `info`: good to know.
 */
export type Severity = 'error' | 'security' | 'warning' | 'info'

/** What a caller may say that a document is. */
export type Kind = 'policy' | 'policyList' | 'request' | 'storedRequest' | 'template' | 'network'

/** The families of rules, by the first digit of the code. */
export type Family = 'document' | 'ports' | 'sources' | 'time' | 'machines' | 'requests' | 'network'

/**
 * A document: its text, its bytes (UTF-8, or UTF-16 with a byte order mark), or what was parsed from it. Places in a
 * parsed value are places in `JSON.stringify(value)`.
 */
export type Input = string | ArrayBufferView | ArrayBufferLike | object | number | boolean | null

/** The present: a date, milliseconds since 1970, or text such as `2026-01-15T12:00:00Z`. */
export type Now = Date | number | string

export interface CheckOptions {
  /** What the document is, where you know it; guessed from its shape otherwise. */
  kind?: Kind | undefined
  /** Default: the current time. */
  now?: Now | undefined
}

export interface DecideOptions {
  /** Default: the current time. */
  now?: Now | undefined
  /** The caller's IPv4 or IPv6 address: the source of a request that names none. */
  callerAddress?: string | undefined
}

/** What `check` answers. */
export interface Report {
  /** What the document was read as. */
  kind: Kind | 'unknown'
  /** All that there is to say, in document order. */
  diagnostics: Diagnostic[]
}

/** One thing to say about one place. */
export interface Diagnostic {
  code: Code
  name: RuleName
  severity: Severity
  /** What is wrong and why it matters. */
  message: string
  /** JSON pointer (RFC 6901); `""` is the whole document. */
  pointer: string
  /** The same, step by step: names of members, indices of elements. */
  path: (string | number)[]
  range: Range
  /** What to do; may be empty. */
  help: string
  /** The rule's page, relative to the address of a jitgate portal. */
  url: `rules/${Code}`
  fix?: Fix
  /** Other places that belong to it. */
  related?: Related[]
}

/** From `start` up to, but not including, `end`. */
export interface Range {
  start: Position
  end: Position
}

export interface Position {
  /** From 1. */
  line: number
  /** From 1, in UTF-16 code units. */
  column: number
  /** From 0 at the start of the text, in UTF-16 code units: a string index. */
  offset: number
}

/** A change of the text that mends what is wrong. */
export interface Fix {
  /** As a button would say it. */
  title: string
  /** True when it certainly means what was meant. */
  safe: boolean
  /** In the order of the text, without overlaps. */
  edits: Edit[]
}

export interface Edit {
  range: Range
  newText: string
}

export interface Related {
  message: string
  pointer: string
  range: Range
}

/** What `decide` answers: a request is granted as a whole or refused as a whole. */
export type Decision = Granted | Refused

export interface Granted {
  decision: 'granted'
  /** What opens. */
  grants: Grant[]
  reasons: []
  nearest: null
  changes: []
}

export interface Refused {
  decision: 'refused'
  grants: []
  /** Every reason. */
  reasons: Reason[]
  /** The body of the nearest request that would be granted now, ready to send; null when there is none. */
  nearest: RequestBody | null
  /** What differs in it from the request made, a line each. */
  changes: string[]
}

/** One port that opens on one machine. */
export interface Grant {
  /** The policy's resource id, where the document has one. */
  policy: string | null
  /** The machine's resource id. */
  machine: string
  port: number
  protocol: 'TCP' | 'UDP' | '*'
  /** IPv4 addresses and blocks; `*` is everybody. */
  sources: string[]
  startTimeUtc: string
  /** Exclusive. */
  endTimeUtc: string
}

/** A diagnostic that also says which of the two documents its places are in. */
export interface Reason extends Diagnostic {
  document: 'policy' | 'request'
}

/** The body of an `initiate` call. */
export interface RequestBody {
  virtualMachines: { id: string; ports: RequestPort[] }[]
  justification?: string
}

export interface RequestPort {
  number: number
  allowedSourceAddressPrefix?: string
  allowedSourceAddressPrefixes?: string[]
  endTimeUtc?: string
  duration?: string
}

/** A rule without its page. */
export interface RuleSummary {
  code: Code
  name: RuleName
  family: Family
  severity: Severity
  /** One line. */
  summary: string
  /** It can offer a fix. */
  fixable: boolean
  /** The evidence is divided whether the service refuses; `decide` goes on. */
  contested: boolean
  /** Its page, relative to the address of a jitgate portal. */
  url: `rules/${Code}`
}

export interface Rule extends RuleSummary {
  /**
   * Markdown: what, why, wrong, right, source. Always there in Node; in browsers and in bundled code only when
   * `jitgate/pages` is imported, since the pages are larger than all the rest.
   */
  page?: string
}

/** Says everything that is wrong with a policy, a list of policies, a request or a template. */
export function check(input: Input, options?: CheckOptions): Report

/** Is this request within this policy, now, for this caller? */
export function decide(policy: Input, request: Input, options?: DecideOptions): Decision

/** The rule of a code (in any case) or name; undefined when there is none. */
export function explain(codeOrName: Code | RuleName): Rule
export function explain(codeOrName: string): Rule | undefined

/** All rules, in the order of their codes. */
export function rules(): RuleSummary[]

/** The validator itself failed on this call. The next call starts it anew. */
export class JitgateError extends Error {
  readonly name: 'JitgateError'
}

// In browsers, and in code that a bundler has made for Node, the network comes with `import 'jitgate/network'`.
export * from './network.js'
