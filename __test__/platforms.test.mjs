// The binaries of all platforms: their names, and the defects that are found in wrong ones. These
// tests don't need the binaries that `npm run build:all` creates; `npm run test:all-platforms`
// tests those.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs, { readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { fullLane } from '../scripts/support/lane.mjs'
import { firstDifference, wrongIn } from '../scripts/platforms/compare.mjs'
import { inspect } from '../scripts/platforms/inspect.mjs'
import { loadCommands } from '../scripts/platforms/macho.mjs'
import { isPublished } from '../scripts/platforms/publish.mjs'
import { fileOf, packageOf, platform, platforms } from '../scripts/platforms/table.mjs'
import { compile, compiler } from './fixtures/compile.mjs'
import { withLoader } from '../scripts/support/elf.mjs'
import { project, published } from './support/project.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)
const { platformName } = require('../lib/platform.js')

/**
 * The platform name of a process with these properties. `maps` is what it reads of its mapped
 * files; by default there is no /proc, so that the executable decides.
 */
function nameAs({ maps, ...pretended }) {
  const own = Object.keys(pretended).map((key) => [
    key,
    Object.getOwnPropertyDescriptor(process, key),
  ])
  for (const [key, descriptor] of own)
    Object.defineProperty(process, key, { ...descriptor, value: pretended[key] })
  const { readFileSync: read } = fs
  fs.readFileSync = (path, ...how) => {
    if (path !== '/proc/self/maps') return read(path, ...how)
    if (maps === undefined) throw new Error('no such file')
    return maps
  }
  try {
    return platformName()
  } finally {
    fs.readFileSync = read
    for (const [key, descriptor] of own) Object.defineProperty(process, key, descriptor)
  }
}

describe('the name of a platform', () => {
  for (const one of platforms.filter(({ libc }) => libc !== 'musl'))
    test(`is ${one.name} on ${one.os} with ${one.cpu}`, () => {
      assert.equal(nameAs({ platform: one.os, arch: one.cpu }), one.name)
    })

  /** Executables for musl that name their loader in their first bytes, or later. */
  const elf = ({ wide, at }) => {
    const loader = Buffer.from('/lib/ld-musl-other.so.1\0')
    const bytes = Buffer.alloc(at + loader.length)
    bytes.write('\x7fELF', 0, 'latin1')
    bytes[4] = wide ? 2 : 1
    const [table, size] = wide ? [0x40, 56] : [0x34, 32]
    const long = (value, place) =>
      wide ? bytes.writeBigUInt64LE(BigInt(value), place) : bytes.writeUInt32LE(value, place)
    long(table, wide ? 0x20 : 0x1c)
    bytes.writeUInt16LE(size, wide ? 0x36 : 0x2a)
    bytes.writeUInt16LE(2, wide ? 0x38 : 0x2c)
    bytes.writeUInt32LE(6, table)
    bytes.writeUInt32LE(3, table + size)
    long(at, table + size + (wide ? 0x08 : 0x04))
    long(loader.length, table + size + (wide ? 0x20 : 0x10))
    loader.copy(bytes, at)
    return bytes
  }
  for (const [what, arch, name, form] of [
    ['64 bits', 'x64', 'linux-x64-musl', { wide: true, at: 0x100 }],
    [
      '64 bits and its loader far behind',
      'arm64',
      'linux-arm64-musl',
      { wide: true, at: 0x100000 },
    ],
    ['32 bits', 'arm', 'linux-arm-musleabihf', { wide: false, at: 0x100 }],
    [
      '32 bits and its loader far behind',
      'arm',
      'linux-arm-musleabihf',
      { wide: false, at: 0x100000 },
    ],
  ])
    test(`is ${name} for an executable of ${what}`, (t) => {
      const folder = project(t, { node: elf(form) })
      assert.equal(nameAs({ platform: 'linux', arch, execPath: join(folder, 'node') }), name)
    })

  for (const [system, file, libc] of [
    ['Alpine', '/lib/ld-musl-x86_64.so.1', 'musl'],
    ['Debian 12', '/usr/lib/x86_64-linux-gnu/libc.so.6', 'gnu'],
    ['Debian 10', '/lib/x86_64-linux-gnu/libc-2.28.so', 'gnu'],
    // musl's library has this name where its loader is a link to it. Here the executable decides.
    ['another system', '/usr/lib/libc.so', 'musl'],
  ])
    test(`is that of ${libc} if ${file} is mapped, as on ${system}`, (t) => {
      const folder = project(t, { node: elf({ wide: true, at: 0x100 }) })
      const maps = `7f1c 00:1 /usr/bin/node\n7f1d 00:1 ${file}\n`
      const other = libc === 'gnu' ? join(folder, 'node') : process.execPath
      const execPath = file.endsWith('/libc.so') ? join(folder, 'node') : other
      assert.equal(nameAs({ maps, platform: 'linux', arch: 'x64', execPath }), `linux-x64-${libc}`)
    })

  test('is that of glibc for a file that is not an executable, or ends too early', (t) => {
    const whole = elf({ wide: true, at: 0x100 })
    const folder = project(t, { text: 'node', short: whole.subarray(0, 0x60), empty: '' })
    for (const file of ['text', 'short', 'empty', 'absent'])
      assert.equal(
        nameAs({ platform: 'linux', arch: 'x64', execPath: join(folder, file) }),
        'linux-x64-gnu',
      )
  })

  test('is that of musl for a real Node.js whose loader was changed', {
    skip: !isLinuxX64 && 'only Linux has such',
  }, (t) => {
    const executable = realpathSync('/proc/self/exe')
    const folder = project(t)
    const file = join(folder, 'node')
    writeFileSync(file, withLoader(readFileSync(executable), '/lib/ld-musl-x86_64.so.1'))
    assert.equal(nameAs({ execPath: file }), 'linux-x64-musl')
    const own = spawnSync(process.execPath, ['-p', "require('./lib/platform.js').platformName()"], {
      cwd: root,
      encoding: 'utf8',
    })
    assert.equal(own.stdout.trim(), platformName())
  })
})

test('the packages of all platforms agree with the table and package.json', () => {
  const check = spawnSync(process.execPath, ['scripts/platforms/packages.mjs', '--check'], {
    cwd: root,
    encoding: 'utf8',
  })
  assert.deepEqual([check.stderr, check.status], ['', 0])
  const { optionalDependencies, napi } = require('../package.json')
  assert.deepEqual(Object.keys(optionalDependencies).sort(), platforms.map(packageOf).sort())
  // napi-rs names the platforms of Windows by the compiler that it knows for each.
  const targets = platforms.map(({ target }) => target.replace('gnullvm', 'msvc'))
  assert.deepEqual([...napi.targets].sort(), targets.sort())
  const unique = (values) => assert.equal(new Set(values).size, platforms.length)
  unique(platforms.map(({ name }) => name))
  unique(platforms.map(({ target }) => target))
  unique(platforms.map(({ os, cpu, libc }) => [os, cpu, libc].join()))
})

const isCompiled = isLinuxX64 && compiler() !== null

// Inspecting a binary compiles a program of the core, unless that was done before.
describe('inspecting a binary', {
  skip: (!isCompiled && 'small addons are compiled with gcc on linux-x64') || fullLane,
}, () => {
  const gnu = platform('linux-x64-gnu')
  const source = (t, text) => join(project(t, { 'addon.c': `${HEAD}${text}` }), 'addon.c')
  /** An addon that imports a symbol of libc, so that the libc can be recognized. */
  const HEAD =
    '__attribute__((visibility("default"))) void *napi_register_module_v1(void *env, void *exports) { return exports; }\nint getpid(void);\n__attribute__((used)) static int pid(void) { return getpid(); }\n'
  const made = (t, text, settings = {}) =>
    compile('inspected', {}, { from: source(t, text), ...settings })

  test('finds no defect in a correct one', async (t) => {
    assert.deepEqual(inspect(gnu, await made(t, ''), { paths: [root] }).wrong, [])
  })

  test('reports a missing one, and how to build it', () => {
    const [sentence, ...rest] = inspect(gnu, '/nowhere/x.node').wrong
    assert.equal(
      sentence,
      'there is no /nowhere/x.node: build it with "npm run build:all -- linux-x64-gnu"',
    )
    assert.deepEqual(rest, [])
  })

  test('reports one that was cut off at any place', async (t) => {
    const whole = readFileSync(await made(t, ''))
    for (const part of [0, 0.01, 0.1, 0.3, 0.5, 0.9]) {
      const folder = project(t, { 'cut.node': whole.subarray(0, whole.length * part) })
      const { wrong } = inspect(gnu, join(folder, 'cut.node'))
      assert.notEqual(wrong.length, 0, `cut after ${part}`)
      for (const sentence of wrong) assert.match(sentence, / /)
    }
    const noise = project(t, { 'text.node': 'no addon at all' })
    assert.match(inspect(gnu, join(noise, 'text.node')).wrong.join(), /text/)
  })

  for (const one of platforms.filter(({ name }) => name !== 'linux-x64-gnu'))
    test(`reports one for linux-x64-gnu in the folder of ${one.name}`, async (t) => {
      const { wrong } = inspect(one, await made(t, ''))
      const sentence =
        one.os !== 'linux'
          ? `it is for linux, not for ${one.os}`
          : one.cpu !== 'x64'
            ? `it is for x64, not for ${one.cpu}`
            : 'it is for glibc, not for musl'
      assert.ok(wrong.includes(sentence), wrong.join('\n'))
    })

  for (const [what, sentence, text, settings] of [
    [
      'one that needs a newer glibc than is promised',
      /^it needs glibc 2\.\d+, and 2\.17 is promised$/,
      // A function of glibc 2.25.
      'int getentropy(void *, unsigned long);\n__attribute__((used)) static int use(char *to) { return getentropy(to, 1); }\n',
      {},
    ],
    [
      'one that needs a library which not every system has',
      /^it needs libinspected\.so, which not every such system has$/,
      '',
      { library: { NAPISYM: true } },
    ],
    [
      'one that exports more than Node.js looks for',
      /^it exports second, too$/,
      '__attribute__((visibility("default"))) int second(void) { return 2; }\n',
      {},
    ],
    [
      'one with a path of the machine that built it',
      /^a path of the building machine stands in it: \/home\/builder\/abi-guard$/,
      'const char *const where __attribute__((used)) = "/home/builder/abi-guard/src/lib.rs";\n',
      {},
    ],
    [
      'one that asks for a newer Node-API than is promised',
      /^it needs Node-API 9, and 8 is promised$/,
      '__attribute__((visibility("default"))) int node_api_module_get_api_version_v1(void) { return 9; }\n',
      {},
    ],
  ])
    test(`reports ${what}`, async (t) => {
      const { wrong } = inspect(gnu, await made(t, text, settings), {
        paths: ['/home/builder/abi-guard'],
      })
      assert.ok(
        wrong.some((one) => sentence.test(one)),
        wrong.join('\n') || 'nothing was found',
      )
    })

  test('reports one that Node.js would not accept as an addon', async (t) => {
    const from = join(project(t, { 'addon.c': 'int other(void) { return 1; }\n' }), 'addon.c')
    const { wrong } = inspect(gnu, await compile('inspected', {}, { from }))
    assert.ok(wrong.includes("it doesn't export napi_register_module_v1"), wrong.join('\n'))
  })
})

test('the load commands of a library are listed, and a page that was changed after signing is found', async () => {
  const file = await published('@napi-rs/nice-darwin-arm64')
  const bytes = readFileSync(file('@napi-rs/nice-darwin-arm64', 'nice.darwin-arm64.node'))
  const commands = loadCommands(bytes)
  assert.ok(commands.includes('loads /usr/lib/libSystem.B.dylib'), commands.join('\n'))
  assert.ok(commands.includes('signature ad hoc, every page as signed'), commands.join('\n'))
  assert.ok(commands.some((line) => /^platform 1, oldest 11\.0\.0$/.test(line)))
  const changed = Buffer.from(bytes)
  changed[0x5000] ^= 1
  assert.ok(loadCommands(changed).includes('signature ad hoc, not of these pages'))
})

describe('the results of a platform’s test run', () => {
  test('are compared with the expected ones, up to the first difference', () => {
    assert.equal(firstDifference({ a: [1, { b: null }] }, { a: [1, { b: null }] }, ''), undefined)
    assert.equal(
      firstDifference({ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }, ''),
      'a.1.b is 3, not 2',
    )
    assert.equal(firstDifference({ a: 1 }, { a: 1, b: 2 }, ''), 'b is 2, not absent')
    assert.equal(firstDifference({ a: 1, b: 2 }, { a: 1 }, ''), 'b is absent, not 2')
    assert.equal(firstDifference([1], [1, 2], 'list'), 'list.1 is 2, not absent')
    assert.equal(firstDifference(null, {}, ''), 'it is {}, not null')
    const long = (end) => `${'x'.repeat(1000)}${end}`
    assert.match(
      firstDifference(long('one'), long('two'), 'text'),
      /^text is …x+two"…, not …x+one"…$/,
    )
  })

  const one = platform('linux-x64-gnu')
  const is = { version: '22.1.0', libc: 'glibc', libcVersion: '2.36' }
  const facts = { abi: 127, nodeApi: 9 }
  const resolved = {
    runtime: 'node',
    ...is,
    ...facts,
    platform: 'linux',
    arch: 'x64',
    execPath: '/x',
  }
  const found = {
    scan: [['native', 'loads']],
    package: 'loads',
    file: 'loads',
    passed: true,
    stays: true,
  }
  const names = [{ how: 'as it is', found }]
  const loads = [
    { name: 'a', outcome: 'loads', loaderMessage: null, real: { outcome: 'loads', message: null } },
    {
      name: 'b',
      outcome: 'throws',
      loaderMessage: 'no',
      real: { outcome: 'throws', message: 'no' },
    },
    { name: 'c', outcome: 'crashes', loaderMessage: null, real: null },
  ]
  const changed = (index, more) =>
    loads.map((load, at) => (at === index ? { ...load, ...more } : load))
  for (const [what, own, sentence] of [
    ['nothing, where all is as predicted', {}, undefined],
    [
      'another libc',
      { resolved: { ...resolved, libcVersion: '2.35' } },
      /libcVersion is "2\.35", not "2\.36"/,
    ],
    ['another ABI', { facts: { ...facts, abi: 115 } }, /abi is 127, not 115/],
    [
      'a folder that was called otherwise',
      {
        names: [
          ...names,
          { how: 'by a junction', missing: 'ENOTSUP' },
          { how: 'in capitals', found: { ...names[0].found, file: 'throws' } },
        ],
      },
      /^a project's folder in capitals: file is "throws", not "loads"$/,
    ],
    [
      'a load that threw',
      { loads: changed(0, { real: { outcome: 'throws', message: 'x' } }) },
      /^a: it throws \("x"\)/,
    ],
    [
      'another text',
      { loads: changed(1, { loaderMessage: 'yes' }) },
      /^b: it throws "no", and "yes" was predicted$/,
    ],
    ['that nothing was loaded', { loads: loads.slice(1) }, /^no addon loads/],
    ['that nothing threw', { loads: loads.slice(0, 1) }, /^no addon throws/],
  ])
    test(`state ${what}`, () => {
      const wrong = wrongIn({ facts, resolved, names, loads, ...own }, is, one)
      if (sentence) assert.match(wrong, sentence)
      else assert.equal(wrong, undefined)
    })
})

describe('a build for this system only', {
  skip: (!isLinuxX64 && 'is tried on linux-x64') || fullLane,
}, () => {
  test('may need this system’s libraries, and every other defect is reported', () => {
    const one = platform(platformName())
    assert.deepEqual(inspect(one, join(root, fileOf(one)), { isLocal: true }).wrong, [])
    assert.notDeepEqual(
      inspect(platform('linux-arm64-gnu'), join(root, fileOf(one)), { isLocal: true }).wrong,
      [],
    )
  })
})

test('isPublished is true only for versions that the registry has', () => {
  assert.equal(isPublished('semver', '7.7.2'), true)
  assert.equal(isPublished('semver', '7.7.9999'), false)
  assert.equal(isPublished('@abi-guard/there-is-no-such-package', '7.7.2'), false)
})
