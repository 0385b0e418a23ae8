'use strict'
// The process that carries a repair out. It is one of its own so that it outlives the command that started it: when that ends, however
// it ends, what was begun is undone.

const { scanNodeModules } = require('../../index.js')
const { Backup } = require('./backup.js')
const { start } = require('./commands.js')

let current
let stopped = false

/** Runs the stages of a plan until every package loads; puts back what didn't get better. */
async function repair({ root, directory, options, stages }) {
  const broken = scanNodeModules(directory, options).packages.filter(({ ok }) => !ok)
  const folders = stages.flatMap((stage) => stage.folders)
  const backup = Backup.create(root, folders)
  const outputs = []
  let left = broken
  try {
    for (const [index, stage] of stages.entries()) {
      if (index > 0) tell({ again: left.map(({ name }) => name) })
      for (const step of stage.steps) await carryOut(step, outputs)
      left = stillBroken(directory, options)
      if (left.length === 0) break
    }
  } catch (error) {
    backup.restore()
    backup.discard()
    if (!(error instanceof Stopped)) throw error
    return tell({ stopped: true })
  }
  settle(backup, left, broken, directory, options)
  tell({ left: left.map(({ name, path }) => ({ name, path })), outputs })
}

/** Keeps what works; what still doesn't goes back to what it was, and so does all of it when nothing got better. */
function settle(backup, left, broken, directory, options) {
  const isHelpless = broken.every(({ name }) => left.some((one) => one.name === name))
  const paths = left.map(({ path }) => path)
  if (isHelpless) backup.restore()
  else if (paths.length > 0) backup.restore((original) => paths.includes(original))
  // What loaded before has to load still.
  const worse = stillBroken(directory, options).filter(({ name }) => !broken.some((one) => one.name === name))
  if (worse.length > 0) backup.restore()
  backup.discard()
}

class Stopped extends Error {}

async function carryOut({ title, commands, directory }, outputs) {
  for (const words of commands) {
    if (stopped) throw new Stopped()
    tell({ step: title, command: words })
    current = start(words, directory)
    tell({ running: current.pid })
    const { code, output } = await current.done
    current = undefined
    if (stopped) throw new Stopped()
    // Whether it helped is seen afterwards; why it didn't stands in what it printed.
    if (code !== 0) {
      outputs.push(output)
      return
    }
  }
}

function stillBroken(directory, options) {
  return scanNodeModules(directory, options).packages.filter(({ ok }) => !ok)
}

function tell(message) {
  if (process.connected) process.send(message)
}

function stop() {
  stopped = true
  current?.stop()
}

process.on('disconnect', stop)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
// With whom it told gone, what it prints goes nowhere.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

process.once('message', (task) => {
  repair(task).then(
    () => process.disconnect?.(),
    (error) => {
      tell({ error: { message: error.message, code: error.code, path: error.path } })
      process.disconnect?.()
    },
  )
})
