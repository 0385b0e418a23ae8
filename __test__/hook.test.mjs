// "postinstall": "abi-guard" in the package.json of an app. Real package managers run it, from the
// packed tarballs.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { compiler } from './fixtures/compile.mjs'
import { forCompiling } from './layouts/compiling.mjs'
import { write } from './layouts/installed.mjs'
import { run } from './layouts/managers.mjs'
import { fullLane, isAll } from '../scripts/support/lane.mjs'
import { installedFor, loadedAbi } from './repair/project.mjs'
import { archiveOf, manifestOf } from './support/addons.mjs'
import {
  installedProject,
  isServed,
  ownRegistry,
  scopeSettings,
  tarballs,
} from './support/packed.mjs'

const skip =
  (!(compiler() && isServed) && 'needs gcc and a platform package for this system') || fullLane

const managers = [
  'npm10',
  'pnpm10',
  'yarn1',
  'yarn4',
  'bun',
  ...(isAll ? ['npm11', 'npm12', 'pnpm12'] : []),
]
/** Yarn 4 hides the output of scripts without enableInlineBuilds. */
const files = {
  'yarn.lock': '',
  '.yarnrc.yml':
    'nodeLinker: node-modules\nenableImmutableInstalls: false\nenableGlobalCache: false\nenableInlineBuilds: true\n',
}

const work = []
after(() => {
  for (const remove of work) remove()
})

/**
 * A project that depends on native packages of these kinds and has `hook` as its postinstall
 * script.
 */
async function project(manager, kinds, hook, { manifest, ...how } = {}) {
  const dependencies = {}
  for (const kind of kinds) dependencies[`native-${kind}`] = `file:${await archiveOf(kind)}`
  const made = await installedProject({
    manager,
    manifest: {
      scripts: { postinstall: hook },
      dependencies,
      ...manifest,
    },
    files: manager.startsWith('yarn') ? files : {},
    ...how,
  })
  work.push(made.remove)
  return { ...made, output: `${made.stdout}\n${made.stderr}` }
}

/** The message of the failed installation of such a project. */
async function failure(...args) {
  let message
  await assert.rejects(project(...args), (error) => {
    message = error.message
    return true
  })
  return message
}

/** The environment variables that npm sets for the scripts of an installation in `folder`. */
const hookOf = (folder) => ({
  ...process.env,
  npm_lifecycle_event: 'postinstall',
  npm_config_user_agent: 'npm/10.9.9',
  INIT_CWD: folder,
})

const story = /1 of \d native packages? can't be loaded by Node\.js [\d.]+/

describe('the hook', { skip, concurrency: 2 }, () => {
  for (const manager of managers) {
    // One after the other: two processes of Yarn 1 at the same time disturb each other.
    test(`prints nothing in ${manager} if all packages load, and fails the installation with the report otherwise`, async () => {
      const hook = "abi-guard && node -e \"fs.writeFileSync('ran', '')\""
      const { output, folder } = await project(manager, ['fine'], hook)
      assert.ok(existsSync(join(folder, 'ran')), 'it ran')
      assert.doesNotMatch(output, /native package|✔|✖/)

      const message = await failure(manager, ['fine', 'throws'], 'abi-guard')
      assert.match(message, story)
      assert.match(message, /native-throws 1\.0\.0/)
      assert.match(message, /built for Node\.js 12 \(ABI 72\)/)
      assert.doesNotMatch(message, /native-fine/)
    })
  }

  test('doesn’t fail npm with --warn, ABI_GUARD=warn or "mode": "warn", but prints the report', async () => {
    const ways = [
      ['abi-guard --warn', {}],
      ['abi-guard', { env: { ABI_GUARD: 'warn' } }],
      ['abi-guard', { manifest: { 'abi-guard': { mode: 'warn' } } }],
    ]
    for (const [hook, how] of ways)
      assert.match((await project('npm10', ['throws'], hook, how)).output, story, hook)
  })

  test('is off with ABI_GUARD=off', async () => {
    const { output } = await project('npm10', ['throws'], 'abi-guard', {
      env: { ABI_GUARD: 'off' },
    })
    assert.doesNotMatch(output, /native/)
  })

  test('prints one line at loglevel verbose, and nothing at silent', async () => {
    const verbose = await project('npm10', ['fine'], 'abi-guard', { args: ['--loglevel=verbose'] })
    assert.match(
      verbose.output,
      /^abi-guard: 1 native package checked for Node\.js .*: no problem found\.$/m,
    )
    assert.doesNotMatch(
      await failure('npm10', ['throws'], 'abi-guard', { args: ['--silent'] }),
      /native-throws|✖/,
    )
  })

  test('leaves standard output to the installer', async () => {
    const { stdout } = await project('npm10', ['throws'], 'abi-guard --warn', {
      args: ['--json', '--foreground-scripts'],
    })
    assert.doesNotMatch(stdout, /native-throws/)
  })

  test('judges for the runtime for which npm installs', async () => {
    const args = ['--runtime=electron', '--target=31.0.0']
    assert.match(
      await failure('npm10', ['throws'], 'abi-guard', { args }),
      /can't be loaded by Electron 31\.0\.0/,
    )
    const { folder } = await project('npm10', ['fine'], 'true')
    const cli = join(folder, 'node_modules', 'abi-guard', 'cli.js')
    const env = { ...hookOf(folder), npm_config_os: 'darwin', npm_config_cpu: 'arm64' }
    const { status, stderr } = spawnSync(process.execPath, [cli], {
      cwd: folder,
      env,
      encoding: 'utf8',
    })
    assert.equal(status, 1)
    assert.match(stderr, /can't be loaded by Node\.js \S+ \(darwin-arm64\)/)
  })

  test('doesn’t judge an installation for another system, and says so', async () => {
    const args = ['--os=darwin', '--cpu=arm64', '--force']
    const { output } = await project('npm10', ['fine'], 'abi-guard', { args })
    assert.match(
      output,
      /The binary for darwin-arm64 is installed, so node_modules comes from another system/,
    )
  })

  test('names the folder of the command if the installation was started in another folder', async () => {
    const made = await project('npm10', ['throws'], 'true')
    write(made.folder, {
      'package.json': {
        ...JSON.parse(readFileSync(join(made.folder, 'package.json'), 'utf8')),
        scripts: { postinstall: 'abi-guard' },
      },
      'node_modules/native-throws/binding.gyp': '{}',
    })
    const installing = (cwd) => run('npm10', ['install', '--prefix', made.folder], { cwd })
    const command = (place) =>
      new RegExp(
        `Rebuild native-throws for Node\\.js [\\d.]+${place}:\\s+npm rebuild native-throws`,
      )
    await assert.rejects(installing(made.folder), command(''))
    await assert.rejects(
      installing(dirname(made.folder)),
      command(`\\s+\\(in\\s+${made.folder}\\)`),
    )
  })

  test('doesn’t fail the installation if the binary of abi-guard is missing', async () => {
    const { folder } = await project('npm10', ['throws'], 'true')
    rmSync(join(folder, 'node_modules', '@abi-guard'), { recursive: true })
    const cli = join(folder, 'node_modules', 'abi-guard', 'cli.js')
    const inHook = spawnSync(process.execPath, [cli], {
      cwd: folder,
      env: hookOf(folder),
      encoding: 'utf8',
    })
    assert.equal(inHook.status, 0)
    assert.match(
      inHook.stderr,
      /^abi-guard: the binary of abi-guard for \S+, the package \S+, is not installed\..*\n$/,
    )
    assert.equal(spawnSync(process.execPath, [cli], { cwd: folder }).status, 2)
  })
})

describe('the hook in Deno', { skip }, () => {
  /** A project whose native packages are in a registry, because Deno installs no archives. */
  async function denoProject(kinds, scripts) {
    const native = kinds.map(async (kind) => {
      return { manifest: manifestOf(kind), file: await archiveOf(kind) }
    })
    const registry = await ownRegistry(await Promise.all(native))
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'abi-guard-deno-')))
    work.push(() => rmSync(folder, { recursive: true, force: true }))
    const dependencies = { 'abi-guard': '*' }
    for (const kind of kinds) dependencies[`native-${kind}`] = '1.0.0'
    write(folder, {
      'package.json': { name: 'app', version: '1.0.0', private: true, scripts, dependencies },
      '.npmrc': `registry=${registry}\n`,
    })
    return folder
  }
  const deno = (folder, args, env = {}) =>
    run('deno', args, { cwd: folder, env: { NO_COLOR: '1', ...env } }).then(
      ({ stdout, stderr }) => `${stdout}\n${stderr}`,
      ({ message }) => `failed: ${message}`,
    )

  test('is recognized, and a task is not one', async () => {
    const scripts = { postinstall: 'abi-guard', look: 'abi-guard' }
    scripts.setup = 'deno install --allow-scripts'
    const folder = await denoProject(['throws'], scripts)
    const install = ['install', '--allow-scripts']
    assert.match(await deno(folder, install), /^failed: .*1 of 1 native package can't be loaded/s)
    assert.doesNotMatch(await deno(folder, install, { ABI_GUARD: 'off' }), /native-throws|failed/)
    assert.doesNotMatch(await deno(folder, install, { ABI_GUARD: 'warn' }), /failed/)
    // The hook inherits the name of the task as its event.
    assert.doesNotMatch(await deno(folder, ['task', 'setup'], { ABI_GUARD: 'off' }), /failed/)
    // ABI_GUARD is for the hook only, not for a scan that a person starts.
    const task = await deno(folder, ['task', 'look'], { ABI_GUARD: 'off' })
    assert.match(task, /^failed: .*1 of 1 native package can't be loaded by Deno/s)
  })
})

test('only a script of an installation is a hook', () => {
  const { isInInstall } = createRequire(import.meta.url)('../lib/lifecycle.js')
  const npm = { npm_config_user_agent: 'npm/10.9.9', INIT_CWD: '/app' }
  const agent = { npm_config_user_agent: 'deno/2.9.6 npm/? deno/2.9.6 linux x86_64' }
  const lifecycle = { DENO_INTERNAL_IS_LIFECYCLE_SCRIPT: '1' }
  const own = { ...process.env }
  const cases = [
    ['a shell', {}, false],
    ['npm install', { ...npm, npm_lifecycle_event: 'postinstall' }, true],
    ['a shell in npm run', { ...npm, npm_lifecycle_event: 'dev' }, false],
    ['npx', { ...npm, npm_lifecycle_event: 'npx' }, false],
    ['the variable of npm alone', { npm_lifecycle_event: 'postinstall' }, false],
    ['deno install', { ...agent, INIT_CWD: '/app', ...lifecycle }, true],
    ['deno task', { ...agent, INIT_CWD: '/app', npm_lifecycle_event: 'dev' }, false],
    ['a user agent and a folder alone', { ...agent, INIT_CWD: '/app' }, false],
    ['deno install in npm run', { ...npm, ...lifecycle, npm_lifecycle_event: 'setup' }, true],
  ]
  try {
    for (const [name, env, expected] of cases) {
      process.env = env
      assert.equal(isInInstall(), expected, name)
    }
  } finally {
    process.env = own
  }
})

describe('the hook with --fix', { skip }, () => {
  const fixing = ['npm10', ...(isAll ? ['npm12'] : [])]
  for (const manager of fixing) {
    test(`rebuilds in ${manager}, once`, async () => {
      const own = await tarballs()
      const { folder, remove } = await installedFor(manager, {
        built: '18.20.8',
        dependency: {
          'tiny-v8-addon': 'file:../tiny-v8-addon-1.0.0.tgz',
          'abi-guard': `file:${own.root}`,
        },
        files: { '.npmrc': (await scopeSettings(own))['.npmrc'] },
      })
      work.push(remove)
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      const count = "node -e \"fs.appendFileSync('runs', 'x')\""
      write(folder, {
        'package.json': { ...manifest, scripts: { postinstall: `${count} && abi-guard --fix` } },
      })
      const { stderr } = await run(manager, ['install'], {
        cwd: folder,
        env: await forCompiling('20.20.2'),
        node: manager === 'npm12' ? undefined : '20.20.2',
      })
      assert.match(stderr, /\$ npm rebuild tiny-v8-addon\n/)
      assert.match(stderr, /1 native package checked for Node\.js 20\.20\.2 .*no problem found/s)
      assert.equal(loadedAbi(folder, '20.20.2'), 115)
      assert.equal(readFileSync(join(folder, 'runs'), 'utf8'), 'x')
    })
  }

  test('reinstalls nothing if rebuilding does not help', async () => {
    const message = await failure('npm10', ['throws'], 'abi-guard --fix')
    assert.match(message, /A rebuild does not fix this/)
  })

  test('prints only the final report if its format is for programs', async () => {
    const { folder } = await project('npm10', ['throws'], 'true')
    const args = [join(folder, 'node_modules', 'abi-guard', 'cli.js'), '--fix', '--json']
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: folder,
      encoding: 'utf8',
    })
    assert.equal(status, 1)
    assert.equal(JSON.parse(stdout).packages[0].name, 'native-throws')
    assert.match(stderr, /A rebuild does not fix this/)
  })
})
