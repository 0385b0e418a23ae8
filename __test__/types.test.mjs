// The types compile in every supported TypeScript version, with every module resolution, and with
// the strictest options. `skipLibCheck` is off, so that the declarations themselves are checked,
// too.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import abiGuard from '../index.js'
import { fullLane } from '../scripts/support/lane.mjs'
import * as promises from '../promises.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, '__test__', 'types')

/** Both packages have a program `tsc`, of which node_modules/.bin can have only one. */
const COMPILERS = { 'TypeScript 5.9': 'typescript-5', 'TypeScript 7': 'typescript' }

/** Pairs of module and moduleResolution. */
const RESOLUTIONS = [
  ['node16', 'node16'],
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
]

const BROWSER = ['--lib', 'es2022,dom']
/** @types/node doesn't compile with exactOptionalPropertyTypes, so it isn't checked. */
const NODE = ['--types', 'node', '--skipLibCheck']

function compile(compiler, project, ...flags) {
  const tsc = join(root, 'node_modules', COMPILERS[compiler], 'bin', 'tsc')
  const args = [tsc, '-p', join(folder, project), ...flags]
  return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
}

for (const compiler of Object.keys(COMPILERS)) {
  // Only the newest compiler is fast enough for the fast lane.
  describe(compiler, { skip: compiler !== 'TypeScript 7' && fullLane }, () => {
    const compiles = (name, ...args) =>
      test(name, () => {
        const { status, stdout, stderr } = compile(compiler, ...args)
        assert.equal(status, 0, stdout + stderr)
      })

    compiles('compiles what is right, and nothing that is wrong', 'tsconfig.json')
    compiles('compiles beside the types of Node.js', 'tsconfig.node.json')
    for (const [module, resolution] of RESOLUTIONS) {
      const flags = ['--module', module, '--moduleResolution', resolution]
      compiles(`compiles every function with ${resolution}`, 'consumer.json', ...flags)
      compiles(
        `takes the signals of a browser with ${resolution}`,
        'signals.json',
        ...flags,
        ...BROWSER,
      )
      compiles(`takes the signals of Node.js with ${resolution}`, 'signals.json', ...flags, ...NODE)
    }

    test('reports wrong uses', () => {
      const { status, stdout } = compile(compiler, 'consumer.json', '--lib', 'es5')
      assert.notEqual(status, 0, stdout)
    })
  })
}

test('the file that is compiled uses every public function', () => {
  const text = readFileSync(join(folder, 'consumer.mts'), 'utf8')
  const calls = (name) => new RegExp(`(?<![.\\w])${name}\\(|instanceof ${name}`).test(text)
  assert.deepEqual(
    Object.keys(abiGuard).filter((name) => !calls(name)),
    [],
  )
  const later = (name) => text.includes(`promises.${name}(`)
  assert.deepEqual(
    Object.keys(promises.default).filter((name) => !later(name)),
    [],
  )
})
