// Places of packages besides a project's own node_modules: behind links, above the project, outside
// of any node_modules; and links and permissions that prevent access. `npm run layouts -- places`
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { scanNodeModules } from '../../index.js'
import { copyOf as copyOfFile, project } from '../support/project.mjs'
import { scanApart } from './apart.mjs'
import { copyOf } from './copy.mjs'
import { expected, parents } from './expected.mjs'
import { fixture, installed } from './installed.mjs'
import { run } from './managers.mjs'
import { lines, rows } from './observe.mjs'
import { everything } from './chosen.mjs'

const library = fileURLToPath(new URL('../../index.js', import.meta.url))
const addon = copyOfFile(
  fileURLToPath(
    new URL('../../node_modules/bufferutil/prebuilds/linux-x64/bufferutil.node', import.meta.url),
  ),
)
/** A native package in a folder, with additional fields in its package.json. */
const native = (folder, name, more = {}, version = '1.0.0') => ({
  [`${folder}/package.json`]: { name, version, ...more },
  [`${folder}/index.js`]: "module.exports = require('./build/Release/x.node')\n",
  [`${folder}/build/Release/x.node`]: addon,
})
const found = ({ packages }, root) =>
  packages.map(({ name, path, ok, active, requiredBy }) =>
    [
      `${name} in ${path.slice(root.length + 1) || '.'}`,
      ok && active?.outcome === 'loads' ? 'loads' : 'does not load',
      `for ${requiredBy.map((chain) => chain.join(' > ')).join(' | ') || 'nobody'}`,
    ].join(', '),
  )

describe('packages behind links', () => {
  const files = {
    'app/package.json': { name: 'app', dependencies: { lib: '1.0.0' } },
    ...native('lib', 'lib', { dependencies: { inner: '1.0.0' } }),
    ...native('lib/node_modules/inner', 'inner'),
    ...native('lib/node_modules/tool', 'tool'), // Not a dependency of lib, so the app doesn't need it.
  }
  const wanted = [
    'lib in lib, loads, for app',
    'inner in lib/node_modules/inner, loads, for app > lib',
  ]

  test('to folders outside of the project belong to it, with their own dependencies', (t) => {
    const root = project(t, files)
    mkdirSync(join(root, 'app', 'node_modules'))
    symlinkSync('../../lib', join(root, 'app', 'node_modules', 'lib'))
    assert.deepEqual(found(scanNodeModules(join(root, 'app')), root).sort(), [...wanted].sort())
  })

  test('that npm link creates belong to it, too', { skip: !everything }, async (t) => {
    const root = project(t, files)
    const env = { npm_config_prefix: join(root, 'prefix') }
    mkdirSync(join(root, 'prefix', 'lib'), { recursive: true })
    await run('npm11', ['link', '--ignore-scripts'], { cwd: join(root, 'lib'), env })
    await run('npm11', ['link', 'lib', '--ignore-scripts'], { cwd: join(root, 'app'), env })
    const names = found(scanNodeModules(join(root, 'app')), root)
    assert.ok(names.includes(wanted[0]), names.join('\n'))
  })

  test('that lead to one folder make one package', (t) => {
    const root = project(t, {
      'package.json': { name: 'app', dependencies: { a: '*', b: '*', c: '*' } },
      ...native('store/a', 'a'),
      'node_modules/c/package.json': { name: 'c', dependencies: { a: '*' } },
      'node_modules/c/node_modules/.keep': '',
    })
    for (const link of ['a', 'b']) symlinkSync('../store/a', join(root, 'node_modules', link))
    symlinkSync('../../../store/a', join(root, 'node_modules', 'c', 'node_modules', 'a'))
    assert.deepEqual(found(scanNodeModules(root), root), ['a in store/a, loads, for app | app > c'])
  })

  test('in circles cause no endless loop', async (t) => {
    const root = project(t, {
      'package.json': { name: 'app', dependencies: { a: '*', up: '*', self: '*' } },
      ...native('node_modules/a', 'a', { dependencies: { a: '*', up: '*' } }),
      'node_modules/a/node_modules/.keep': '',
    })
    const inside = (...parts) => join(root, 'node_modules', ...parts)
    symlinkSync('..', inside('up'))
    symlinkSync('self', inside('self'))
    symlinkSync('../../a', inside('a', 'node_modules', 'a'))
    symlinkSync('../../..', inside('a', 'node_modules', 'up'))
    symlinkSync('.', inside('a', 'build', 'again'))
    symlinkSync('../..', inside('a', 'build', 'Release', 'top'))
    const { report } = await scanApart(root)
    assert.equal(report.packages.length, 1)
    assert.match(found(report, root)[0], /^a in node_modules\/a, loads, for app( \||$)/)
  })

  test('to the root of the disk are not followed', async (t) => {
    const root = project(t, {
      'package.json': { name: 'app', dependencies: { a: '*' } },
      ...native('node_modules/a', 'a'),
    })
    symlinkSync('/', join(root, 'node_modules', 'root'))
    symlinkSync('/proc', join(root, 'node_modules', 'a', 'proc'))
    const { report, seconds } = await scanApart(root)
    const paths = report.packages.map(({ path }) => path)
    assert.deepEqual(paths, [join(root, 'node_modules', 'a')])
    assert.ok(seconds < 5, `${seconds} s`)
  })

  test('may lead to the project itself', async (t) => {
    const folder = await installed('npm11-hoisted', fixture('app'))
    const link = join(project(t), 'link')
    symlinkSync(folder, link)
    const report = scanNodeModules(link)
    assert.equal(report.directory, realpathSync(folder))
    assert.deepEqual(lines(rows(report).filter(({ name }) => !(name in parents))), lines(expected))
  })
})

describe('packages above the project', () => {
  const files = {
    'package.json': { name: 'monorepo', dependencies: { other: '*' } },
    ...native('node_modules/shared', 'shared', { dependencies: { deeper: '*' } }),
    ...native('node_modules/deeper', 'deeper'),
    ...native('node_modules/other', 'other'),
    ...native('node_modules/own', 'own', {}, '2.0.0'),
    'apps/app/package.json': {
      name: 'app',
      dependencies: { shared: '*', own: '*' },
      devDependencies: { absent: '*' },
    },
    ...native('apps/app/node_modules/own', 'own'),
  }

  test('are included only if the project would find them', (t) => {
    const root = project(t, files)
    assert.deepEqual(found(scanNodeModules(join(root, 'apps', 'app')), root).sort(), [
      'deeper in node_modules/deeper, loads, for app > shared',
      'own in apps/app/node_modules/own, loads, for app',
      'shared in node_modules/shared, loads, for app',
    ])
  })

  test('of an app in the project are not included, unless the app is a workspace', (t) => {
    const root = project(t, files)
    const names = scanNodeModules(root).packages.map(({ path }) => path.slice(root.length + 1))
    assert.ok(names.includes('node_modules/other'))
    assert.ok(names.includes('node_modules/shared'))
  })
})

describe('folders that are not a project', () => {
  test('a folder with one addon is a package with the folder’s name', (t) => {
    const root = project(t, { 'native/x.node': addon })
    const [one, ...more] = scanNodeModules(join(root, 'native')).packages
    assert.deepEqual(
      [one.name, one.version, one.active?.file, more.length],
      ['native', null, join(root, 'native', 'x.node'), 0],
    )
  })

  test('every addon of a folder with several addons is reported', (t) => {
    const root = project(t, { 'x.node': addon, 'y.node': 'text '.repeat(40), 'deep/z.node': addon })
    const files = scanNodeModules(root).packages.flatMap(({ active, dormant }) => [
      ...(active ? [active.file] : []),
      ...dormant.map(({ file }) => file),
    ])
    assert.deepEqual(
      files.sort(),
      ['deep/z.node', 'x.node', 'y.node'].map((name) => join(root, name)),
    )
  })

  test('a folder of packages needs no package.json of its own', (t) => {
    const root = project(t, {
      ...native('node_modules/a', 'a'),
      ...native('node_modules/@s/b', '@s/b'),
    })
    const names = scanNodeModules(root).packages.map(({ name, ok }) => [name, ok])
    assert.deepEqual(names, [
      ['@s/b', true],
      ['a', true],
    ])
  })

  test('one installed package can be scanned alone', async () => {
    const folder = await installed('npm11-hoisted', fixture('app'))
    const report = scanNodeModules(join(folder, 'node_modules', 'bcrypt'))
    assert.deepEqual(
      report.packages.map(({ name, active, ok }) => [name, active?.file.split('/').at(-1), ok]),
      [['bcrypt', 'bcrypt.glibc.node', true]],
    )
  })

  test('node_modules itself can be scanned', async () => {
    const folder = await installed('npm11-hoisted', fixture('app'))
    const names = ({ packages }) => packages.map(({ name, version }) => `${name}@${version}`)
    assert.deepEqual(
      names(scanNodeModules(join(folder, 'node_modules'))),
      names(scanNodeModules(folder)),
    )
  })

  test('an empty folder has no packages', (t) => {
    const report = scanNodeModules(project(t))
    assert.deepEqual(
      [report.packages, report.problems, report.ok, report.complete],
      [[], [], true, true],
    )
  })
})

describe('permissions', () => {
  /** Scans as a user other than root. */
  async function asNobody(folder) {
    const script = `const { scanNodeModules } = require(${JSON.stringify(library)})
      if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534) }
      console.log(JSON.stringify(scanNodeModules(process.argv[1])))`
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, folder], {
      cwd: '/',
      maxBuffer: 64 << 20,
    })
    return JSON.parse(stdout)
  }

  test('a folder without read permission is reported, and the rest is judged', async (t) => {
    const root = project(t, {
      'package.json': { name: 'app', dependencies: { a: '*', locked: '*', linked: '*' } },
      ...native('node_modules/a', 'a'),
      ...native('node_modules/locked', 'locked'),
      ...native('outside/linked', 'linked'),
    })
    symlinkSync('../outside/linked', join(root, 'node_modules', 'linked'))
    const locked = [join(root, 'node_modules', 'locked'), join(root, 'outside')]
    chmodSync(root, 0o755)
    for (const folder of locked) chmodSync(folder, 0)
    const report = await asNobody(root)
    for (const folder of locked) chmodSync(folder, 0o755)
    assert.deepEqual(found(report, root), ['a in node_modules/a, loads, for app'])
    const told = report.problems.map(({ code, path }) => [code, path.slice(root.length + 1)])
    assert.ok(
      told.some(([code, path]) => code === 'unreadable' && path.startsWith('node_modules/locked')),
      JSON.stringify(told),
    )
    assert.equal(report.complete, false)
  })
})

describe('the settings in the package.json of a project', () => {
  const root = (more) => ({ name: 'app', dependencies: { '@s/a': '*', b: '*', c: '*' }, ...more })
  const files = {
    ...native('node_modules/@s/a', '@s/a', { 'abi-guard': { ignore: ['*'], target: 'node@6' } }),
    ...native('node_modules/b', 'b'),
    ...native('node_modules/c', 'c'),
  }
  const names = ({ packages }) => packages.map(({ name }) => name)
  const scan = (t, settings, options) =>
    scanNodeModules(
      project(t, { 'package.json': root({ 'abi-guard': settings }), ...files }),
      options,
    )

  test('choose the packages, unless the call does', (t) => {
    assert.deepEqual(names(scan(t, undefined)), ['@s/a', 'b', 'c'])
    assert.deepEqual(names(scan(t, { ignore: ['b', '@s/*'] })), ['c'])
    assert.deepEqual(names(scan(t, { include: ['b', 'c'], ignore: ['c'] })), ['b'])
    assert.deepEqual(names(scan(t, { ignore: ['b'] }, { ignore: ['c'] })), ['@s/a', 'b'])
    assert.deepEqual(names(scan(t, { ignore: ['b'] }, { ignore: [] })), ['@s/a', 'b', 'c'])
    assert.deepEqual(names(scan(t, { include: ['b'] }, { include: ['c'] })), ['c'])
  })

  test('choose the target, unless the call does', (t) => {
    const target = ({ target: { runtime, version } }) => `${runtime}@${version}`
    assert.equal(target(scan(t, { target: 'node@18.20.8' })), 'node@18.20.8')
    assert.equal(
      target(scan(t, { target: { runtime: 'electron', version: '31.7.7' } })),
      'electron@31.7.7',
    )
    assert.equal(
      target(scan(t, { target: 'node@18.20.8' }, { target: 'node@22.13.1' })),
      'node@22.13.1',
    )
  })

  test('apply only if that project is scanned', (t) => {
    const folder = project(t, {
      'package.json': root({ 'abi-guard': { ignore: ['*'] } }),
      ...files,
      'sub/package.json': { name: 'sub', dependencies: { b: '*' } },
    })
    assert.deepEqual(names(scanNodeModules(folder)), [])
    assert.deepEqual(names(scanNodeModules(join(folder, 'sub'))), ['b'])
  })

  test('are reported if they are invalid', (t) => {
    for (const settings of [
      { ignore: 'b' },
      { include: [5] },
      { target: 5 },
      { target: 'nonsense@1' },
      { ignore: {} },
    ]) {
      let said
      try {
        said = JSON.stringify(scan(t, settings).problems)
      } catch (error) {
        assert.match(error.code, /^ERR_INVALID_ARG/)
        said = error.message
      }
      assert.match(said, /abi-guard|target/, JSON.stringify(settings))
    }
  })
})

describe('a copy of a project', () => {
  test('has the same report', async (t) => {
    const copy = copyOf(t, await installed('npm11-hoisted', fixture('app')))
    assert.deepEqual(
      lines(rows(scanNodeModules(copy.root)).filter(({ name }) => !(name in parents))),
      lines(expected),
    )
  })
})
