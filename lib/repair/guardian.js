'use strict'
// The process that runs a repair. It is a separate process, so that it survives the command that
// started it. If that command ends in any way, this process undoes the repair.

const fs = require('node:fs')
const { scanNodeModules } = require('../../index.js')
const { Backup } = require('./backup.js')
const { start } = require('./commands.js')
const { notWorking, sound } = require('./outcome.js')
const { ownedOf, placesOf } = require('./plan.js')

let current
let stopped = false

/** Runs the stages of a plan until every package loads. Restores packages that didn't improve. */
async function repair({ root, directory: named, options, stages }) {
  const directory = fs.realpathSync(named)
  const scanAgain = () => scanNodeModules(directory, options)
  const scan = () => scanAgain().packages
  // An installation also changes packages that the user's options exclude.
  const scanAll = () => scanNodeModules(directory, { ignore: [], include: [] }).packages
  const broken = ownedOf(scan(), root).filter(({ ok }) => !ok)
  const working = sound(scanAll())
  const backup = Backup.create(root, [
    ...stages.flatMap((stage) => stage.folders),
    ...placesOf(working, root).filter(Boolean),
  ])
  await tell({ backup: backup.folder })
  const outputs = []
  // The fixes of the reports after attempts that didn't help.
  const fixes = []
  let left = broken
  try {
    for (const [index, stage] of stages.entries()) {
      if (index > 0) tell({ again: left.map(({ name }) => name) })
      left = await advance(stage, left, { backup, scanAgain, outputs, fixes, root })
      if (left.length === 0) break
    }
    backup.bringBack(broken.map(({ path }) => path))
    // A stop message may have arrived during the scan.
    await new Promise(setImmediate)
    if (stopped) throw new Stopped()
    // Packages that still don't load are restored. Everything is restored if nothing improved or if
    // a working package broke.
    left = notWorking(broken, scan())
    const helpless = left.length === broken.length || notWorking(working, scanAll()).length > 0
    const folders = placesOf(left, root)
    if (helpless) left = broken
    if (helpless) backup.restore()
    else if (left.length > 0) backup.restore((original) => folders.includes(original))
    backup.discard()
  } catch (error) {
    // If the journal could not be written, the command still runs.
    current?.stop()
    await current?.done
    backup.restore()
    backup.discard()
    if (!(error instanceof Stopped)) throw error
    return tell({ stopped: true })
  }
  await tell({ left: left.map(({ name }) => name), outputs, fixes })
}

/** Runs a stage for the broken packages in `left`. Returns those that are still broken. */
async function advance(stage, left, { backup, scanAgain, outputs, fixes, root }) {
  const failures = []
  const attempt = async (steps, missing) => {
    const kept = backup.keepTrees(stage.trees)
    for (const step of steps) await carryOut(step, { backup, root, outputs: failures })
    const report = scanAgain()
    const now = notWorking(missing, report.packages)
    if (now.length < missing.length) return now
    fixes.push(...report.fixes)
    // An attempt that didn't help is undone before the next one.
    backup.rewind(kept)
    return missing
  }
  const isFor = ({ paths }, packages) => packages.some(({ path }) => paths.includes(path))
  // This stage is for packages that all load now.
  if (stage.steps.every((step) => step.paths && !isFor(step, left))) return left
  const isForAll = stage.apart.every((step) => isFor(step, left))
  let now = isForAll ? await attempt(stage.steps, left) : left
  // One command for several packages stops at the first failure. Each package then gets its own
  // command.
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
    // The next scan shows whether the command helped. Its output has the reason of a failure.
    if (code !== 0) {
      outputs.push(output)
      return
    }
  }
}

/** Resolves when the message is sent. Long messages take several steps. */
async function tell(message) {
  // The parent may just have ended. Node.js then reports an error, which is ignored.
  if (process.connected) await new Promise((settle) => process.send(message, settle))
}

function stop() {
  stopped = true
  current?.stop()
}

process.on('disconnect', stop)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
// After the parent has ended, output has no reader. Its errors are ignored.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

process.once('message', async (task) => {
  try {
    await repair(task)
  } catch (error) {
    await tell({ error: { message: error.message, code: error.code, path: error.path } })
  }
  if (process.connected) process.disconnect()
})
