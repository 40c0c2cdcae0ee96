// The same checks by the usual validators, as strict as they can say it: required and known members, types, the range
// of ports, words, and patterns for ids, sources and durations. That a machine, a port or a source stands there twice
// is left out, as is all that takes more than one value to see. Each says everything that is wrong.

import { Ajv } from 'ajv'
import * as v from 'valibot'
import * as z from 'zod'

const GUID = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'
const GROUP = `/subscriptions/${GUID}/resourceGroups/[-\\w.()]{1,90}/providers`
const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const MACHINE = new RegExp(`^${GROUP}/Microsoft\\.Compute/virtualMachines/[-\\w.]{1,64}$`)
const POLICY = new RegExp(`^${GROUP}/Microsoft\\.Security/locations/\\w+/jitNetworkAccessPolicies/[-\\w.]{1,64}$`)
const SOURCE = new RegExp(`^(?:\\*|${BYTE}(?:\\.${BYTE}){3}(?:/(?:3[0-2]|[12]?\\d))?)$`)
const DURATION = /^PT(?:(?:[1-9]|1\d|2[0-4])H|(?:[5-9]|[1-9]\d{1,2}|1[0-3]\d\d|14[0-3]\d|1440)M)$/
const TYPE = 'Microsoft.Security/locations/jitNetworkAccessPolicies'
const PROTOCOLS = ['TCP', 'UDP', '*']

/** Each takes a parsed policy, and says whether it is sound. */
export const peers = { 'ajv 8': withAjv(), 'zod 4': withZod(), 'valibot 1': withValibot() }

function withAjv() {
  const text = (pattern) => ({ type: 'string', pattern: pattern.source })
  const object = (properties, optional = []) => ({
    type: 'object',
    properties,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    additionalProperties: false,
  })
  const port = object(
    {
      number: { type: 'integer', minimum: 0, maximum: 65535 },
      protocol: { enum: PROTOCOLS },
      allowedSourceAddressPrefix: text(SOURCE),
      allowedSourceAddressPrefixes: { type: 'array', items: text(SOURCE), minItems: 1 },
      maxRequestAccessDuration: text(DURATION),
    },
    ['allowedSourceAddressPrefix', 'allowedSourceAddressPrefixes'],
  )
  const machine = object({ id: text(MACHINE), ports: { type: 'array', items: port, minItems: 1 } })
  const schema = object({
    id: text(POLICY),
    name: { type: 'string' },
    type: { const: TYPE },
    kind: { const: 'Basic' },
    location: { type: 'string' },
    properties: object({ provisioningState: { type: 'string' }, virtualMachines: { type: 'array', items: machine } }),
  })
  const validate = new Ajv({ allErrors: true }).compile(schema)
  return (policy) => validate(policy)
}

function withZod() {
  const port = z.strictObject({
    number: z.int().min(0).max(65535),
    protocol: z.enum(PROTOCOLS),
    allowedSourceAddressPrefix: z.string().regex(SOURCE).optional(),
    allowedSourceAddressPrefixes: z.array(z.string().regex(SOURCE)).min(1).optional(),
    maxRequestAccessDuration: z.string().regex(DURATION),
  })
  const machine = z.strictObject({ id: z.string().regex(MACHINE), ports: z.array(port).min(1) })
  const policy = z.strictObject({
    id: z.string().regex(POLICY),
    name: z.string(),
    type: z.literal(TYPE),
    kind: z.literal('Basic'),
    location: z.string(),
    properties: z.strictObject({ provisioningState: z.string(), virtualMachines: z.array(machine) }),
  })
  return (value) => policy.safeParse(value).success
}

function withValibot() {
  const text = (pattern) => v.pipe(v.string(), v.regex(pattern))
  const port = v.strictObject({
    number: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65535)),
    protocol: v.picklist(PROTOCOLS),
    allowedSourceAddressPrefix: v.optional(text(SOURCE)),
    allowedSourceAddressPrefixes: v.optional(v.pipe(v.array(text(SOURCE)), v.minLength(1))),
    maxRequestAccessDuration: text(DURATION),
  })
  const machine = v.strictObject({ id: text(MACHINE), ports: v.pipe(v.array(port), v.minLength(1)) })
  const policy = v.strictObject({
    id: text(POLICY),
    name: v.string(),
    type: v.literal(TYPE),
    kind: v.literal('Basic'),
    location: v.string(),
    properties: v.strictObject({ provisioningState: v.string(), virtualMachines: v.array(machine) }),
  })
  return (value) => v.safeParse(policy, value).success
}
