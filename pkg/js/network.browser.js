// The network module, once `jitgate/network` is imported: it is larger than all the rest.

import { registered } from './registry.js'

export const network = () => registered('network')
