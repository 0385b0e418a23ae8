// Every input gives a report or an error with a code, and one bad file never affects the rest of a
// scan.
import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { checkAbi, checkPackage, formatReport, resolveRuntime, scanNodeModules } from '../index.js'
import { copyOf, project, withBindings } from './support/project.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const addon = join(root, 'node_modules', 'bufferutil', 'prebuilds', 'linux-x64', 'bufferutil.node')
const target = 'node@20.20.2/linux-x64-glibc2.36'
const posix = process.platform !== 'win32'

describe('arguments', () => {
  const type = 'ERR_INVALID_ARG_TYPE'
  const value = 'ERR_INVALID_ARG_VALUE'
  const report = checkAbi(addon)
  const rows = [
    ['no file', type, () => checkAbi()],
    ['a number as file', type, () => checkAbi(1)],
    ['null as file', type, () => checkAbi(null)],
    ['a list as file', type, () => checkAbi([addon])],
    ['bytes as file', type, () => checkAbi(Buffer.from(addon))],
    ['an empty file name', value, () => checkAbi('')],
    ['a null byte in a file name', value, () => checkAbi('a\0.node')],
    [
      'a URL that is no file',
      'ERR_INVALID_URL_SCHEME',
      () => checkAbi(new URL('https://example.org/a.node')),
    ],
    ['null as options', type, () => checkAbi(addon, null)],
    ['text as options', type, () => checkAbi(addon, 'node@22')],
    ['a list as options', type, () => checkAbi(addon, [])],
    ['a word for a boolean', type, () => checkAbi(addon, { strict: 'yes' })],
    ['a number for a boolean', type, () => checkAbi(addon, { threads: 1 })],
    ['a number as target', type, () => checkAbi(addon, { target: 22 })],
    ['a list as target', type, () => checkAbi(addon, { target: ['node@22'] })],
    ['text as ABI', type, () => checkAbi(addon, { target: { abi: '115' } })],
    ['a negative ABI', value, () => checkAbi(addon, { target: { abi: -1 } })],
    ['a broken ABI', value, () => checkAbi(addon, { target: { abi: 1.5 } })],
    ['an endless ABI', value, () => checkAbi(addon, { target: { abi: Number.POSITIVE_INFINITY } })],
    ['an unknown field', value, () => checkAbi(addon, { target: { os: 'linux' } })],
    ['an unknown runtime', value, () => resolveRuntime('nodejs@22')],
    ['an empty spec', value, () => resolveRuntime('')],
    ['a word that is not a version', value, () => resolveRuntime('node@newest')],
    ['a version without end', value, () => resolveRuntime('node@99999999999999999999')],
    ['half a system', value, () => resolveRuntime('node@22/x64')],
    ['an unknown system', value, () => resolveRuntime('node@22/amiga-m68k')],
    ['an unknown libc', value, () => resolveRuntime('node@22/linux-x64-newlib')],
    [
      'an executable that is not there',
      'ENOENT',
      () => resolveRuntime({ execPath: '/no/such/node' }),
    ],
    ['an executable that is no runtime', value, () => resolveRuntime({ execPath: addon })],
    ['a number as package', type, () => checkPackage(1)],
    ['a URL as package', type, () => checkPackage(new URL('file:///a'))],
    ['an empty package name', value, () => checkPackage('')],
    ['a number as from', type, () => checkPackage('a', { from: 1 })],
    ['a package that is not there', 'ERR_PACKAGE_NOT_FOUND', () => checkPackage('no-such-package')],
    ['a package folder that is not there', 'ENOENT', () => checkPackage('./no-such-folder')],
    ['a package folder that is a file', 'ENOTDIR', () => checkPackage(addon)],
    ['null as directory', type, () => scanNodeModules(null)],
    ['an empty directory name', value, () => scanNodeModules('')],
    ['a directory that is not there', 'ENOENT', () => scanNodeModules('/no/such/directory')],
    ['a directory that is a file', 'ENOTDIR', () => scanNodeModules(addon)],
    ['text as patterns', type, () => scanNodeModules('.', { ignore: 'a' })],
    ['numbers as patterns', type, () => scanNodeModules('.', { include: [1] })],
    ['text as report', type, () => formatReport('report')],
    ['null as report', type, () => formatReport(null)],
    ['an object that is no report', value, () => formatReport({})],
    ['an unknown format', value, () => formatReport(report, 'xml')],
    ['a width that is not a number', type, () => formatReport(report, 'text', { width: 'wide' })],
  ]
  for (const [what, code, call] of rows) {
    test(`${what} gives ${code}`, () => {
      assert.throws(call, (error) => {
        assert.ok(error instanceof Error)
        assert.equal(error.code, code, error.stack)
        assert.equal(error instanceof TypeError, code.startsWith('ERR_INVALID'))
        assert.ok(error.message.length > 10)
        return true
      })
    })
  }
})

describe('files that are not an addon', () => {
  const bytes = readFileSync(addon)
  const rows = [
    ['0 bytes', Buffer.alloc(0), 'not-a-binary', /^.*: file too short$/],
    ['1 byte', bytes.subarray(0, 1), 'not-a-binary', /file too short$/],
    ['the first 10 bytes of an addon', bytes.subarray(0, 10), 'truncated', /file too short$/],
    ['text', 'module.exports = 1\n'.repeat(20), 'not-a-binary', /invalid ELF header$/],
    [
      'a web page',
      `<!DOCTYPE html><title>404</title>${' '.repeat(100)}`,
      'not-a-binary',
      /invalid ELF header$/,
    ],
    [
      'a pointer of Git LFS',
      `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 1\n`,
      'not-a-binary',
    ],
    ['zeros', Buffer.alloc(4096), 'not-a-binary', /invalid ELF header$/],
  ]
  for (const [what, content, code, text] of rows) {
    test(`${what}: the report states the kind of the file`, (t) => {
      const file = join(project(t, { 'a.node': content }), 'a.node')
      const report = checkAbi(file, { target })
      assert.equal(report.outcome, 'throws')
      assert.deepEqual(
        report.problems.map((problem) => problem.code),
        [code],
      )
      assert.deepEqual([report.binary, report.addon], [null, null])
      if (text) assert.match(report.loaderMessage, text)
    })
  }

  test('random bytes are rejected, with and without the magic number of each format', (t) => {
    const folder = project(t)
    const magics = [
      '',
      '\x7fELF\x02\x01\x01',
      '\x7fELF\x01\x02\x01',
      'MZ',
      '\xcf\xfa\xed\xfe',
      '\xca\xfe\xba\xbe',
      '!<arch>\n',
    ]
    const file = join(folder, 'a.node')
    for (let round = 0; round < 210; round++) {
      const magic = Buffer.from(magics[round % magics.length], 'latin1')
      const content = Buffer.concat([magic, randomBytes(1 + ((round * 997) % 20_000))])
      writeFileSync(file, content)
      for (const spec of [
        target,
        'node@22/darwin-arm64',
        'node@22/win32-x64',
        'node@22/linux-x64-musl',
      ]) {
        const { outcome } = checkAbi(file, { target: spec })
        assert.notEqual(outcome, 'loads', content.toString('base64'))
      }
    }
  })

  test('an addon that is cut off at any place gives a report', (t) => {
    const file = join(project(t), 'a.node')
    for (let length = 0; length < bytes.length; length += 64) {
      writeFileSync(file, bytes.subarray(0, length))
      const { outcome } = checkAbi(file, { target })
      assert.match(outcome, /^(loads|throws|crashes|unknown)$/)
      if (length < 1024) assert.notEqual(outcome, 'loads')
    }
  })
})

describe('files that cannot be opened', () => {
  test('a missing file, a folder and a path through a file keep the codes of Node.js', (t) => {
    const folder = project(t, { 'a.node': 'x' })
    mkdirSync(join(folder, 'folder.node'))
    for (const [name, code] of [
      ['absent.node', 'ENOENT'],
      ['folder.node', 'EISDIR'],
      ['a.node/b.node', posix ? 'ENOTDIR' : 'ENOENT'],
      [`${'x'.repeat(300)}.node`, posix ? 'ENAMETOOLONG' : 'ENOENT'],
    ]) {
      const path = join(folder, name)
      assert.throws(() => checkAbi(path), { name: 'Error', code, path, syscall: 'open' })
    }
  })

  test('dangling links and links in a circle give coded errors', { skip: !posix }, (t) => {
    const folder = project(t)
    symlinkSync('nowhere', join(folder, 'dangling.node'))
    symlinkSync('circle.node', join(folder, 'circle.node'))
    assert.throws(() => checkAbi(join(folder, 'dangling.node')), { code: 'ENOENT' })
    assert.throws(() => checkAbi(join(folder, 'circle.node')), { code: 'ELOOP' })
  })

  test('a pipe, a socket and a device are rejected without waiting for them', {
    skip: !posix,
    timeout: 20_000,
  }, async (t) => {
    const folder = project(t)
    execFileSync('mkfifo', [join(folder, 'pipe.node')])
    const server = createServer().listen(join(folder, 'socket.node'))
    t.after(() => server.close())
    await new Promise((resolve) => server.once('listening', resolve))
    for (const file of [
      join(folder, 'pipe.node'),
      join(folder, 'socket.node'),
      '/dev/zero',
      '/dev/null',
    ]) {
      assert.throws(() => checkAbi(file), { code: 'EINVAL', message: /not a regular file/ })
    }
  })
})

/**
 * Runs a script as a user other than root. It can use `abiGuard`, which is loaded before the user
 * changes.
 */
async function asNobody(body, argument) {
  const script = `
    const abiGuard = require(${JSON.stringify(join(root, 'index.js'))})
    if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534) }
    const argument = ${JSON.stringify(argument)}
    console.log(JSON.stringify((() => {${body}})()))`
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { cwd: '/' })
  return JSON.parse(stdout)
}

describe('permissions', { skip: !posix }, () => {
  test('a file without read permission gives EACCES', async (t) => {
    const folder = project(t, { 'a.node': copyOf(addon) })
    chmodSync(folder, 0o755)
    chmodSync(join(folder, 'a.node'), 0)
    const error = await asNobody(
      'try { return abiGuard.checkAbi(argument) } catch ({ code, message, path }) { return { code, message, path } }',
      join(folder, 'a.node'),
    )
    assert.equal(error.code, 'EACCES')
    assert.equal(error.message, `EACCES: permission denied, open '${error.path}'`)
  })

  test('a folder without read permission becomes a problem, and the rest is judged', async (t) => {
    const folder = project(t, {
      ...withBindings('a-fine', copyOf(addon)),
      ...withBindings('b-locked-file', copyOf(addon)),
      ...withBindings('c-locked-folder', copyOf(addon)),
      ...withBindings('d-locked-manifest', copyOf(addon)),
      ...withBindings('e-fine', copyOf(addon)),
    })
    const inside = (...parts) => join(folder, 'node_modules', ...parts)
    chmodSync(folder, 0o755)
    chmodSync(inside('b-locked-file', 'build', 'Release', 'x.node'), 0)
    chmodSync(inside('c-locked-folder', 'build'), 0)
    chmodSync(inside('d-locked-manifest', 'package.json'), 0)
    const report = await asNobody('return abiGuard.scanNodeModules(argument)', folder)
    chmodSync(inside('c-locked-folder', 'build'), 0o755)
    const found = Object.fromEntries(
      report.packages.map(({ name, ok, active, problems }) => [
        name,
        [ok, active?.outcome, ...problems.map(({ code }) => code)],
      ]),
    )
    assert.deepEqual(found, {
      'a-fine': [true, 'loads'],
      'b-locked-file': [false, undefined, 'unreadable'],
      'd-locked-manifest': [true, 'loads', 'unreadable'],
      'e-fine': [true, 'loads'],
    })
    assert.deepEqual(
      report.problems.map(({ code, path }) => [code, path]),
      [['unreadable', inside('c-locked-folder', 'build')]],
    )
    assert.deepEqual([report.ok, report.complete], [false, false])
  })
})

describe('a scan', () => {
  test('judges everything beside broken files of every kind', (t) => {
    const folder = project(t, {
      ...withBindings('a-fine', copyOf(addon)),
      ...withBindings('b-empty', ''),
      ...withBindings('c-text', 'text '.repeat(40)),
      ...withBindings('d-cut', readFileSync(addon).subarray(0, 3000)),
      ...withBindings('e-random', randomBytes(5000)),
      ...withBindings('f-fine', copyOf(addon)),
    })
    const report = scanNodeModules(folder, { target })
    assert.deepEqual(
      report.packages.map(({ name, ok }) => [name, ok]),
      [
        ['a-fine', true],
        ['b-empty', false],
        ['c-text', false],
        ['d-cut', false],
        ['e-random', false],
        ['f-fine', true],
      ],
    )
  })

  test('judges packages whose package.json is broken by the name of their folder', (t) => {
    const broken = [
      '{',
      '',
      '[]',
      'null',
      '"text"',
      '{"name":5,"version":{}}',
      '['.repeat(100_000),
      '\ufeff\ufeff{}',
    ]
    const files = {
      'node_modules/z/package.json': { name: 'z', version: '1.0.0' },
      'node_modules/z/z.node': copyOf(addon),
    }
    for (const [index, text] of broken.entries()) {
      files[`node_modules/p${index}/package.json`] = text
      files[`node_modules/p${index}/x.node`] = copyOf(addon)
    }
    const folder = project(t, files)
    mkdirSync(join(folder, 'node_modules', 'y', 'package.json'), { recursive: true })
    writeFileSync(join(folder, 'node_modules', 'y', 'y.node'), readFileSync(addon))
    const report = scanNodeModules(folder, { target })
    const expected = [...broken.keys()].map((index) => `p${index}`)
    assert.deepEqual(
      report.packages.map(({ name, active }) => [name, active?.outcome]),
      [...expected, 'y', 'z'].map((name) => [name, 'loads']),
    )
  })

  test('is not disturbed by links to other places, pipes and circles', {
    skip: !posix,
    timeout: 20_000,
  }, (t) => {
    const folder = project(t, withBindings('a', copyOf(addon)))
    const inside = (...parts) => join(folder, 'node_modules', ...parts)
    symlinkSync('..', inside('circle'))
    symlinkSync('nowhere', inside('dangling'))
    symlinkSync('/dev/zero', inside('a', 'zero.node'))
    symlinkSync('nowhere.node', inside('a', 'dangling.node'))
    execFileSync('mkfifo', [inside('a', 'pipe.node')])
    const report = scanNodeModules(folder, { target })
    assert.deepEqual(
      report.packages.map(({ name, ok, dormant }) => [name, ok, dormant]),
      [['a', true, []]],
    )
  })

  test('does not wait for a pipe that is named package.json', { skip: !posix }, async (t) => {
    const folder = project(t, {
      'node_modules/a/a.node': copyOf(addon),
      'node_modules/b/b.node': copyOf(addon),
    })
    execFileSync('mkfifo', [join(folder, 'node_modules', 'a', 'package.json')])
    const script =
      'console.log(JSON.stringify(require(process.argv[1]).scanNodeModules(process.argv[2])))'
    const args = ['-e', script, join(root, 'index.js'), folder]
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      timeout: 10_000,
      killSignal: 'SIGKILL',
    })
    const { packages } = JSON.parse(stdout)
    assert.deepEqual(
      packages.map(({ name, problems }) => [name, problems.map(({ code }) => code)]),
      [
        ['a', ['unreadable']],
        ['b', []],
      ],
    )
  })

  test('continues when folders are deleted while it runs', async (t) => {
    const files = {}
    for (let index = 0; index < 200; index++) files[`node_modules/p${index}/x.node`] = 'x'
    const folder = project(t, files)
    const { scanNodeModules: scan } = await import('../promises.js')
    const work = scan(folder, { target })
    for (let index = 0; index < 200; index += 2)
      // Windows can't delete a folder while a program lists it.
      rmSync(join(folder, 'node_modules', `p${index}`), { recursive: true, maxRetries: 9 })
    const report = await work
    assert.ok(report.packages.length >= 100)
  })
})
