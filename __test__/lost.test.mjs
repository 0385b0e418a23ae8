// Packages that lost the addon they load: it was left out of an image, or a tool deleted it. A
// package that throws without it is broken; one that loads another file, or works without, isn't.
// The packages are those of trace/: its small group, or all with ABI_GUARD_TEST=all.
import assert from 'node:assert/strict'
import { cpSync, existsSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { checkPackage } from '../index.js'
import { temporaryFolder } from '../scripts/support/cache.mjs'
import { fullLane, isAll } from '../scripts/support/lane.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'
import { compare, realColumn } from './trace/compare.mjs'
import { groupNames, groupOf, packagesOf } from './trace/groups.mjs'
import { install } from './trace/install.mjs'

const groups = (isAll ? groupNames : ['small']).map(groupOf)
const column = realColumn(process.versions.node, process.execPath)

/** Packages of which the loss isn't seen. */
const unseen = {
  '@pact-foundation/pact-core': 'computes the name of its platform package when it runs',
  'aws-crt': 'computes the path when it runs, and has files for other systems',
  couchbase: 'lists the folder of its platform package',
  lz4: 'has two addons, and an installed package is judged by one',
  bdb: 'uses the loader loady; the report is incomplete',
}

for (const group of groups)
  describe(`the addons of ${group.name} are lost`, {
    skip: (!isLinuxX64 && 'needs linux-x64') || fullLane,
  }, () => {
    let root
    before(async () => {
      await install([group.name], { log() {} })
      root = temporaryFolder()
      cpSync(group.root, root, { recursive: true, verbatimSymlinks: true })
    })
    after(() => root && rmSync(root, { recursive: true }))

    for (const { name, ...rest } of packagesOf(group))
      test(name, { todo: unseen[name] }, async (t) => {
        const about = { ...rest, name, root, directory: join(root, 'node_modules', name) }
        const { active } = existsSync(about.directory) ? checkPackage(about.directory) : {}
        if (active?.outcome !== 'loads') return t.skip('it loads nothing here')
        const whole = await compare(about, column, checkPackage)
        if (whole.verdict !== 'ok' || whole.real.thrown) return t.skip('it is broken before')
        lose(active.file)
        const { real } = await compare(about, column, checkPackage)
        const report = checkPackage(about.directory)
        assert.equal(report.ok, !real.thrown, real.thrown?.message)
        if (!real.thrown) assert.equal(report.active?.file ?? null, real.file)
      })
  })

/** Removes an addon, and the copy that node-gyp keeps of one that it built. */
function lose(file) {
  rmSync(file)
  rmSync(join(dirname(file), 'obj.target', basename(file)), { force: true })
}
