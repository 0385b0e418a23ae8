#!/usr/bin/env node
// Writes musl.json: the exports of musl 1.2.5, the C library of Alpine Linux 3.20 and newer. Later
// versions of musl keep the exports of earlier ones.
//
//   node generate.mjs           unpack musl as the tests do, and write musl.json
//   node generate.mjs --check   fail if the committed names differ

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hosts } from '../../../scripts/support/matrix/libcs-install.mjs'
import { exportedNames } from '../../runtime/data/exports/readers.mjs'

const file = new URL('musl.json', import.meta.url)
const [{ root, libcVersion }] = await hosts(['musl'])
const names = exportedNames(readFileSync(join(root, 'lib/ld-musl-x86_64.so.1'))).sort()
if (process.argv.includes('--check')) {
  const committed = JSON.parse(readFileSync(file, 'utf8'))
  if (JSON.stringify(committed.names) !== JSON.stringify(names))
    throw new Error('musl.json: other names than musl has')
} else {
  const date = new Date().toISOString().slice(0, 10)
  const about = {
    generatedBy: 'generate.mjs',
    date,
    source: `musl ${libcVersion} for x86_64, as Debian packs it`,
  }
  writeFileSync(file, `${JSON.stringify({ ...about, names })}\n`)
}
