// abi-guard/vitest: listed in setupFiles, or imported by a test.

import { createRequire } from 'node:module'
import { expect } from 'vitest'

// Vitest may inline this file. `require` keeps the rest of abi-guard as it is: CommonJS with a
// binary.
const require = createRequire(import.meta.url)

const matchers = require('./lib/runners/matchers.js')
expect.extend(matchers)
require('./lib/runners/asymmetric.js').sayWhy(expect, Object.keys(matchers))
expect.addSnapshotSerializer(require('./lib/runners/reports.js').serializer)
