// A rule's page, once `jitgate/pages` is imported: it is larger than all the rest.

import { registered } from './registry.js'

export const page = (code) => registered('pages')?.[code]
