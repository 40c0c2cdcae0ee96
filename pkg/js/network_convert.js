// Policies and requests as code in other languages.

import { kindNumber } from './api.js'
import { report } from './diagnostics.js'
import { BAD_TIME, DOCUMENT, PARTS } from './engine.js'
import { badNow, document, list, now as present, options as checked, shown } from './input.js'
import { millis, writeTime } from './time.js'

// In the order of the core's own `Format::ALL`.
const FORMATS = ['powershell', 'az', 'rest', 'arm', 'bicep', 'terraform', 'json']
const TOLD = ['subscription', 'resourceGroup', 'location', 'name', 'endpoint']

/** `name` gives a rule's name by its code. */
export function convert(engine, input, options, name) {
  const text = document(input, 'the document')
  const { to, kind, now, ...told } = checked(options, 'convert', ['to', 'kind', 'now', ...TOLD])
  const format = FORMATS.indexOf(to)
  if (format < 0) throw new TypeError(`\`to\` is ${shown(to)}: it may be ${list(FORMATS, 'or')}`)
  const parts = TOLD.map((part) => told[part] ?? '')
  parts.forEach((part, at) => {
    if (typeof part !== 'string') throw new TypeError(`\`${TOLD[at]}\` is ${shown(part)}: give a string`)
  })
  const index = kindNumber(kind)
  const time = present(now)
  const answer = engine.call(
    (inputs) => {
      inputs.write(DOCUMENT, text)
      parts.forEach((part, at) => inputs.write(PARTS + at, part))
      writeTime(inputs, time)
    },
    (wasm, session) => wasm.convert(session, format, index, millis(time)),
  )
  if (answer === BAD_TIME) throw badNow(now)
  const [written, notes, reasons, ...found] = answer
  return { ...report(found, name), text: written === 0 ? null : written, notes, reasons }
}
