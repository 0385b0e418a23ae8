// The places of results: in the package.json of the project or of a workspace, or in the lockfile,
// as every manager writes it.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { formatReport, scanNodeModules } from '../../index.js'
import { fullLane } from '../../scripts/support/lane.mjs'
import { everything } from '../layouts/chosen.mjs'
import { copyOf } from '../layouts/copy.mjs'
import { installed } from '../layouts/installed.mjs'
import { layouts } from '../layouts/layouts.mjs'
import { placeOf, sarifReader } from './sarif.mjs'

const manifest = (name, more) => ({ name, version: '1.0.0', private: true, ...more })
const files = {
  'package.json': manifest('root', {
    workspaces: ['packages/*'],
    dependencies: { other: 'npm:crc-native@1.1.8' },
    devDependencies: { rollup: '4.53.3' },
  }),
  'packages/a/package.json': manifest('@ws/a', {
    dependencies: { bcrypt: '6.0.0', level: '8.0.1' },
  }),
}

/** The beginning of the entry of classic-level in each lockfile. It is a dependency of level. */
const entries = {
  'package-lock.json': /^ {4}"(?:.+\/)?node_modules\/classic-level": \{$/,
  'pnpm-lock.yaml': /^ {2}classic-level@[\d.]+:$/,
  'yarn.lock': /^"?classic-level@.+:$/,
  'bun.lock': /^ {4}"classic-level": \["classic-level@/,
}

/** No package has prebuilt files for this system, so all of them are missing. */
const target = 'node@22/freebsd-x64'
const chosen = everything
  ? Object.keys(layouts)
  : [
      'npm11-hoisted',
      'pnpm10-isolated',
      'yarn1-hoisted',
      'yarn4-node-modules',
      'yarn4-pnp',
      'bun-hoisted',
    ]

/** `file:line` of the only line that matches. */
function lineOf(folder, file, pattern) {
  // pnpm lists each package twice: first its properties, later its dependencies.
  const [text] = readFileSync(join(folder, file), 'utf8').split('\nsnapshots:\n')
  const lines = text.split('\n')
  const found = lines.flatMap((line, index) => (pattern.test(line) ? [index + 1] : []))
  assert.equal(found.length, 1, `${pattern} in ${file}: ${found}`)
  return `${file}:${found[0]}`
}

describe('places in the lockfiles of', { skip: fullLane }, () => {
  let read
  before(async () => {
    read = await sarifReader()
  })
  for (const layout of chosen) {
    test(layout, async (t) => {
      const folder = await installed(layout, files)
      // In a copy, links into a store outside of the project would be dangling.
      const isFixed = layout.endsWith('-global')
      const root = isFixed ? folder : copyOf(t, folder).root
      const places = (directory) => {
        const report = scanNodeModules(directory, { target })
        const run = read(formatReport(report, 'sarif'))
        const rows = run.results.map((result) => [
          result.message.text.split(' ')[0],
          placeOf(result),
        ])
        assert.ok(!JSON.stringify(run).includes(root))
        return Object.fromEntries(rows)
      }
      const lock = Object.keys(entries).find((name) => readable(join(root, name)))
      const expected = {
        'crc-native': lineOf(root, 'package.json', /^ {4}"other": /),
        rollup: lineOf(root, 'package.json', /^ {4}"rollup": /),
        bcrypt: lineOf(root, 'packages/a/package.json', /^ {4}"bcrypt": /),
        'classic-level': lineOf(root, lock, entries[lock]),
      }
      assert.deepEqual(places(root), expected)
      if (isFixed) return
      // The repository may contain more than the project.
      mkdirSync(join(root, '..', '.git'))
      const deeper = Object.entries(expected).map(([name, place]) => [name, `project/${place}`])
      assert.deepEqual(places(root), Object.fromEntries(deeper))
    })
  }
})

function readable(file) {
  try {
    return readFileSync(file).length > 0
  } catch {
    return false
  }
}
