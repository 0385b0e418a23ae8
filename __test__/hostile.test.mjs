// An untrusted project: whatever replaces the files that are read, no command hangs, dies, needs
// too much memory, changes anything, or prints data from outside of the project.
import assert from 'node:assert/strict'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { FILES, KINDS, SECRET, hostileProject, picture } from './hostile/files.mjs'
import { fullLane, isAll } from '../scripts/support/lane.mjs'
import { limited } from './hostile/limited.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const [cli, register] = [join(root, 'cli.js'), join(root, 'register.js')]

/** The maximum memory of a command, in MB above what it needs for a valid project. */
const GROWTH = 200

/** The commands, as users type them in the project. */
const COMMANDS = {
  scan: ['scan'],
  'scan --format sarif': ['scan', '--format', 'sarif'],
  'scan --format cyclonedx': ['scan', '--format', 'cyclonedx'],
  'check .': ['check', '.'],
  'check p': ['check', 'p'],
  doctor: ['doctor'],
  'doctor --format sarif': ['doctor', '--format', 'sarif'],
  explain: ['explain', "Error: Cannot find module './node_modules/p/build/Release/p.node'"],
  audit: ['audit', 'node_modules/p'],
  matrix: ['matrix', '--target', 'node@22', '--target', 'electron@31'],
  key: ['key'],
  'fix --dry-run': ['fix', '--dry-run'],
  fix: ['fix'],
}

const posix = process.platform === 'linux'

describe('a stranger’s project', {
  skip: (!posix && 'needs pipes and /dev/zero') || fullLane,
  concurrency: 2,
}, () => {
  let place
  let usual
  before(async () => {
    place = realpathSync(mkdtempSync(join(tmpdir(), 'abi-guard-hostile-')))
    const sound = hostileProject(join(place, 'sound'), [], 'a folder')
    usual = (await limited([process.execPath, cli, 'doctor'], { cwd: sound.root })).megabytes
  })
  after(() => rmSync(place, { recursive: true, force: true }))

  let number = 0
  async function holds(files, kind) {
    const folder = join(place, String(number++))
    const project = hostileProject(folder, files, kind)
    const before = picture(folder)
    const state = join(place, 'state')
    const env = { XDG_STATE_HOME: state }
    const wrong = []
    const expect = (isTrue, what, { code, megabytes, out, err }) => {
      if (!isTrue)
        wrong.push(
          `${what}: code ${code}, ${Math.round(megabytes)} MB\n${out.slice(-300)}${err.slice(-300)}`,
        )
    }
    for (const [name, args] of Object.entries(COMMANDS)) {
      const result = await limited([process.execPath, cli, ...args], { cwd: project.root, env })
      const said = result.out + result.err
      expect([0, 1, 2].includes(result.code), `${name} ends by itself`, result)
      expect(result.megabytes < usual + GROWTH, `${name} stays small`, result)
      expect(!said.includes(SECRET), `${name} prints nothing from outside`, result)
      expect(!said.includes('unexpected'), `${name} knows what to say`, result)
    }
    // Node.js itself reads the package.json around a script, and this may hang or kill it.
    const run = (args, more) =>
      limited([process.execPath, ...args, 'app.js'], {
        cwd: project.root,
        env: { ...env, ABI_GUARD: 'warn', ...more },
        seconds: 5,
      })
    let alone = await run([])
    // The first read of a gigabyte may take longer than the limit, the second one doesn't.
    if (alone.code === 'hang') alone = await run([])
    const expectSame = async (more) => {
      const guarded = await run(['-r', register], more)
      const isSame = guarded.code === alone.code && guarded.out === alone.out
      expect(
        isSame && (alone.code !== 0 || guarded.megabytes < alone.megabytes + GROWTH),
        'the guard changes nothing',
        guarded,
      )
      expect(!guarded.err.includes(SECRET), 'the guard prints nothing from outside', guarded)
    }
    await expectSame({ ABI_GUARD_INDEX: 'off' })
    assert.equal(picture(folder), before, 'nothing is changed')
    // With an index, the guard writes into node_modules; it still must not change the app's start.
    await expectSame({})
    assert.deepEqual(wrong, [])
  }

  for (const kind of Object.keys(KINDS)) {
    test(`all of its files except package.json are ${kind}`, () =>
      holds(
        FILES.filter((file) => !file.endsWith('package.json')),
        kind,
      ))
    test(`its package.json is ${kind}`, () => holds(['package.json'], kind))
    for (const file of isAll ? FILES : []) test(`its ${file} is ${kind}`, () => holds([file], kind))
  }
})
