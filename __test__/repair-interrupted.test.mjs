// Repairs that are interrupted: killed, out of disk space, or rejected by the system. No file is
// lost, and nothing is left behind.
import assert from 'node:assert/strict'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { compiler } from './fixtures/compile.mjs'
import {
  answering,
  childrenOf,
  isFixed,
  isRunning,
  isWhole,
  leftovers,
  membersOf,
  mounted,
  repairable,
  runIn,
  snapshot,
  startIn,
  until,
} from './hostile/repair.mjs'
import { fullLane, isAll } from '../scripts/support/lane.mjs'
import { write } from './layouts/installed.mjs'
import { hasTerminals } from './support/terminal.mjs'

const skip = (!(process.platform === 'linux' && compiler()) && 'needs Linux and gcc') || fullLane
const isRoot = process.getuid?.() === 0

/**
 * An install script that deletes its output and a neighbor, writes a file in place, and is slow.
 */
const slowly = (milliseconds) => `
  const wait = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
  // It is slow only while the test has created this file.
  const isSlow = fs.existsSync('../../../slow')
  fs.rmSync('build', { recursive: true, force: true })
  fs.rmSync('../gone', { recursive: true, force: true })
  fs.writeFileSync('../neighbor/data.txt', 'CHANGED')
  if (isSlow) wait(${milliseconds})`

/**
 * Starts a repair, and kills one or both of its processes after a while. @returns
 * {Promise<number[]>} the processes that they had started
 */
async function killedAfter(made, milliseconds, who) {
  writeFileSync(join(made.place, 'slow'), '')
  const command = startIn(made, ['fix', '--yes'], { detached: true })
  for (const stream of [command.stdout, command.stderr]) stream.resume()
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  const { guardians, below } = kill(command, who)
  rmSync(join(made.place, 'slow'))
  // The process that is still alive restores the backup.
  const isOver = () => ![command.pid, ...(who === 'both' ? [] : guardians)].some(isRunning)
  await until(isOver, 'the repair has ended')
  return below
}

/**
 * Kills the command, its guardian, or both. The command is stopped first, because it could start
 * its guardian just after the list of its children was read.
 * @returns {{ guardians: number[], below: number[] }} `below`: the processes that guardians started
 */
function kill(command, who) {
  if (who !== 'the guardian' && isRunning(command.pid)) process.kill(command.pid, 'SIGSTOP')
  const guardians = childrenOf(command.pid)
  const below = guardians.flatMap(childrenOf)
  const victims = {
    'the command': [command.pid],
    'the guardian': guardians,
    both: [command.pid, ...guardians],
  }[who]
  // They are stopped first, so that none of them notices the end of the other.
  for (const signal of ['SIGSTOP', 'SIGKILL'])
    for (const pid of victims) {
      try {
        process.kill(pid, signal)
      } catch {
        // The process has already ended.
      }
    }
  return { guardians, below }
}

/** A repair in the middle of its install script, with both of its processes killed. */
async function interrupted(t, how = {}, env = {}) {
  const made = await repairable(t, { script: slowly(60_000), ...how })
  write(made.app, { 'node_modules/gone/package.json': { name: 'gone', version: '1.0.0' } })
  const before = snapshot(made.app, { inodes: true })
  writeFileSync(join(made.place, 'slow'), '')
  const command = startIn(made, ['fix', '--yes'], { env, detached: true })
  for (const stream of [command.stdout, command.stderr]) stream.resume()
  const data = join(made.app, 'node_modules', 'neighbor', 'data.txt')
  await until(() => readFileSync(data, 'utf8') === 'CHANGED', 'the install script runs')
  const { below: groups } = kill(command, 'both')
  rmSync(join(made.place, 'slow'))
  // The package manager may end by itself, because the pipe for its output is closed.
  const below = groups.flatMap(membersOf)
  t.after(() => end(below))
  await until(() => !isRunning(command.pid), 'the command has ended')
  return { ...made, before, below }
}

function end(pids) {
  for (const pid of pids) if (isRunning(pid)) process.kill(pid, 'SIGKILL')
}

const changesOf = (before, after) =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (path) => before[path] !== after[path],
  )

suite('interrupted repairs', { skip, concurrency: 2 }, () => {
  test('one that is proved is undone if the user agrees, and its running processes are ended', async (t) => {
    const made = await interrupted(t)
    const { app, before, below } = made
    const during = snapshot(app)
    assert.notDeepEqual(changesOf(before, snapshot(app, { inodes: true })), [])
    const { output } = await runIn(made, ['scan'])
    assert.match(
      output.replace(/\s+/g, ' '),
      /a repair was interrupted, or is still running: abi-guard fix restores/,
    )
    const ways = [
      ['--dry-run', () => runIn(made, ['fix', '--dry-run'])],
      ['without a terminal', () => runIn(made, ['fix'])],
      ...(hasTerminals ? [['answered no', () => answering(made, ['fix'], 'n')]] : []),
    ]
    for (const [what, run] of ways) {
      const { code, output } = await run()
      assert.equal(code, 1, `${what}: ${output}`)
      assert.match(
        output,
        /A repair of .* was interrupted; its backup is \.abi-guard-repair-[0-9a-f]{32}/,
      )
      assert.match(output, /restores or removes these files.*\n {2}node_modules\n/s)
      assert.deepEqual(changesOf(during, snapshot(app)), [], what)
      assert.ok(below.some(isRunning), `${what} ends nothing`)
    }
    // The second repair of the project runs without that script.
    const { code, output: undone } = await runIn(made, ['fix', '--yes', '--ignore', '*'])
    assert.equal(code, 0, undone)
    assert.match(undone, /The interrupted repair was undone/)
    assert.deepEqual(changesOf(before, snapshot(app, { inodes: true })), [])
    assert.ok(!below.some(isRunning))
    assert.deepEqual(leftovers(made), [])
    assert.doesNotMatch((await runIn(made, ['scan'])).output, /interrupted/)
  })

  test('the hook of an installation undoes one that is proved', async (t) => {
    const made = await interrupted(t)
    // The following rebuild fails immediately.
    const env = {
      npm_lifecycle_event: 'postinstall',
      npm_config_user_agent: 'npm/10.9.9',
      INIT_CWD: made.app,
      PATH: '/none',
    }
    const { output } = await runIn(made, ['--fix'], { env })
    assert.match(output, /The interrupted repair was undone/)
    assert.deepEqual(leftovers(made), [])
  })

  test('one whose backup was removed by hand removes nothing, and doesn’t prevent the next fix', async (t) => {
    const made = await interrupted(t)
    end(made.below)
    const [backup] = leftovers(made).filter((name) => name.startsWith('.abi-guard-repair-'))
    rmSync(join(made.app, backup), { recursive: true })
    writeFileSync(join(made.app, 'yarn.lock'), '# yarn lockfile v1\n')
    const { code, output } = await runIn(made, ['fix', '--yes'])
    assert.equal(code, 0, output)
    assert.match(output, /changes nothing else/)
    assert.ok(existsSync(join(made.app, 'yarn.lock')))
    assert.ok(await isFixed(join(made.app, 'node_modules', 'broken')))
    assert.deepEqual(leftovers(made), [])
  })

  test('without a state directory the backup is beside the project, and is restored if the user agrees', async (t) => {
    const env = { HOME: undefined }
    const made = await interrupted(t, {}, env)
    const { before, app, below } = made
    assert.doesNotMatch((await runIn(made, ['scan'], { env })).output, /interrupted/)
    const shown = await runIn(made, ['fix', '--dry-run'], { env })
    assert.match(shown.output, /looks like the backup of an interrupted repair/)
    // The user must end the running processes, because it isn't proved that they belong to the
    // repair.
    assert.ok(below.some(isRunning))
    end(below)
    await until(() => !below.some(isRunning), 'the script has ended')
    const { code, output } = await runIn(made, ['fix', '--yes', '--ignore', '*'], { env })
    assert.equal(code, 0, output)
    assert.deepEqual(changesOf(before, snapshot(app, { inodes: true })), [])
    assert.deepEqual(leftovers(made), [])
  })

  test('if the state directory was lost, as in a container, restoring the backup is offered', async (t) => {
    const made = await interrupted(t)
    rmSync(join(made.home, '.local'), { recursive: true })
    end(made.below)
    await until(() => !made.below.some(isRunning), 'the script has ended')
    const { code, output } = await runIn(made, ['fix', '--yes', '--ignore', '*'])
    assert.equal(code, 0, output)
    assert.match(output, /looks like the backup/)
    assert.deepEqual(changesOf(made.before, snapshot(made.app, { inodes: true })), [])
    assert.deepEqual(leftovers(made), [])
  })

  test('a node_modules that is a mount point is backed up and restored', async (t) => {
    const folder = isRoot ? mounted(t, 64 << 20) : undefined
    if (!folder) return t.skip('mounting is not permitted')
    const failing = `${slowly(0)}\nfs.writeFileSync('data.txt', 'CHANGED')\nprocess.exit(1)`
    const made = await repairable(t, { script: failing })
    const modules = join(made.app, 'node_modules')
    write(made.app, { 'node_modules/gone/package.json': { name: 'gone', version: '1.0.0' } })
    spawnSync('cp', ['-a', `${modules}/.`, folder])
    rmSync(modules, { recursive: true })
    mkdirSync(modules)
    assert.equal(spawnSync('mount', ['--bind', folder, modules]).status, 0)
    t.after(() => spawnSync('umount', ['-l', modules]))
    // pnpm's store is on the same volume.
    spawnSync('cp', ['-al', join(modules, 'neighbor'), join(modules, '..store')])
    const [before, store] = [
      snapshot(modules),
      readFileSync(join(modules, '..store', 'data.txt'), 'utf8'),
    ]
    const { code, output } = await runIn(made, ['fix', '--yes'])
    assert.equal(code, 1, output)
    assert.deepEqual(changesOf(before, snapshot(modules)), [])
    assert.equal(readFileSync(join(modules, '..store', 'data.txt'), 'utf8'), store)
    assert.deepEqual(leftovers(made), [])
    spawnSync('umount', [modules])
  })

  for (const percent of isAll ? [5, 20, 40, 60, 80, 95, 110, 130] : [40, 110]) {
    test(`a disk with room for ${percent} % of the backup loses nothing`, async (t) => {
      const size = 16 << 20
      const place = isRoot ? mounted(t, size) : undefined
      if (!place) return t.skip('mounting is not permitted')
      const made = await repairable(t, {
        place,
        script: `${slowly(0)}\nfs.writeFileSync('more', Buffer.alloc(1 << 20))`,
      })
      // The backup has about 4 MB; the rest of the disk is filled.
      const kept = 4 << 20
      for (let index = 0; index < 4; index++)
        writeFileSync(
          join(made.app, 'node_modules', 'neighbor', `part${index}`),
          Buffer.alloc(kept / 4, index),
        )
      const free = () =>
        Number(
          spawnSync('stat', ['-f', '-c', '%f %S', place], { encoding: 'utf8' }).stdout.split(
            ' ',
          )[0],
        ) * 4096
      writeFileSync(
        join(place, 'filling'),
        Buffer.alloc(Math.max(free() - Math.round((kept * percent) / 100), 0)),
      )
      const before = snapshot(made.app, { inodes: true })
      const { code, output, isHanging } = await runIn(made, ['fix', '--yes'])
      assert.ok(!isHanging)
      if (code !== 0)
        assert.deepEqual(changesOf(before, snapshot(made.app, { inodes: true })), [], output)
      assert.deepEqual(leftovers(made), [], output)
      rmSync(join(place, 'filling'))
      const again = await runIn(made, ['fix', '--yes'])
      assert.equal(again.code, 0, `${code} ${output}\n${again.output}`)
      assert.ok(await isFixed(join(made.app, 'node_modules', 'broken')))
      assert.deepEqual(leftovers(made), [])
    })
  }

  test('folders without write permission are not changed', {
    skip: !isRoot && 'needs root',
  }, async (t) => {
    const made = await repairable(t, { script: slowly(0) })
    spawnSync('chown', ['-R', '65534:65534', made.place])
    spawnSync('chmod', ['755', made.place])
    const modules = join(made.app, 'node_modules')
    for (const [what, spoil] of [
      ['the project', () => chmodSync(made.app, 0o555)],
      ['node_modules', () => chmodSync(modules, 0o555)],
      ['the package', () => chmodSync(join(modules, 'broken'), 0o555)],
      ['a file of root', () => chownSync(join(modules, 'neighbor', 'data.txt'), 0, 0)],
    ]) {
      spoil()
      // The user can't create a hard link to a file of root, so it is restored as a copy.
      const now = () => snapshot(made.app, { inodes: what !== 'a file of root' })
      const before = now()
      const { code, output } = await runIn(made, ['fix', '--yes'], { uid: 65534 })
      assert.notEqual(code, 0, what)
      assert.deepEqual(changesOf(before, now()), [], `${what}: ${output}`)
      assert.ok(await isWhole(join(modules, 'broken')), what)
      assert.deepEqual(leftovers(made), [], what)
      for (const folder of [made.app, modules, join(modules, 'broken')]) chmodSync(folder, 0o755)
    }
    chownSync(join(modules, 'neighbor', 'data.txt'), 65534, 65534)
    const { code, output } = await runIn(made, ['fix', '--yes'], { uid: 65534 })
    assert.equal(code, 0, output)
    assert.ok(await isFixed(join(modules, 'broken')))
    assert.deepEqual(leftovers(made), [])
  })

  const rounds = isAll ? 20 : 3
  for (const [who, times] of [
    ['the command', 1],
    ['the guardian', 1],
    ['both', 1],
    ['both', 2],
  ]) {
    const often = times > 1 ? `, and the next repair as well,` : ''
    test(`killing ${who}${often} at ${rounds} moments loses nothing and leaves nothing behind`, async (t) => {
      const figures = { fixed: 0, before: 0, broken: 0 }
      // The duration of an uninterrupted repair on this machine.
      const whole = await repairable(t, { script: slowly(400) })
      writeFileSync(join(whole.place, 'slow'), '')
      const start = Date.now()
      assert.equal((await runIn(whole, ['fix', '--yes'])).code, 0)
      const span = Date.now() - start
      for (let round = 0; round < rounds; round++) {
        const made = await repairable(t, { script: slowly(400) })
        write(made.app, { 'node_modules/gone/package.json': { name: 'gone', version: '1.0.0' } })
        const moments = Array.from({ length: times }, () => Math.round(Math.random() * span))
        const below = []
        for (const moment of moments) below.push(...(await killedAfter(made, moment, who)))
        const broken = join(made.app, 'node_modules', 'broken')
        const at = `${who} at ${moments} ms`
        if (await isFixed(broken)) figures.fixed++
        else if (await isWhole(broken)) figures.before++
        else {
          // If both were killed at the same time, the next repair restores the backup.
          assert.equal(who, 'both', at)
          figures.broken++
        }
        if (who !== 'both') assert.deepEqual(leftovers(made), [], at)
        const { code, output } = await runIn(made, ['fix', '--yes'])
        assert.equal(code, 0, `${at}: ${output}`)
        assert.ok(await isFixed(broken), `${at}: ${output}`)
        assert.ok(
          existsSync(join(made.app, 'node_modules', 'gone', 'package.json')),
          `${at}: ${output}`,
        )
        assert.deepEqual(leftovers(made), [], `${at}: ${output}`)
        assert.deepEqual(below.filter(isRunning), [], at)
        assert.deepEqual(
          readdirSync(made.app).sort(),
          ['.git', 'node_modules', 'package-lock.json', 'package.json'],
          at,
        )
      }
      t.diagnostic(`${who}${often} within ${span} ms: ${JSON.stringify(figures)}`)
    })
  }
})
