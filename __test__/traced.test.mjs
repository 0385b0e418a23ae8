// What build tools write to be deployed: only what is in the output counts, and the report has the
// lines that add the rest. The projects here are small and written by hand; `shapes/traced` builds
// real ones.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { checkArtifact, scanNodeModules } from '../index.js'
import { compile, compiler } from './fixtures/compile.mjs'
import { project } from './support/project.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'

const cli = fileURLToPath(new URL('../cli.js', import.meta.url))
const skip = !(isLinuxX64 && compiler()) && 'needs Linux on x64 and gcc'

const PART = 'node_modules/@pic/picture-linux-x64'
const LIBS = 'node_modules/@pic/picture-libs-linux-x64'
const ADDON = `${PART}/lib/picture.node`
const LIBRARY = `${LIBS}/lib/libpicture.so`
const ENTRY = `${PART}/index.cjs`
const os = { os: ['linux'], cpu: ['x64'], libc: ['glibc'] }
const [version, optional] = ['1.0.0', 'optionalDependencies']

/** A package whose addon needs a library of a third package, as sharp has it since 0.33. */
const PACKAGES = {
  'node_modules/picture/package.json': {
    name: 'picture',
    version,
    // npm installs those of this system.
    [optional]: Object.fromEntries(
      ['linux-x64', 'linux-arm64', 'darwin-arm64'].flatMap((system) => [
        [`@pic/picture-${system}`, version],
        [`@pic/picture-libs-${system}`, version],
      ]),
    ),
  },
  'node_modules/picture/index.js': `switch (process.platform + '-' + process.arch) {
  case 'linux-x64':
    module.exports = require('@pic/picture-linux-x64/picture.node')
    break
  default:
    throw new Error('not for this system')
}\n`,
  [`${PART}/package.json`]: {
    name: '@pic/picture-linux-x64',
    version,
    ...os,
    exports: { './picture.node': './index.cjs', './package': './package.json' },
    [optional]: { '@pic/picture-libs-linux-x64': version },
  },
  [ENTRY]: "module.exports = require('./lib/picture.node')\n",
  [`${LIBS}/package.json`]: { name: '@pic/picture-libs-linux-x64', version, ...os },
}

const APP = { name: 'app', version, dependencies: { picture: version } }
const SERVER = `process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = '{}'
console.log(typeof require('picture'))\n`

const within = (folder, files) =>
  Object.fromEntries(Object.entries(files).map(([name, file]) => [`${folder}/${name}`, file]))
const without = (files, ...names) =>
  Object.fromEntries(Object.entries(files).filter(([name]) => !names.includes(name)))
const below = (files, folder) => Object.keys(files).filter((name) => name.startsWith(folder))

describe('an output', { skip }, () => {
  let packages, alone
  before(async () => {
    alone = readFileSync(await compile('napi', { NAPISYM: true }))
    const path = `-Wl,-rpath,$ORIGIN/../../picture-libs-linux-x64/lib`
    const how = { library: { NO_EXPORTS: true }, flags: [path] }
    const addon = await compile('picture', { NAPISYM: true }, how)
    const library = readFileSync(join(dirname(addon), 'libpicture.so'))
    packages = { ...PACKAGES, [ADDON]: readFileSync(addon), [LIBRARY]: library }
  })

  /** A project, with an output that has only some of its files. */
  const next = (t, shipped, more = {}) =>
    project(t, {
      'package.json': APP,
      'next.config.mjs': '',
      '.next/required-server-files.json': {},
      '.next/standalone/server.js': SERVER,
      '.next/standalone/package.json': APP,
      ...packages,
      ...within('.next/standalone', shipped),
      ...more,
    })
  const nitro = (t, shipped, build = { versions: { nitro: '2.13.6' } }) =>
    project(t, {
      'package.json': APP,
      'nitro.config.ts': '',
      '.output/nitro.json': build,
      '.output/server/index.mjs': "import picture from 'picture'\nconsole.log(typeof picture)\n",
      ...packages,
      ...within('.output/server', shipped),
    })
  const result = ([report, ...rest]) => {
    assert.deepEqual(rest, [])
    assert.deepEqual(report.problems, [])
    return [report.ok, report.fixes.map(({ summary, snippet }) => snippet ?? summary)]
  }

  /** True if the app in a copy of the folder runs, where no project is around it. */
  const runs = (t, folder, script) => {
    const copy = project(t)
    cpSync(folder, copy, { recursive: true })
    return spawnSync(process.execPath, [join(copy, script)], { cwd: '/' }).status === 0
  }

  const includes = (...folders) =>
    `outputFileTracingIncludes: {\n  '/**': [${folders.map((one) => `'./${one}/**'`).join(', ')}],\n},`

  for (const [what, left, expected] of [
    ['everything', [], [true, []]],
    ['no addon', [ADDON], [false, [includes(PART)]]],
    ['no library', [LIBRARY], [false, [includes(LIBS)]]],
    ['no package of libraries', () => below(packages, LIBS), [false, [includes(LIBS)]]],
    [
      'no platform package',
      () => [...below(packages, LIBS), ...below(packages, PART)],
      [false, [includes(PART, LIBS)]],
    ],
    ['no script of the platform package', [ENTRY], [false, [includes(PART)]]],
  ])
    test(`of Next.js with ${what} is judged as it is deployed`, (t) => {
      const names = typeof left === 'function' ? left() : left
      const folder = next(t, without(packages, ...names))
      const standalone = join(folder, '.next/standalone')
      const reports = checkArtifact(standalone)
      assert.deepEqual(result(reports), expected)
      assert.equal(reports[0].directory, standalone)
      assert.equal(runs(t, standalone, 'server.js'), expected[0])
      assert.deepEqual(result(checkArtifact(join(folder, '.next'))), expected, 'the build')
      const { status, stdout } = spawnSync(process.execPath, [cli, 'check', standalone])
      assert.equal(status, expected[0] ? 0 : 1)
      for (const line of expected[1].join('\n').split('\n'))
        assert.ok(String(stdout).includes(line), `${line}\n${stdout}`)
    })

  test('has what its project has, if it is only scanned', (t) => {
    const left = below(packages, '@pic')
    const folder = next(t, without(packages, ...left))
    assert.equal(scanNodeModules(join(folder, '.next/standalone')).ok, true)
  })

  test('without its project gets the lines with the names of the packages', (t) => {
    const files = { 'server.js': SERVER, ...without(packages, LIBRARY) }
    assert.deepEqual(result(checkArtifact(project(t, files))), [false, [includes(LIBS)]])
  })

  test('of an older Next.js, and in a monorepo, gets the lines for it', (t) => {
    const folder = project(t, {
      'package.json': { name: 'root' },
      'apps/web/package.json': APP,
      'apps/web/.next/required-server-files.json': {},
      ...within('apps/web/.next/standalone', {
        'apps/web/server.js': SERVER,
        'apps/web/package.json': APP,
        'node_modules/next/package.json': { name: 'next', version: '14.2.35' },
        ...without(packages, LIBRARY),
      }),
      ...packages,
    })
    const snippet = `experimental: {
  outputFileTracingIncludes: {
    '/**': ['../../${LIBS}/**'],
  },
},`
    const standalone = join(folder, 'apps/web/.next/standalone')
    assert.deepEqual(result(checkArtifact(standalone)), [false, [snippet]])
  })

  test('whose project lacks the same is repaired in the project', (t) => {
    const left = [...below(packages, LIBS), ...below(packages, PART)]
    const folder = next(t, without(packages, ...left))
    const files = Object.fromEntries(left.map((name) => [name, undefined]))
    const alone = project(t, without({ 'package.json': APP, ...packages, ...files }, ...left))
    cpSync(join(folder, '.next'), join(alone, '.next'), { recursive: true })
    const [ok, [summary]] = result(checkArtifact(join(alone, '.next/standalone')))
    assert.equal(ok, false)
    assert.match(summary, /^Install the packages for this system in the project, and build again$/)
  })

  for (const [what, left, expected] of [
    ['everything', [], [true, []]],
    ['no addon', [ADDON], [false, [[ENTRY, ADDON]]]],
    ['no library', [LIBRARY], [false, [[LIBRARY]]]],
    ['no script of the platform package', [ENTRY], [false, [[ENTRY, ADDON]]]],
    [
      'no platform package',
      () => [...below(packages, LIBS), ...below(packages, PART)],
      [false, [[ENTRY, ADDON, LIBRARY]]],
    ],
  ])
    test(`of Nitro with ${what} is judged as it is deployed`, (t) => {
      const names = typeof left === 'function' ? left() : left
      const folder = nitro(t, without(packages, ...names))
      const [ok, snippets] = expected
      const lines = (files) =>
        `externals: {\n  traceInclude: [\n${files.map((file) => `    './${file}',\n`).join('')}  ],\n},`
      for (const place of ['.output', '.output/server'])
        assert.deepEqual(result(checkArtifact(join(folder, place))), [ok, snippets.map(lines)])
      assert.equal(runs(t, join(folder, '.output/server'), 'index.mjs'), ok)
    })

  test('of Nuxt gets the lines of Nuxt', (t) => {
    const build = { framework: { name: 'nuxt' }, versions: { nitro: '2.13.6' } }
    const folder = nitro(t, without(packages, LIBRARY), build)
    const [{ fixes }] = checkArtifact(join(folder, '.output'))
    assert.match(fixes[0].summary, /^Add these lines to nuxt\.config\.ts, and build again$/)
    assert.match(fixes[0].snippet, /^nitro: \{\n {2}externals: \{\n {4}traceInclude: \[/)
  })

  for (const [what, left, expected] of [
    ['everything', [], [true, []]],
    ['no addon', [ADDON], [false, [`'./${ENTRY}',\n'./${ADDON}',\n`]]],
    ['no library', [LIBRARY], [false, [`'./${LIBRARY}',\n`]]],
  ])
    test(`that is a list with ${what} has only the files of the list`, (t) => {
      const listed = Object.keys(without(packages, ...left)).map((name) => `../${name}`)
      const folder = project(t, {
        'package.json': APP,
        'dist/main.js': "require('picture')\n",
        'dist/main.js.nft.json': { version: 1, files: [...listed, '../missing.js'] },
        ...packages,
      })
      const list = join(folder, 'dist/main.js.nft.json')
      const reports = checkArtifact(list)
      assert.deepEqual(result(reports), expected)
      assert.equal(reports[0].directory, list)
      const { status } = spawnSync(process.execPath, [cli, 'check', list])
      assert.equal(status, expected[0] ? 0 : 1)
    })

  test('of Next.js without a standalone folder is judged by the lists of its routes', (t) => {
    const list = (...left) => ({
      version: 1,
      files: Object.keys(without(packages, ...left)).map((name) => `../../../${name}`),
    })
    const folder = project(t, {
      'package.json': APP,
      '.next/package.json': { type: 'commonjs' },
      '.next/BUILD_ID': 'x',
      '.next/required-server-files.json': {},
      '.next/server/app/a.js.nft.json': list(),
      '.next/server/app/b.js.nft.json': list(),
      '.next/server/app/c.js.nft.json': list(LIBRARY),
      '.next/server/app/d.js.nft.json': { version: 1, files: [] },
      ...packages,
    })
    const app = join(folder, '.next/server/app')
    const found = checkArtifact(join(folder, '.next')).map(({ directory, ok }) => [directory, ok])
    assert.deepEqual(found, [
      [join(app, 'a.js.nft.json'), true],
      [join(app, 'c.js.nft.json'), false],
    ])
    assert.deepEqual(result(checkArtifact(join(app, 'c.js.nft.json'))), [false, [includes(LIBS)]])
  })

  for (const [what, left, expected] of [
    ['everything', [], [true, []]],
    [
      'no addon',
      [ADDON],
      [false, [`"functions": {\n  "api/**": { "includeFiles": "${PART}/**" }\n}`]],
    ],
    [
      'no library',
      [LIBRARY],
      [false, [`"functions": {\n  "api/**": { "includeFiles": "${LIBS}/**" }\n}`]],
    ],
  ])
    test(`of Vercel with ${what} has the files of the function and of its map`, (t) => {
      const function_ = '.vercel/output/functions/api/a.func'
      const [own, mapped] = [{ [ENTRY]: packages[ENTRY] }, without(packages, ENTRY, ...left)]
      const folder = project(t, {
        'package.json': APP,
        '.vercel/output/config.json': { version: 3 },
        [`${function_}/.vc-config.json`]: {
          runtime: 'nodejs22.x',
          handler: 'a.js',
          filePathMap: Object.fromEntries(Object.keys(mapped).map((name) => [name, name])),
        },
        [`${function_}/a.js`]: "require('picture')\n",
        ...within(function_, own),
        ...packages,
      })
      for (const place of ['.vercel/output', function_]) {
        const reports = checkArtifact(join(folder, place))
        assert.deepEqual(result(reports), expected)
        const { version, distribution } = reports[0].target
        assert.match(version, /^22\./)
        assert.equal(distribution, 'amazonlinux2023')
      }
      const named = { target: 'node@22/linux-arm64' }
      const [report] = checkArtifact(join(folder, function_), named)
      assert.equal(report.ok, false, 'the files are for another processor')
    })

  test('with the scripts of a package and none of its addons lacks the one it loads', (t) => {
    const reader = (text) => ({
      ...packages,
      'node_modules/reader/package.json': { name: 'reader', version },
      'node_modules/reader/index.js': text,
      'node_modules/reader/bin/linux.node': alone,
    })
    const file = "'./bin/' + process.platform + '.node'"
    for (const [text, lacks] of [
      [`module.exports = require(${file})`, true],
      [`exports.load = () => require(${file})`, true],
      [`try { module.exports = require(${file}) } catch { module.exports = null }`, false],
    ]) {
      const folder = project(t, {
        'package.json': { ...APP, dependencies: { reader: version } },
        'main.js.nft.json': {
          version: 1,
          files: ['node_modules/reader/package.json', 'node_modules/reader/index.js'],
        },
        ...reader(text),
      })
      const reports = checkArtifact(join(folder, 'main.js.nft.json'))
      const lines = lacks ? ["'./node_modules/reader/bin/linux.node',\n"] : []
      assert.deepEqual(result(reports), [!lacks, lines], text)
    }
  })

  test('with nothing but the package.json of a package has no use of it', (t) => {
    const manifests = Object.keys(packages).filter((name) => name.endsWith('/package.json'))
    const folder = project(t, {
      'package.json': APP,
      'main.js.nft.json': { version: 1, files: manifests },
      ...packages,
    })
    assert.deepEqual(result(checkArtifact(join(folder, 'main.js.nft.json'))), [true, []])
  })

  test('never reads a pipe, a file that is too large, or what lies above the project', (t) => {
    const folder = project(t, { 'package.json': APP, ...packages })
    const list = join(folder, 'main.js.nft.json')
    const outside = '../../../../../../../../etc/passwd'
    writeFileSync(list, JSON.stringify({ files: [outside, ...Object.keys(packages)] }))
    assert.throws(() => checkArtifact(list), { code: /^ERR_\w+_ARTIFACT$/ })
    const files = ['/etc/passwd', '.', '..', '', '\0', '\\\\a\\b', ...Object.keys(packages)]
    writeFileSync(list, JSON.stringify({ files }))
    assert.deepEqual(result(checkArtifact(list)), [true, []])
    for (const name of [
      '.next/server.js',
      '.output/nitro.json',
      '.vercel/x.func/.vc-config.json',
    ]) {
      const path = join(folder, name)
      mkdirSync(dirname(path), { recursive: true })
      execFileSync('mkfifo', [path])
      assert.throws(() => checkArtifact(dirname(path)), { code: 'ERR_UNKNOWN_ARTIFACT' })
    }
    truncateSync(list, 2 ** 40)
    assert.throws(() => checkArtifact(list), { code: /^ERR_\w+_ARTIFACT$/ })
  })

  test('is nothing that is only named like one', (t) => {
    const folder = project(t, {
      'standalone/server.js': "require('picture')\n",
      '.output/nitro.json': {},
      '.vercel/output/config.json': {},
    })
    for (const place of ['standalone', '.output', '.vercel/output'])
      assert.throws(() => checkArtifact(join(folder, place)), { code: 'ERR_UNKNOWN_ARTIFACT' })
  })
})
