// Packages that swallow the errors of their addon, and throw later or not: published packages
// without their addon, required by Node.js.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { scanNodeModules } from '../../index.js'
import { project } from '../support/project.mjs'
import { loads, tools } from './tools.mjs'

describe('a published package without its addon', () => {
  let made
  before(async () => {
    made = await tools({
      '@canboat/canboatjs': '3.20.0',
      'dtrace-provider': '0.8.8',
      koffi: '3.3.4',
    })
  })
  for (const [name, removed, fails] of [
    ['koffi', '@koromix', true],
    ['@canboat/canboatjs', null, false],
    ['dtrace-provider', null, false],
  ])
    test(`${name} ${fails ? 'throws' : 'has a fallback'}`, async (t) => {
      const folder = project(t, {
        'package.json': { name: 'app', dependencies: { [name]: '*' } },
      })
      execFileSync('cp', ['-a', join(made, 'node_modules'), folder])
      if (removed) rmSync(join(folder, 'node_modules', removed), { recursive: true })
      const report = scanNodeModules(folder).packages.find((one) => one.name === name)
      const real = await loads(`require('${name}')`, folder)
      assert.equal(real.error !== null, fails, real.error)
      assert.equal(report.ok, !fails)
      for (const { hasFallback, severity } of report.problems)
        assert.deepEqual([hasFallback, severity], [!fails, fails ? 'error' : 'warning'])
      assert.equal(report.problems.length, 1)
    })
})
