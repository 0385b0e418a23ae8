'use strict'
// The process that carries a repair out. It is one of its own so that it outlives the command that started it: when that ends, however
// it ends, what was begun is undone.

const { scanNodeModules } = require('../../index.js')
const { Backup } = require('./backup.js')
const { start } = require('./commands.js')
const { notWorking, sound } = require('./outcome.js')

let current
let stopped = false

/** Runs the stages of a plan until every package loads; puts back what didn't get better. */
async function repair({ root, directory, options, stages }) {
  const scan = () => scanNodeModules(directory, options).packages
  const before = scan()
  const broken = before.filter(({ ok }) => !ok)
  const backup = Backup.create(
    root,
    stages.flatMap((stage) => stage.folders),
  )
  const outputs = []
  let left = broken
  try {
    for (const [index, stage] of stages.entries()) {
      if (index > 0) tell({ again: left.map(({ name }) => name) })
      for (const step of stage.steps) await carryOut(step, backup, outputs)
      left = notWorking(broken, scan())
      if (left.length === 0) break
    }
    // What still doesn't load goes back to what it was; all of it does when nothing got better, or something got worse.
    const helpless = left.length === broken.length || notWorking(sound(before), scan()).length > 0
    const paths = left.map(({ path }) => path)
    if (helpless) left = broken
    if (helpless) backup.restore()
    else if (left.length > 0) backup.restore((original) => paths.includes(original))
    backup.discard()
  } catch (error) {
    backup.restore()
    backup.discard()
    if (!(error instanceof Stopped)) throw error
    return tell({ stopped: true })
  }
  tell({ left: left.map(({ name }) => name), outputs })
}

class Stopped extends Error {}

async function carryOut({ title, commands, directory }, backup, outputs) {
  for (const words of commands) {
    if (stopped) throw new Stopped()
    tell({ step: title, command: words })
    current = start(words, directory)
    backup.note(current.pid)
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
