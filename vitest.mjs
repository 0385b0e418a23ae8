// abi-guard/vitest: in setupFiles, or imported by a test.

import { createRequire } from 'node:module'
import { expect } from 'vitest'

// Also where Vitest inlines this file, the rest of abi-guard stays what it is: CommonJS with a
// binary.
const require = createRequire(import.meta.url)

expect.extend(require('./lib/runners/matchers.js'))
expect.addSnapshotSerializer(require('./lib/runners/reports.js').serializer)
