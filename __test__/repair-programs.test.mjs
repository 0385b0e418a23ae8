// The program that a command of a plan starts, on each system; and reading files that anyone may
// have created.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { project } from './support/project.mjs'

const require = createRequire(import.meta.url)
const { readText } = require('../lib/files.js')
const { environment, resolve } = require('../lib/repair/programs.js')
const { identityOf, isAlive, ofSystem, startByPs } = require('../lib/repair/processes.js')
const { stateDirectory } = require('../lib/repair/state.js')
const { isRunnable } = require('../lib/repair/commands.js')

const isWindows = process.platform === 'win32'

describe('readText', () => {
  test('reads regular files up to a limit, and rejects everything else immediately', (t) => {
    const folder = project(t, { text: 'ä\n', empty: '', full: 'x'.repeat(100) })
    const at = (name) => join(folder, name)
    assert.equal(readText(at('text'), 100), 'ä\n')
    assert.equal(readText(at('empty'), 0), '')
    assert.equal(readText(at('full'), 100).length, 100)
    assert.throws(() => readText(at('full'), 99), { code: 'ERR_FILE_TOO_LARGE', path: at('full') })
    assert.throws(() => readText(at('none'), 99), { code: 'ENOENT' })
    mkdirSync(at('folder'))
    assert.throws(() => readText(at('folder'), 99), { code: 'ERR_NOT_A_FILE' })
    writeFileSync(at('sparse'), '')
    truncateSync(at('sparse'), 2 ** 31)
    assert.throws(() => readText(at('sparse'), 1 << 20), { code: 'ERR_FILE_TOO_LARGE' })
    if (isWindows) return
    symlinkSync('text', at('link'))
    assert.equal(readText(at('link'), 100), 'ä\n')
    assert.throws(() => readText(at('link'), 100, { follow: false }), { code: 'ERR_NOT_A_FILE' })
    for (const device of ['/dev/zero', '/dev/null', '/dev/tty']) {
      symlinkSync(device, at(device.slice(5)))
      assert.throws(
        () => readText(at(device.slice(5)), 100),
        { code: /ERR_NOT_A_FILE|ENOENT|ENXIO/ },
        device,
      )
    }
    assert.equal(spawnSync('mkfifo', [at('fifo')]).status, 0)
    assert.throws(() => readText(at('fifo'), 100), { code: 'ERR_NOT_A_FILE' })
    // Files for which the system states a size of 0.
    if (process.platform === 'linux') assert.match(readText('/proc/self/stat', 65_536), /^\d+ \(/)
  })
})

describe('the program of a command', () => {
  /** A Windows with files at these paths. */
  const windows = (files, env) => ({
    root: 'C:\\app',
    platform: 'win32',
    execPath: 'C:\\node\\node.exe',
    env: { SystemRoot: 'C:\\Windows', ...env },
    exists: (file) => files.some((one) => one.toLowerCase() === file.toLowerCase()),
    real: (file) => file.replace(/^D:\\link/i, 'C:\\app'),
  })

  test('on Windows is a file on the PATH that is not in the project', () => {
    const files = [
      'C:\\app\\pnpm.cmd',
      'C:\\app\\node_modules\\.bin\\pnpm.cmd',
      'C:\\tools\\pnpm.cmd',
    ]
    const Path =
      '.;;tools;C:;C:tools;\\tools;C:\\app;c:\\APP\\node_modules\\.bin;D:\\link;"C:\\tools"'
    const { program, args, shell } = resolve(['pnpm', 'rebuild', 'a b'], windows(files, { Path }))
    assert.equal(program, '"C:\\tools\\pnpm.cmd"')
    assert.deepEqual(args, ['rebuild', '"a b"'])
    assert.equal(shell, 'C:\\Windows\\System32\\cmd.exe')
    for (const path of ['', '.', 'C:\\app', 'C:\\app\\node_modules\\.bin', 'D:\\link', 'C:\\other'])
      assert.match(
        resolve(['pnpm', 'install'], windows(files, { Path: path })).problem,
        /no program pnpm on the PATH outside of the project/,
        path,
      )
  })

  test('on Windows needs no shell if it is an executable, and is rejected if cmd.exe would expand it', () => {
    const bun = windows(['C:\\bun\\bun.exe', 'C:\\bun\\bun.cmd'], { PATH: 'C:\\bun' })
    const { program, shell } = resolve(['bun', 'install'], bun)
    assert.deepEqual([program, shell], ['C:\\bun\\bun.exe', undefined])
    const odd = windows(['C:\\%x%\\yarn.cmd'], { PATH: 'C:\\%x%' })
    assert.match(resolve(['yarn', 'install'], odd).problem, /cmd\.exe can't run/)
  })

  test('is the npm of the running Node.js, with the settings before the command', () => {
    const npm = 'C:\\node\\node_modules\\npm\\bin\\npm-cli.js'
    const around = windows([npm], { PATH: '' })
    for (const words of [
      ['cmd', '/c', 'set npm_config_build_from_source=true&& npm rebuild @scope/a'],
      ['env', 'npm_config_build_from_source=true', 'npm', 'rebuild', '@scope/a'],
    ]) {
      const { program, args, env } = resolve(words, around)
      assert.deepEqual([program, args], ['C:\\node\\node.exe', [npm, 'rebuild', '@scope/a']])
      assert.deepEqual(env, { npm_config_build_from_source: 'true' })
    }
    const evil = ['cmd', '/c', 'set npm_config_x=true&& npm rebuild a & calc.exe']
    assert.match(resolve(evil, around).problem, /a repair does not run this command/)
    assert.equal(isRunnable(evil), false)
    assert.equal(isRunnable(['calc.exe']), false)
  })

  test('is never a script in the project that npm_execpath names', () => {
    const inProject = 'C:\\app\\.yarn\\yarn.js'
    const around = (file) => windows([file], { npm_execpath: file, PATH: '' })
    assert.match(resolve(['yarn', 'install'], around(inProject)).problem, /no program yarn/)
    const outside = 'C:\\yarn\\yarn.js'
    assert.deepEqual(resolve(['yarn', 'install'], around(outside)).args, [outside, 'install'])
    // Yarn 4 sets it to a shell script.
    assert.match(resolve(['yarn', 'install'], around('C:\\tmp\\yarn')).problem, /no program yarn/)
  })

  test('is the executable or the shell script of the package manager that runs abi-guard', () => {
    const around = (npm_execpath, files) => ({
      root: '/app',
      platform: 'linux',
      execPath: '/node/bin/node',
      env: { PATH: '/usr/bin', npm_execpath },
      exists: (file) => files.includes(file),
      real: (file) => file,
    })
    const program = (words, file, files = [file]) => resolve(words, around(file, files)).program
    assert.equal(program(['pnpm', 'rebuild', 'a'], '/home/.pnpm/pnpm'), '/home/.pnpm/pnpm')
    assert.equal(program(['yarn', 'rebuild', 'a'], '/tmp/xfs-1/yarn'), '/tmp/xfs-1/yarn')
    assert.equal(program(['bun', 'install'], '/opt/bun'), '/opt/bun')
    // It isn't the manager of the command, it is in the project, or it isn't there.
    assert.equal(
      program(['npm', 'rebuild', 'a'], '/opt/bun', ['/opt/bun', '/usr/bin/npm']),
      '/usr/bin/npm',
    )
    for (const [file, files] of [['/app/bin/pnpm'], ['pnpm'], ['/opt/pnpm', []]])
      assert.match(
        resolve(['pnpm', 'install'], around(file, files ?? [file])).problem,
        /no program pnpm on the PATH/,
      )
  })

  test('on other systems is an absolute file outside of the project', () => {
    const around = {
      root: '/app',
      platform: 'linux',
      execPath: '/node/bin/node',
      env: { PATH: ':.:bin:/app/node_modules/.bin:/link:/apple/bin:/usr/bin' },
      exists: (file) =>
        ['/app/node_modules/.bin/pnpm', '/link/pnpm', '/apple/bin/pnpm', '/usr/bin/rm'].includes(
          file,
        ),
      real: (file) => file.replace('/link', '/app'),
    }
    assert.equal(resolve(['pnpm', 'install'], around).program, '/apple/bin/pnpm')
    assert.equal(resolve(['rm', '-rf', 'x'], around).program, '/usr/bin/rm')
    assert.equal(resolve(['node', '-e', ''], around).program, '/node/bin/node')
    assert.match(resolve(['yarn'], around).problem, /no program yarn/)
  })

  test('runs in an environment in which cmd.exe does not look into the current folder', () => {
    const of = (platform) =>
      environment(
        { own: '1' },
        { env: { Path: 'x', ABI_GUARD: 'strict' }, platform, execPath: '/n/node' },
      )
    assert.equal(of('win32').NoDefaultCurrentDirectoryInExePath, '1')
    assert.equal(of('linux').NoDefaultCurrentDirectoryInExePath, undefined)
    assert.deepEqual(of('linux'), { Path: '/n:x', ABI_GUARD: 'off', own: '1' })
  })

  test('of Windows itself is started by its full path', () => {
    assert.equal(
      ofSystem('taskkill.exe', { SystemRoot: 'D:\\Win' }),
      'D:\\Win\\System32\\taskkill.exe',
    )
    for (const SystemRoot of [undefined, '', 'app', '%x%', 'C:\\"'])
      assert.equal(ofSystem('taskkill.exe', { SystemRoot }), 'C:\\Windows\\System32\\taskkill.exe')
  })
})

describe('the state of repairs', () => {
  test('is stored in the folder that each system has for it', {
    skip: isWindows && 'paths are of another form',
  }, () => {
    const rows = [
      [{ HOME: '/h' }, 'linux', '/h/.local/state'],
      [{ HOME: '/h', XDG_STATE_HOME: '/s' }, 'linux', '/s'],
      [{ HOME: '/h', XDG_STATE_HOME: 's' }, 'linux', '/h/.local/state'],
      [{ HOME: '/h' }, 'darwin', '/h/Library/Application Support'],
      [{ HOME: '' }, 'linux', undefined],
      [{ HOME: 'h' }, 'linux', undefined],
      [{ LOCALAPPDATA: '/l', HOME: '/h' }, 'win32', '/l'],
      [{ HOME: '/h' }, 'win32', undefined],
    ]
    for (const [env, platform, expected] of rows)
      assert.equal(stateDirectory(env, platform), expected)
  })

  test('identifies a process by its start time', {
    skip: isWindows && 'Windows tells no start',
  }, () => {
    const own = identityOf(process.pid)
    assert.ok(own.since)
    assert.ok(isAlive(own))
    assert.ok(!isAlive({ ...own, since: `${own.since}0` }))
    for (const identity of [
      undefined,
      null,
      5,
      {},
      { pid: '1' },
      { pid: 1.5 },
      { pid: -1 },
      { pid: 1 },
      { pid: 2 ** 31, since: '' },
    ])
      assert.ok(!isAlive(identity), JSON.stringify(identity))
    // This is the method for macOS.
    if (spawnSync('/bin/ps', ['-o', 'lstart=', '-p', '1']).status === 0) {
      assert.match(startByPs(process.pid), /\d\d:\d\d:\d\d \d{4}$/)
      assert.equal(startByPs(process.pid), startByPs(process.pid))
      assert.equal(startByPs(2 ** 22 + 1), undefined)
    }
  })
})
