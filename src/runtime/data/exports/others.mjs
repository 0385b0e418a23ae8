// Writes others.json: the functions of Node-API that the measured releases of Bun and Deno export.
// `node src/runtime/data/exports/others.mjs` downloads their executables for linux-x64, about 40 MB
// each, which no cache keeps. Other systems are built from the same sources.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withPackage } from '../npm.mjs'
import { exportedNames } from './readers.mjs'

const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))
const packages = {
  bun: { name: '@oven/bun-linux-x64', file: 'bin/bun' },
  deno: { name: '@deno/linux-x64-glibc', file: 'deno' },
}
/** Functions of Node-API, without those that Bun exports for itself. */
const isNodeApi = (name) => /^(napi_(?!internal_)|node_api_)/.test(name)
const measured = read('../measured.json')
const result = {
  comment: 'Written by others.mjs, see there.',
  generatedAt: new Date().toISOString().slice(0, 10),
}
for (const [runtime, { name, file }] of Object.entries(packages)) {
  const releases = []
  let last
  for (const { version } of measured[runtime]) {
    const all = withPackage(name, version, [file], (folder) =>
      exportedNames(readFileSync(join(folder, file))),
    )
    const names = [...new Set(all.filter(isNodeApi))].sort()
    const added = names.filter((one) => !last?.includes(one))
    const removed = (last ?? []).filter((one) => !names.includes(one))
    releases.push({ version, added, removed })
    last = names
    console.error(`${runtime} ${version}: ${names.length}, +${added.length} -${removed.length}`)
  }
  result[runtime] = releases
}
writeFileSync(new URL('others.json', import.meta.url), `${JSON.stringify(result, null, 1)}\n`)
