// Installs the packed tarballs in an empty folder, requires and imports them, and compiles
// TypeScript with them.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { listNodes } from '../scripts/support/matrix/index.mjs'
import { install } from '../scripts/support/matrix/install.mjs'
import { fullLane } from '../scripts/support/lane.mjs'
import { installedProject, isServed } from './support/packed.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)
const { platformName } = require('../lib/platform.js')
const manifest = require('../package.json')
/** On Windows, npm's programs are .cmd files, which only a shell can start. */
const shell = process.platform === 'win32'
const skip = (!isServed && 'there is no platform package for this system') || fullLane

describe('the installed package', { skip }, () => {
  let folder
  let remove
  before(async () => {
    const made = await installedProject({ args: ['--ignore-scripts'] })
    folder = made.folder
    remove = made.remove
  })
  after(() => remove())

  const node = (args, execPath = process.execPath) =>
    execFileSync(execPath, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
  const home = (...parts) => join(folder, 'node_modules', ...parts)

  test('needs no install script and has no dependency', () => {
    for (const name of ['abi-guard', `@abi-guard/binding-${platformName()}`]) {
      const { scripts = {}, dependencies } = JSON.parse(
        readFileSync(join(home(name), 'package.json'), 'utf8'),
      )
      assert.equal(dependencies, undefined)
      for (const event of ['preinstall', 'install', 'postinstall', 'prepare'])
        assert.equal(scripts[event], undefined)
    }
  })

  test('has every file that its package.json names, and no tests or sources', () => {
    const named = Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? entry : Object.values(entry),
    )
    const files = named.flatMap((entry) =>
      typeof entry === 'string' ? entry : Object.values(entry),
    )
    for (const file of files) assert.ok(existsSync(join(home('abi-guard'), file)), file)
    for (const name of ['src', '__test__', 'scripts', 'Cargo.toml', 'examples'])
      assert.ok(!existsSync(join(home('abi-guard'), name)), name)
  })

  test('has the same version as its platform packages', () => {
    const { version } = manifest
    for (const [name, wanted] of Object.entries(manifest.optionalDependencies)) {
      const platform = name.slice('@abi-guard/binding-'.length)
      const own = JSON.parse(readFileSync(join(root, 'npm', platform, 'package.json'), 'utf8'))
      assert.deepEqual(
        { name: own.name, version: own.version, wanted },
        { name, version, wanted: version },
      )
    }
  })

  test('works in CommonJS, ESM and from the command line, in every Node.js', async () => {
    await install('small', { log() {} })
    const use =
      "console.log(g.checkAbi(process.execPath).outcome, typeof p.scanNodeModules, new g.AbiError('x', {}) instanceof Error)"
    writeFileSync(
      join(folder, 'a.cjs'),
      `const g = require('abi-guard'), p = require('abi-guard/promises'); ${use}`,
    )
    writeFileSync(
      join(folder, 'a.mjs'),
      `import * as g from 'abi-guard'\nimport * as p from 'abi-guard/promises'\nimport { assertNodeModules } from 'abi-guard'\nassertNodeModules(); ${use}`,
    )
    for (const { version, execPath } of listNodes('small')) {
      for (const file of ['a.cjs', 'a.mjs'])
        assert.equal(node([file], execPath), 'throws function true\n', `${version} ${file}`)
      assert.equal(
        node([home('abi-guard', 'cli.js'), '--version'], execPath),
        `${manifest.version}\n`,
      )
      assert.match(node([home('abi-guard', 'cli.js')], execPath), /^No native packages in /)
    }
    assert.equal(
      spawnSync('npx', ['abi-guard', '--version'], { cwd: folder, encoding: 'utf8', shell }).stdout,
      `${manifest.version}\n`,
    )
  })

  test('compiles with every module resolution of TypeScript', () => {
    writeFileSync(
      join(folder, 'a.mts'),
      `import { AbiError, type ScanReport, assertNodeModules } from 'abi-guard'
       import { scanNodeModules } from 'abi-guard/promises'
       import { unregister } from 'abi-guard/register'
       try { const report: ScanReport = assertNodeModules(); await scanNodeModules(report.directory) } catch (error) {
         if (error instanceof AbiError) { const code: string = error.code; unregister() }
       }`,
    )
    writeFileSync(
      join(folder, 'b.cts'),
      `import guard = require('abi-guard')
       const text: string = guard.formatReport(guard.scanNodeModules())`,
    )
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    for (const [module, resolution, files] of [
      ['node16', 'node16', ['a.mts', 'b.cts']],
      ['nodenext', 'nodenext', ['a.mts', 'b.cts']],
      ['esnext', 'bundler', ['a.mts']],
    ]) {
      const flags = [
        '--noEmit',
        '--strict',
        '--target',
        'es2022',
        '--module',
        module,
        '--moduleResolution',
        resolution,
        '--types',
        '',
      ]
      const { status, stdout } = spawnSync(process.execPath, [tsc, ...flags, ...files], {
        cwd: folder,
        encoding: 'utf8',
      })
      assert.equal(status, 0, `${resolution}: ${stdout}`)
    }
  })

  test('names the missing platform package, the system, and what to do', () => {
    const own = home('@abi-guard')
    const hidden = join(folder, 'hidden')
    const requiring = () =>
      spawnSync(process.execPath, ['-p', "require('abi-guard')"], { cwd: folder, encoding: 'utf8' })
        .stderr
    renameSync(own, hidden)
    try {
      const missing = requiring()
      assert.match(
        missing,
        new RegExp(
          `the package @abi-guard/binding-${platformName()}, is not installed\\. It is an optional`,
        ),
      )
      assert.match(missing, /without --omit=optional or --no-optional/)
      assert.match(missing, /ERR_ABI_GUARD_BINARY_MISSING/)
      mkdirSync(join(own, 'binding-darwin-arm64'), { recursive: true })
      assert.match(
        requiring(),
        /The binary for darwin-arm64 is installed, so node_modules comes from another system/,
      )
      const unknown =
        "Object.defineProperty(process, 'arch', { value: 'mips' }); require('abi-guard')"
      const { stderr } = spawnSync(process.execPath, ['-e', unknown], {
        cwd: folder,
        encoding: 'utf8',
      })
      assert.match(
        stderr,
        /there is no binary of abi-guard for \S+mips\S*, only for .*linux-x64-gnu.*: build one from source/,
      )
    } finally {
      rmSync(own, { recursive: true, force: true })
      renameSync(hidden, own)
    }
  })

  test('gives the reason if the binary exists and can’t be loaded', () => {
    const file = home('@abi-guard', `binding-${platformName()}`, `abi-guard.${platformName()}.node`)
    renameSync(file, `${file}.kept`)
    writeFileSync(file, 'no addon at all')
    try {
      const { status, stderr } = spawnSync(process.execPath, [home('abi-guard', 'cli.js')], {
        cwd: folder,
        encoding: 'utf8',
      })
      assert.equal(status, 2)
      assert.match(
        stderr,
        /^abi-guard: the binary of abi-guard for \S+ can't be loaded: .*(file too short|invalid ELF header)/,
      )
    } finally {
      renameSync(`${file}.kept`, file)
    }
  })
})
