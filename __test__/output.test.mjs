// Output: complete files or none; terminals of every width and color depth; and pipes whose reader
// has closed.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { cli, run } from './support/command.mjs'
import { copyOf, project, published, withBindings } from './support/project.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const prebuild = join(
  root,
  'node_modules',
  'bufferutil',
  'prebuilds',
  'linux-x64',
  'bufferutil.node',
)
const spec = ['--target', 'node@20.20.2/linux-x64-glibc2.36']
const posix = process.platform !== 'win32'
const NOBODY = 65534

let addon
before(async () => {
  addon = (await published('@datadog/pprof'))(
    '@datadog/pprof',
    'prebuilds/linux-x64/dd_pprof.node.abi108.node',
  )
})

const broken = (t, more = {}) =>
  project(t, {
    'package.json': {},
    ...withBindings('broken', copyOf(addon)),
    ...withBindings('fine', copyOf(prebuild)),
    ...more,
  })

/** The names of other files beside the project. */
const others = (folder) =>
  readdirSync(folder).filter((name) => !['node_modules', 'package.json'].includes(name))

describe('--output', () => {
  test('writes the output to the file, without colors, and exits with the same code', async (t) => {
    const cwd = broken(t)
    const env = { FORCE_COLOR: '1' }
    for (const args of [
      spec,
      ['--verbose', ...spec],
      ['--format', 'sarif', ...spec],
      ['--format', 'github', ...spec],
      ['check', 'broken', 'fine', ...spec],
      ['audit', 'node_modules/fine'],
      ['doctor', ...spec],
      ['matrix', '--target', 'node@22'],
      [
        'explain',
        'NODE_MODULE_VERSION 108. This version of Node.js requires NODE_MODULE_VERSION 115.',
      ],
      ['runtimes', '115'],
      ['runtimes', '--json'],
    ]) {
      const shown = await run(args, { cwd })
      const { code, out, err } = await run([...args, '-o', 'report.txt'], { cwd, env })
      assert.deepEqual([code, out, err], [shown.code, '', ''], args.join(' '))
      assert.equal(readFileSync(join(cwd, 'report.txt'), 'utf8'), shown.out, args.join(' '))
      assert.deepEqual(others(cwd), ['report.txt'])
    }
  })

  test('replaces a file in one step, keeps its permissions, and follows links', async (t) => {
    const cwd = broken(t, { 'old.txt': 'old '.repeat(10_000) })
    chmodSync(join(cwd, 'old.txt'), 0o640)
    const { ino } = statSync(join(cwd, 'old.txt'))
    symlinkSync('old.txt', join(cwd, 'link.txt'))
    mkdirSync(join(cwd, 'folder'))
    symlinkSync('folder/new.txt', join(cwd, 'dangling.txt'))
    for (const name of ['link.txt', 'dangling.txt']) {
      assert.deepEqual(await run(['--output', name, ...spec], { cwd }), {
        code: 1,
        out: '',
        err: '',
      })
      assert.ok(lstatSync(join(cwd, name)).isSymbolicLink())
      assert.match(readFileSync(join(cwd, name), 'utf8'), /^1 of 2 native packages/)
    }
    assert.equal(readlinkSync(join(cwd, 'link.txt')), 'old.txt')
    const now = statSync(join(cwd, 'old.txt'))
    assert.notEqual(now.ino, ino)
    if (posix) assert.equal(now.mode & 0o777, 0o640)
    assert.deepEqual(others(cwd), ['dangling.txt', 'folder', 'link.txt', 'old.txt'])
  })

  test('writes an empty file with --quiet if all packages load, so that no old report remains', async (t) => {
    const cwd = broken(t, { 'report.txt': 'old' })
    const { code } = await run(['--quiet', '--ignore', 'broken', '-o', 'report.txt', ...spec], {
      cwd,
    })
    assert.deepEqual([code, readFileSync(join(cwd, 'report.txt'), 'utf8')], [0, ''])
  })

  test('accepts devices, pipes and names of standard output', { skip: !posix }, async (t) => {
    const cwd = broken(t)
    for (const name of ['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1']) {
      const { code, out } = await run(['-o', name, ...spec], { cwd })
      assert.equal(code, 1)
      assert.match(out, /^1 of 2 native packages/, name)
    }
    assert.equal((await run(['-o', '/dev/null', ...spec], { cwd })).code, 1)
    assert.ok(statSync('/dev/null').isCharacterDevice())
    const quote = (text) => `'${text}'`
    const command = [process.execPath, cli, ...spec].map(quote).join(' ')
    const shell = (line) => execFileSync('bash', ['-c', line], { cwd, encoding: 'utf8' })
    assert.match(shell(`${command} -o >(cat > got); sleep 0.3; cat got`), /^1 of 2 native packages/)
    // If standard output is appended to a file, the existing contents are kept.
    assert.match(
      shell(`echo before > log; ${command} -o /dev/stdout >> log; cat log`),
      /^before\n1 of 2/,
    )
    execFileSync('mkfifo', [join(cwd, 'pipe')])
    assert.match(shell(`cat pipe & ${command} -o pipe; wait`), /^1 of 2/)
  })

  const rows = [
    ['a missing folder', 'no/such/folder.txt', /its folder does not exist \(ENOENT\)/],
    ['a directory', 'node_modules', /it is a directory \(EISDIR\)/],
    ['a file for a folder', 'package.json/x.txt', /\(ENOTDIR\)/],
    ['a link in a circle', 'circle', /circle \(ELOOP\)/],
    ['no permission for the folder', 'locked/x.txt', /is not writable \(EACCES\)/],
    ['no permission for the file', 'locked.txt', /is not writable \(EACCES\)/],
    ['a full disk', '/dev/full', /no space left \(ENOSPC\)/],
    ['no name', '', /--output is empty/],
  ]
  for (const [what, name, message] of rows) {
    test(`says that it can't write to ${what}, and exits with 2`, { skip: !posix }, async (t) => {
      const cwd = broken(t, { 'locked.txt': 'kept', 'locked/y': '' })
      symlinkSync('circle', join(cwd, 'circle'))
      chmodSync(cwd, 0o777)
      chmodSync(join(cwd, 'locked.txt'), 0o444)
      chmodSync(join(cwd, 'locked'), 0o555)
      const user = process.getuid() === 0 ? NOBODY : undefined
      const before = others(cwd)
      for (const format of ['text', 'sarif']) {
        const { code, out, err } = await run(['--format', format, `--output=${name}`, ...spec], {
          cwd,
          user,
        })
        assert.match(err, message)
        assert.match(err, /^abi-guard: [^\n]+\n$/)
        assert.deepEqual([code, out], [2, ''])
      }
      assert.deepEqual(others(cwd), before)
      assert.equal(readFileSync(join(cwd, 'locked.txt'), 'utf8'), 'kept')
      assert.deepEqual(readdirSync(join(cwd, 'locked')), ['y'])
    })
  }

  test('keeps the old file if the disk becomes full during writing', async (t) => {
    const cwd = broken(t)
    const disk = join(cwd, 'disk')
    mkdirSync(disk)
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', disk])
    if (mounted.status !== 0) return t.skip('a small disk can be mounted by root only')
    try {
      writeFileSync(join(disk, 'report.json'), 'old')
      const { code, err } = await run(['runtimes', '--json', '-o', join(disk, 'report.json')], {
        cwd,
      })
      assert.match(err, /can't be written: there is no space left \(ENOSPC\)/)
      assert.equal(code, 2)
      assert.deepEqual(readdirSync(disk), ['report.json'])
      assert.equal(readFileSync(join(disk, 'report.json'), 'utf8'), 'old')
    } finally {
      spawnSync('umount', [disk])
    }
  })

  test('creates no file if the command fails', async (t) => {
    const cwd = broken(t, { 'report.txt': 'old' })
    for (const args of [
      ['scan', 'nowhere'],
      ['--target', 'rhino@1'],
      ['check', 'absent'],
      ['--format', 'xml'],
    ]) {
      assert.equal((await run([...args, '-o', 'report.txt'], { cwd })).code, 2)
      assert.equal(readFileSync(join(cwd, 'report.txt'), 'utf8'), 'old')
    }
    assert.deepEqual(others(cwd), ['report.txt'])
  })

  test('is rejected by fix', async () => {
    assert.match((await run(['fix', '-o', 'x'])).err, /--output has no meaning for "fix"/)
    assert.ok(!existsSync('/x'))
  })
})
