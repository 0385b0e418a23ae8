// Very many packages, and graphs that a naive search would take very long to walk. `npm run
// test:full` uses 5,000 packages, `npm run layouts -- many` 100,000, which must take no more than
// 20 s.
import assert from 'node:assert/strict'
import { copyFileSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { inCache, once, shortHash, temporaryFolder } from '../../scripts/support/cache.mjs'
import { scanApart } from './apart.mjs'
import { everything } from './chosen.mjs'

const addon = fileURLToPath(
  new URL('../../node_modules/bufferutil/prebuilds/linux-x64/bufferutil.node', import.meta.url),
)
const limit = 20

/**
 * A generated project. `fill` creates the packages p0, p1 and so on in one flat node_modules. For
 * the number of a package, `dependencies` returns the numbers of its dependencies, and `isNative`
 * returns true if it has an addon.
 */
class Tree {
  constructor(root) {
    this.root = root
    mkdirSync(join(this.root, 'node_modules'), { recursive: true })
    copyFileSync(addon, join(this.root, 'addon'))
  }

  add(folder, manifest, { native = false } = {}) {
    const path = join(this.root, folder)
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, 'package.json'), JSON.stringify(manifest))
    if (native) linkSync(join(this.root, 'addon'), join(path, 'x.node'))
  }

  fill(count, { dependencies, isNative, direct = [0] }) {
    const names = (list) => Object.fromEntries(list.map((index) => [`p${index}`, '1.0.0']))
    this.add('.', { name: 'app', dependencies: names(direct) })
    for (let index = 0; index < count; index++) {
      const manifest = {
        name: `p${index}`,
        version: '1.0.0',
        dependencies: names(dependencies(index)),
      }
      this.add(join('node_modules', `p${index}`), manifest, { native: isNative(index) })
    }
  }
}

/**
 * The folder of a tree. A small tree is cached, because creating it takes longer than scanning it.
 * A large tree would fill the disk.
 */
async function made(what, fill) {
  if (!everything) {
    const identity = `${what} ${fill} ${Tree} ${thrown}`
    return once(inCache('layouts', 'trees', shortHash(identity)), async (folder) =>
      fill(new Tree(folder)),
    )
  }
  const folder = temporaryFolder()
  fill(new Tree(folder))
  return folder
}

/** Pseudo-random numbers, which are the same in every run. */
const thrown = (index, round, count) =>
  (Math.imul(index * 31 + round + 1, 2654435761) >>> 0) % count

function withTree(what, fill, check) {
  describe(what, () => {
    let root
    before(async () => (root = await made(what, fill)))
    after(() => everything && rmSync(root, { recursive: true, force: true }))
    test('are scanned in time', async () => {
      const { report, error, seconds } = await scanApart(root, {}, { limit: limit + 40 })
      assert.equal(error, undefined)
      await check(report)
      assert.ok(seconds < limit, `${seconds.toFixed(1)} s`)
    })
  })
}

const allLoad = ({ packages }) =>
  assert.deepEqual(
    packages.filter(({ ok, active }) => !ok || active?.outcome !== 'loads'),
    [],
  )

const count = everything ? 100_000 : 5_000
withTree(
  `${count} packages, a hundredth of them native`,
  (tree) =>
    tree.fill(count, {
      direct: Array.from({ length: 50 }, (_, index) => index),
      dependencies: (index) =>
        [index * 2 + 1, index * 2 + 2, thrown(index, 1, count)].filter((other) => other < count),
      isNative: (index) => index % 100 === 0,
    }),
  (report) => {
    assert.equal(report.packages.length, count / 100)
    allLoad(report)
    for (const { requiredBy } of report.packages) {
      assert.ok(requiredBy.length > 0)
      assert.equal(requiredBy[0][0], 'app')
      assert.ok(requiredBy[0].length <= 20)
    }
  },
)

const chain = everything ? 20_000 : 2_000
withTree(
  `a chain of ${chain} packages`,
  (tree) =>
    tree.fill(chain, {
      dependencies: (index) => (index + 1 < chain ? [index + 1] : []),
      isNative: (index) => index === chain - 1,
    }),
  (report) => {
    allLoad(report)
    const [{ requiredBy }] = report.packages
    assert.equal(requiredBy.length, 1)
    assert.deepEqual([requiredBy[0].length, requiredBy[0].at(-1)], [chain, `p${chain - 2}`])
  },
)

const dense = everything ? 1_500 : 400
withTree(
  `${dense} packages that all depend on each other`,
  (tree) => {
    const all = Array.from({ length: dense }, (_, index) => index)
    tree.fill(dense, {
      direct: [0],
      dependencies: () => all,
      isNative: (index) => index % 50 === 1,
    })
  },
  (report) => {
    assert.equal(report.packages.length, dense / 50)
    allLoad(report)
    for (const { requiredBy } of report.packages) assert.deepEqual(requiredBy[0], ['app', 'p0'])
  },
)

const nested = (depth) => (tree) => {
  tree.add('.', { name: 'app', dependencies: { p: '*', a: '*' } })
  tree.add('node_modules/a', { name: 'a', version: '1.0.0' }, { native: true })
  let folder = '.'
  for (let level = 0; level < depth(tree.root); level++) {
    folder = join(folder, 'node_modules', 'p')
    tree.add(folder, { name: 'p', version: `1.0.${level}`, dependencies: { p: '*' } })
  }
  tree.add(folder, { name: 'last', version: '1.0.0' }, { native: true })
}
withTree(
  'packages nested more deeply than npm ever did',
  nested(() => 60),
  (report) => {
    allLoad(report)
    assert.deepEqual(
      report.packages.map(({ name, requiredBy }) => [name, requiredBy[0].length]),
      [
        ['a', 1],
        ['last', 60],
      ],
    )
  },
)
withTree(
  'packages nested as deeply as paths can be',
  nested((root) => Math.floor((3900 - root.length) / '/node_modules/p'.length)),
  (report) => {
    assert.equal(report.packages[0].name, 'a')
    allLoad(report)
    // There may be a limit, but then the report must name the place where it was reached.
    const isWhole = report.packages.some(({ name }) => name === 'last')
    assert.ok(isWhole || (report.problems.length > 0 && !report.complete))
  },
)

const paths = everything ? 22 : 16
withTree(
  `a lattice with ${2 ** paths} ways through it`,
  (tree) =>
    // Each layer has two packages, and each of them depends on both packages of the next layer.
    tree.fill(paths * 2, {
      direct: [0, 1],
      dependencies: (index) =>
        [(index | 1) + 1, (index | 1) + 2].filter((other) => other < paths * 2),
      isNative: (index) => index === paths * 2 - 1,
    }),
  (report) => {
    allLoad(report)
    const [{ requiredBy }] = report.packages
    assert.deepEqual(
      requiredBy.map((one) => one.length),
      [paths, paths],
    )
  },
)
