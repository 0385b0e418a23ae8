'use strict'
// The process that carries a repair out. It is one of its own so that it outlives the command that
// started it: when that ends, in whatever way, what was begun is undone.

const fs = require('node:fs')
const { scanNodeModules } = require('../../index.js')
const { Backup } = require('./backup.js')
const { start } = require('./commands.js')
const { notWorking, sound } = require('./outcome.js')
const { ownedOf, placesOf } = require('./plan.js')

let current
let stopped = false

/** Runs the stages of a plan until every package loads; puts back what is no better than it was. */
async function repair({ root, directory: named, options, stages }) {
  const directory = fs.realpathSync(named)
  const scan = () => scanNodeModules(directory, options).packages
  // What installs reaches packages that the user doesn't want to hear of as well.
  const scanAll = () => scanNodeModules(directory, { ignore: [], include: [] }).packages
  const broken = ownedOf(scan(), root).filter(({ ok }) => !ok)
  const working = sound(scanAll())
  const backup = Backup.create(root, [
    ...stages.flatMap((stage) => stage.folders),
    ...placesOf(working, root).filter(Boolean),
  ])
  await tell({ backup: backup.folder })
  const outputs = []
  let left = broken
  try {
    for (const [index, stage] of stages.entries()) {
      if (index > 0) tell({ again: left.map(({ name }) => name) })
      left = await advance(stage, left, { backup, scan, outputs, root })
      if (left.length === 0) break
    }
    backup.bringBack(broken.map(({ path }) => path))
    // The message to stop may have come while the project was scanned.
    await new Promise(setImmediate)
    if (stopped) throw new Stopped()
    // What still doesn't load goes back to what it was; all of it does when nothing got better, or
    // something got worse.
    left = notWorking(broken, scan())
    const helpless = left.length === broken.length || notWorking(working, scanAll()).length > 0
    const folders = placesOf(left, root)
    if (helpless) left = broken
    if (helpless) backup.restore()
    else if (left.length > 0) backup.restore((original) => folders.includes(original))
    backup.discard()
  } catch (error) {
    // What couldn't be noted down still runs.
    current?.stop()
    await current?.done
    backup.restore()
    backup.discard()
    if (!(error instanceof Stopped)) throw error
    return tell({ stopped: true })
  }
  await tell({ left: left.map(({ name }) => name), outputs })
}

/** Runs a stage for the packages that are `left`, and says which of them are so afterwards. */
async function advance(stage, left, { backup, scan, outputs, root }) {
  const failures = []
  const attempt = async (steps, missing) => {
    const kept = backup.keepTrees(stage.trees)
    for (const step of steps) await carryOut(step, { backup, root, outputs: failures })
    const now = notWorking(missing, scan())
    if (now.length < missing.length) return now
    // What didn't help is undone before the next attempt.
    backup.rewind(kept)
    return missing
  }
  const isFor = ({ paths }, packages) => packages.some(({ path }) => paths.includes(path))
  // It installs some of the packages anew, and each of those loads by now.
  if (stage.steps.every((step) => step.paths && !isFor(step, left))) return left
  const isForAll = stage.apart.every((step) => isFor(step, left))
  let now = isForAll ? await attempt(stage.steps, left) : left
  // One command for several packages ends with the first that fails: each gets one of its own.
  if (isForAll && failures.length === 0) return now
  if (stage.apart.length > 0) failures.length = 0
  for (const step of stage.apart) if (isFor(step, now)) now = await attempt([step], now)
  outputs.push(...failures)
  return now
}

class Stopped extends Error {}

async function carryOut({ title, commands, directory }, { backup, root, outputs }) {
  for (const words of commands) {
    if (stopped) throw new Stopped()
    tell({ step: title, command: words })
    current = start(words, directory, root, backup.name)
    backup.note(current.pid)
    tell({ running: current.pid })
    const { code, output } = await current.done
    current = undefined
    tell({ running: null })
    if (stopped) throw new Stopped()
    // Whether it helped is seen afterwards; why it didn't stands in what it printed.
    if (code !== 0) {
      outputs.push(output)
      return
    }
  }
}

/** Resolves when the message is sent: long ones aren't sent at once. */
async function tell(message) {
  // A command that ended just now is noticed only afterwards, as an error of no interest.
  if (process.connected) await new Promise((settle) => process.send(message, settle))
}

function stop() {
  stopped = true
  current?.stop()
}

process.on('disconnect', stop)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
// Without the command that started it, what it prints goes nowhere.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

process.once('message', async (task) => {
  try {
    await repair(task)
  } catch (error) {
    await tell({ error: { message: error.message, code: error.code, path: error.path } })
  }
  if (process.connected) process.disconnect()
})
