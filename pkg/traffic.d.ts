// The types of traffic: exact sets of packets, in boxes that a person can read. Written by hand, as `network.d.ts`.

/** Two bounds. Where everything is known they are one: `may`. */
export type Bounds = { exact: true; may: Traffic } | { exact: false; surely: Traffic; may: Traffic }

/** A set of packets. Numbers are decimal and exact, however large. */
export interface Traffic {
  boxes: Box[]
  /** So many boxes are left out of the list. */
  more?: number
  /** It falls into so many boxes that those listed hold it and more; all else is exact. */
  coarse?: true
  /** Source addresses, each counted once. */
  addresses: string
  /** Everything that can be told apart: protocol, addresses and ports of both ends. */
  packets: string
  /** One of them. */
  witness: Packet | null
  /** SHA-256: equal for equal sets only. */
  digest: string
}

/** All packets whose every part is in the list for it; `*` is everything. */
export interface Box {
  /** Such as `TCP 22 from 203.0.113.0/24 to 10.0.0.4`. */
  text: string
  protocol: string
  ports: string[]
  sources: string[]
  /** Where not every one will do. */
  sourcePorts?: string[]
  destinations: string[]
  addresses: string
  packets: string
  witness: Packet | null
  /** There, and false, where this only may open or close, as something is not known. */
  certain?: boolean
}

export interface Packet {
  /** IANA's number. */
  protocol: number
  source: string
  sourcePort: number
  destination: string
  port: number
}

/** What holds rules. */
export interface Resource {
  kind: 'nsg' | 'firewall' | 'securityGroup'
  id: string
  name: string
}

/** A rule, in the words of NSGs. */
export interface SecurityRule {
  name: string
  description: string
  priority: number | null
  access: string
  protocol: string
  sources: string[]
  destinations: string[]
  ports: string[]
  /** Of a DNAT rule. */
  translatedAddress?: string
  translatedPort?: string
}
