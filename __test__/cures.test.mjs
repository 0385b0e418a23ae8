// The commands of a scan, typed as they are printed, without a terminal: real package managers
// install two packages without their install scripts, and the commands of the first scan build them.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { install as installMatrix } from '../scripts/support/matrix/install.mjs'
import { fullLane } from '../scripts/support/lane.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'
import { hasTerminals, onTerminal } from './support/terminal.mjs'
import { PACKAGES, installedFrom, startRegistry } from './repair/registry.mjs'

const off = { args: ['--ignore-scripts'] }
const settings = (text) => ({ files: { 'pnpm-workspace.yaml': text } })
const approvedFor10 = { manifest: { pnpm: { onlyBuiltDependencies: PACKAGES } } }
const ONLY = 'onlyBuiltDependencies:\n  - tiny-addon\n  - other-addon\n'
const denied = (name) => ({ manifest: { allowScripts: { [name]: false } } })

/** The manager, what kept the scripts from running, and the installation. */
const rows = [
  ['npm10', '--ignore-scripts', off],
  ['npm11', '--ignore-scripts', off],
  ['npm12', 'no approval', {}],
  ['npm12', 'an entry that denies', denied('tiny-addon')],
  ['npm12', 'an entry with a version that denies', denied('tiny-addon@1.0.0')],
  ['npm12', 'ignore-scripts in .npmrc', { ignoresScripts: true }],
  ['npm10', '--ignore-scripts, behind a shim', { ...off, shim: true }],
  ['npm11', '--ignore-scripts, behind a shim', { ...off, shim: true }],
  ['npm12', 'no approval, behind a shim', { shim: true }],
  ['pnpm10', '--ignore-scripts', off],
  ['pnpm10', 'no approval', {}],
  ['pnpm10', 'ignoredBuiltDependencies', settings('ignoredBuiltDependencies:\n  - tiny-addon\n')],
  ['pnpm11', '--ignore-scripts', off],
  ['pnpm11', 'no approval', {}],
  ['pnpm12', '--ignore-scripts', off],
  ['pnpm12', 'no approval', {}],
  ['pnpm12', 'allowBuilds: false', settings('allowBuilds:\n  tiny-addon: false\n')],
  ['pnpm10', '--ignore-scripts, behind a shim', { ...off, shim: true }],
  ['pnpm11', '--ignore-scripts, behind a shim', { ...off, shim: true }],
  ['pnpm12', 'no approval, behind a shim', { shim: true }],
  [
    'pnpm10',
    'neverBuiltDependencies',
    { manifest: { pnpm: { neverBuiltDependencies: PACKAGES } } },
  ],
  ['pnpm11', 'the approvals of pnpm 10', approvedFor10],
  ['pnpm12', 'the approvals of pnpm 10', approvedFor10],
  ['pnpm12', 'the approvals of pnpm 10 in its settings', settings(ONLY)],
  ['pnpm10', '--ignore-scripts, and pnpm 11 now', { ...off, later: 'pnpm11' }],
  ['pnpm10', '--ignore-scripts, and pnpm 12 now', { ...off, later: 'pnpm12' }],
  ['pnpm10', 'no approval, and pnpm 12 now', { later: 'pnpm12' }],
  ['pnpm12', 'no approval, and pnpm 10 now', { later: 'pnpm10' }],
  ['npm11', '--ignore-scripts, and npm 12 now', { ...off, later: 'npm12' }],
  ['npm12', 'no approval, and npm 10 now', { later: 'npm10' }],
  ['yarn1', '--ignore-scripts', off],
  ['yarn1', '--ignore-scripts, behind a shim', { ...off, shim: true }],
  ['yarn4', 'scripts are off, behind a shim', { shim: true }],
  ['bun', 'no trust, behind a shim', { shim: true }],
  ['yarn4', 'scripts are off', {}],
  ['bun', 'no trust', {}],
  ['deno', 'not allowed', {}],
]

const quoted = (words) => words.map((word) => `'${word.replace(/'/g, "'\\''")}'`).join(' ')

suite('commands of a scan', {
  skip: (!isLinuxX64 && 'the addon is for linux-x64') || fullLane,
  concurrency: 2,
}, () => {
  let registry
  before(async () => {
    await installMatrix('full', { log() {} })
    registry = await startRegistry()
  })
  after(() => registry?.close())

  /** Runs a test in a project, which is removed afterwards. */
  async function within(manager, { ignoresScripts, ...how }, run) {
    const files = ignoresScripts && { '.npmrc': `registry=${registry.url}\nignore-scripts=true\n` }
    const project = await installedFrom(registry.url, manager, { ...(files && { files }), ...how })
    try {
      for (const name of PACKAGES)
        assert.equal(await project.loads(name), false, project.installed.output)
      await run(project)
    } finally {
      project.remove()
    }
  }

  for (const [manager, what, how] of rows)
    test(`of ${manager} build the packages after: ${what}`, () =>
      within(manager, how, async (project) => {
        const { fixes } = await project.scan()
        const typed = []
        for (const { commands } of fixes)
          for (const words of commands) typed.push((await project.type(quoted(words))).output)
        const said = `${JSON.stringify(fixes)}\n${typed.join('\n')}`
        for (const name of PACKAGES) assert.equal(await project.loads(name), true, said)
      }))

  for (const [by, runtime] of Object.entries({ bun: 'bun', deno: 'deno run -A' }))
    for (const manager of ['npm12', 'pnpm12', 'yarn1', by])
      test(`of ${manager} are those of ${by} if ${by} runs abi-guard`, () =>
        within(manager, { ...(manager !== by && off), also: [by] }, async (project) => {
          const { fixes } = await project.scan(runtime)
          const typed = []
          for (const { commands, summary } of fixes) {
            const [said] = /(bun add|deno install) --\S+( [^ ]+-addon)?/.exec(summary) ?? []
            const lines = said ? [said] : commands.map(quoted)
            for (const line of lines) {
              assert.match(line, new RegExp(`^'?${by}`))
              typed.push(line, (await project.type(line)).output)
            }
          }
          for (const name of PACKAGES)
            assert.equal(await project.loads(name, runtime), true, typed.join('\n'))
        }))

  for (const manager of ['pnpm10', 'pnpm12', 'npm12'])
    test(`fix --yes approves only the packages of the plan: ${manager}`, () =>
      within(manager, {}, async (project) => {
        const { code, output } = await project.guard('fix --yes --include tiny-addon')
        assert.equal(code, 0, output)
        assert.equal(await project.loads('tiny-addon'), true)
        assert.equal(await project.loads('other-addon'), false)
        const approvals = ['package.json', 'pnpm-workspace.yaml']
          .filter((name) => readdirSync(project.app).includes(name))
          .map((name) => readFileSync(join(project.app, name), 'utf8'))
          .join('\n')
        assert.match(
          approvals,
          /tiny-addon(@1\.0\.0)?"?: true|"onlyBuiltDependencies": \[\s*"tiny-addon"\s*\]/,
        )
        assert.doesNotMatch(
          approvals,
          /other-addon(@1\.0\.0)?"?: true|BuiltDependencies[^\]]*other-addon/,
        )
      }))

  test('name the line that forbids a build', () =>
    within('pnpm12', settings('allowBuilds:\n  tiny-addon: false\n'), async (project) => {
      const { stdout } = await project.guard('scan')
      assert.match(
        stdout.replace(/\s+/g, ' '),
        /pnpm-workspace\.yaml has the line tiny-addon: false/,
      )
    }))

  test("leave a line that forbids a build to a person if pnpm can't change it", () =>
    within('pnpm11', settings('allowBuilds:\n  tiny-addon: false\n'), async (project) => {
      const about = ({ fixes }) => fixes.find(({ summary }) => summary.includes('tiny-addon:'))
      const fix = about(await project.scan())
      assert.deepEqual(fix.commands, [])
      assert.match(fix.summary, /"tiny-addon: true" under allowBuilds .* pnpm rebuild tiny-addon$/)
      await project.type('sed -i "s/tiny-addon: false/tiny-addon: true/" pnpm-workspace.yaml')
      await project.type('pnpm rebuild tiny-addon')
      assert.equal(await project.loads('tiny-addon'), true)
    }))

  for (const manager of ['npm12', 'pnpm10', 'pnpm12', 'bun'])
    test(`of ${manager} are none in a folder without package.json, which keeps its packages`, () =>
      within(manager, off, async (project) => {
        for (const name of readdirSync(project.app))
          if (name !== 'node_modules') rmSync(join(project.app, name), { recursive: true })
        const { fixes } = await project.scan()
        // Without a lockfile, Bun's node_modules look like npm's.
        const typed = fixes.flatMap(({ commands }) => commands)
        assert.ok(
          typed.every((words) => words.slice(0, 2).join(' ') === 'npm rebuild'),
          fixes,
        )
        if (manager !== 'bun')
          assert.match(fixes[0].summary, /Install the packages again in the folder/)
        await project.guard('fix --yes')
        for (const name of PACKAGES)
          assert.ok(readdirSync(join(project.app, 'node_modules')).includes(name))
      }))

  test('are not begun if the package manager is missing', () =>
    within('pnpm10', {}, async (project) => {
      const bin = join(project.app, '..', 'bin')
      rmSync(join(bin, 'pnpm'))
      const { code, output } = await project.guard('fix --yes')
      assert.equal(code, 1)
      assert.match(output, /This plan can't be run: there is no program pnpm on the PATH/)
      assert.doesNotMatch(output, /^\$ /m)
    }))

  test('leave the settings as they were if the build fails', () =>
    within('npm12', {}, async (project) => {
      const manifest = () => readFileSync(join(project.app, 'package.json'), 'utf8')
      const earlier = manifest()
      const { code, output } = await project.type(`BUILDS_FAIL=1 node ${project.cli} fix --yes`)
      assert.equal(code, 1, output)
      assert.match(output, /approve-scripts/)
      assert.equal(manifest(), earlier)
    }))

  test(
    'say on a terminal which package is built, and leave no trace of that',
    {
      skip: !hasTerminals && 'python makes terminals here, and there is none',
    },
    () =>
      within('npm10', off, async (project) => {
        const env = { ...project.env, TERM: 'xterm', BUILDS_TAKE: '4' }
        const { code, out } = await onTerminal(['fix', '--yes'], { cwd: project.app, env })
        assert.equal(code, 0, out)
        assert.match(out, /\r\u001b\[2Kbuilding (tiny|other)-addon: \d+ s/)
        const left = out.replace(/\r\u001b\[2K(?:building[^\r\n]*(?=\r\u001b\[2K))?/g, '')
        assert.doesNotMatch(left, /building|\u001b\[2K/)
      }),
  )

  for (const manager of ['yarn4', 'bun', 'pnpm12'])
    test(`run in a script that ${manager} runs`, () =>
      within(
        manager,
        { manifest: { scripts: { repair: 'abi-guard-cli fix --yes' } } },
        async (project) => {
          const { cli } = project
          const manifest = join(project.app, 'package.json')
          const text = readFileSync(manifest, 'utf8').replace('abi-guard-cli', `node ${cli}`)
          await project.type(`cat > package.json <<'end'\n${text}\nend`)
          const { output } = await project.type(`${manager.replace(/\d+$/, '')} run repair`)
          assert.equal(await project.loads('tiny-addon'), true, output)
        },
      ))
})
