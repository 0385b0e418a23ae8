// The map of Plug'n'Play (.pnp.cjs, .pnp.data.json) with arbitrary contents. It is never run, and
// invalid contents are never trusted. The rest of the project is judged nevertheless, and files
// that can't be read are reported.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { copyOf as copyOfFile, project } from '../support/project.mjs'
import { problemsOf, scanApart } from './apart.mjs'
import { copyOf } from './copy.mjs'
import { fixture, installed } from './installed.mjs'

const addon = copyOfFile(
  fileURLToPath(
    new URL('../../node_modules/bufferutil/prebuilds/linux-x64/bufferutil.node', import.meta.url),
  ),
)
/**
 * A project with one native package in node_modules, and with the map that a test needs, if any.
 */
const beside = (files) => ({
  'package.json': { name: 'app', dependencies: { a: '1.0.0' } },
  'node_modules/a/package.json': { name: 'a', version: '1.0.0' },
  'node_modules/a/a.node': addon,
  ...files,
})
/** A map in the form that Yarn writes, with any state. */
const inline = (state) => {
  const text = typeof state === 'string' ? state : JSON.stringify(state, null, 2)
  const quoted = text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\\n')
  return `#!/usr/bin/env node\n/* eslint-disable */\n// @ts-nocheck\n"use strict";\n\nconst RAW_RUNTIME_STATE =\n'${quoted}';\n\nfunction $$SETUP_STATE(hydrateRuntimeState, basePath) {\n  return hydrateRuntimeState(JSON.parse(RAW_RUNTIME_STATE), {basePath: basePath || __dirname});\n}\n`
}
/** The map that Yarn writes if the state is in a separate file. */
const dataMap = `#!/usr/bin/env node
/* eslint-disable */
"use strict";

function $$SETUP_STATE(hydrateRuntimeState, basePath) {
  const fs = require('fs');
  const path = require('path');
  const pnpDataFilepath = path.resolve(__dirname, ".pnp.data.json");
  return hydrateRuntimeState(JSON.parse(fs.readFileSync(pnpDataFilepath, 'utf8')), {basePath: basePath || __dirname});
}
`
const entry = (location, dependencies = [], more = {}) => ({
  packageLocation: location,
  packageDependencies: dependencies,
  linkType: 'HARD',
  ...more,
})
const state = (registry) => ({
  dependencyTreeRoots: [{ name: 'app', reference: 'workspace:.' }],
  enableTopLevelFallback: true,
  fallbackPool: [],
  packageRegistryData: [
    [null, [[null, entry('./', [['a', 'npm:1.0.0']])]]],
    ['app', [['workspace:.', entry('./')]]],
    ...registry,
  ],
})
const names = ({ packages }) => packages.map(({ name }) => name)

describe('an invalid .pnp.cjs', () => {
  const texts = {
    'is empty': '',
    'is text': 'not a map\n',
    'is a program that must not run':
      "require('node:fs').writeFileSync(__dirname + '/ran', '')\nprocess.exit(9)\n",
    'is binary': Buffer.alloc(100_000, 7),
    'is not UTF-8': Buffer.concat([
      Buffer.from("const RAW_RUNTIME_STATE =\n'"),
      Buffer.from([0xff, 0xfe]),
      Buffer.from("';"),
    ]),
    'has no JSON in it': inline('{"packageRegistryData": ['),
    'has a list in it': inline([]),
    'has null in it': inline('null'),
    'never ends its text': inline({}).replace("';\n", '\n'),
    'is nested too deeply': inline('['.repeat(100_000)),
    'has registry data that is a number': inline({ packageRegistryData: 5 }),
  }
  for (const [what, text] of Object.entries(texts)) {
    test(`that ${what} is reported`, async (t) => {
      const folder = project(t, beside({ '.pnp.cjs': text }))
      const { report, error } = await scanApart(folder)
      assert.equal(error, undefined)
      assert.deepEqual(names(report), ['a'])
      assert.equal(report.packages[0].ok, true)
      assert.match(problemsOf(report).join('\n'), /\.pnp\.cjs/)
      assert.equal(report.complete, false)
      assert.ok(!readdirSync(folder).includes('ran'))
    })
  }

  test('that is larger than the memory is reported', async (t) => {
    for (const name of ['.pnp.cjs', '.pnp.data.json']) {
      const folder = project(
        t,
        beside({ '.pnp.cjs': dataMap, [name]: name === '.pnp.cjs' ? inline({}) : '{' }),
      )
      truncateSync(join(folder, name), 64 * 2 ** 30) // A sparse file, which takes no space on the disk.
      const { report, error, seconds } = await scanApart(folder)
      assert.equal(error, undefined)
      assert.deepEqual(names(report), ['a'])
      assert.match(problemsOf(report).join('\n'), /\.pnp\.(cjs|data\.json)/)
      assert.ok(seconds < 5, `${seconds} s`)
    }
  })

  test('whose data file is missing or cut off is reported', async (t) => {
    for (const files of [
      { '.pnp.cjs': dataMap },
      { '.pnp.cjs': dataMap, '.pnp.data.json': '{"a":' },
    ]) {
      const { report, error } = await scanApart(project(t, beside(files)))
      assert.equal(error, undefined)
      assert.deepEqual(names(report), ['a'])
      assert.match(problemsOf(report).join('\n'), /\.pnp\.(cjs|data\.json)/)
    }
  })

  test('may be a folder, which is not a map', async (t) => {
    const { report, error } = await scanApart(project(t, beside({ '.pnp.cjs/x': '' })))
    assert.equal(error, undefined)
    assert.deepEqual(names(report), ['a'])
  })
})

describe('a map with strange entries', () => {
  const rows = {
    'leads out of the disk': ['b', [['npm:1.0.0', entry(`./${'../'.repeat(50)}`)]]],
    'leads to devices': [
      'b',
      [
        ['npm:1.0.0', entry('../../../../../../../../dev/')],
        ['npm:2.0.0', entry('../../../../../../../../proc/self/')],
      ],
    ],
    'has absolute paths': ['b', [['npm:1.0.0', entry('/')]]],
    'has paths of nothing': [
      'b',
      [
        ['npm:1.0.0', entry('')],
        ['npm:2.0.0', entry('./no/such/folder/')],
        ['npm:3.0.0', entry('\0')],
      ],
    ],
    'leads into archives that are not archives': [
      'b',
      [
        ['npm:1.0.0', entry('./package.json/x.zip/node_modules/b/')],
        ['npm:2.0.0', entry('./b.zip/node_modules/b/')],
      ],
    ],
    'has virtual paths that never end': [
      'b',
      [
        ['virtual:x#npm:1.0.0', entry('./.yarn/__virtual__/b-virtual-1/9999999999999999999/x/')],
        ['npm:2', entry('./.yarn/__virtual__/b/0/.yarn/__virtual__/b/0/.yarn/__virtual__/')],
      ],
    ],
    'goes in circles': [
      'b',
      [
        [
          'npm:1.0.0',
          entry('./node_modules/a/', [
            ['b', 'npm:1.0.0'],
            ['a', 'npm:1.0.0'],
          ]),
        ],
      ],
    ],
    'has dependencies of a wrong type': [
      'b',
      [
        [
          'npm:1.0.0',
          entry('./node_modules/a/', [
            [],
            [5],
            ['x'],
            ['x', null],
            ['x', ['y']],
            'z',
            null,
            { a: 1 },
          ]),
        ],
      ],
    ],
    'has entries of a wrong type': [
      'b',
      [[], [5, 5], ['npm:1.0.0'], ['npm:1.0.0', null], 'x', null],
    ],
    'has names that are numbers': [5, [['npm:1.0.0', entry('./')]]],
    'is huge': [
      'b',
      Array.from({ length: 200_000 }, (_, index) => [
        `npm:1.0.${index}`,
        entry(`./.yarn/unplugged/b-${index}/node_modules/b/`, [['a', 'npm:1.0.0']]),
      ]),
    ],
  }
  for (const [what, strange] of Object.entries(rows)) {
    test(`that ${what} doesn’t affect the other packages`, async (t) => {
      const good = ['a', [['npm:1.0.0', entry('./node_modules/a/', [['a', 'npm:1.0.0']])]]]
      const { report, error, seconds } = await scanApart(
        project(t, beside({ '.pnp.cjs': inline(state([strange, good])) })),
      )
      assert.equal(error, undefined)
      const a = report.packages.filter(({ path }) => path.endsWith('/node_modules/a'))
      assert.deepEqual(
        a.map(({ ok, active }) => [ok, active?.outcome]),
        [[true, 'loads']],
      )
      assert.ok(seconds < 10, `${seconds} s`)
    })
  }

  test('of the maximum size that Yarn would write is read within the time limit', async (t) => {
    const many = Array.from({ length: 20_000 }, (_, index) => [
      `package-${index}`,
      [
        [
          'npm:1.0.0',
          entry(`./.yarn/cache/package-${index}-npm-1.0.0-abc.zip/node_modules/package-${index}/`, [
            ['a', 'npm:1.0.0'],
            [`package-${(index * 7) % 20_000}`, 'npm:1.0.0'],
          ]),
        ],
      ],
    ])
    const good = ['a', [['npm:1.0.0', entry('./node_modules/a/')]]]
    const { report, seconds } = await scanApart(
      project(t, beside({ '.pnp.cjs': inline(state([...many, good])) })),
    )
    assert.ok(names(report).includes('a'))
    assert.ok(seconds < 10, `${seconds} s`)
  })
})

describe('a map of Yarn, damaged', () => {
  for (const [layout, file] of [
    ['yarn4-pnp', '.pnp.cjs'],
    ['yarn4-pnp-data', '.pnp.data.json'],
  ]) {
    test(`that is cut off at any place is reported: ${file}`, async (t) => {
      const copy = copyOf(t, await installed(layout, fixture('app')))
      const path = join(copy.root, file)
      const bytes = readFileSync(path)
      const size =
        file === '.pnp.cjs' ? bytes.indexOf('RAW_RUNTIME_STATE') + 30_000 : statSync(path).size
      for (const share of [0, 0.1, 0.5, 0.9, 0.99]) {
        copy.write(path, bytes.subarray(0, Math.floor(size * share)))
        const { report, error } = await scanApart(copy.root)
        assert.equal(error, undefined)
        assert.match(problemsOf(report).join('\n'), /\.pnp\.(cjs|data\.json)/, `${share}`)
        assert.equal(report.complete, false)
      }
    })
  }

  test('whose unplugged folder is missing gives the names of its packages', async (t) => {
    const copy = copyOf(t, await installed('yarn4-pnp', fixture('app')))
    copy.delete(join(copy.root, '.yarn', 'unplugged'))
    const { report, error } = await scanApart(copy.root)
    assert.equal(error, undefined)
    assert.equal(
      report.complete && report.problems.length === 0 && report.packages.every(({ ok }) => ok),
      false,
    )
  })

  test('whose cache is missing or invalid still gives the unplugged packages', async (t) => {
    for (const garbage of [false, true]) {
      const copy = copyOf(t, await installed('yarn4-pnp', fixture('app')))
      const cache = join(copy.root, '.yarn', 'cache')
      if (garbage)
        for (const name of readdirSync(cache))
          copy.write(join(cache, name), 'PK\u0003\u0004garbage')
      else copy.delete(cache)
      const { report, error } = await scanApart(copy.root)
      assert.equal(error, undefined)
      const loaded = report.packages.filter(({ active }) => active?.outcome === 'loads')
      assert.ok(loaded.some(({ name }) => name === 'bcrypt'))
    }
  })
})
