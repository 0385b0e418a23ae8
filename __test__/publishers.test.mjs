// The audit of a package together with its platform packages: each known fault is found, and sound
// sets have no problem; folders and archives give the same report.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { auditPackage, formatReport } from '../index.js'
import { fullLane } from '../scripts/support/lane.mjs'
import * as promises from '../promises.js'
import { downloadSet, sets } from './publishers/sets.mjs'
import { project } from './support/project.mjs'
import {
  SOUND,
  VERSION,
  addons,
  packed,
  readAddons,
  set,
  tags,
  written,
} from './support/publishers.mjs'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')

before(readAddons)

/** All problems of a report: `severity code [package[/file]]`. */
function told(report) {
  const line = (where, { code, severity }) => `${severity} ${code}${where && ` ${where}`}`
  return [
    ...report.files.flatMap(({ file, problems }) => problems.map((one) => line(file, one))),
    ...(report.platformPackages ?? []).flatMap(({ name, files, problems }) => [
      ...problems.map((one) => line(name, one)),
      ...files.flatMap((file) => file.problems.map((one) => line(`${name}/${file.file}`, one))),
    ]),
    ...report.problems.map((one) => line('', one)),
  ]
}

const audited = (t, change, options) => auditPackage(written(t, set(change)), options)

describe('a sound set', () => {
  test('has no problem, and is found in the folder npm', (t) => {
    const report = audited(t)
    assert.deepEqual(told(report), [])
    assert.equal(report.ok, true)
    assert.deepEqual(report.files, [])
    assert.deepEqual(
      report.platformPackages.map(({ name, version, files }) => [name, version, files.length]),
      tags.map((tag) => [`q-${tag}`, VERSION, 1]),
    )
    assert.deepEqual(
      report.promises.map(({ system, source, by }) => [system, source, by]),
      Object.entries(SOUND).map(([tag, system]) => [system, 'platform packages', `q-${tag}`]),
    )
    const [floor] = report.platformPackages.find(({ name }) => name === 'q-linux-x64-gnu').floors
    assert.equal(floor.system, 'linux-x64-glibc')
  })

  test('gives the same report as folders, archives, and a folder of both', async (t) => {
    const folder = written(t, set())
    const alike = ({ path, platformPackages, ...rest }) => ({
      ...rest,
      platformPackages: platformPackages.map(({ path: _, ...one }) => one),
    })
    const expected = alike(auditPackage(folder))

    const folders = tags.map((tag) => join(folder, 'npm', tag))
    const own = join(project(t), 'q')
    cpSync(folder, own, { recursive: true, filter: (file) => !file.endsWith('npm') })
    const files = { 'q.tgz': packed(own) }
    for (const tag of tags) files[`packed/q-${tag}.tgz`] = packed(join(folder, 'npm', tag))
    const archives = project(t, files)
    const both = project(t, { 'readme.txt': '' })
    for (const [index, tag] of tags.entries()) {
      if (index % 2) cpSync(folders[index], join(both, tag), { recursive: true })
      else cpSync(join(archives, 'packed', `q-${tag}.tgz`), join(both, `q-${tag}.tgz`))
    }
    const whole = project(t)
    cpSync(join(archives, 'packed'), whole, { recursive: true })
    cpSync(join(archives, 'q.tgz'), join(whole, 'q.tgz'))

    const given = (path, ...platformPackages) => [path, { platformPackages }]
    for (const [path, options] of [
      given(folder, ...folders),
      given(own, ...folders.toReversed()),
      given(own, join(folder, 'npm')),
      given(join(archives, 'q.tgz'), join(archives, 'packed')),
      given(join(archives, 'q.tgz'), join(folder, 'npm')),
      given(own, both),
      [whole],
    ]) {
      assert.deepEqual(
        alike(auditPackage(path, options)),
        expected,
        JSON.stringify([path, options]),
      )
      assert.deepEqual(alike(await promises.auditPackage(path, options)), expected)
    }
  })

  test('may be installed: only the packages of the family are read', (t) => {
    const folder = project(t)
    const from = written(t, set())
    const modules = join(folder, 'node_modules')
    cpSync(from, join(modules, 'q'), { recursive: true, filter: (file) => !file.endsWith('npm') })
    for (const tag of tags)
      cpSync(join(from, 'npm', tag), join(modules, `q-${tag}`), { recursive: true })
    cpSync(join(root, 'node_modules', 'bufferutil'), join(modules, 'bufferutil'), {
      recursive: true,
    })
    const report = auditPackage(join(modules, 'q'), { platformPackages: [modules] })
    assert.equal(report.platformPackages.length, tags.length)
    assert.deepEqual(told(report), [])
    // Without them, the report is that of the package alone.
    assert.ok(!('platformPackages' in auditPackage(join(modules, 'q'))))
  })

  test('may have WebAssembly, a universal file, and versions as workspaces', (t) => {
    const report = audited(t, ({ root: main, ...rest }) => {
      for (const tag of tags) main.manifest.optionalDependencies[`q-${tag}`] = 'workspace:*'
      main.manifest.optionalDependencies['q-wasm32-wasi'] = '^1.0.0'
      rest['linux-x64-gnu'].manifest.version = '9.9.9'
    })
    assert.deepEqual(told(report), [])
  })
})

describe('a fault is found:', () => {
  const row = (name, change, expected, options) =>
    test(name, (t) => {
      const report = audited(t, change, options)
      assert.deepEqual(told(report), [expected].flat())
      assert.equal(
        report.ok,
        [expected].flat().every((one) => one.startsWith('warning')),
      )
      const text = formatReport(report)
      for (const code of new Set([expected].flat().map((one) => one.split(' ')[1])))
        assert.ok(
          JSON.parse(formatReport(report, 'sarif')).runs[0].results.some(
            (one) => one.ruleId === code,
          ),
          code,
        )
      assert.ok(text.length > 50)
      assert.deepEqual(JSON.parse(formatReport(report, 'json')), report)
    })

  row(
    'a platform package is absent',
    (packages) => {
      delete packages['linux-arm64-gnu']
    },
    'error absent-platform-package',
  )
  row(
    'a platform package is not listed',
    ({ root: main }) => {
      delete main.manifest.optionalDependencies['q-linux-x64-musl']
    },
    ['error missing-target', 'error unlisted-platform-package'],
  )
  row(
    'a platform package has another version',
    ({ 'win32-x64-msvc': one }) => {
      one.manifest.version = '1.2.2'
    },
    'error platform-package-version',
  )
  row(
    'the addon is for another processor than "cpu" lists',
    ({ 'linux-arm64-gnu': one }) => {
      one.files['q.linux-arm64-gnu.node'] = addons['linux-x64-glibc']
    },
    [
      'error wrong-system-field q-linux-arm64-gnu',
      'error mislabelled q-linux-arm64-gnu/q.linux-arm64-gnu.node',
    ],
  )
  row(
    'the addon is for another processor, and no name says so',
    ({ 'linux-arm64-gnu': one }) => {
      one.manifest.cpu = ['x64', 'arm64']
    },
    'error wrong-system-field q-linux-arm64-gnu',
  )
  row(
    'the addon is for another platform than "os" lists',
    ({ 'darwin-arm64': one }) => {
      one.manifest.os = ['win32']
    },
    [
      'error wrong-system-field q-darwin-arm64',
      'warning unreachable-file q-darwin-arm64/q.darwin-arm64.node',
      'error missing-target',
    ],
  )
  row(
    'the addon is for another libc than "libc" lists',
    ({ 'linux-x64-musl': one }) => {
      one.manifest.libc = ['glibc']
    },
    'error wrong-system-field q-linux-x64-musl',
  )
  row(
    '"libc" is missing where packages for both exist',
    ({ 'linux-x64-musl': one, 'linux-x64-gnu': other }) => {
      delete one.manifest.libc
      delete other.manifest.libc
    },
    ['warning missing-libc-field q-linux-x64-gnu', 'warning missing-libc-field q-linux-x64-musl'],
  )
  row(
    'a platform package has no addon',
    ({ 'linux-x64-musl': one }) => {
      one.files = { 'readme.md': 'later' }
    },
    'error missing-target',
  )
  row(
    'a platform package is named otherwise than its "main"',
    ({ 'linux-x64-musl': one }) => {
      one.manifest.main = 'q.linux-musl-x64.node'
    },
    ['warning unreachable-file q-linux-x64-musl/q.linux-x64-musl.node', 'error missing-target'],
  )

  test('the platform packages of napi-rs are not listed before "napi prepublish"', (t) => {
    const report = audited(t, ({ root: main }) => {
      delete main.manifest.optionalDependencies
      main.manifest.napi = {
        binaryName: 'q',
        targets: ['aarch64-apple-darwin', 'x86_64-apple-darwin'],
      }
    })
    assert.deepEqual(told(report), ['error missing-target', 'warning unlisted-platform-package'])
    assert.deepEqual(
      report.promises.slice(0, 2).map(({ system, by }) => [system, by]),
      [
        ['darwin-arm64', 'q-darwin-arm64'],
        ['darwin-x64', null],
      ],
    )
  })

  test('a package is given twice', (t) => {
    const folder = written(t, set())
    const one = join(folder, 'npm', tags[0])
    assert.throws(
      () => auditPackage(folder, { platformPackages: [one, one] }),
      ({ code, argument, message }) =>
        code === 'ERR_INVALID_ARG_VALUE' &&
        argument === 'options.platformPackages' &&
        message.includes('q-darwin-arm64 was given twice'),
    )
  })

  test('a path does not exist', (t) => {
    const folder = written(t, set())
    assert.throws(
      () => auditPackage(folder, { platformPackages: [join(folder, 'nothing')] }),
      ({ code, path }) => code === 'ENOENT' && path === join(folder, 'nothing'),
    )
  })
})

describe('the folder npm', () => {
  test('is ignored without an addon, in archives, and for a part of the family', (t) => {
    const empty = written(
      t,
      set((packages) => {
        for (const tag of tags) packages[tag].files = {}
      }),
    )
    assert.ok(!('platformPackages' in auditPackage(empty)))
    const part = written(
      t,
      set((packages) => {
        for (const tag of tags.slice(2)) delete packages[tag]
      }),
    )
    const report = auditPackage(part)
    assert.ok(!('platformPackages' in report))
    assert.equal(report.files.length, 2)
  })
})

describe('the option max', () => {
  const over = (t, max) => {
    const report = audited(t, undefined, { max })
    const files = report.platformPackages.flatMap(({ name, files: own }) =>
      own.flatMap(({ problems }) => problems.map((one) => ({ name, ...one }))),
    )
    return { report, files }
  }

  test('finds the file, the symbol and the library that ask for more', (t) => {
    const { report, files } = over(t, ['glibc2.10', 'glibcxx3.4.14', 'node-api7', 'macos10.9'])
    assert.equal(report.ok, false)
    const of = (what) => files.filter((one) => one.what === what)
    assert.ok(files.every(({ code }) => code === 'floor-too-high'))
    const glibc = of('glibc').find(({ name }) => name === 'q-linux-x64-gnu')
    assert.equal(glibc.max, '2.10')
    assert.match(glibc.needs, /^2\.\d+$/)
    assert.match(glibc.library, /^lib\w+\.so\.\d$/)
    assert.ok(glibc.symbols.length > 0)
    assert.equal(glibc.neededBy, null)
    assert.ok(glibc.message.includes(glibc.symbols[0]), glibc.message)
    assert.ok(glibc.message.includes(`of ${glibc.library}`), glibc.message)
    assert.ok(of('glibcxx').every(({ library }) => library === 'libstdc++.so.6'))
    // No macOS before 11 runs on arm64.
    assert.deepEqual(of('macos'), [])
    assert.ok(of('node-api').length === tags.length, JSON.stringify(of('node-api')))
  })

  test('accepts what is old enough', (t) => {
    const { report } = over(t, ['glibc2.39', 'GLIBCXX_3.4.30', 'cxxabi1.3.14', 'macos15', 'napi10'])
    assert.deepEqual(told(report), [])
  })

  test('also applies to a package without platform packages', () => {
    const bufferutil = join(root, 'node_modules', 'bufferutil')
    assert.equal(auditPackage(bufferutil, { max: ['macos13', 'node-api1'] }).ok, true)
    assert.equal(auditPackage(bufferutil, { max: ['macos10.5'] }).ok, false)
  })

  for (const [limit, words] of [
    ['glib2.28', 'there is no limit "glib": did you mean "glibc"?'],
    ['libc', 'there is no limit "libc": did you mean "glibc"?'],
    ['musl1.2', 'there is no limit "musl"; there are glibc,'],
    ['glibc', '"glibc" has no version: write it as in "glibc2.28"'],
    ['macos11x', '"11x" is not a version'],
    ['node-api9.1', '"9.1" is not a version: write it as in "node-api9"'],
    ['', 'there is no limit ""'],
  ])
    test(`rejects ${JSON.stringify(limit)}`, () => {
      assert.throws(
        () => auditPackage(root, { max: ['glibc2.28', limit] }),
        ({ code, argument, message }) => {
          assert.deepEqual([code, argument], ['ERR_INVALID_ARG_VALUE', 'options.max[1]'])
          assert.ok(message.includes(words), message)
          return true
        },
      )
    })
})

describe('the option require', () => {
  test('finds systems without an addon', (t) => {
    const require = ['linux-x64-musl', 'linux-arm64', 'linux-arm64-musl', 'darwin-x64']
    const report = audited(t, undefined, { require })
    assert.deepEqual(
      report.problems.map(({ code, severity, system }) => [code, severity, system]),
      [
        ['missing-target', 'error', 'darwin-x64'],
        ['missing-target', 'error', 'linux-arm64-musl'],
      ],
    )
    const required = report.promises.filter(({ source }) => source === 'require')
    assert.deepEqual(
      required.map(({ system, by }) => [system, by]),
      [
        ['darwin-x64', null],
        ['linux-arm64-musl', null],
      ],
    )
  })

  test('finds a system whose addon is for another one', (t) => {
    const change = ({ 'linux-x64-musl': one }) => {
      one.files['q.linux-x64-musl.node'] = addons['linux-x64-glibc']
    }
    const report = audited(t, change, { require: ['linux-x64-musl'] })
    const [problem] = report.problems
    assert.equal(problem.code, 'missing-target')
    assert.match(problem.message, /is required, but .* chooses q\.linux-x64-musl\.node, .* glibc$/)
  })

  test('also applies to a package without platform packages', () => {
    const bufferutil = join(root, 'node_modules', 'bufferutil')
    const problems = (...require) => auditPackage(bufferutil, { require }).problems
    assert.deepEqual(problems('linux-x64', 'darwin-arm64', 'win32-ia32'), [])
    assert.deepEqual(
      problems('linux-s390x').map(({ system }) => system),
      ['linux-s390x-glibc'],
    )
  })

  for (const [system, words] of [
    ['linus-x64', 'there is no platform "linus": did you mean "linux"?'],
    ['linux', '"linux" is not a system'],
    ['linux-x46', 'there is no processor "x46": did you mean "x64"?'],
    ['linux-x64-gnu', 'there is no libc "gnu"; there are glibc and musl'],
    ['darwin-x64-musl', 'only Linux has a libc: write "darwin-x64"'],
    ['linux-x64-musl-x', '"linux" is not a system'],
  ])
    test(`rejects ${system}`, () => {
      assert.throws(
        () => auditPackage(root, { require: [system] }),
        ({ code, argument, message }) => {
          assert.deepEqual([code, argument], ['ERR_INVALID_ARG_VALUE', 'options.require[0]'])
          assert.ok(message.includes(words), message)
          return true
        },
      )
    })
})

describe('abi-guard audit', () => {
  const run = (...args) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'cli.js'), ...args],
      {
        cwd: root,
        encoding: 'utf8',
      },
    )
    return { code: status, out: stdout, err: stderr }
  }

  test('takes platform packages as operands, and limits and systems with commas', (t) => {
    const folder = written(t, set())
    const npm = join(folder, 'npm')
    const fine = run('audit', folder, npm, '--require', 'linux-x64-musl,darwin-arm64')
    assert.deepEqual([fine.code, fine.err], [0, ''])
    assert.match(
      fine.out,
      /^q 1\.2\.3: no \.node files of its own, 5 \.node files in 5 platform packages, no\s+problem\s+found\.\n/,
    )
    const wrong = run('audit', folder, '--max', 'glibc2.10, macos15', '--max=node-api10')
    assert.equal(wrong.code, 1)
    assert.match(
      wrong.out,
      /\u2716 q-linux-x64-gnu 1\.2\.3, q\.linux-x64-gnu\.node\n {2}needs glibc/,
    )
  })

  test('explains a wrong limit and a wrong system', () => {
    for (const [args, words] of [
      [['--max', 'glibc2.28,glib2'], 'did you mean "glibc"?'],
      [['--require', 'linux-x64-mus'], 'did you mean "musl"?'],
    ]) {
      const { code, out, err } = run('audit', ...args)
      assert.deepEqual([code, out], [2, ''])
      assert.ok(err.includes(words), err)
    }
  })
})

describe('the loader of the package', () => {
  const index = (text) => (packages) => {
    packages.root.files['index.js'] = text
  }
  const missing = (report) =>
    report.problems.map(({ code, system, message }) => {
      assert.equal(code, 'missing-target')
      return [system, message]
    })

  test('may require another name than that of the platform package', (t) => {
    const report = audited(
      t,
      index(`const musl = process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime
switch (process.platform) {
  case 'darwin': module.exports = require('q-darwin-' + process.arch); break
  case 'win32': module.exports = require('q-win32-x64-msvc'); break
  case 'linux':
    if (process.arch === 'arm64') module.exports = require('q-linux-aarch64-gnu')
    else if (musl) module.exports = require('q-linux-x64-musl')
    else module.exports = require('q-linux-x64-gnu')
}
`),
    )
    assert.deepEqual(missing(report), [
      [
        'linux-arm64-glibc',
        "on linux-arm64-glibc, the package's loader requires q-linux-aarch64-gnu instead of " +
          'q-linux-arm64-gnu',
      ],
    ])
    const promise = report.promises.find(({ system }) => system === 'linux-arm64-glibc')
    assert.equal(promise.by, null)
  })

  test('may require a file that the platform package does not have', (t) => {
    const report = audited(
      t,
      index(`const { platform, arch } = process
const end = platform === 'win32' ? '-msvc' : platform === 'linux' ? (require('detect-libc').isNonGlibcLinuxSync() ? '-musl' : '-gnu') : ''
const name = 'q.' + platform + '-' + arch + end
module.exports = arch === 'arm64' && platform === 'linux'
  ? require('q-linux-arm64-gnu/other.node')
  : require(\`q-\${platform}-\${arch}\${end}\`)
`),
    )
    assert.deepEqual(
      missing(report).map(([system]) => system),
      ['linux-arm64-glibc'],
    )
  })

  test('that is not understood has no problem', (t) => {
    const report = audited(t, index("module.exports = require(require('./name.json').name)\n"))
    assert.deepEqual(told(report), [])
  })
})

describe('published packages', { skip: fullLane }, () => {
  /** The problems by their number, and the systems that nothing serves. */
  const summary = (report) => {
    const counts = {}
    for (const one of told(report)) {
      const name = one.split(' ').slice(0, 2).join(' ')
      counts[name] = (counts[name] ?? 0) + 1
    }
    return counts
  }
  /** Sets in which every file and every platform package is right. */
  const sound = [
    '@node-rs/crc32',
    '@napi-rs/canvas',
    '@parcel/watcher',
    'cbor-extract',
    'koffi',
    'lightningcss',
    'lmdb',
    'rollup',
    'sharp',
    'snappy',
  ]
  for (const name of sound)
    test(`${name} has no problem`, async () => {
      const { root: archive, packed: folder } = await downloadSet(name)
      const report = auditPackage(archive, { platformPackages: [folder] })
      assert.deepEqual(summary(report), {})
      assert.equal(report.platformPackages.length, sets[name].length - 1)
      const served = report.promises.filter(({ by }) => by !== null)
      assert.ok(served.length >= 5, JSON.stringify(report.promises))
    })

  /** Sets with faults that their registry pages and their bytes prove. */
  const faulty = {
    // napi.targets lists android-arm and win32-ia32, which were never published.
    '@tailwindcss/oxide': { 'error missing-target': 2 },
    // The packages for arm and arm64 have only files for musl, and say nothing about it.
    'msgpackr-extract': { 'warning missing-libc-field': 2 },
    // No package for Linux has the field "libc", although most exist for both.
    libsql: { 'warning missing-libc-field': 6 },
    // The packages for arm have no field "libc".
    'oxc-resolver': { 'warning missing-libc-field': 2 },
  }
  for (const [name, expected] of Object.entries(faulty))
    test(`${name} has known problems`, async () => {
      const { root: archive, packed: folder } = await downloadSet(name)
      const report = auditPackage(archive, { platformPackages: [folder] })
      assert.deepEqual(summary(report), expected)
    })

  test('sharp without one of its platform packages has a problem', async () => {
    const { root: archive, packed: folder } = await downloadSet('sharp')
    const given = readdirSync(folder).map((file) => join(folder, file))
    const report = auditPackage(archive, { platformPackages: given.slice(1) })
    assert.deepEqual(summary(report), { 'error absent-platform-package': 1 })
  })

  test('the glibc of sharp can be limited', async () => {
    const { root: archive, packed: folder } = await downloadSet('sharp')
    const options = { platformPackages: [folder], require: ['linux-x64-musl', 'linux-riscv64'] }
    assert.equal(auditPackage(archive, { ...options, max: ['glibc2.38'] }).ok, true)
    const { platformPackages } = auditPackage(archive, { ...options, max: ['glibc2.31'] })
    const over = platformPackages.flatMap(({ name, files }) =>
      files.flatMap(({ problems }) => problems.map((problem) => ({ name, ...problem }))),
    )
    assert.deepEqual(
      over.map(({ name, code, needs, symbols, library }) => [name, code, needs, symbols, library]),
      [
        ['@img/sharp-linux-ppc64', 'floor-too-high', '2.34', ['pthread_once'], 'libc.so.6'],
        [
          '@img/sharp-linux-riscv64',
          'floor-too-high',
          '2.38',
          ['__isoc23_strtol', 'pthread_once'],
          'libc.so.6',
        ],
        ['@img/sharp-linux-s390x', 'floor-too-high', '2.34', ['pthread_once'], 'libc.so.6'],
      ],
    )
  })
})
