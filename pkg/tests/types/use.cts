// The same from CommonJS: the declarations resolve, and are the same.

import jitgate = require('jitgate')
import slim = require('jitgate/slim')

const report: jitgate.Report = jitgate.check('{}')
const code: jitgate.Code | undefined = report.diagnostics[0]?.code
slim.initSync(new Uint8Array())
console.log(code, slim.decide('{}', '{}').decision)

// @ts-expect-error: no such kind
jitgate.check('{}', { kind: 'Policy' })
