// The module `jitgate/pages`: whoever imports it has `explain` give the rules' pages, too.

import { pages } from 'jitgate:data'
import { register } from './registry.js'

register('pages', pages)
