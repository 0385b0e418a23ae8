// Untrusted projects: their files can't make abi-guard move, write or delete files or end
// processes, and the backups of repairs are kept.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { fullLane } from '../scripts/support/lane.mjs'
import { compiler } from './fixtures/compile.mjs'
import {
  answering,
  environmentOf,
  guarded,
  isFixed,
  keyOf,
  leftovers,
  repairable,
  runIn,
  snapshot,
  startOf,
  writeBroken,
} from './hostile/repair.mjs'
import { write } from './layouts/installed.mjs'
import { hasTerminals } from './support/terminal.mjs'

const skip = (!(process.platform === 'linux' && compiler()) && 'needs Linux and gcc') || fullLane

/** The commands that change nothing outside of abi-guard's own folders. Each has a name. */
const looking = [
  ['scan', (made) => runIn(made, ['scan'])],
  ['check', (made) => runIn(made, ['check', 'broken'])],
  ['doctor', (made) => runIn(made, ['doctor'])],
  ['the guard', guarded],
  ['fix --dry-run', (made) => runIn(made, ['fix', '--dry-run'])],
  ['fix without a terminal', (made) => runIn(made, ['fix'])],
  ...(hasTerminals ? [['fix answered no', (made) => answering(made, ['fix'], 'n')]] : []),
]

const hex = (digit) => `.abi-guard-repair-${digit.repeat(32)}`

/**
 * Creates a folder like that of an interrupted repair in a project. Its journal has these entries:
 * the original path, and the content of the backup, or null for none.
 */
function forge(app, name, entries, more = {}) {
  const folder = join(app, name)
  mkdirSync(folder, { recursive: true })
  const listed = entries.map(([original, content], index) => {
    const copy = content === null ? null : join(folder, String(index))
    if (typeof content === 'string') writeFileSync(copy, content)
    else content?.(copy)
    return { original, copy }
  })
  const journal = { version: 1, root: app, folder, done: false, entries: listed, ...more }
  writeFileSync(join(folder, 'journal.json'), JSON.stringify(journal))
  return folder
}

/** Asserts that `isAllowed` is true for every path that differs between two snapshots. */
function assertSame(before, after, isAllowed = () => false) {
  const paths = new Set([...Object.keys(before), ...Object.keys(after)])
  const changed = [...paths].filter((path) => before[path] !== after[path] && !isAllowed(path))
  assert.deepEqual(changed, [])
}

/**
 * True for paths that `fix --yes` may change: the broken package of the current project, and files
 * in which npm records an installation.
 */
const isOfRepair = (path) =>
  /^app\/node_modules(\/broken(\/|$)|\/\.package-lock\.json$|$)|^app\/package-lock\.json$/.test(
    path,
  ) || /^home(\/|$)/.test(path)

suite('hostile projects and fix', { skip, concurrency: 2 }, () => {
  test('a journal that abi-guard didn’t write causes no writing, deleting or printing', async (t) => {
    const made = await repairable(t)
    const { app, place } = made
    const evil = '#!/bin/sh\ntouch /tmp/owned\n'
    const hook = join(app, '.git', 'hooks', 'post-commit')
    // The folder name that earlier versions used.
    forge(app, '.abi-guard-repair', [
      [hook, evil],
      [join(app, '.git', 'config'), evil],
      [join(place, 'other', 'package.json'), null],
    ])
    const victims = [
      hook,
      join(app, '.git', 'config'),
      join(app, '.npmrc'),
      join(app, '.husky', 'pre-commit'),
      join(app, '.github', 'workflows'),
      join(app, 'node_modules', '.bin', 'npm'),
      join(place, 'other', 'package.json'),
      join(place, 'other', 'node_modules', 'broken'),
      '/etc/passwd-abi-guard',
      `${app}/node_modules/../.git/config`,
      `${app}/node_modules/x/../../../other/package.json`,
      'package.json',
      app,
      place,
    ]
    for (const [index, original] of victims.entries()) {
      const name = `.abi-guard-repair-${index.toString(16).padStart(32, '0')}`
      forge(app, name, [[original, evil]])
      forge(app, name.replace(/0/, '1'), [[original, null]])
    }
    const inModules = (name) => join(app, 'node_modules', name)
    symlinkSync(join(place, 'other', 'node_modules'), join(app, 'deps'))
    symlinkSync(join(app, '.git'), inModules('linked'))
    const others = {
      a: [[join(app, 'deps', 'broken'), evil]],
      b: [[inModules('linked/hooks/post-commit'), evil]],
      c: [[inModules('x'), (copy) => symlinkSync('/etc', copy)]],
      d: [[inModules('x'), (copy) => execFileSync('mkfifo', [copy])]],
    }
    for (const [digit, entries] of Object.entries(others)) forge(app, hex(digit), entries)
    // A backup that is in another project, and journals that belong to another project, are nested
    // too deeply, or are not a regular file.
    const entry = { original: inModules('x'), copy: join(place, 'other', 'package.json') }
    forge(app, `${hex('e')}`, [], { entries: [entry, { original: 5 }] })
    forge(app, hex('f'), [[inModules('x'), evil]], { root: place })
    const strange = {
      '01': (file) => execFileSync('mkfifo', [file]),
      '02': (file) => mkdirSync(file),
      '03': (file) => symlinkSync('/dev/zero', file),
      '04': (file) => (writeFileSync(file, ''), truncateSync(file, 1 << 30)),
      '05': (file) => writeFileSync(file, '['.repeat(3 << 20)),
      '06': (file) => writeFileSync(file, 'null'),
      '07': (file) => writeFileSync(file, '{"version":1,"entries":[5]}'),
    }
    for (const [digits, make] of Object.entries(strange)) {
      const folder = join(app, `.abi-guard-repair-${digits.repeat(16)}`)
      mkdirSync(folder)
      make(join(folder, 'journal.json'))
    }
    symlinkSync(join(place, 'other'), join(app, hex('9')))
    writeFileSync(join(app, hex('8')), 'a file')
    mkdirSync(join(app, hex('7')))
    writeFileSync(join(app, hex('7'), 'kept'), 'a folder without a journal')
    const before = snapshot(place)
    for (const [what, run] of [...looking, ['fix --yes', (one) => runIn(one, ['fix', '--yes'])]]) {
      const { code, output, isHanging } = await run(made)
      assert.ok(!isHanging, `${what} hangs`)
      assert.ok([0, 1].includes(code), `${what}: ${code} ${output}`)
      assert.doesNotMatch(output, /interrupted|passwd|evil|repair-/, what)
      assertSame(
        before,
        snapshot(place),
        what === 'fix --yes' ? isOfRepair : (path) => /^home\//.test(path),
      )
    }
    assert.ok(await isFixed(join(app, 'node_modules', 'broken')))
    // All packages load now, and the fix must still delete nothing.
    const fixed = snapshot(app)
    assert.equal((await runIn(made, ['fix'])).code, 0)
    assertSame(fixed, snapshot(app))
  })

  test('a journal in a project is undone only if the user agrees to the listed paths, and ends no process', async (t) => {
    const made = await repairable(t)
    const { app } = made
    const sleeping = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
    t.after(() => sleeping.kill('SIGKILL'))
    const running = { pid: sleeping.pid, since: startOf(sleeping.pid) }
    const lock = join(app, 'package-lock.json')
    const gone = join(app, 'node_modules', 'gone\u001b[2J')
    const entries = [
      [
        gone,
        (copy) => (mkdirSync(copy), writeFileSync(join(copy, 'package.json'), '{"name":"gone"}')),
      ],
      [lock, '{"lockfileVersion":3}'],
      [join(app, 'yarn.lock'), null],
    ]
    writeFileSync(join(app, 'yarn.lock'), '')
    const folder = forge(app, hex('a'), entries, { by: { pid: 1 }, running })
    const before = snapshot(app)
    for (const [what, run] of looking) {
      const { code, output } = await run(made)
      assert.ok([0, 1].includes(code), `${what}: ${code} ${output}`)
      assertSame(before, snapshot(app))
      if (!what.startsWith('fix')) {
        assert.doesNotMatch(output, /interrupted/, what)
        continue
      }
      assert.match(output, /looks like the backup of an interrupted repair/)
      assert.match(output, /may have come with the project/)
      assert.ok(output.includes('\n  package-lock.json'), output)
      assert.ok(output.includes('\n  node_modules/gone\\u{1b}[2J'), output)
      assert.ok(output.includes('\n  yarn.lock'), output)
      assert.ok(!output.includes('\u001b[2J'), 'paths are escaped')
    }
    assert.equal(process.kill(sleeping.pid, 0), true)
    // The hook of an installation doesn't ask, and doesn't change the backup.
    const hook = {
      npm_lifecycle_event: 'postinstall',
      npm_config_user_agent: 'npm/10.9.9',
      INIT_CWD: app,
    }
    const hooked = await runIn(made, ['--fix'], { env: hook })
    assert.match(hooked.output, /left unchanged/)
    assert.ok(existsSync(folder))
    assert.ok(existsSync(join(app, 'yarn.lock')))
    const { code, output } = await runIn(made, ['fix', '--yes'])
    assert.equal(code, 0, output)
    assert.match(output, /The interrupted repair was undone/)
    assert.ok(existsSync(gone))
    assert.ok(!existsSync(join(app, 'yarn.lock')))
    assert.deepEqual(leftovers(made), [])
    assert.equal(process.kill(sleeping.pid, 0), true)
  })

  test('a process in a project’s journal blocks fix only while it is proved to run, and the message says what to remove', async (t) => {
    const made = await repairable(t)
    const { app } = made
    const own = { pid: process.pid, since: startOf(process.pid) }
    const folder = forge(app, hex('a'), [], { by: own })
    const refused = await runIn(made, ['fix', '--yes'])
    assert.equal(refused.code, 2)
    assert.ok(
      refused.output.includes(`if none runs, remove ${join(folder, 'journal.json')}`),
      refused.output,
    )
    assert.ok(!(await isFixed(join(app, 'node_modules', 'broken'))))
    for (const by of [{ pid: 1 }, { pid: 1, since: '5' }, { pid: -1 }, { pid: 'x' }, null, 5]) {
      forge(app, hex('a'), [], { by })
      const { code, output } = await runIn(made, ['fix', '--dry-run'])
      assert.equal(code, 1, `${JSON.stringify(by)}: ${output}`)
    }
  })

  test('a state directory that another user could have written is ignored', async (t) => {
    const made = await repairable(t)
    const { app, place, home, state } = made
    const folder = join(app, hex('a'))
    const journal = () => {
      forge(app, hex('a'), [[join(app, 'yarn.lock'), 'forged']])
      return readFileSync(join(folder, 'journal.json'))
    }
    const text = journal()
    rmSync(folder, { recursive: true })
    const plant = (where) => {
      mkdirSync(join(where, keyOf(app)), { recursive: true, mode: 0o700 })
      writeFileSync(join(where, keyOf(app), 'journal.json'), text)
    }
    const isBelieved = async (env = {}) => {
      const { output } = await runIn(made, ['fix', '--dry-run'], { env })
      return /A repair of .* was interrupted/.test(output)
    }
    plant(state)
    assert.ok(await isBelieved(), 'the right place is believed')
    assert.match((await runIn(made, ['scan'])).output, /a repair was interrupted/)
    const ways = {
      'writable by others': () => chmodSync(state, 0o777),
      'of another user': () => chownSync(join(state, keyOf(app)), 12345, 12345),
      'a link': () => {
        renameSync(state, join(place, 'moved'))
        symlinkSync(join(place, 'moved'), state)
      },
      'a journal that is a link': () => {
        rmSync(join(state, keyOf(app), 'journal.json'))
        symlinkSync('/dev/zero', join(state, keyOf(app), 'journal.json'))
      },
    }
    for (const [what, spoil] of Object.entries(ways)) {
      if (what === 'of another user' && process.getuid() !== 0) continue
      rmSync(join(home, '.local'), { recursive: true })
      rmSync(join(place, 'moved'), { recursive: true, force: true })
      plant(state)
      spoil()
      assert.ok(!(await isBelieved()), what)
    }
    // The state directory came with the project, because the project is also the home folder, or
    // because its repository contains it.
    for (const root of [app, place]) {
      plant(join(root, 'here', 'abi-guard', 'repairs'))
      if (root === place) mkdirSync(join(place, '.git'))
      if (root === place) rmSync(join(app, '.git'), { recursive: true })
      const env = { XDG_STATE_HOME: join(root, 'here') }
      assert.ok(!(await isBelieved(env)), root)
      assert.doesNotMatch((await runIn(made, ['scan'], { env })).output, /interrupted/)
    }
  })

  test('a package of another project is neither removed nor rebuilt through a link', async (t) => {
    const made = await repairable(t)
    const { app, other, place } = made
    // This package can't be rebuilt. Its fix would be to remove its folder and install it again.
    write(join(other, 'node_modules', 'x'), {
      'package.json': { name: 'x', version: '1.0.0', main: 'index.js' },
      'index.js': "module.exports = require('./build/Release/addon.node')\n",
      'build/Release/addon.node': 'damaged',
    })
    rmSync(join(app, 'node_modules', 'broken'), { recursive: true })
    symlinkSync(join(other, 'node_modules', 'broken'), join(app, 'node_modules', 'broken'))
    symlinkSync(join(other, 'node_modules', 'x'), join(app, 'node_modules', 'x'))
    const before = snapshot(place)
    for (const [what, run] of [...looking, ['fix --yes', (one) => runIn(one, ['fix', '--yes'])]]) {
      const { output } = await run(made)
      if (what !== 'check') assert.doesNotMatch(output, /rm -rf|npm rebuild|npm install/, what)
      assertSame(before, snapshot(place), (path) => /^home(\/|$)/.test(path))
      if (/scan|fix/.test(what))
        assert.ok(output.replace(/\s+/g, ' ').includes(`run npx abi-guard fix in ${other}`), output)
    }
    // The same with a link in place of the whole node_modules.
    rmSync(join(app, 'node_modules'), { recursive: true })
    symlinkSync(join(other, 'node_modules'), join(app, 'node_modules'))
    const linked = snapshot(place)
    await runIn(made, ['fix', '--yes'])
    assertSame(linked, snapshot(place), (path) => /^home(\/|$)/.test(path))
  })

  test('if a package is installed in place of a link, the link is replaced and its target is kept', async (t) => {
    const made = await repairable(t)
    const { app, other } = made
    await writeBroken(join(other, 'node_modules', 'neighbor'), '', 'neighbor')
    rmSync(join(app, 'node_modules', 'neighbor'), { recursive: true })
    symlinkSync(join(other, 'node_modules', 'neighbor'), join(app, 'node_modules', 'neighbor'))
    const before = snapshot(other, { inodes: true })
    const { output } = await runIn(made, ['fix', '--yes'])
    assert.match(output, /\$ npm rebuild broken\n/)
    assert.ok(await isFixed(join(app, 'node_modules', 'broken')))
    assertSame(before, snapshot(other, { inodes: true }))
  })

  test('sources in a workspace are rebuilt and never removed', async (t) => {
    const made = await repairable(t)
    const { app } = made
    await writeBroken(join(app, 'packages', 'own'), 'process.exit(1)', 'own')
    write(app, {
      'packages/own/precious.txt': 'work of a day',
      'packages/own/build/note.txt': 'kept',
    })
    symlinkSync('../packages/own', join(app, 'node_modules', 'own'))
    write(app, {
      'package.json': {
        name: 'app',
        version: '1.0.0',
        workspaces: ['packages/*'],
        dependencies: { broken: '1.0.0' },
      },
    })
    const before = snapshot(join(app, 'packages'), { inodes: true })
    const { output } = await runIn(made, ['fix', '--yes'])
    assert.doesNotMatch(output, /rm -rf.*packages/)
    assertSame(before, snapshot(join(app, 'packages'), { inodes: true }))
    assert.deepEqual(leftovers(made), [])
  })

  test('the plan names the folder of its commands if that is not the current folder', async (t) => {
    const made = await repairable(t)
    const here = await runIn(made, ['fix', '--dry-run'])
    assert.doesNotMatch(here.output.slice(here.output.indexOf('Plan:')), /\(in /)
    const elsewhere = await runIn(made, ['fix', '--dry-run', made.app], { cwd: made.place })
    assert.ok(elsewhere.output.replace(/\s+/g, ' ').includes(`(in ${made.app})`), elsewhere.output)
  })

  const writing = `
    const fix = (file) => { const d = fs.openSync(file, 'r+'); fs.writeSync(d, 'CHANGED'); fs.closeSync(d) }
    for (const file of ['data.txt', 'package.json', 'index.js', 'build/Release/addon.node', '../neighbor/data.txt']) fix(file)
    fs.writeFileSync('../neighbor/new.txt', '')
    fs.rmSync('../gone', { recursive: true, force: true })
    fs.chmodSync('../neighbor/data.txt', 0o600)`

  test('a script that writes in place doesn’t change a store, and the rollback restores the project', async (t) => {
    const made = await repairable(t, { script: `${writing}\nprocess.exit(1)` })
    const { app, place } = made
    write(app, { 'node_modules/gone/package.json': { name: 'gone', version: '1.0.0' } })
    share(app, join(place, 'store'))
    const [before, store] = [app, join(place, 'store')].map((folder) =>
      snapshot(folder, { inodes: true }),
    )
    const { code, output } = await runIn(made, ['fix', '--yes'])
    assert.equal(code, 1, output)
    assert.match(output, /Packages that could not be fixed were restored/)
    assertSame(before, snapshot(app, { inodes: true }))
    assertSame(store, snapshot(join(place, 'store'), { inodes: true }))
    assert.deepEqual(leftovers(made), [])
  })

  test('after a fix the store is unchanged, and all unchanged files are still shared with it', async (t) => {
    const inPlace = `for (const file of ['data.txt', '../neighbor/data.txt', 'build/Release/addon.node']) {
      const d = fs.openSync(file, 'r+'); fs.writeSync(d, 'CHANGED'); fs.closeSync(d) }`
    const made = await repairable(t, { script: inPlace })
    const { app, place } = made
    share(app, join(place, 'store'))
    const store = snapshot(join(place, 'store'))
    const before = snapshot(app, { inodes: true })
    const { code, output } = await runIn(made, ['fix', '--yes'])
    assert.equal(code, 0, output)
    assert.ok(await isFixed(join(app, 'node_modules', 'broken')))
    assertSame(store, snapshot(join(place, 'store')))
    assertSame(before, snapshot(app, { inodes: true }), (path) =>
      /^node_modules\/(broken\/(data\.txt|build\/Release\/addon\.node)|neighbor\/data\.txt|\.package-lock\.json)$/.test(
        path,
      ),
    )
    assert.match(
      readFileSync(join(app, 'node_modules', 'neighbor', 'data.txt'), 'utf8'),
      /^CHANGED/,
    )
    assert.deepEqual(leftovers(made), [])
  })

  test('of several broken packages, some are fixed, and the others are restored', async (t) => {
    const made = await repairable(t, { script: writing })
    const { app, place } = made
    write(app, { 'node_modules/gone/package.json': { name: 'gone', version: '1.0.0' } })
    const names = ['bad1', 'bad2', 'good']
    const spoil = `
      fs.writeFileSync('made.txt', ''); fs.rmSync('index.js'); fs.mkdirSync('index.js'); fs.mkdirSync('../new')
      fs.rmSync('../neighbor', { recursive: true }); fs.symlinkSync('/', '../neighbor'); fs.chmodSync('.', 0o555)
      fs.rmSync('../link'); fs.symlinkSync('elsewhere', '../link')`
    for (const name of names)
      await writeBroken(
        join(app, 'node_modules', name),
        name === 'good' ? '' : `${spoil}\nprocess.exit(1)`,
        name,
      )
    symlinkSync('nowhere', join(app, 'node_modules', 'link'))
    const manifest = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'))
    for (const name of names) manifest.dependencies[name] = '1.0.0'
    write(app, { 'package.json': manifest })
    share(app, join(place, 'store'))
    const before = snapshot(app, { inodes: true })
    const store = snapshot(join(place, 'store'))
    const { code, output } = await runIn(made, ['fix', '--yes'])
    assert.equal(code, 1, output)
    assert.ok(await isFixed(join(app, 'node_modules', 'broken')), output)
    assert.ok(await isFixed(join(app, 'node_modules', 'good')), output)
    assert.deepEqual(snapshot(join(place, 'store')), store)
    // The files that the two fixed packages wrote are kept; those that the others wrote are
    // removed.
    assertSame(before, snapshot(app, { inodes: true }), (path) =>
      /^node_modules\/(broken(\/.*)?|good\/build\/.*|neighbor\/(data|new)\.txt|\.package-lock\.json)$/.test(
        path,
      ),
    )
    assert.deepEqual(leftovers(made), [])
  })

  test('of two repairs at once, one succeeds and the other reports it, with and without a state directory', async (t) => {
    for (const env of [{}, { HOME: undefined }]) {
      const made = await repairable(t, {
        script: 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2500)',
      })
      const both = await Promise.all([1, 2].map(() => runIn(made, ['fix', '--yes'], { env })))
      const [done, refused] = both.sort((a, b) => a.code - b.code)
      assert.equal(done.code, 0, done.output)
      assert.equal(refused.code, 2, refused.output)
      assert.match(
        refused.output,
        /another repair of .* is running \(process \d+\).*if none runs, remove/,
      )
      assert.ok(await isFixed(join(made.app, 'node_modules', 'broken')))
      assert.deepEqual(leftovers(made), [])
    }
  })

  test('a program in the project, or in a relative entry of the PATH, is not run as a package manager', async (t) => {
    const made = await repairable(t)
    const { app, place } = made
    renameSync(join(app, 'package-lock.json'), join(app, 'pnpm-lock.yaml'))
    const fake = `#!/bin/sh\ntouch ${join(place, 'ran')}\n`
    for (const folder of ['node_modules/.bin', '.']) {
      write(app, { [`${folder}/pnpm`]: fake })
      chmodSync(join(app, folder, 'pnpm'), 0o755)
    }
    symlinkSync(join(app, 'pnpm'), join(place, 'pnpm'))
    const PATH = [
      '',
      '.',
      'node_modules/.bin',
      app,
      join(app, 'node_modules', '.bin'),
      place,
      '/usr/bin',
      '/bin',
    ].join(':')
    const { output } = await runIn(made, ['fix', '--yes'], {
      env: { ...environmentOf(made), PATH },
    })
    assert.ok(!existsSync(join(place, 'ran')), output)
  })
})

/** Makes every file of a project's packages a hard link to a file in a store, as pnpm does. */
function share(app, store) {
  const visit = (from, to) => {
    mkdirSync(to, { recursive: true })
    for (const name of execFileSync('ls', ['-A', from], { encoding: 'utf8' })
      .split('\n')
      .filter(Boolean)) {
      const [file, twin] = [join(from, name), join(to, name)]
      if (execFileSync('stat', ['-c', '%F', file], { encoding: 'utf8' }).startsWith('dir'))
        visit(file, twin)
      else linkSync(file, twin)
    }
  }
  visit(join(app, 'node_modules'), store)
}
