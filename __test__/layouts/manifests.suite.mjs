// package.json with any contents: no package is lost, nothing throws, and relevant mistakes are
// reported.
import assert from 'node:assert/strict'
import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { copyOf, project } from '../support/project.mjs'
import { everything } from './chosen.mjs'
import { problemsOf, scanAllApart, scanApart } from './apart.mjs'

const prebuilds = fileURLToPath(
  new URL('../../node_modules/bufferutil/prebuilds/linux-x64/', import.meta.url),
)
const addon = copyOf(join(prebuilds, 'bufferutil.node'))
const bindings = { bindings: '^1.5.0' }

/**
 * An app with two native packages, `a` and `b`. A test sets the package.json of `a` and of the app.
 */
const app = (manifest, root = { name: 'app', dependencies: { a: '*', b: '*' } }) => ({
  'package.json': root,
  'node_modules/a/package.json': manifest,
  'node_modules/a/index.js': "module.exports = require('bindings')('x')\n",
  'node_modules/a/build/Release/x.node': addon,
  'node_modules/b/package.json': { name: 'b', version: '1.0.0', dependencies: bindings },
  'node_modules/b/index.js': "module.exports = require('bindings')('x')\n",
  'node_modules/b/build/Release/x.node': addon,
})
const found = ({ packages }) =>
  packages.map(({ path, ok, active }) => [path.split('/').at(-1), ok, active?.outcome])
const bothLoad = [
  ['a', true, 'loads'],
  ['b', true, 'loads'],
]

const few = [5, null, 'text', [[]], { a: 5 }]
const wrong = everything
  ? [...few, -1, true, '', [], ['a'], {}, { a: null }, { '': {} }, 1e300]
  : few
const fields = [
  ...[
    'name',
    'version',
    'dependencies',
    'devDependencies',
    'optionalDependencies',
    'peerDependencies',
  ],
  ...[
    'peerDependenciesMeta',
    'bundleDependencies',
    'bundledDependencies',
    'dependenciesMeta',
    'workspaces',
  ],
  ...[
    'os',
    'cpu',
    'libc',
    'engines',
    'main',
    'exports',
    'type',
    'bin',
    'files',
    'scripts',
    'gypfile',
    'binary',
  ],
  ...[
    'napi',
    'prebuild',
    'config',
    'overrides',
    'resolutions',
    'pnpm',
    'packageManager',
    'addon',
    'abi-guard',
  ],
]

/** Values that aren't tested in these fields: there, they are valid names of another system. */
const right = { os: ['text', ['a']], cpu: ['text', ['a']], libc: ['text', ['a']] }

describe('fields of a wrong type', () => {
  const sound = { name: 'a', version: '1.0.0', dependencies: bindings }
  const root = { name: 'app', version: '1.0.0', dependencies: { a: '*', b: '*' } }
  for (const field of fields) {
    const values = wrong.filter(
      (value) => !right[field]?.some((one) => isDeepStrictEqual(one, value)),
    )

    test(`"${field}" of a package`, async (t) => {
      const folders = values.map((value) => project(t, app({ ...sound, [field]: value })))
      for (const [index, { report, error }] of (await scanAllApart(folders)).entries()) {
        const what = JSON.stringify(values[index])
        assert.equal(error, undefined, what)
        assert.deepEqual(found(report), bothLoad, what)
      }
    })

    test(`"${field}" of the project`, async (t) => {
      const folders = values.map((value) => project(t, app(sound, { ...root, [field]: value })))
      for (const [index, { report, error }] of (await scanAllApart(folders)).entries()) {
        const what = JSON.stringify(values[index])
        assert.equal(error, undefined, what)
        assert.deepEqual(found(report), bothLoad, what)
        // No other tool reads this field, so abi-guard must report an error in it.
        const isTold = problemsOf(report).some((text) => text.includes('abi-guard'))
        const isObject =
          typeof values[index] === 'object' &&
          values[index] !== null &&
          !Array.isArray(values[index])
        if (field === 'abi-guard' && !isObject)
          assert.ok(isTold, `no problem is reported for ${what}`)
      }
    })
  }
})

describe('the text of a package.json', () => {
  const sound = JSON.stringify({ name: 'a', version: '1.0.0', dependencies: bindings })

  test('may start with a byte order mark, as Node.js and npm allow', async (t) => {
    const root = `\ufeff${JSON.stringify({ name: 'app', dependencies: { a: '*' } })}`
    const { report } = await scanApart(project(t, app(`\ufeff${sound}`, root)))
    assert.deepEqual(found(report), bothLoad)
    const [{ name, version, requiredBy, problems }] = report.packages
    assert.deepEqual(
      { name, version, requiredBy, problems },
      { name: 'a', version: '1.0.0', requiredBy: [['app']], problems: [] },
    )
  })

  test('may be huge', async (t) => {
    const more = { readme: 'x'.repeat(10 << 20) }
    const many = Object.fromEntries(
      Array.from({ length: 200_000 }, (_, index) => [`package-${index}`, '^1.0.0']),
    )
    for (const huge of [more, { dependencies: { ...many, ...bindings } }]) {
      const manifest = { ...JSON.parse(sound), ...huge }
      const { report, seconds } = await scanApart(project(t, app(manifest)))
      assert.deepEqual(found(report), bothLoad)
      assert.ok(seconds < 5, `${seconds} s`)
      const root = { name: 'app', ...huge, dependencies: { a: '*', ...huge.dependencies } }
      assert.deepEqual(found((await scanApart(project(t, app(sound, root)))).report), bothLoad)
    }
  })

  const unreadable = {
    'cut off': sound.slice(0, 30),
    empty: '',
    'no object': '[]',
    'no JSON': 'name: a',
    'nested too deeply': '{"a":'.repeat(100_000),
    'not UTF-8': Buffer.from([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
    binary: Buffer.alloc(4096),
  }
  for (const [what, text] of Object.entries(unreadable)) {
    test(`that is ${what} is reported, for a package and for the project`, async (t) => {
      const { report } = await scanApart(project(t, app(text)))
      assert.deepEqual(
        found(report).map(([name, , outcome]) => [name, outcome]),
        [
          ['a', 'loads'],
          ['b', 'loads'],
        ],
      )
      const [a, b] = report.packages
      assert.match(
        problemsOf({ problems: report.problems, packages: [a] }).join('\n'),
        /package\.json/,
      )
      assert.deepEqual(b.problems, [])

      const own = project(t, app(sound, text))
      const other = await scanApart(own)
      assert.equal(other.error, undefined)
      assert.deepEqual(found(other.report), bothLoad)
      assert.match(problemsOf(other.report).join('\n'), /package\.json/)
    })
  }

  test('may be larger than the memory, and is then reported', async (t) => {
    for (const place of ['node_modules/a', '.']) {
      const folder = project(t, app(sound))
      truncateSync(join(folder, place, 'package.json'), 64 * 2 ** 30) // A sparse file, which takes no space on the disk.
      const { report, seconds } = await scanApart(folder)
      assert.deepEqual(
        found(report).map(([name, , outcome]) => [name, outcome]),
        [
          ['a', 'loads'],
          ['b', 'loads'],
        ],
      )
      assert.match(problemsOf(report).join('\n'), /package\.json/)
      assert.ok(seconds < 5, `${seconds} s`)
    }
  })

  test('may have bytes in its values that are not UTF-8', async (t) => {
    const bytes = Buffer.concat([
      Buffer.from(sound.slice(0, -1)),
      Buffer.from(',"author":"'),
      Buffer.from([0xe9, 0xff]),
      Buffer.from('"}'),
    ])
    const { report } = await scanApart(project(t, app(bytes)))
    assert.deepEqual(found(report), bothLoad)
    assert.deepEqual([report.packages[0].name, report.packages[0].version], ['a', '1.0.0'])
  })

  test('may repeat a key; the last one counts, as for JSON.parse', async (t) => {
    const text = `{"name":"x","name":"a","version":"1.0.0","dependencies":5,"dependencies":{"bindings":"1"}}`
    const { report } = await scanApart(project(t, app(text)))
    assert.deepEqual(found(report), bothLoad)
    assert.equal(report.packages[0].name, 'a')
  })
})

describe('names', () => {
  const esc = String.fromCharCode(27)
  const evil = `a${esc}[31m${esc}]0;title\u0007\r\n::error::\u009b31m\u202e`

  test('with control characters are escaped on a terminal', async (t) => {
    const files = {
      'package.json': { name: evil, dependencies: { [evil]: '*', b: '*' } },
      'node_modules/b/package.json': { name: evil, version: evil, dependencies: bindings },
      'node_modules/b/build/Release/x.node': addon,
      [`node_modules/c\n${esc}[31m/package.json`]: { name: 'c', dependencies: bindings },
      [`node_modules/c\n${esc}[31m/build/Release/x.node`]: 'text '.repeat(40),
    }
    const { report, text } = await scanApart(project(t, files))
    assert.equal(report.packages.length, 2)
    assert.deepEqual([report.packages[0].name, report.packages[0].requiredBy], [evil, [[evil]]])
    assert.match(report.packages[1].path, /c\n/)
    assert.doesNotMatch(
      text.replaceAll('\n', ''),
      /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
    )
  })

  test('of JavaScript’s built-in properties are names like any other', async (t) => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '..', '.', '']
    const dependencies = `{${[...names, 'a'].map((name) => `${JSON.stringify(name)}:"*"`).join(',')}}`
    const files = app(
      { name: '__proto__', version: '1.0.0', dependencies: bindings },
      `{"name":"app","dependencies":${dependencies}}`,
    )
    const { report, error } = await scanApart(project(t, files))
    assert.equal(error, undefined)
    assert.deepEqual(found(report), bothLoad)
  })
})

describe('dependencies', () => {
  test('in a circle, and on themselves, cause no endless loop', async (t) => {
    const files = app(
      { name: 'a', version: '1.0.0', dependencies: { ...bindings, a: '*', b: '*' } },
      { name: 'app', dependencies: { a: '*', app: '*' } },
    )
    files['node_modules/b/package.json'] = {
      name: 'b',
      version: '1.0.0',
      dependencies: { ...bindings, a: '*' },
    }
    const { report } = await scanApart(project(t, files))
    assert.deepEqual(found(report), bothLoad)
    const [a, b] = report.packages
    assert.deepEqual(a.requiredBy[0], ['app'])
    assert.deepEqual(b.requiredBy, [['app', 'a']])
    for (const chain of a.requiredBy)
      assert.equal(new Set(chain).size, chain.length, 'no name comes twice in a chain')
  })

  test('on packages that aren’t installed make no difference', async (t) => {
    const { report } = await scanApart(
      project(t, app({ name: 'a', dependencies: { ...bindings, absent: '*' } })),
    )
    assert.deepEqual(found(report), bothLoad)
  })
})
