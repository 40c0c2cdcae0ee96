// What two versions of a policy, or of a network's rules, differ in.

import { BAD_TIME } from './engine.js'
import { badNow, now as present, options as checked } from './input.js'
import { writeParts } from './network_handle.js'
import { documents, someDocuments } from './network_input.js'
import { millis, writeTime } from './time.js'

export function diff(engine, before, after, options) {
  const { network, now } = checked(options, 'diff', ['network', 'now'])
  const was = someDocuments(before, 'the document before')
  const is = someDocuments(after, 'the document after')
  const around = documents(network, 'the network')
  const time = present(now)
  const answer = engine.call(
    (inputs) => {
      writeParts(inputs, [...was, ...is, ...around])
      writeTime(inputs, time)
    },
    (wasm, session) => wasm.diff(session, was.length, is.length, around.length, millis(time)),
  )
  if (answer === BAD_TIME) throw badNow(now)
  return answer
}
