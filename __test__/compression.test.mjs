// Builds of Node.js with pointer compression. None is in a registry, so a copy of an official
// executable has the setting in its build configuration; that it crashes isn't tested.
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { checkAbi, checkPackage } from '../index.js'
import { temporaryFolder } from '../scripts/support/cache.mjs'
import { fullLane } from '../scripts/support/lane.mjs'
import { executable, versions } from '../scripts/support/matrix/index.mjs'
import { install } from '../scripts/support/matrix/install.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'
import { compile, compiler } from './fixtures/compile.mjs'
import { copyOf, project } from './support/project.mjs'

const skip = fullLane || (!(isLinuxX64 && compiler()) && 'needs linux-x64 and gcc')
const off = Buffer.from('"v8_enable_pointer_compression": 0')

describe('a Node.js with pointer compression', { skip }, () => {
  let folder
  let target
  let usual

  before(async () => {
    await install('small', { log() {} })
    usual = executable(versions('small').findLast((version) => version.startsWith('22.')))
    const bytes = readFileSync(usual)
    const at = bytes.indexOf(off)
    assert.ok(at > 0, 'the configuration in the executable')
    bytes.write('1', at + off.length - 1)
    folder = temporaryFolder()
    target = { execPath: join(folder, 'node') }
    writeFileSync(target.execPath, bytes, { mode: 0o755 })
  })

  after(() => rmSync(folder, { recursive: true, force: true }))

  const codes = ({ problems }) =>
    problems.filter(({ severity }) => severity === 'error').map(({ code }) => code)

  test('has another layout of V8 than a downloaded addon', async () => {
    const file = await compile('compressed', { CTOR: 127 })
    const report = checkAbi(file, { target })
    assert.deepEqual([report.outcome, report.ok, codes(report)], ['loads', false, ['abi-mismatch']])
    assert.deepEqual(codes(checkAbi(file, { target: { execPath: usual } })), [])
    assert.deepEqual(codes(checkAbi(await compile('plain', { NAPISYM: true }), { target })), [])
  })

  test('loads what it has compiled itself', async (t) => {
    const config = (value) =>
      `# Do not edit.\n{ "variables": { "v8_enable_pointer_compression": ${value} } }`
    const file = await compile('compressed', { CTOR: 127 })
    const root = project(t, {
      'package.json': { name: 'x', version: '1.0.0', main: 'index.js' },
      'index.js': "module.exports = require('./build/Release/x.node')\n",
      'build/Release/x.node': copyOf(file),
      'build/config.gypi': config(1),
    })
    assert.equal(checkPackage(root, { target }).ok, true)
    writeFileSync(join(root, 'build/config.gypi'), config(0))
    assert.equal(checkPackage(root, { target }).ok, false)
  })
})
